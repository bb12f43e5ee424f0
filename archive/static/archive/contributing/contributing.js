/* A contributor's form: files are sent as soon as they are chosen, in parts that a lost network does not lose, and the
   form waits for them. Without this the files come with the form. The sending itself is `Uploading.Transfer`. */
"use strict";

(() => {
  const LOOK_AFTER = 2000;
  const MOST_LOOKS = 5;
  const form = document.querySelector("[data-contribute]");
  if (!form) return;
  const given = (id) => JSON.parse(document.getElementById(id).textContent);
  const [addresses, words] = [given("contribute-addresses"), given("contribute-words")];
  const find = (name) => form.querySelector(`[data-contribute-${name}]`);
  const [field, list, shown, told] = ["files", "sending", "files-shown", "told"].map(find);
  const lines = new Map();
  let wanted = null; // the button of a submission that waits for the files
  let isLeaving = false;

  const isUnderWay = (item) => !Uploading.ENDED.includes(item.state);
  const isAmiss = (item) => item.state === "failed" || item.state === "refused";

  function button(label, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button-quiet";
    made.textContent = label;
    made.addEventListener("click", action);
    return made;
  }

  function lineOf(item) {
    if (lines.has(item)) return lines.get(item);
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.className = "contribute-name";
    name.textContent = item.path;
    const state = document.createElement("small");
    name.append(state);
    const bar = document.createElement("progress");
    bar.max = Math.max(item.size, 1);
    bar.setAttribute("aria-label", item.path);
    const retry = button(words.retry, () => transfer.retry(item));
    const cancel = button(words.cancel, () => {
      if (isUnderWay(item)) transfer.cancel(item);
      else forget(item);
    });
    line.append(name, bar, retry, cancel);
    list.append(line);
    lines.set(item, { line, bar, state, retry, cancel });
    return lines.get(item);
  }

  function forget(item) {
    const known = lines.get(item);
    if (!known) return;
    lines.delete(item);
    known.line.remove();
    transfer.items.splice(transfer.items.indexOf(item), 1);
    list.hidden = !list.children.length;
    goOn();
  }

  function changed(item) {
    if (!transfer.items.includes(item)) return; // forgotten already
    const { line, bar, state, retry, cancel } = lineOf(item);
    bar.value = item.sent;
    bar.hidden = isAmiss(item);
    const resumed = item.wasBegun && item.state === "sending" ? `（${words.resumed}）` : "";
    state.textContent = item.reason ? `${words[item.state]}：${item.reason}` : `${words[item.state]}${resumed}`;
    line.dataset.state = item.state;
    retry.hidden = item.state !== "failed";
    cancel.hidden = item.state === "examining";
    list.hidden = false;
    if (item.state === "accepted") {
      looks = 0;
      showFiles().then(() => forget(item));
    } else if (item.state === "cancelled") {
      forget(item);
    } else {
      goOn();
    }
  }

  let last = Promise.resolve();
  function showFiles() {
    last = last.then(async () => {
      const answer = await fetch(addresses.files, { credentials: "same-origin", redirect: "error" }).catch(() => null);
      if (!answer?.ok) return;
      shown.innerHTML = await answer.text();
      lookAgain();
    });
    return last;
  }

  /* Small pictures are made a moment after a file has come in; of some files none ever is. */
  let looks = 0;
  function lookAgain() {
    if (looks >= MOST_LOOKS || !shown.querySelector(".contribute-blank")) return;
    looks += 1;
    window.setTimeout(showFiles, LOOK_AFTER * looks);
  }

  /* Takes one file away without leaving the page, so that what is being sent goes on. */
  async function remove(button) {
    button.disabled = true;
    const body = new URLSearchParams({ remove: button.value });
    const headers = { "X-CSRFToken": form.dataset.token };
    const told = { method: "POST", credentials: "same-origin", redirect: "error", headers, body };
    const answer = await fetch(addresses.remove, told).catch(() => null);
    tell(answer?.ok ? "" : words.unremoved);
    await showFiles();
    button.disabled = false;
  }

  function tell(text) {
    told.textContent = text;
    told.hidden = !text;
  }

  function goOn() {
    // What is accepted stands in the list until the page shows it among the files.
    if (!wanted || transfer.items.some((item) => !isAmiss(item))) return;
    const button = wanted;
    wanted = null;
    if (transfer.items.length) tell(words.unsent);
    else form.requestSubmit(button);
  }

  const transfer = new Uploading.Transfer({
    addresses,
    token: form.dataset.token,
    worker: form.dataset.worker,
    words,
    changed,
  });
  transfer.begin({ collection: Number(form.dataset.collection), group: form.dataset.group });

  const keyOf = ({ file, path }) => `${path}\n${file.size}\n${file.lastModified}`;
  function take(files) {
    const chosen = [...files].map((file) => ({ file, path: file.name }));
    const known = new Set(transfer.items.map(keyOf));
    transfer.add(chosen.filter((one) => !known.has(keyOf(one))));
  }

  function takeChosen() {
    const chosen = [...field.files];
    field.value = "";
    if (chosen.length) take(chosen);
  }
  field.addEventListener("change", takeChosen);
  takeChosen(); // before this script was there

  const box = find("box");
  for (const event of ["dragenter", "dragover"]) {
    box.addEventListener(event, (happened) => {
      happened.preventDefault();
      box.classList.add("is-over");
    });
  }
  box.addEventListener("dragleave", () => box.classList.remove("is-over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("is-over");
    take(event.dataTransfer.files);
  });

  lookAgain();

  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "remove") {
      event.preventDefault();
      remove(event.submitter);
    } else if (isLeaving) {
      event.preventDefault(); // pressed twice
    } else if (transfer.items.some(isUnderWay)) {
      event.preventDefault();
      wanted = event.submitter;
      tell(words.later);
    } else if (transfer.items.some(isAmiss) && event.submitter?.value === "send") {
      event.preventDefault();
      tell(words.unsent);
    } else {
      isLeaving = true;
    }
  });
  window.addEventListener("pageshow", () => {
    isLeaving = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && transfer.items.some(isUnderWay)) event.preventDefault();
  });
})();
