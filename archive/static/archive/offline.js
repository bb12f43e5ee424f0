// Copies of the things on the saved list, kept on this device for when the museum cannot be reached.
//
// A copy is the thing's own page without scripts and films, with the pictures that it shows. The worker answers with it
// only when the museum does not answer, so that nobody is ever shown something old while there is something new. What
// the museum has withdrawn is taken out the next time the list is opened.

const KEPT = "kept-offline"; // the worker knows this name
const MARK = "kept-offline";
const POLICY = "default-src 'none'; img-src * data:; style-src 'self'; font-src 'self'; script-src 'self'; base-uri 'none'";
const MOST_PICTURES = 60;

const tools = document.querySelector(".saved-offline");
const words = tools && Object.fromEntries(
  [...tools.querySelector("template").content.querySelectorAll("[data-word]")]
    .map((element) => [element.dataset.word, element.textContent]),
);

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
const told = (text) => (tools.querySelector(".saved-offline-told").textContent = text);

const fromStore = (name, fallback) => {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? fallback;
  } catch {
    return fallback;
  }
};

const saved = () => fromStore("saved", []).filter((item) => typeof item?.id === "string");

const whatIsThere = async (ids) => {
  const answer = await fetch(`${document.querySelector(".saved").dataset.titles}?ids=${ids.join(",")}`);
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).items.filter((item) => item.state === "here");
};

// --- Making copies ---

const bring = async (cache, address) => {
  if (await cache.match(address)) return;
  const same = new URL(address, location).origin === location.origin;
  const answer = await fetch(address, { mode: same ? "same-origin" : "no-cors" });
  if (answer.ok || answer.type === "opaque") await cache.put(address, answer);
};

const bringAll = (cache, addresses) => Promise.allSettled([...new Set(addresses)].map((address) => bring(cache, address)));

// The page as it can be read without the museum: words and pictures.
const stripped = (text) => {
  const page = new DOMParser().parseFromString(text, "text/html");
  page.querySelectorAll("source, form, button, template, .share, [data-needs-museum]").forEach((element) => element.remove());
  page.querySelectorAll('script:not([src*="preferences"])').forEach((element) => element.remove());
  for (const film of page.querySelectorAll("video")) {
    const still = page.createElement("img");
    still.src = film.getAttribute("poster") || "";
    still.alt = "";
    film.replaceWith(...(still.getAttribute("src") ? [still] : []));
  }
  for (const picture of page.querySelectorAll("img")) {
    picture.removeAttribute("srcset");
    picture.removeAttribute("loading");
  }
  const notice = page.createElement("p");
  notice.className = "notice";
  notice.textContent = fill(words.copy, { day: new Date().toLocaleDateString("sv") });
  page.body.prepend(notice);
  return page;
};

const needed = (page) => [
  ...[...page.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href")),
  ...[...page.querySelectorAll("script[src]")].map((script) => script.getAttribute("src")),
  ...[...page.querySelectorAll("main img")].slice(0, MOST_PICTURES).map((picture) => picture.getAttribute("src")),
];

const copy = async (cache, item) => {
  const answer = await fetch(item.url);
  // A page that may not be stored is one for the reading room: it stays there.
  if (!answer.ok || /no-store/.test(answer.headers.get("Cache-Control") || "")) return false;
  const page = stripped(await answer.text());
  await bringAll(cache, needed(page).filter(Boolean));
  const text = `<!doctype html>\n${page.documentElement.outerHTML}`;
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY };
  for (const address of [new URL(item.url, location).pathname, `/id/${item.id}`]) {
    await cache.put(address, new Response(text, { headers }));
  }
  return true;
};

const keep = async () => {
  const button = tools.querySelector("[data-keep]");
  button.disabled = true;
  try {
    await navigator.serviceWorker.register(tools.dataset.worker, { scope: "/" });
    const cache = await caches.open(KEPT);
    const items = await whatIsThere(saved().map((item) => item.id));
    let done = 0;
    const kept = [];
    for (const item of items) {
      told(fill(words.working, { done: ++done, all: items.length }));
      if (await copy(cache, item).catch(() => false)) kept.push(item.id);
    }
    await Promise.all([cache.put(location.pathname, await fetch(location.pathname)), bring(cache, tools.dataset.note)]);
    await bringAll(cache, needed(document));
    localStorage.setItem(MARK, JSON.stringify({ ids: kept, day: new Date().toLocaleDateString("sv") }));
    const left = items.length - kept.length;
    show(left ? fill(words.left, { left }) : "");
  } catch {
    told(words.failed);
  } finally {
    button.disabled = false;
  }
};

// --- Taking them away ---

const remove = async (cache, id) => {
  const text = await (await cache.match(`/id/${id}`))?.text();
  await cache.delete(`/id/${id}`);
  if (!text) return;
  for (const request of await cache.keys()) {
    const other = await cache.match(request);
    const isPage = (other.headers.get("Content-Type") || "").startsWith("text/html");
    if (isPage && (await other.text()) === text) await cache.delete(request);
  }
};

const removeAll = async () => {
  await caches.delete(KEPT);
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    if (registration.active?.scriptURL.endsWith(tools.dataset.worker)) await registration.unregister();
  }
  localStorage.removeItem(MARK);
  show(words.removed);
};

// What left the list, and what the museum has withdrawn since, is kept no longer.
const tidy = async () => {
  const mark = fromStore(MARK, null);
  if (!mark?.ids?.length) return;
  const there = new Set((await whatIsThere(mark.ids)).map((item) => item.id));
  const wanted = new Set(saved().map((item) => item.id));
  const stays = mark.ids.filter((id) => there.has(id) && wanted.has(id));
  const cache = await caches.open(KEPT);
  for (const id of mark.ids.filter((other) => !stays.includes(other))) await remove(cache, id);
  localStorage.setItem(MARK, JSON.stringify({ ...mark, ids: stays }));
};

const show = (more = "") => {
  const mark = fromStore(MARK, null);
  tools.hidden = !mark && saved().length === 0;
  tools.querySelector("[data-drop]").hidden = !mark;
  told([mark ? fill(words.kept, { n: mark.ids.length, day: mark.day }) : "", more].filter(Boolean).join(""));
};

if (tools && "serviceWorker" in navigator && "caches" in window) {
  tools.querySelector("[data-keep]").addEventListener("click", keep);
  tools.querySelector("[data-drop]").addEventListener("click", removeAll);
  show();
  tidy().then(() => show(), () => {});
}
