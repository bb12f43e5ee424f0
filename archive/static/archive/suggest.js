// Titles, places and people while a reader types, in every search box. A plain box without this script.
// The combobox pattern of the ARIA Authoring Practices, with the focus left in the box.

const DELAY = 120; // milliseconds after the last key
const remembered = new Map();
let lists = 0;

async function suggestionsFor(address, words) {
  const url = `${address}?q=${encodeURIComponent(words)}`;
  if (!remembered.has(url)) {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok) return [];
    if (remembered.size > 200) remembered.clear();
    remembered.set(url, (await response.json()).suggestions);
  }
  return remembered.get(url);
}

function combobox(input) {
  const address = new URL("suggest", new URL(input.form.action)).pathname;
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `suggestions-${(lists += 1)}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent ?? "");
  list.hidden = true;
  input.after(list);
  input.parentElement.classList.add("suggesting");
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) input.setAttribute(name, value);

  let timer = 0;
  let asked = 0;
  let current = -1;

  const close = () => {
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  const mark = (number) => {
    list.children[current]?.setAttribute("aria-selected", "false");
    current = number;
    const option = list.children[current];
    if (!option) return input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map(({ title, kind, url }, number) => {
        const option = document.createElement("li");
        const name = document.createElement("span");
        const what = document.createElement("span");
        option.id = `${list.id}-${number}`;
        option.className = "suggestion";
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.url = url;
        name.textContent = title;
        what.className = "suggestion-kind";
        what.textContent = kind;
        option.append(name, " ", what);
        return option;
      }),
    );
    current = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !suggestions.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  };

  const ask = async () => {
    const words = input.value.trim();
    const number = (asked += 1);
    if (!words) return close();
    try {
      const suggestions = await suggestionsFor(address, words);
      if (number === asked && document.activeElement === input) show(suggestions);
    } catch {
      close(); // no connection: the box goes on as a plain one
    }
  };

  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, DELAY);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    asked += 1;
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = list.children.length;
    if (list.hidden || !count) {
      if (event.key === "ArrowDown" && input.value.trim()) ask();
      return;
    }
    if (event.key === "ArrowDown") mark(current + 1 < count ? current + 1 : -1);
    else if (event.key === "ArrowUp") mark(current < 0 ? count - 1 : current - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && current >= 0) window.location.assign(list.children[current].dataset.url);
    else return;
    event.preventDefault();
  });
  // The box must not lose the focus before the click arrives.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest(".suggestion");
    if (option) window.location.assign(option.dataset.url);
  });
}

// What is looked for inside one book is not a thing of the museum to be offered.
for (const input of document.querySelectorAll('form[role="search"]:not(.inside) input[name="q"]')) {
  if (input.getAttribute("role") !== "combobox") combobox(input);
}
