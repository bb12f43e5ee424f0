/* The page 「上传」: takes what is dropped or chosen, shows how far each file is, and leads to the table of the batch.
   The sending itself is `Uploading.Transfer`. */
"use strict";

(() => {
  const form = document.querySelector("[data-uploads]");
  if (!form || !window.Worker) return;
  const find = (name, within = document) => within.querySelector(`[data-upload-${name}]`);
  const addresses = JSON.parse(document.getElementById("upload-addresses").textContent);
  const words = JSON.parse(document.getElementById("upload-words").textContent);
  const list = find("list");
  const body = list.querySelector("tbody");
  const field = find("files", form);
  const rows = new Map();
  const stale = new Set();
  let table = form.dataset.table || "";
  let group = form.dataset.group || "";

  const transfer = new Uploading.Transfer({
    addresses,
    token: form.dataset.token,
    worker: form.dataset.worker,
    words,
    changed: (item) => {
      if (!stale.size) window.requestAnimationFrame(show);
      stale.add(item);
    },
  });

  const size = (bytes) => {
    const units = ["B", "KB", "MB", "GB", "TB"];
    let at = 0;
    for (; bytes >= 1024 && at < units.length - 1; at += 1) bytes /= 1024;
    return `${at ? bytes.toFixed(1) : bytes} ${units[at]}`;
  };

  function button(label, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button-small button-secondary";
    made.textContent = label;
    made.addEventListener("click", action);
    return made;
  }

  function rowOf(item) {
    if (rows.has(item)) return rows.get(item);
    const row = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = `${item.path}（${size(item.size)}）`;
    const bar = document.createElement("progress");
    bar.max = Math.max(item.size, 1);
    bar.setAttribute("aria-label", item.path);
    const [progress, state, act] = [0, 1, 2].map(() => document.createElement("td"));
    progress.append(bar);
    const cancel = button(words.cancel, () => transfer.cancel(item));
    const retry = button(words.retry, () => transfer.retry(item));
    act.append(cancel, retry);
    row.append(name, progress, state, act);
    body.append(row);
    rows.set(item, { row, bar, state, cancel, retry });
    return rows.get(item);
  }

  function show() {
    for (const item of stale) {
      const { row, bar, state, cancel, retry } = rowOf(item);
      bar.value = item.sent;
      const resumed = item.wasBegun && item.state === "sending" ? `（${words.resumed}）` : "";
      state.textContent = item.reason ? `${words[item.state]}：${item.reason}` : `${words[item.state]}${resumed}`;
      state.className = `is-${item.state}`;
      row.dataset.state = item.state;
      cancel.hidden = Uploading.ENDED.includes(item.state) || item.state === "examining";
      retry.hidden = item.state !== "failed";
    }
    stale.clear();
    showTotal();
  }

  function showTotal() {
    const sum = (key) => transfer.items.reduce((total, item) => total + item[key], 0);
    const count = (...states) => transfer.items.filter((item) => states.includes(item.state)).length;
    const [sent, all] = [sum("sent"), sum("size")];
    const told = { count: transfer.items.length, done: count("accepted"), failed: count("failed", "refused"), sent: size(sent), size: size(all) };
    let text = words.total.replace(/\{(\w+)\}/g, (_all, name) => told[name]);
    const isOver = count(...Uploading.ENDED) === transfer.items.length;
    if (isOver) text += ` ${words.finished}`;
    find("total", list).textContent = text;
    find("bar", list).value = all ? (100 * sent) / all : 0;
    find("retry", list).hidden = !count("failed");
    find("pause", list).hidden = isOver;
    const link = find("table", list);
    link.hidden = !table || !count("accepted");
    if (table) link.href = table;
  }

  async function batch() {
    if (group) return;
    const answer = await fetch(addresses.batch, {
      method: "POST",
      credentials: "same-origin",
      headers: { "X-CSRFToken": form.dataset.token },
      body: new URLSearchParams({ collection: form.elements.collection.value }),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.reason);
    group = told.key;
    table = told.url;
  }

  async function take(chosen) {
    if (!chosen.length) return;
    list.hidden = false;
    try {
      await batch();
    } catch (error) {
      find("total", list).textContent = error.message;
      return;
    }
    transfer.begin({ collection: Number(form.elements.collection.value), group });
    // What is being sent already is not taken twice.
    const known = new Set(transfer.items.filter((item) => item.state !== "cancelled").map(keyOf));
    transfer.add(chosen.filter((one) => !known.has(keyOf(one))));
  }

  const keyOf = ({ file, path }) => `${path}\n${file.size}\n${file.lastModified}`;
  const isHidden = (path) => path.split("/").some((name) => name.startsWith(".") || name === "Thumbs.db");
  const ofInput = (files) =>
    [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name })).filter(({ path }) => !isHidden(path));

  async function ofFolder(entry) {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      return [{ file, path: entry.fullPath.replace(/^\//, "") }];
    }
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) break;
      for (const inner of some) found.push(...(await ofFolder(inner)));
    }
    return found;
  }

  async function dropped(transferred) {
    // The entries are to be asked for at once: the list is empty when the event is over.
    const entries = [...transferred.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) return ofInput(transferred.files);
    const found = [];
    for (const entry of entries) found.push(...(await ofFolder(entry)));
    return found.filter(({ path }) => !isHidden(path)).sort((a, b) => a.path.localeCompare(b.path, "zh", { numeric: true }));
  }

  const box = find("box", form);
  for (const event of ["dragenter", "dragover"]) {
    box.addEventListener(event, (happened) => {
      happened.preventDefault();
      box.classList.add("is-over");
    });
  }
  box.addEventListener("dragleave", () => box.classList.remove("is-over"));
  box.addEventListener("drop", async (event) => {
    event.preventDefault();
    box.classList.remove("is-over");
    take(await dropped(event.dataTransfer));
  });
  function takeChosen() {
    const chosen = ofInput(field.files);
    field.value = "";
    take(chosen);
  }
  field.addEventListener("change", takeChosen);
  takeChosen(); // before this script was there
  form.addEventListener("submit", (event) => event.preventDefault());
  find("plain", form).hidden = true;

  const folder = find("folder", form);
  folder.hidden = false;
  folder.addEventListener("click", () => {
    const chooser = document.createElement("input");
    chooser.type = "file";
    chooser.webkitdirectory = true;
    chooser.addEventListener("change", () => take(ofInput(chooser.files)));
    chooser.click();
  });

  find("pause", list).addEventListener("click", (event) => {
    if (transfer.isPaused) transfer.resume();
    else transfer.pause();
    event.target.textContent = transfer.isPaused ? words.resume : words.pause;
  });
  find("retry", list).addEventListener("click", () => {
    transfer.items.filter((item) => item.state === "failed").forEach((item) => transfer.retry(item));
  });
  window.addEventListener("beforeunload", (event) => {
    if (transfer.items.some((item) => ["waiting", "sending", "retrying"].includes(item.state))) event.preventDefault();
  });
})();
