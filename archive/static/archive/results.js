// Filters, order and pages change the results in place; the address stays one that can be shared. Links work without.

const area = () => document.getElementById("search");
const isOurs = (url) => url.origin === location.origin && url.pathname === location.pathname;
let asked = 0;

async function turnTo(url, { remember = true, focus = "" } = {}) {
  const number = (asked += 1);
  area().setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = found.getElementById("search");
    if (!response.ok || !next) return location.assign(url);
    if (number !== asked) return;
    const opened = [...area().querySelectorAll("details")].map((details) => details.open);
    area().replaceWith(next);
    next.dispatchEvent(new Event("museum:turned", { bubbles: true }));
    [...next.querySelectorAll(".filters")].forEach((details, index) => (details.open = opened[index] ?? details.open));
    document.title = found.title;
    if (remember) history.pushState({ results: true }, "", url);
    const again = focus && [...next.querySelectorAll("a")].find((link) => link.firstChild?.textContent === focus);
    if (again) again.focus({ preventScroll: true });
    else next.querySelector(".search-summary, .search-state")?.scrollIntoView({ block: "nearest" });
  } catch {
    location.assign(url);
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#search a[href]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.getAttribute("href"), location); // in a drawing, `href` is no text
  if (!isOurs(url) || link.hasAttribute("download")) return;
  event.preventDefault();
  turnTo(url, { focus: link.closest(".facet, .sorts") ? link.firstChild?.textContent : "" });
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("#search .years-asked")) return;
  event.preventDefault();
  const url = new URL(event.target.action);
  for (const [name, value] of new FormData(event.target)) if (value !== "") url.searchParams.append(name, value);
  turnTo(url);
});

addEventListener("popstate", () => turnTo(location.href, { remember: false }));
