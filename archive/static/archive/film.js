// The film player: the browser's own video with a bar of ours beneath it. The streams (HLS) are begun when somebody
// plays; whatever goes wrong with them, the whole file that stands in the page plays instead.

const STEP = 5;
const LONG_STEP = 10;
const WORTH_RESUMING = 15; // seconds from either end
const storage = (() => {
  try {
    return window.localStorage;
  } catch {
    return null; // closed by the reader
  }
})();

const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
};

const script = (address) =>
  new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    document.head.append(element);
  });

class Player {
  constructor(root) {
    this.root = root;
    this.video = root.querySelector("video");
    this.find = (name) => root.querySelector(`.player-${name}`);
    this.bar = this.find("bar");
    this.range = this.find("range");
    this.told = this.find("told");
    this.scope = root.closest("article") ?? root.parentElement;
    this.video.controls = false;
    this.bar.hidden = false;
    this.video.tabIndex = 0;
    this.dressBar();
    this.listen();
    this.remember();
    this.spoken();
    this.chapters();
  }

  // --- Playing -----------------------------------------------------------------------------------------------

  async start() {
    this.wanted = true;
    if (!this.begun) {
      this.begun = this.stream().catch(() => this.whole());
      await this.begun;
    }
    return this.play();
  }

  play() {
    // What only interrupts it (another address, a pause) is no failure; nor are streams that give way to the file.
    return this.video.play().catch((error) => {
      const isLast = !this.root.dataset.playlist || this.root.dataset.plays === "whole";
      if (error.name === "NotSupportedError" && isLast) this.tell("failed");
    });
  }

  async stream() {
    const address = this.root.dataset.playlist;
    if (!address) return;
    const at = this.video.currentTime;
    if (this.video.canPlayType("application/vnd.apple.mpegurl")) {
      this.video.addEventListener("error", () => this.whole(), { once: true });
      this.video.src = address;
      if (at) this.go(at);
      this.root.dataset.plays = "streams";
      return;
    }
    if (!window.Hls) await script(this.root.dataset.hls);
    if (!window.Hls.isSupported()) return;
    const hls = new window.Hls({ enableWorker: false, startPosition: at || -1, maxBufferLength: 30, capLevelToPlayerSize: true });
    this.hls = hls;
    await new Promise((resolve, reject) => {
      hls.on(window.Hls.Events.ERROR, (_name, told) => {
        if (!told.fatal) return;
        reject(told);
        this.whole();
      });
      hls.on(window.Hls.Events.MANIFEST_PARSED, resolve);
      hls.loadSource(address);
      hls.attachMedia(this.video);
    });
    this.root.dataset.plays = "streams";
  }

  whole() {
    // The file that stands in the page, from where the reader was.
    if (this.root.dataset.plays === "whole") return;
    this.root.dataset.plays = "whole";
    const at = this.video.currentTime;
    this.hls?.destroy();
    this.video.removeAttribute("src");
    this.video.load();
    this.go(at);
    if (this.wanted) this.play();
  }

  toggle() {
    if (this.video.paused) this.start();
    else this.pause();
  }

  pause() {
    this.wanted = false;
    this.video.pause();
  }

  get length() {
    return Number.isFinite(this.video.duration) ? this.video.duration : 0;
  }

  go(seconds) {
    const to = Math.max(0, this.length ? Math.min(seconds, this.length - 0.1) : seconds);
    if (this.video.readyState) this.video.currentTime = to;
    else this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = to), { once: true });
  }

  tell(name) {
    this.told.textContent = this.told.dataset[name] ?? "";
  }

  // --- The bar -----------------------------------------------------------------------------------------------

  dressBar() {
    const play = this.root.querySelector("[data-do=play]");
    const words = [play.textContent, play.dataset.other];
    const show = () => {
      play.textContent = words[this.video.paused ? 0 : 1];
      this.root.classList.toggle("is-playing", !this.video.paused);
    };
    for (const name of ["play", "pause", "ended"]) this.video.addEventListener(name, show);
    const mute = this.root.querySelector("[data-do=mute]");
    this.video.addEventListener("volumechange", () => mute.setAttribute("aria-pressed", String(this.video.muted)));
    const actions = { play: () => this.toggle(), mute: () => (this.video.muted = !this.video.muted), fullscreen: () => this.fullscreen() };
    for (const button of this.root.querySelectorAll("[data-do]")) {
      button.addEventListener("click", actions[button.dataset.do]);
    }
    this.video.addEventListener("click", () => this.toggle());
    this.speed = this.find("speed");
    this.speed.addEventListener("change", () => (this.video.playbackRate = Number(this.speed.value)));
    this.video.addEventListener("loadedmetadata", () => (this.video.playbackRate = Number(this.speed.value)));
    this.captions = this.find("captions");
    this.captions?.addEventListener("change", () => this.caption());
    this.caption();
    this.range.addEventListener("input", () => this.go((this.range.value / 1000) * this.length));
    const seek = this.find("seek");
    seek.addEventListener("pointermove", (event) => this.preview(event));
    seek.addEventListener("pointerleave", () => (this.find("preview").hidden = true));
  }

  caption() {
    for (const track of this.video.textTracks) {
      if (track.kind === "captions" || track.kind === "subtitles") {
        track.mode = track.language === this.captions?.value ? "showing" : "disabled";
      } else {
        track.mode = "hidden"; // read, not shown
      }
    }
  }

  fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (this.root.requestFullscreen) this.root.requestFullscreen();
    else this.video.webkitEnterFullscreen?.(); // a telephone that lets only the film itself fill the screen
  }

  preview(event) {
    const box = this.range.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const at = share * this.length;
    const preview = this.find("preview");
    this.find("moment").textContent = clock(at);
    preview.hidden = !this.length;
    const track = [...this.video.textTracks].find((one) => one.label === "storyboard");
    // The last that has begun: the streams may be some frames longer than the storyboard.
    const cue = [...(track?.cues ?? [])].findLast((one) => at >= one.startTime);
    const canvas = this.find("picture");
    canvas.hidden = !cue;
    if (cue) this.draw(canvas, cue.text.trim());
    const half = preview.offsetWidth / 2;
    preview.style.insetInlineStart = `${Math.min(Math.max(share * box.width, half), box.width - half)}px`;
  }

  draw(canvas, place) {
    const [address, box] = place.split("#xywh=");
    const [left, top, width, height] = box.split(",").map(Number);
    if (this.sheet?.dataset?.address !== address) {
      this.sheet = new Image();
      this.sheet.dataset.address = address;
      this.sheet.src = address;
    }
    canvas.width = width;
    canvas.height = height;
    const paint = () => {
      canvas.getContext("2d").drawImage(this.sheet, left, top, width, height, 0, 0, width, height);
    };
    if (this.sheet.complete) paint();
    else this.sheet.addEventListener("load", paint, { once: true });
  }

  // --- Keys ----------------------------------------------------------------------------------------------------

  listen() {
    this.root.addEventListener("keydown", (event) => this.key(event), { capture: true });
    const show = () => {
      const length = this.length;
      if (length) {
        this.range.value = String(Math.round((this.video.currentTime / length) * 1000));
        this.find("whole").textContent = clock(length);
      }
      const now = clock(this.video.currentTime);
      this.find("now").textContent = now;
      this.range.setAttribute("aria-valuetext", `${now} / ${clock(length)}`);
    };
    for (const name of ["timeupdate", "seeking", "loadedmetadata", "durationchange"]) this.video.addEventListener(name, show);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = event.target;
    if (target.matches("select")) return;
    const onButton = target.matches("button");
    const onRange = target === this.range;
    const keys = {
      k: () => this.toggle(),
      j: () => this.go(this.video.currentTime - LONG_STEP),
      l: () => this.go(this.video.currentTime + LONG_STEP),
      m: () => (this.video.muted = !this.video.muted),
      c: () => this.nextCaptions(),
      f: () => this.fullscreen(),
      "<": () => this.faster(-1),
      ">": () => this.faster(1),
      ArrowLeft: () => this.go(this.video.currentTime - STEP),
      ArrowRight: () => this.go(this.video.currentTime + STEP),
      Home: () => this.go(0),
      End: () => this.go(this.length),
    };
    if (!onButton) keys[" "] = () => this.toggle();
    if (!onRange && !onButton) {
      keys.ArrowUp = () => (this.video.volume = Math.min(1, this.video.volume + 0.1));
      keys.ArrowDown = () => (this.video.volume = Math.max(0, this.video.volume - 0.1));
    }
    const action = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  nextCaptions() {
    if (!this.captions) return;
    this.captions.selectedIndex = (this.captions.selectedIndex + 1) % this.captions.options.length;
    this.caption();
  }

  faster(by) {
    const at = this.speed.selectedIndex + by;
    if (at < 0 || at >= this.speed.options.length) return;
    this.speed.selectedIndex = at;
    this.video.playbackRate = Number(this.speed.value);
  }

  // --- Where the reader was --------------------------------------------------------------------------------------

  remember() {
    const key = this.root.dataset.key && `film:${this.root.dataset.key}`;
    if (!key || !storage) return;
    const asked = Number(/^#t=(\d+)/.exec(location.hash)?.[1] ?? 0);
    const last = asked || Number(storage.getItem(key) ?? 0);
    if (last > 0) {
      this.go(last);
      if (!asked) this.tell("resumed");
    }
    let written = 0;
    this.video.addEventListener("timeupdate", () => {
      const now = this.video.currentTime;
      if (Math.abs(now - written) < 3) return;
      written = now;
      const between = now > WORTH_RESUMING && now < this.length - WORTH_RESUMING;
      try {
        if (between) storage.setItem(key, String(Math.floor(now)));
        else storage.removeItem(key);
      } catch {
        written = Infinity; // full, or closed meanwhile: nothing is remembered
      }
    });
  }

  // --- Words and chapters ------------------------------------------------------------------------------------------

  spoken() {
    this.follow([...this.scope.querySelectorAll(".spoken-line")], (line) => {
      const box = line.closest(".spoken");
      if (box && !box.matches(":hover") && !box.contains(document.activeElement)) {
        box.scrollTo({ top: line.offsetTop - box.clientHeight / 3 });
      }
    });
  }

  chapters() {
    const list = [...this.scope.querySelectorAll(".chapter")];
    this.follow(list, () => {});
    const mark = () => {
      const marks = this.find("marks");
      marks.replaceChildren();
      for (const chapter of list) {
        const line = document.createElement("span");
        line.className = "player-mark";
        line.style.insetInlineStart = `${(Number(chapter.dataset.at) / this.length) * 100}%`;
        if (Number(chapter.dataset.at) > 0 && this.length) marks.append(line);
      }
    };
    this.video.addEventListener("durationchange", mark);
    mark();
  }

  follow(lines, onChange) {
    // Lines with `data-at`: a press goes there, and the one that is being said is marked.
    if (!lines.length) return;
    for (const line of lines) {
      const time = line.querySelector(".at");
      const button = document.createElement("button");
      button.type = "button";
      button.className = time.className;
      button.textContent = time.textContent;
      time.replaceWith(button);
      line.classList.add("is-live");
      line.addEventListener("click", () => {
        if (String(getSelection()).length > 1) return; // somebody is copying words
        this.go(Number(line.dataset.at));
        this.start();
      });
    }
    let current = null;
    this.video.addEventListener("timeupdate", () => {
      const now = this.video.currentTime + 0.05;
      const line = lines.findLast((one) => Number(one.dataset.at) <= now) ?? null;
      if (line === current) return;
      current?.removeAttribute("aria-current");
      line?.setAttribute("aria-current", "true");
      current = line;
      if (line) onChange(line);
    });
  }
}

for (const root of document.querySelectorAll(".player")) {
  if (root.querySelector("video")) root.player = new Player(root);
}
