/* The contents of a book as a tree of any size: only the rows in sight are in the page. */
"use strict";
window.WorkbenchTree = class {
  static ROW = 30;

  /* `on` holds the functions select(ref), open(ref), move(ref, under, before). */
  constructor(element, on) {
    this.element = element;
    this.on = on;
    this.nodes = [];
    this.rows = [];
    this.folded = new Set();
    this.words = "";
    this.selected = "";
    this.room = document.createElement("div");
    this.room.className = "workbench-room";
    this.room.setAttribute("role", "presentation");
    element.append(this.room);
    element.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(element);
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("click", (event) => this.click(event));
    element.addEventListener("dblclick", () => this.on.open(this.selected));
    this.listenToDragging();
  }

  /* `nodes` are [ref, depth, kind, label, title] in reading order. */
  show(nodes) {
    this.nodes = nodes.map(([ref, depth, kind, label, title]) => ({ ref, depth, kind, label, title }));
    this.places = new Map(this.nodes.map((node, place) => [node.ref, place]));
    const above = [];
    for (const node of this.nodes) {
      above.length = node.depth - 1;
      node.parent = above[node.depth - 2] ?? "";
      above.push(node.ref);
    }
    this.nodes.forEach((node, place) => { node.isParent = this.nodes[place + 1]?.depth > node.depth; });
    if (!this.places.has(this.selected)) this.selected = this.nodes[0]?.ref ?? "";
    this.reckon();
  }

  node(ref) { return this.nodes[this.places.get(ref)]; }

  parts(under) { return this.nodes.filter((node) => node.parent === under); }

  find(words) {
    this.words = words.trim();
    this.reckon();
  }

  /* Which rows are to be seen at all: not beneath a folded one, or those that hold the words. */
  reckon() {
    this.rows = [];
    let hidden = Infinity;
    for (const node of this.nodes) {
      if (this.words) {
        if (`${node.label} ${node.title}`.includes(this.words)) this.rows.push(node);
        continue;
      }
      if (node.depth > hidden) continue;
      hidden = this.folded.has(node.ref) ? node.depth : Infinity;
      this.rows.push(node);
    }
    this.room.style.height = `${this.rows.length * WorkbenchTree.ROW}px`;
    this.draw();
  }

  draw() {
    const first = Math.max(0, Math.floor(this.element.scrollTop / WorkbenchTree.ROW) - 10);
    const count = Math.ceil(this.element.clientHeight / WorkbenchTree.ROW) + 20;
    this.room.replaceChildren(...this.rows.slice(first, first + count).map((node, step) => this.row(node, first + step)));
    const here = document.getElementById(`row-${this.selected}`);
    if (here) this.element.setAttribute("aria-activedescendant", here.id);
    else this.element.removeAttribute("aria-activedescendant");
  }

  row(node, place) {
    const row = document.createElement("div");
    row.className = "workbench-row";
    row.id = `row-${node.ref}`;
    row.dataset.ref = node.ref;
    row.setAttribute("role", "treeitem");
    row.setAttribute("aria-level", node.depth);
    row.setAttribute("aria-selected", node.ref === this.selected);
    if (node.isParent) row.setAttribute("aria-expanded", !this.folded.has(node.ref));
    row.draggable = true;
    row.style.top = `${place * WorkbenchTree.ROW}px`;
    row.style.paddingInlineStart = `${0.5 + (this.words ? 0 : node.depth - 1) * 1.1}rem`;
    const fold = document.createElement("span");
    fold.className = "fold";
    fold.setAttribute("aria-hidden", "true");
    fold.textContent = node.isParent && !this.words ? (this.folded.has(node.ref) ? "▸" : "▾") : "";
    const label = document.createElement("span");
    label.className = "label";
    label.textContent = node.label;
    row.append(fold, label, node.title);
    row.title = `${node.label} ${node.title}`.trim();
    return row;
  }

  select(ref, { tell = true } = {}) {
    if (!this.places?.has(ref)) return;
    this.selected = ref;
    for (let up = this.node(ref).parent; up; up = this.node(up).parent) this.folded.delete(up);
    this.reckon();
    const place = this.rows.findIndex((node) => node.ref === ref);
    const top = place * WorkbenchTree.ROW;
    const { scrollTop, clientHeight } = this.element;
    if (place >= 0 && (top < scrollTop || top + WorkbenchTree.ROW > scrollTop + clientHeight)) {
      this.element.scrollTop = Math.max(0, top - clientHeight / 2);
    }
    this.draw();
    if (tell) this.on.select(ref);
  }

  step(by) {
    const place = this.rows.findIndex((node) => node.ref === this.selected);
    const next = this.rows[Math.min(Math.max(place + by, 0), this.rows.length - 1)];
    if (next) this.select(next.ref);
  }

  click(event) {
    const row = event.target.closest("[data-ref]");
    if (!row) return;
    if (event.target.classList.contains("fold")) this.toggle(row.dataset.ref);
    else this.select(row.dataset.ref);
    this.element.focus();
  }

  toggle(ref) {
    if (!this.folded.delete(ref)) this.folded.add(ref);
    this.reckon();
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const node = this.node(this.selected);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e9, End: 1e9 };
    if (event.key in steps) this.step(steps[event.key]);
    else if (event.key === "Enter" && node) this.on.open(node.ref);
    else if (event.key === "ArrowRight" && node) {
      if (node.isParent && this.folded.has(node.ref)) this.toggle(node.ref);
      else this.step(1);
    } else if (event.key === "ArrowLeft" && node) {
      if (node.isParent && !this.folded.has(node.ref)) this.toggle(node.ref);
      else if (node.parent) this.select(node.parent);
    } else return;
    event.preventDefault();
  }

  /* Where a node goes that is moved one step: [under, before], or null when there is no such place. */
  place(ref, way) {
    const node = this.node(ref);
    const siblings = this.parts(node.parent).map((part) => part.ref);
    const at = siblings.indexOf(ref);
    if (way === "up") return at > 0 ? [node.parent, siblings[at - 1]] : null;
    if (way === "down") return at < siblings.length - 1 ? [node.parent, siblings[at + 2] ?? ""] : null;
    if (way === "in") return at > 0 ? [siblings[at - 1], ""] : null;
    if (!node.parent) return null;
    const parent = this.node(node.parent);
    const aunts = this.parts(parent.parent).map((part) => part.ref);
    return [parent.parent, aunts[aunts.indexOf(parent.ref) + 1] ?? ""];
  }

  listenToDragging() {
    let dragged = "";
    const clear = () => this.room.querySelectorAll(".is-target, .is-target-inside").forEach((row) => {
      row.classList.remove("is-target", "is-target-inside");
    });
    const isInside = (event, row) => event.clientY - row.getBoundingClientRect().top > WorkbenchTree.ROW * 0.6;
    this.element.addEventListener("dragstart", (event) => {
      dragged = event.target.closest("[data-ref]")?.dataset.ref ?? "";
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged);
    });
    this.element.addEventListener("dragover", (event) => {
      const row = event.target.closest("[data-ref]");
      clear();
      if (!row || !dragged || row.dataset.ref === dragged) return;
      event.preventDefault();
      row.classList.add(isInside(event, row) ? "is-target-inside" : "is-target");
    });
    this.element.addEventListener("drop", (event) => {
      const row = event.target.closest("[data-ref]");
      clear();
      if (!row || !dragged || row.dataset.ref === dragged) return;
      event.preventDefault();
      const target = this.node(row.dataset.ref);
      if (isInside(event, row)) this.on.move(dragged, target.ref, "");
      else this.on.move(dragged, target.parent, target.ref);
    });
    this.element.addEventListener("dragend", () => { dragged = ""; clear(); });
  }
};
