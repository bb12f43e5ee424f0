// Turns the leaves of a book without a whole reload. Every turn is a plain link; where anything fails, it is followed.
{
  const LINKS = ".turner-step, .reader-choices a, .scan-name a";
  const KEPT = 6; // pages that are held ready
  const FAR = 60; // pixels that a finger moves to turn a leaf
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  const pages = new Map();
  let latest = 0;
  let shown = location.pathname + location.search;

  const pageAt = (address) => {
    if (!pages.has(address)) {
      const page = fetch(address, { headers: { Accept: "text/html" } }).then(async (answer) => {
        if (!answer.ok) throw new Error(`${answer.status}`);
        return new DOMParser().parseFromString(await answer.text(), "text/html");
      });
      page.catch(() => pages.delete(address));
      pages.set(address, page);
      if (pages.size > KEPT) pages.delete(pages.keys().next().value);
    }
    return pages.get(address);
  };

  // The scan of the next leaf is fetched while this one is read.
  const lookAhead = async (reader) => {
    const next = reader.querySelector('.turner [rel="next"]');
    if (!next || navigator.connection?.saveData) return;
    const page = await pageAt(next.href).catch(() => null);
    for (const picture of page?.querySelectorAll(".scan picture") ?? []) {
      const source = picture.querySelector("source");
      const image = new Image();
      image.sizes = source.sizes;
      image.srcset = source.srcset;
    }
  };

  const wheelDownwards = (reader) => {
    for (const text of reader.querySelectorAll(".passage-down")) {
      text.addEventListener("wheel", (event) => {
        if (Math.abs(event.deltaX) >= Math.abs(event.deltaY) || event.ctrlKey) return;
        const before = text.scrollLeft;
        text.scrollLeft -= event.deltaY;
        if (text.scrollLeft !== before) event.preventDefault();
      }, { passive: false });
    }
  };

  const offerScreen = (reader) => {
    const button = reader.querySelector(".reader-screen");
    if (!button || !document.fullscreenEnabled) return;
    button.hidden = false;
    const tell = () => button.setAttribute("aria-pressed", String(document.fullscreenElement === reader));
    button.addEventListener("click", async () => {
      if (document.fullscreenElement === reader) await document.exitFullscreen();
      else await reader.requestFullscreen().catch(() => {});
      tell();
    });
    tell();
  };

  const arrange = (reader) => {
    wheelDownwards(reader);
    offerScreen(reader);
    if (document.readyState === "complete") lookAhead(reader);
    else addEventListener("load", () => lookAhead(reader), { once: true });
  };

  // What hangs on the address outside the reader: the name of the window, the fold, the choice of script.
  const follow = (page) => {
    document.title = page.title;
    const [strip, other] = [document, page].map((root) => root.querySelector("main .strip"));
    if (strip && other) strip.replaceWith(document.adoptNode(other));
    const [links, others] = [document, page].map((root) => [...root.querySelectorAll(".comfort a")]);
    if (links.length === others.length) links.forEach((link, place) => link.setAttribute("href", others[place].getAttribute("href")));
  };

  const focusAfter = (reader, stood) => {
    const turners = reader.querySelectorAll(".turner");
    const link = stood.rel && turners[Math.min(stood.turner, turners.length - 1)]?.querySelector(`[rel="${stood.rel}"]`);
    (link || reader.querySelector("h1"))?.focus({ preventScroll: true });
    if (stood.turner > 0) reader.querySelector(".leaf-head").scrollIntoView({ behavior: calm.matches ? "auto" : "smooth" });
  };

  const whereFocusStands = (reader, link) => {
    const step = (link ?? document.activeElement)?.closest?.(".turner-step");
    const turner = step ? [...reader.querySelectorAll(".turner")].indexOf(step.closest(".turner")) : 0;
    return { turner, rel: step && step === document.activeElement ? step.rel : "" };
  };

  const turn = async (address, { link = null, push = true } = {}) => {
    const reader = document.querySelector("[data-reader]");
    const turning = ++latest;
    reader.setAttribute("aria-busy", "true");
    let page;
    try {
      page = await pageAt(address);
    } catch {
      location.assign(address);
      return;
    }
    if (turning !== latest) return;
    pages.delete(address); // its nodes are taken into this page
    const next = page.querySelector("[data-reader]");
    if (!next) {
      location.assign(address);
      return;
    }
    const stood = whereFocusStands(reader, link);
    const isOpen = reader.querySelector(".reader-panel")?.open;
    if (push) history.pushState({ reader: true }, "", address);
    shown = location.pathname + location.search;
    reader.className = next.className;
    reader.replaceChildren(...[...next.childNodes].map((node) => document.adoptNode(node)));
    reader.removeAttribute("aria-busy");
    follow(page);
    if (isOpen) reader.querySelector(".reader-panel").open = true;
    reader.dispatchEvent(new CustomEvent("museum:turned", { bubbles: true }));
    arrange(reader);
    focusAfter(reader, stood);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(LINKS);
    if (!link?.closest("[data-reader]") || event.defaultPrevented) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (!link.matches(".turner-step")) pages.clear(); // they were made for another view
    turn(link.href, { link });
  });

  addEventListener("popstate", () => {
    if (!document.querySelector("[data-reader]") || location.pathname + location.search === shown) return;
    pages.clear();
    turn(location.href, { push: false });
  });

  // A finger turns as it turns a page: towards the right in a book that is read leftwards.
  let begun = null;
  document.addEventListener("touchstart", (event) => {
    const held = event.target.closest?.("[data-reader]");
    const other = event.target.closest?.(".viewer, .passage-down, .table-scroll, .panel, input, .share");
    const [touch, more] = event.touches;
    begun = held && !other && !more && (window.visualViewport?.scale ?? 1) < 1.05 ? { x: touch.clientX, y: touch.clientY } : null;
  }, { passive: true });
  document.addEventListener("touchend", (event) => {
    if (!begun) return;
    const [touch] = event.changedTouches;
    const [across, down] = [touch.clientX - begun.x, touch.clientY - begun.y];
    begun = null;
    if (Math.abs(across) < FAR || Math.abs(across) < 2 * Math.abs(down)) return;
    const turner = document.querySelector("[data-reader] .turner");
    const forward = across < 0 !== turner?.classList.contains("turner-leftwards");
    turner?.querySelector(forward ? '[rel="next"]' : '[rel="prev"]')?.click();
  }, { passive: true });

  const reader = document.querySelector("[data-reader]");
  if (reader) arrange(reader);
  else wheelDownwards(document);
}
