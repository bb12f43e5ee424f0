/* Sends files in parts, several at a time, and goes on where an earlier sending of the same file stopped. Knows the
   protocol of `media_assets.uploading` and nothing of the page: whoever uses it is told by `changed(item)`.

     const transfer = new Uploading.Transfer({ addresses, token, worker, words, changed });
     transfer.begin({ collection, group }); transfer.add([{ file, path }]);

   An item: { file, path, state, reason, sent, size }; its states are waiting, sending, retrying, examining, accepted,
   refused, failed, cancelled. */
"use strict";

(() => {
  const AT_ONCE = 4;
  const AHEAD = 8; // parts whose checksum and address are there before their turn
  const READY_FOR = 5 * 60000; // an address is good for a quarter of an hour
  const LOT = 100;
  const MOST_TRIES = 12;
  const FIRST_PAUSE = 1000;
  const LAST_PAUSE = 60000;
  const POLL = 2000;
  const ENDED = ["accepted", "refused", "failed", "cancelled"];

  const sleep = (time) => new Promise((resolve) => window.setTimeout(resolve, time));

  class Refused extends Error {} // no use in trying again

  class Checksums {
    constructor(address, unreadable) {
      this.unreadable = unreadable;
      this.worker = new Worker(address);
      this.asked = new Map();
      this.last = 0;
      this.worker.addEventListener("message", ({ data }) => {
        const { resolve, reject } = this.asked.get(data.id);
        this.asked.delete(data.id);
        if (data.error) reject(new Refused(this.unreadable));
        else resolve(data.checksum);
      });
    }

    of(blob) {
      this.last += 1;
      return new Promise((resolve, reject) => {
        this.asked.set(this.last, { resolve, reject });
        this.worker.postMessage({ id: this.last, blob });
      });
    }
  }

  class Transfer {
    constructor({ addresses, token, worker, words, changed }) {
      Object.assign(this, { addresses, token, words, changed });
      this.checksums = new Checksums(worker, words.unreadable);
      this.items = [];
      this.queue = []; // [item, number]
      this.toSign = [];
      this.toFinish = [];
      this.isPaused = false;
      this.running = 0;
      this.creating = Promise.resolve();
      window.setInterval(() => this.poll(), POLL);
      window.addEventListener("online", () => this.wake());
    }

    begin({ collection, group }) {
      Object.assign(this, { collection, group });
    }

    add(chosen) {
      const items = chosen.map(({ file, path }) => ({
        file, path, size: file.size, sent: 0, state: "waiting", reason: "", tries: 0,
        parts: new Map(), ready: new Map(), under: new Map(), requests: new Set(),
      }));
      this.items.push(...items);
      items.forEach((item) => this.changed(item));
      for (let at = 0; at < items.length; at += LOT) {
        const lot = items.slice(at, at + LOT);
        this.creating = this.creating.then(() => this.create(lot));
      }
      return items;
    }

    async create(items) {
      const open = items.filter((item) => item.state === "waiting" || item.state === "retrying");
      if (!open.length) return;
      const files = open.map((item) => ({ path: item.path, size: item.size, modified: item.file.lastModified }));
      const told = await this.persist(open, () =>
        this.ask(this.addresses.create, { collection: this.collection, group: this.group, files }));
      if (!told) return;
      told.uploads.forEach((upload, place) => this.take(open[place], upload));
      this.wake();
    }

    take(item, upload) {
      if (upload.refused) {
        this.end(item, "refused", upload.refused);
        return;
      }
      Object.assign(item, { id: upload.id, partSize: upload.partSize });
      item.count = Math.ceil(item.size / item.partSize);
      item.wasBegun = (upload.parts || []).length > 0 || upload.state !== "uploading";
      if (upload.state !== "uploading") {
        item.sent = item.size;
        item.state = upload.state === "accepted" ? "accepted" : "examining";
        this.changed(item);
        if (upload.state === "failed") this.complete(item);
        return;
      }
      item.there = new Map(upload.parts.map((part) => [part.number, part]));
      for (let number = 1; number <= item.count; number += 1) this.queue.push([item, number]);
      item.state = "waiting";
      this.changed(item);
    }

    wake() {
      while (!this.isPaused && this.running < AT_ONCE && this.queue.length) {
        const [item, number] = this.queue.shift();
        if (ENDED.includes(item.state)) continue;
        this.running += 1;
        this.send(item, number).finally(() => {
          this.running -= 1;
          this.wake();
        });
      }
      if (this.isPaused) return;
      for (const [item, number] of this.queue.slice(0, AHEAD)) {
        if (!ENDED.includes(item.state)) this.prepare(item, number).catch(() => {}); // told when its turn has come
      }
    }

    /* The checksum of a part and, unless it is there already, the address to put it to. Asked for once; whatever goes
       wrong with it, or a pause, makes it be asked for anew. */
    prepare(item, number) {
      const known = item.ready.get(number);
      if (known && Date.now() - known.since < READY_FOR) return known.promise;
      const promise = this.prepared(item, number);
      item.ready.set(number, { promise, since: Date.now() });
      return promise;
    }

    async prepared(item, number) {
      const blob = this.part(item, number);
      const checksum = item.parts.get(number) || (await this.checksums.of(blob));
      item.parts.set(number, checksum);
      const there = item.there.get(number);
      const isThere = there && there.length === blob.size && there.checksum === checksum;
      return { checksum, address: isThere ? null : await this.sign(item, number, checksum) };
    }

    part(item, number) {
      return item.file.slice((number - 1) * item.partSize, Math.min(number * item.partSize, item.size));
    }

    async send(item, number) {
      const blob = this.part(item, number);
      const done = await this.persist([item], async () => {
        if (this.isPaused) return "later";
        const { checksum, address } = await this.prepare(item, number).finally(() => item.ready.delete(number));
        if (address) {
          item.state = "sending";
          await this.put(item, number, address.url, address.headers, blob);
        }
        item.there.set(number, { number, length: blob.size, checksum });
        this.progress(item, number, blob.size);
        return "done";
      });
      if (done === "later") {
        this.queue.unshift([item, number]);
      } else if (done && this.isWhole(item) && !item.isCompleting) {
        this.complete(item);
      }
    }

    isWhole(item) {
      return item.parts.size === item.count && [...item.parts].every(([n, sum]) => item.there.get(n)?.checksum === sum);
    }

    /* Addresses for all parts that are ready within a moment, in one question. */
    sign(item, number, checksum) {
      return new Promise((resolve, reject) => {
        this.toSign.push({ part: { upload: item.id, number, checksum }, resolve, reject });
        if (this.toSign.length > 1) return;
        window.setTimeout(async () => {
          const asked = this.toSign.splice(0);
          try {
            const told = await this.ask(this.addresses.sign, { parts: asked.map(({ part }) => part) });
            asked.forEach((one, place) => one.resolve(told.addresses[place]));
          } catch (error) {
            if (error instanceof Refused && asked.length > 1) {
              // One that was given up elsewhere is no reason to end the others.
              asked.forEach(({ part, resolve: yes, reject: no }) => this.signAlone(part).then(yes, no));
            } else asked.forEach((one) => one.reject(error));
          }
        }, 5);
      });
    }

    async signAlone(part) {
      return (await this.ask(this.addresses.sign, { parts: [part] })).addresses[0];
    }

    put(item, number, url, headers, blob) {
      return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        const end = (settle, value) => {
          item.requests.delete(request);
          settle(value);
        };
        item.requests.add(request);
        request.open("PUT", url);
        Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
        if (new URL(url, document.baseURI).origin === window.location.origin) {
          request.setRequestHeader("X-CSRFToken", this.token);
          request.setRequestHeader("Content-Type", "application/octet-stream");
        }
        request.upload.addEventListener("progress", (event) => this.progress(item, number, event.loaded));
        request.addEventListener("load", () => {
          // 412: an earlier attempt had come to its end unheard. Whether the bytes are right, completion will tell.
          if (request.status < 300 || request.status === 412) end(resolve);
          else end(reject, new Error(`${request.status}`));
        });
        for (const event of ["error", "abort", "timeout"]) request.addEventListener(event, () => end(reject, new Error(event)));
        request.send(blob);
      });
    }

    progress(item, number, bytes) {
      item.under.set(number, bytes);
      item.sent = Math.min([...item.under.values()].reduce((sum, each) => sum + each, 0), item.size);
      this.changed(item);
    }

    async complete(item) {
      item.isCompleting = true;
      const told = await this.persist([item], () =>
        this.finish(item));
      item.isCompleting = false;
      if (!told) return;
      if (told.missing) {
        for (const number of [...told.missing, ...told.wrong]) {
          item.there.delete(number);
          item.under.delete(number);
          this.queue.push([item, number]);
        }
        this.wake();
        return;
      }
      this.hear(item, told);
    }

    /* The completions of a moment in one question. */
    finish(item) {
      return new Promise((resolve, reject) => {
        this.toFinish.push({ item, resolve, reject });
        if (this.toFinish.length > 1) return;
        window.setTimeout(async () => {
          const asked = this.toFinish.splice(0, LOT);
          const rest = this.toFinish.splice(0);
          rest.forEach(({ item: other, resolve: yes, reject: no }) => this.finish(other).then(yes, no));
          const uploads = asked.map(({ item: { id, parts } }) => ({ id, checksums: Object.fromEntries(parts) }));
          try {
            const told = await this.ask(this.addresses.complete, { uploads });
            asked.forEach((one, place) => {
              const answer = told.uploads[place];
              if (answer.status && answer.status !== 409) one.reject(new Refused(answer.reason));
              else one.resolve(answer);
            });
          } catch (error) {
            asked.forEach((one) => one.reject(error));
          }
        }, 200);
      });
    }

    hear(item, told) {
      if (told.state === "accepted" || told.state === "refused" || told.state === "failed") this.end(item, told.state, told.reason);
      else if (told.state === "cancelled" || told.state === "expired") this.end(item, "cancelled", told.reason);
      else if (told.state === "uploading") this.end(item, "failed", told.reason);
      else if (item.state !== "examining") {
        item.state = "examining";
        this.changed(item);
      }
    }

    async poll() {
      if (this.isAsking) return; // a slow network answers later than the next turn
      this.isAsking = true;
      await this.look();
      this.isAsking = false;
    }

    async look() {
      const waiting = this.items.filter((item) => item.state === "examining");
      for (let at = 0; at < waiting.length; at += LOT) {
        const lot = waiting.slice(at, at + LOT);
        try {
          const told = await this.ask(this.addresses.states, { uploads: lot.map((item) => item.id) });
          const byId = new Map(told.uploads.map((upload) => [upload.id, upload]));
          lot.forEach((item) => byId.has(item.id) && this.hear(item, byId.get(item.id)));
        } catch {
          return; // asked again in a moment
        }
      }
    }

    end(item, state, reason = "") {
      Object.assign(item, { state, reason });
      if (state === "accepted") item.sent = item.size;
      this.changed(item);
    }

    /* Try until it succeeds, twice as long apart each time; what will never succeed ends the items. */
    async persist(items, action) {
      for (let tries = 0; ; tries += 1) {
        if (items.every((item) => ENDED.includes(item.state))) return null;
        try {
          return await action();
        } catch (error) {
          if (items.every((item) => ENDED.includes(item.state))) return null;
          if (this.isPaused && !(error instanceof Refused)) return "later";
          if (error instanceof Refused || tries >= MOST_TRIES) {
            items.forEach((item) => this.end(item, "failed", error.message));
            return null;
          }
          items.forEach((item) => {
            item.state = "retrying";
            this.changed(item);
          });
          const pause = Math.min(FIRST_PAUSE * 2 ** tries, LAST_PAUSE) * (0.75 + Math.random() / 2);
          await Promise.race([sleep(pause), new Promise((resolve) => window.addEventListener("online", resolve, { once: true }))]);
          items.forEach((item) => {
            if (item.state === "retrying") item.state = "waiting";
          });
        }
      }
    }

    async ask(address, body) {
      const answer = await fetch(address, {
        method: "POST",
        credentials: "same-origin",
        redirect: "error",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token, "X-Requested-With": "XMLHttpRequest" },
        body: JSON.stringify(body),
      });
      if (answer.ok) return answer.json();
      const told = await answer.json().catch(() => ({}));
      if (answer.status >= 400 && answer.status < 500 && ![408, 425, 429].includes(answer.status)) {
        const isShut = answer.status === 401 || answer.status === 403;
        throw new Refused(told.reason || (isShut ? this.words.shut : String(answer.status)));
      }
      throw new Error(told.reason || String(answer.status));
    }

    pause() {
      this.isPaused = true;
      for (const item of this.items) item.requests.forEach((request) => request.abort());
    }

    resume() {
      this.isPaused = false;
      this.wake();
    }

    retry(item) {
      this.queue = this.queue.filter(([each]) => each !== item);
      Object.assign(item, { state: "waiting", reason: "", parts: new Map(), ready: new Map(), under: new Map(), sent: 0 });
      this.changed(item);
      this.creating = this.creating.then(() => this.create([item]));
    }

    async cancel(item) {
      this.end(item, "cancelled");
      item.requests.forEach((request) => request.abort());
      if (item.id) await this.ask(this.addresses.abort.replace("/0/", `/${item.id}/`), {}).catch(() => null);
    }
  }

  window.Uploading = { Transfer, ENDED };
})();
