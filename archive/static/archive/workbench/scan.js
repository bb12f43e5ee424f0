/* The scan of a leaf with its lines: the one in which the cursor stands is marked; a click on a line goes to its text. */
"use strict";
window.WorkbenchScan = class {
  static SVG = "http://www.w3.org/2000/svg";

  constructor(element, said, onLine) {
    this.element = element;
    this.said = said;
    this.onLine = onLine;
    this.width = 100;
    this.boxes = [];
  }

  show(passage) {
    this.boxes = passage.boxes ?? [];
    this.rects = [];
    if (!passage.picture) {
      const line = document.createElement("p");
      line.className = "is-none";
      line.textContent = passage.problem || (passage.pending ? this.said.pending : this.said.none);
      this.element.replaceChildren(line);
      return;
    }
    const figure = document.createElement("figure");
    figure.style.width = `${this.width}%`;
    const image = document.createElement("img");
    image.src = passage.picture;
    [image.width, image.height] = passage.size;
    image.alt = this.said.scan;
    const drawing = document.createElementNS(WorkbenchScan.SVG, "svg");
    drawing.setAttribute("viewBox", "0 0 10000 10000");
    drawing.setAttribute("preserveAspectRatio", "none");
    drawing.setAttribute("aria-hidden", "true");
    this.boxes.forEach(([left, top, width, height, start, , isWord]) => {
      const rect = document.createElementNS(WorkbenchScan.SVG, "rect");
      Object.entries({ x: left, y: top, width, height }).forEach(([name, value]) => rect.setAttribute(name, value));
      if (isWord) rect.setAttribute("visibility", "hidden");
      rect.addEventListener("click", () => this.onLine(start));
      this.rects.push(rect);
      drawing.append(rect);
    });
    figure.append(image, drawing);
    this.element.replaceChildren(figure);
    this.element.scrollTo(0, 0);
  }

  /* Mark the line that holds this offset of the plain text. */
  mark(offset) {
    let marked = null;
    this.boxes.forEach(([, , , , start, end, isWord], number) => {
      const isHere = !isWord && start <= offset && offset <= end && !marked;
      this.rects[number]?.classList.toggle("is-here", isHere);
      if (isHere) marked = this.rects[number];
    });
    if (!marked) return;
    const view = this.element.getBoundingClientRect();
    const line = marked.getBoundingClientRect();
    if (line.top < view.top || line.bottom > view.bottom || line.left < view.left || line.right > view.right) {
      this.element.scrollBy(line.left - view.left - view.width / 2, line.top - view.top - view.height / 2);
    }
  }

  zoom(by) {
    this.width = Math.min(Math.max(this.width * by, 40), 500);
    const figure = this.element.querySelector("figure");
    if (figure) figure.style.width = `${this.width}%`;
  }
};

/* The offset in the plain text of an offset in the notation (archive/book_text/notation.py), and back. */
window.WorkbenchNotation = {
  TOKEN: /\\([\\{}[!|])|(\{\{)|(\}\})|\[\^[^\]\s]{1,12}\]:?|!\[([^\]\n]*)\]\(fig:[\w.-]{1,80}\)|\[\[([^[\]\n→；]{0,80})→[^[\]\n]*\]\]/g,

  /* For each character of the plain text where it stands in the notation. */
  sources(text) {
    const found = [];
    let at = 0;
    for (const line of text.split("\n")) {
      const trimmed = line.trim();
      if (trimmed) {
        if (found.length) found.push(at);
        let start = at + line.indexOf(trimmed);
        const end = start + trimmed.length;
        for (const token of text.slice(start, end).matchAll(this.TOKEN)) {
          const begins = at + line.indexOf(trimmed) + token.index;
          for (; start < begins; start += 1) found.push(start);
          if (token[1]) found.push(begins + 1);
          for (let place = 0; place < (token[5]?.length ?? 0); place += 1) found.push(begins + 2 + place);
          start = begins + token[0].length;
        }
        for (; start < end; start += 1) found.push(start);
      }
      at += line.length + 1;
    }
    return found;
  },

  plainAt(text, offset) {
    const sources = this.sources(text);
    const place = sources.findIndex((source) => source >= offset);
    return place < 0 ? sources.length : place;
  },

  sourceAt(text, offset) {
    return this.sources(text)[offset] ?? text.length;
  },
};
