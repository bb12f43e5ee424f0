// Searches that a reader keeps in this browser: the question, the day, the number, and what was found, so that the
// number can be told again and what came or went since can be named.

const KEPT = "searches";
const MOST = 50;
const SHOWN = 20;
const day = () => new Date().toLocaleDateString("sv");

const read = () => {
  try {
    const list = JSON.parse(localStorage.getItem(KEPT) || "[]");
    return Array.isArray(list) ? list.filter((search) => typeof search?.address === "string") : [];
  } catch {
    return [];
  }
};

const write = (list) => {
  try {
    localStorage.setItem(KEPT, JSON.stringify(list.slice(0, MOST)));
    return true;
  } catch {
    return false;
  }
};

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);

const json = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

// --- On the page of results ---

const offer = () => {
  for (const button of document.querySelectorAll("[data-keep-search]")) {
    button.hidden = false;
    button.onclick = async () => {
      const { keepSearch: address, label, refs, told, failed } = button.dataset;
      const status = button.parentElement.querySelector(".keep-told");
      button.disabled = true;
      try {
        const found = await json(`${refs}${address}`);
        const rest = read().filter((search) => search.address !== address);
        const search = { address, label, day: day(), total: found.total, refs: found.refs };
        status.textContent = write([search, ...rest]) ? fill(told, { n: found.total }) : failed;
      } catch {
        status.textContent = failed;
      } finally {
        button.disabled = false;
      }
    };
  }
};

offer();
document.addEventListener("museum:turned", offer);

// --- On the page of the saved list ---

const part = document.querySelector(".searches");
const words = part && Object.fromEntries(
  [...part.querySelector(".searches-words").content.querySelectorAll("[data-word]")]
    .map((element) => [element.dataset.word, element.textContent]),
);
let undone = null;

const named = async (refs) => {
  if (!refs.length) return [];
  return (await json(`${part.dataset.named}?refs=${refs.slice(0, SHOWN).join(",")}`)).items;
};

const link = (item) => {
  const line = document.createElement("li");
  const anchor = document.createElement("a");
  anchor.href = item.url;
  anchor.textContent = item.work_title ? `《${item.work_title}》${item.title}` : item.title;
  line.append(anchor);
  return line;
};

const changes = (search, found) => {
  if (!search.refs || !found.refs) return null;
  const before = new Set(search.refs);
  const now = new Set(found.refs);
  return {
    came: found.refs.filter((ref) => !before.has(ref)),
    went: search.refs.filter((ref) => !now.has(ref)).length,
  };
};

const again = async (search, row) => {
  const told = row.querySelector(".search-now");
  told.textContent = words.asking;
  try {
    const found = await json(`${part.dataset.refs}${search.address}`);
    const changed = changes(search, found);
    const values = { n: found.total, day: day(), came: changed?.came.length, went: changed?.went };
    told.textContent = fill(changed ? (values.came || values.went ? words.changed : words.same) : words.many, values);
    row.querySelector(".search-came").replaceChildren(...(await named(changed?.came ?? [])).map(link));
    const renew = row.querySelector("[data-renew]");
    renew.hidden = false;
    renew.onclick = () => {
      write(read().map((other) => other.address !== search.address ? other : { ...other, day: day(), total: found.total, refs: found.refs }));
      draw();
    };
  } catch {
    told.textContent = words.failed;
  }
};

const line = (search) => {
  const row = part.querySelector(".searches-item").content.firstElementChild.cloneNode(true);
  const title = row.querySelector(".saved-title");
  const address = new URL(`${part.dataset.results}${search.address}`, location);
  title.textContent = search.label;
  title.href = address;
  row.querySelector(".saved-facts").textContent = fill(words.then, { n: search.total, day: search.day });
  row.querySelector(".search-cited").textContent =
    fill(words.cited, { label: search.label, n: search.total, day: search.day, address: address.href });
  row.querySelector("[data-again]").onclick = () => again(search, row);
  row.querySelector("[data-forget]").onclick = () => {
    undone = read();
    write(undone.filter((other) => other.address !== search.address));
    draw();
    part.querySelector("[data-restore]").focus();
  };
  return row;
};

const draw = () => {
  const list = read();
  part.hidden = list.length === 0 && !undone;
  part.querySelector(".saved-undo").hidden = !undone;
  part.querySelector(".searches-list").replaceChildren(...list.map(line));
};

if (part) {
  part.querySelector("[data-restore]").onclick = () => {
    if (undone) write(undone);
    undone = null;
    draw();
  };
  addEventListener("storage", (event) => event.key === KEPT && draw());
  draw();
}
