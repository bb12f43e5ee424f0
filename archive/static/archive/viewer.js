// Opens a picture for a close look where it stands. The viewer itself is fetched only when somebody asks for it; without
// this script the picture is a link to its largest plain copy.

const STEP = 1.5;
const TURN = 90;
const NARROW = matchMedia("(max-width: 47.99rem)");
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

let library;

const fetchLibrary = (address) => {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => {
      library = undefined;
      reject(new Error(address));
    };
    document.head.append(script);
  });
  return library;
};

// The service names itself by the museum's own address; this page may have been reached by another.
const tilesOf = async ({ service, picture }) => {
  if (!service) return { type: "image", url: picture };
  const answer = await fetch(`${service}/info.json`);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return { ...(await answer.json()), id: new URL(service, location.href).href };
};

// The library writes a style sheet of its own into the page, which the page's security policy refuses and reports,
// unless it finds that sheet there already. This one is of no namespace that a browser would apply.
const satisfyLibrary = () => {
  if (document.querySelector("style[data-openseadragon-mobile-css]")) return;
  const mark = document.createElementNS("urn:none", "style");
  mark.setAttribute("data-openseadragon-mobile-css", "true");
  document.head.append(mark);
};

const looking = (stage, tileSources) =>
  new Promise((resolve, reject) => {
    const viewer = OpenSeadragon({
      element: stage,
      tileSources,
      showNavigationControl: false,
      showNavigator: false,
      autoResize: true,
      preserveImageSizeOnResize: true,
      visibilityRatio: 0.6,
      minZoomImageRatio: 0.8,
      maxZoomPixelRatio: 4,
      zoomPerClick: STEP,
      animationTime: CALM.matches ? 0 : 0.8,
      immediateRender: true,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
      gestureSettingsTouch: { pinchRotate: false },
    });
    viewer.addOnceHandler("open", () => resolve(viewer));
    viewer.addOnceHandler("open-failed", (event) => {
      viewer.destroy();
      reject(new Error(event.message));
    });
  });

// The boxes that stand on the plain picture, in ten-thousandths of it, stand on the large one too.
const markFound = (zoom, viewer) => {
  const image = viewer.world.getItemAt(0);
  const size = image.getContentSize();
  for (const box of zoom.querySelectorAll(".found-box")) {
    const [left, top, width, height] = ["x", "y", "width", "height"].map((name) => box.getAttribute(name) / 10000);
    const element = document.createElement("div");
    element.className = "viewer-found";
    const location = image.imageToViewportRectangle(left * size.x, top * size.y, width * size.x, height * size.y);
    viewer.addOverlay({ element, location });
  }
};

// A phone that has no full screen for pages gets the whole window instead.
const toggleScreen = async (box, full = !(document.fullscreenElement === box || box.classList.contains("viewer-whole"))) => {
  if (document.fullscreenElement === box && !full) await document.exitFullscreen();
  else if (full && box.requestFullscreen && !NARROW.matches) await box.requestFullscreen().catch(() => box.classList.add("viewer-whole"));
  else box.classList.toggle("viewer-whole", full);
  box.querySelector('[data-deed="screen"]').setAttribute("aria-pressed", String(full));
};

const light = (box) => {
  const lamps = [...box.querySelectorAll("[data-light]")];
  const filter = lamps.map((lamp) => `${lamp.dataset.light}(${lamp.value}%)`).join(" ");
  const canvas = box.querySelector(".openseadragon-canvas");
  canvas.style.filter = lamps.every((lamp) => lamp.value === lamp.defaultValue) ? "" : filter;
};

const deedsOf = (box, viewer) => {
  const zoomed = (factor) => viewer.viewport.zoomBy(factor).applyConstraints();
  const turned = (degrees) => viewer.viewport.setRotation(viewer.viewport.getRotation() + degrees);
  return {
    larger: () => zoomed(STEP),
    smaller: () => zoomed(1 / STEP),
    whole: () => viewer.viewport.goHome(),
    left: () => turned(-TURN),
    right: () => turned(TURN),
    screen: () => toggleScreen(box),
    plain: () => {
      for (const lamp of box.querySelectorAll("[data-light]")) lamp.value = lamp.defaultValue;
      light(box);
    },
  };
};

const KEYS = { f: "screen", F: "screen", r: "right", R: "left", 0: "whole", "+": "larger", "=": "larger", "-": "smaller" };

// Before anything has arrived: on a phone the box covers the page, and the line may hang.
const wireClosing = (box, close) => {
  box.addEventListener("click", (event) => event.target.closest('[data-deed="close"]') && close());
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.fullscreenElement) return;
    event.stopPropagation();
    close();
  });
};

const wire = (box, viewer, signal) => {
  const deeds = deedsOf(box, viewer);
  box.addEventListener("click", (event) => deeds[event.target.closest("[data-deed]")?.dataset.deed]?.());
  box.addEventListener("input", () => light(box));
  viewer.addHandler("canvas-key", (event) => {
    const { key, ctrlKey, altKey, metaKey } = event.originalEvent;
    if (ctrlKey || altKey || metaKey || KEYS[key] === undefined) return;
    event.preventDefaultAction = true;
    deeds[KEYS[key]]();
  });
  const tell = () => {
    box.querySelector('[data-deed="screen"]').setAttribute("aria-pressed", String(document.fullscreenElement === box));
  };
  document.addEventListener("fullscreenchange", tell, { signal });
  const scale = box.querySelector(".viewer-scale");
  const measure = () => {
    const image = viewer.world.getItemAt(0);
    if (image) scale.textContent = `${Math.round(image.viewportToImageZoom(viewer.viewport.getZoom(true)) * 100)}%`;
  };
  viewer.addHandler("animation", measure);
  viewer.addHandler("resize", measure);
  measure();
};

const open = async (zoom) => {
  const parts = zoom.querySelector(".zoom-parts");
  const box = parts.content.firstElementChild.cloneNode(true);
  const [stage, told] = [box.querySelector(".viewer-stage"), box.querySelector(".viewer-told")];
  const plain = zoom.querySelector(".zoom-plain");
  const bar = zoom.querySelector(".zoom-bar");
  const ending = new AbortController();
  let viewer;
  const close = async () => {
    ending.abort();
    await toggleScreen(box, false);
    viewer?.destroy();
    box.remove();
    plain.hidden = bar.hidden = false;
    zoom.querySelector(".zoom-open").focus();
  };
  told.textContent = told.dataset.opening;
  plain.hidden = bar.hidden = true;
  plain.after(box);
  wireClosing(box, close);
  box.tabIndex = -1;
  box.focus({ preventScroll: true });
  if (NARROW.matches) await toggleScreen(box, true);
  else box.scrollIntoView({ block: "nearest", behavior: CALM.matches ? "auto" : "smooth" });
  try {
    await fetchLibrary(parts.dataset.library);
    satisfyLibrary();
    const tiles = await tilesOf(parts.dataset);
    if (ending.signal.aborted) return;
    viewer = await looking(stage, tiles);
  } catch {
    if (ending.signal.aborted) return;
    await close();
    bar.append(told);
    told.textContent = told.dataset.failed;
    return;
  }
  if (ending.signal.aborted) {
    viewer.destroy();
    return;
  }
  told.textContent = "";
  markFound(zoom, viewer);
  viewer.canvas.setAttribute("aria-label", stage.dataset.label);
  viewer.canvas.setAttribute("role", "application");
  wire(box, viewer, ending.signal);
  viewer.canvas.focus();
};

const offerViewers = (root) => {
  for (const zoom of root.querySelectorAll(".zoom")) {
    const button = zoom.querySelector(".zoom-open");
    if (!button) continue;
    button.hidden = false;
    button.addEventListener("click", () => open(zoom));
    zoom.querySelector(".zoom-plain").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      open(zoom);
    });
  }
};

offerViewers(document);
document.addEventListener("museum:turned", (event) => offerViewers(event.target));
