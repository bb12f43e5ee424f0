// The reader's own list: kept in this browser, never sent anywhere but as a question for current titles.

const KEY = "saved";
const MOST = 150; // as many as the museum answers for at once

const read = () => {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(list) ? list.filter((item) => typeof item?.id === "string") : [];
  } catch {
    return [];
  }
};

const write = (list) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(list.slice(0, MOST)));
  } catch {
    return;
  }
};

const count = () => {
  const number = read().length;
  for (const badge of document.querySelectorAll("[data-saved-count]")) {
    badge.textContent = number;
    badge.hidden = !number;
  }
};

// --- The button on a thing's own page ---

const offerSaving = (root) => {
  for (const button of root.querySelectorAll("[data-save]")) {
    const { save: id, title, kind, date } = button.dataset;
    const show = () => button.setAttribute("aria-pressed", String(read().some((item) => item.id === id)));
    button.addEventListener("click", () => {
      const list = read();
      const rest = list.filter((item) => item.id !== id);
      const full = rest.length >= MOST;
      button.parentElement.querySelector(".share-full").textContent = full ? button.dataset.full : "";
      if (full) return;
      write(rest.length < list.length ? rest : [{ id, title, kind, date }, ...list]);
      show();
      count();
    });
    addEventListener("storage", show);
    button.hidden = false;
    show();
  }
};

offerSaving(document);
document.addEventListener("museum:turned", (event) => offerSaving(event.target));

// --- The page of the list ---

const page = document.querySelector(".saved");

const words = page && Object.fromEntries(
  [...document.getElementById("saved-words").content.querySelectorAll("[data-word]")]
    .map((element) => [element.dataset.word, element.textContent]),
);

let undone = null; // the list as it was before the last removal

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);

const line = (item, now) => {
  const row = document.getElementById("saved-item").content.firstElementChild.cloneNode(true);
  const title = row.querySelector(".saved-title");
  const gone = row.querySelector(".saved-gone");
  title.textContent = now?.title || item.title || item.id;
  row.querySelector(".saved-facts").textContent =
    [now?.kind || item.kind, now?.within, now?.date || item.date].filter(Boolean).join("　");
  if (!now || now.state === "here") title.href = now?.url || `/id/${item.id}`;
  else {
    gone.textContent = words[now.state];
    gone.hidden = false;
  }
  row.querySelector("[data-remove]").addEventListener("click", () => {
    const list = read();
    write(list.filter((other) => other.id !== item.id));
    offerUndo(list, fill(words.removed, { title: title.textContent }));
  });
  return row;
};

const offerUndo = (list, told) => {
  undone = list;
  page.querySelector(".saved-undone").textContent = told;
  page.querySelector(".saved-undo").hidden = false;
  draw();
  page.querySelector("[data-undo]").focus();
};

const ask = async (list) => {
  const ids = list.map((item) => item.id).join(",");
  const answer = await fetch(`${page.dataset.titles}?ids=${ids}`);
  if (!answer.ok) throw new Error(String(answer.status));
  return new Map((await answer.json()).items.map((item) => [item.id, item]));
};

let drawing = 0;

const draw = async () => {
  const mine = ++drawing;
  const list = read();
  page.querySelector("[data-empty]").hidden = list.length > 0;
  page.querySelector(".saved-tools").hidden = list.length === 0;
  let titles = new Map();
  let told = fill(words.number, { n: list.length });
  if (list.length) {
    try {
      titles = await ask(list);
    } catch {
      told = words.offline;
    }
  }
  if (mine !== drawing) return; // something was removed while the museum was being asked
  page.querySelector(".saved-number").textContent = told;
  page.querySelector(".saved-list").replaceChildren(...list.map((item) => line(item, titles.get(item.id))));
  const ids = list.map((item) => item.id).join(",");
  for (const link of page.querySelectorAll("[data-form]")) {
    link.href = `${page.dataset.citations.replace(/txt$/, link.dataset.form)}?ids=${ids}`;
  }
  count();
};

if (page) {
  page.querySelector("[data-clear]").addEventListener("click", () => {
    const list = read();
    write([]);
    offerUndo(list, fill(words.cleared, { n: list.length }));
  });
  page.querySelector("[data-undo]").addEventListener("click", () => {
    if (undone) write(undone);
    undone = null;
    page.querySelector(".saved-undo").hidden = true;
    draw();
  });
  addEventListener("storage", (event) => event.key === KEY && draw());
  draw();
}

addEventListener("storage", count);
count();
