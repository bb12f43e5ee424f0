/* The book workbench: every action is one operation that the server does or refuses; nothing typed is ever lost. */
"use strict";
(() => {
  const find = (id) => document.getElementById(`workbench${id ? `-${id}` : ""}`);
  const read = (id) => JSON.parse(find(id).textContent);
  const addresses = read("addresses");
  const said = read("words-said");
  const words = find("words");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const book = location.pathname;
  let outline = { nodes: [], leaves: [], isOfLeaves: false, version: 0 };
  let shown = null; // the passage in the text pane: {ref, text, digest}
  let leaf = -1; // the place of the leaf in the scan pane
  let asked = 0;

  const tree = new WorkbenchTree(find("tree"), {
    select: (ref) => openSection(ref),
    open: () => words.focus(),
    move: (ref, under, before) => perform({ do: "move", ref, under, before }),
  });
  const scan = new WorkbenchScan(find("picture"), said, (offset) => {
    if (!outline.isOfLeaves) return;
    const at = WorkbenchNotation.sourceAt(words.value, offset);
    words.focus();
    words.setSelectionRange(at, at);
  });

  /* --- Talking with the server ------------------------------------------------------------------------------ */

  function say(text, isWrong = false) {
    find("state").textContent = text;
    find("state").classList.toggle("is-wrong", isWrong);
  }

  async function ask(address, options) {
    let response;
    try {
      response = await fetch(address, { headers: { "X-CSRFToken": token, Accept: "application/json" }, ...options });
    } catch {
      say(said.offline, true);
      return null;
    }
    const isJson = response.headers.get("Content-Type")?.includes("json");
    if (!isJson) {
      say(response.status === 403 || response.redirected ? said.signedOut : said.failed, true);
      return null;
    }
    const told = await response.json();
    if (!response.ok) {
      say(told.reason ?? said.failed, true);
      if (response.status === 409) showTheirs(told);
      return null;
    }
    return told;
  }

  function take(told) {
    if (told.version !== outline.version && told.leaves === undefined) told.leaves = outline.leaves;
    outline = { ...outline, ...told };
    const named = told.refs?.[tree.selected];
    tree.show(outline.nodes);
    if (named) tree.selected = named;
    const { count, state, isLive, isLocked } = outline.waiting;
    find("changes").hidden = !isLive && !count;
    words.readOnly = state === "submitted" || isLocked;
    if (isLocked) say(said.locked, true);
    else if (state === "submitted") say(said.submitted);
    else if (count) say(said.waiting.replace("%", count));
    else say(isLive ? said.live : said.draft);
  }

  async function perform(operation, base = "") {
    const body = JSON.stringify({ operation, base, version: outline.version });
    const told = await ask(addresses.do, { method: "POST", body });
    if (told) take(told);
    return told;
  }

  /* --- Showing ---------------------------------------------------------------------------------------------- */

  async function load() {
    const told = await ask(addresses.state);
    if (!told) return;
    take(told);
    find("leaf-of").textContent = outline.leaves.length ? `/ ${outline.leaves.length}` : "";
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (wanted.startsWith("l")) {
      showLeaf(outline.leaves.findIndex(([pk]) => `l${pk}` === wanted));
    } else if (outline.nodes.length) {
      tree.select(tree.places.has(wanted) ? wanted : tree.selected);
    } else if (outline.leaves.length) showLeaf(0);
    find("tree").focus();
  }

  async function passage(ref) {
    return ask(addresses.passage.replace("REF", ref));
  }

  async function openSection(ref) {
    const turn = (asked += 1);
    history.replaceState(null, "", `#${ref}`);
    const told = await passage(ref);
    if (!told || turn !== asked) return;
    if (!outline.isOfLeaves) edit(told);
    const [first] = told.pieces ?? [];
    if (first) {
      await showLeaf(outline.leaves.findIndex(([pk]) => pk === first[0]), first[3]);
    } else if (outline.isOfLeaves) edit(null);
  }

  async function showLeaf(place, offset = 0) {
    if (place < 0 || place >= outline.leaves.length) return;
    leaf = place;
    const [pk, label] = outline.leaves[place];
    find("leaf").value = label || place + 1;
    const told = await passage(`l${pk}`);
    if (!told || leaf !== place) return;
    scan.show(told);
    if (outline.isOfLeaves) {
      edit(told);
      const at = WorkbenchNotation.sourceAt(told.text, offset);
      words.setSelectionRange(at, at);
      follow();
    }
  }

  function edit(told) {
    keepDraft();
    shown = told;
    words.disabled = !told;
    find("theirs").hidden = true;
    words.value = told ? draftOf(told.ref) ?? told.text : "";
    const kept = told?.kept;
    find("history").hidden = !kept || !(kept.revisions || kept.raw);
    if (told) find("history").href = addresses.history.replace("REF", told.ref);
    tellDirty();
  }

  const isDirty = () => shown !== null && words.value !== shown.text;

  function tellDirty() {
    find("dirty").hidden = !isDirty();
  }

  function follow() {
    if (shown?.ref.startsWith("l")) scan.mark(WorkbenchNotation.plainAt(words.value, words.selectionStart));
  }

  /* --- What was typed and is not saved ---------------------------------------------------------------------- */

  const draftKey = (ref) => `workbench:${book}:${ref}`;

  function keepDraft() {
    if (shown === null) return;
    try {
      if (isDirty()) localStorage.setItem(draftKey(shown.ref), words.value);
      else localStorage.removeItem(draftKey(shown.ref));
    } catch {
      // The browser's memory is full or closed: the text still stands in its field.
    }
  }

  function draftOf(ref) {
    try {
      return localStorage.getItem(draftKey(ref));
    } catch {
      return null;
    }
  }

  async function save(base = shown?.digest) {
    if (!isDirty()) return true;
    const { ref } = shown;
    const text = words.value;
    const told = await perform({ do: "text", of: ref, text }, base);
    if (!told) return false;
    const now = await passage(ref);
    if (now && shown?.ref === ref) {
      shown = now;
      keepDraft();
      find("theirs").hidden = true;
      find("history").hidden = false;
      if (ref.startsWith("l")) {
        scan.boxes = now.boxes;
        follow();
      }
    }
    tellDirty();
    say(said.saved);
    return true;
  }

  function showTheirs(told) {
    find("theirs-text").textContent = told.theirs;
    find("theirs").hidden = false;
    find("theirs").dataset.digest = told.digest;
    find("theirs-text").focus();
  }

  /* --- Actions ---------------------------------------------------------------------------------------------- */

  function dialog(name, prepare) {
    return new Promise((resolve) => {
      const box = find(name);
      prepare?.();
      box.returnValue = "";
      box.addEventListener("close", () => resolve(box.returnValue === "ok"), { once: true });
      box.showModal();
    });
  }

  async function nameOf(node) {
    const isGiven = await dialog("name", () => {
      find("label").value = node.label;
      find("heading").value = node.title;
      find("kind").value = node.kind;
    });
    return isGiven && { label: find("label").value, title: find("heading").value, kind: find("kind").value };
  }

  const fresh = () => `n${crypto.getRandomValues(new Uint32Array(2)).join("")}`;

  async function step(way) {
    const to = tree.place(tree.selected, way);
    if (to) await perform({ do: "move", ref: tree.selected, under: to[0], before: to[1] });
  }

  const actions = {
    undo: async () => {
      const told = await ask(addresses.undo, { method: "POST" });
      if (!told) return;
      take(told);
      if (shown && !isDirty()) {
        const now = await passage(shown.ref);
        if (now) edit(now);
      }
      say(said.undone);
    },
    up: () => step("up"),
    down: () => step("down"),
    in: () => step("in"),
    out: () => step("out"),
    rename: async () => {
      const node = tree.node(tree.selected);
      const name = node && (await nameOf(node));
      if (name) await perform({ do: "name", ref: node.ref, ...name });
    },
    add: async () => {
      const node = tree.node(tree.selected);
      const name = await nameOf({ label: "", title: "", kind: node?.kind ?? "item" });
      if (!name) return;
      const siblings = node ? tree.parts(node.parent).map((part) => part.ref) : [];
      const before = siblings[siblings.indexOf(node?.ref) + 1] ?? "";
      const ref = fresh();
      const told = await perform({ do: "add", ref, under: node?.parent ?? "", before, ...name });
      if (told) tree.select(told.refs[ref] ?? ref);
    },
    merge: async () => {
      const place = tree.places.get(tree.selected);
      if (!(place > 0) || !(await save())) return;
      const target = tree.nodes[place - 1].ref;
      if (await perform({ do: "merge", ref: tree.selected })) tree.select(target);
    },
    split: async () => {
      if (!shown || !(await save())) return;
      const ref = fresh();
      const operation = { do: "split", ref: tree.selected, new: ref };
      if (outline.isOfLeaves) {
        operation.leaf = outline.leaves[leaf][0];
        operation.offset = WorkbenchNotation.plainAt(words.value, words.selectionStart);
      } else operation.at = words.selectionStart;
      const told = await perform(operation);
      if (!told) return;
      tree.select(told.refs[ref] ?? ref);
      await actions.rename();
    },
    number: async () => {
      const node = tree.node(tree.selected);
      if (!node || !(await dialog("number"))) return;
      const numerals = find("arabic").checked ? "arabic" : "chinese";
      const number = { do: "number", under: node.parent, pattern: find("pattern").value, numerals, from: find("from").value };
      await perform(number);
    },
    save: () => save(),
    note: () => {
      const { selectionStart: start, selectionEnd: end, value } = words;
      words.setRangeText(`{{${value.slice(start, end)}}}`, start, end, "select");
      words.dispatchEvent(new Event("input"));
      words.focus();
    },
    erratum: () => {
      const { selectionStart: start, selectionEnd: end, value } = words;
      words.setRangeText(`[[${value.slice(start, end)}→]]`, start, end, "end");
      words.selectionStart = words.selectionEnd = words.selectionEnd - 2; // where the right reading is typed
      words.dispatchEvent(new Event("input"));
      words.focus();
    },
    before: () => turn(-1),
    after: () => turn(1),
    wider: () => scan.zoom(1.25),
    narrower: () => scan.zoom(0.8),
    help: () => dialog("help"),
    labels: async () => {
      find("labels-said").textContent = "";
      if (await dialog("labels")) await label(false);
    },
    "preview-labels": () => label(true),
    "keep-mine": () => save(find("theirs").dataset.digest),
    "take-theirs": async () => {
      localStorage.removeItem(draftKey(shown.ref));
      const { ref } = shown;
      shown = null;
      edit(await passage(ref));
    },
  };

  async function turn(by) {
    if (outline.isOfLeaves && !(await save())) return;
    await showLeaf(leaf + by);
  }

  async function label(isPreview) {
    const body = new FormData();
    body.set("rules", find("rules").value);
    if (isPreview) body.set("preview", "1");
    const told = await ask(addresses.labels, { method: "POST", body });
    if (!told) find("labels-said").textContent = find("state").textContent;
    else if (isPreview) {
      const shownLabels = told.labels.slice(0, 12).map((text, place) => `${place + 1}: ${text || "—"}`);
      find("labels-said").textContent = `${shownLabels.join("　")}${told.labels.length > 12 ? " ……" : ""}`;
    } else {
      take(told);
      if (leaf >= 0) find("leaf").value = outline.leaves[leaf][1] || leaf + 1;
      say(said.labelled);
    }
  }

  /* --- Listening -------------------------------------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name) actions[name]();
  });
  words.addEventListener("input", () => { tellDirty(); keepDraft(); });
  for (const name of ["keyup", "click", "input"]) words.addEventListener(name, follow);
  find("find").addEventListener("input", (event) => tree.find(event.target.value));
  find("leaf").addEventListener("change", (event) => {
    const asked = event.target.value.trim();
    const byLabel = outline.leaves.findIndex(([, label]) => label === asked);
    showLeaf(byLabel >= 0 ? byLabel : Number(asked) - 1);
  });

  const inTree = { F2: "rename", Insert: "add" };
  const withAlt = {
    ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in", Backspace: "merge",
    PageUp: "before", PageDown: "after",
  };
  const withControl = { s: "save", Enter: "split", m: "note", e: "erratum" };

  document.addEventListener("keydown", (event) => {
    if (event.target.closest("dialog")) return;
    const isInTree = find("tree").contains(event.target);
    const isControl = event.ctrlKey || event.metaKey;
    let name;
    if (event.altKey && (isInTree || event.key.startsWith("Page"))) name = withAlt[event.key];
    else if (isControl && event.key === "z" && isInTree) name = "undo";
    else if (isControl) name = withControl[event.key];
    else if (isInTree) name = inTree[event.key] ?? (event.key === "?" ? "help" : undefined);
    else if (event.key === "Escape" && event.target === words) find("tree").focus();
    if (!name) return;
    event.preventDefault();
    actions[name]();
  });

  window.addEventListener("beforeunload", (event) => {
    keepDraft();
    if (isDirty()) event.preventDefault();
  });

  load();
})();
