// Answers from the copies that a reader keeps on this device (see offline.js), and only when the museum does not answer.

const KEPT = "kept-offline";
const NOTE = "{{ note|escapejs }}";
const OURS = ["image", "style", "script"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isPage = request.mode === "navigate";
  if (request.method !== "GET" || !(isPage || OURS.includes(request.destination))) return;
  event.respondWith(
    fetch(request).catch(async (error) => {
      const cache = await caches.open(KEPT);
      const how = { ignoreSearch: isPage, ignoreVary: true };
      const kept = (await cache.match(request, how)) || (isPage && (await cache.match(NOTE, { ignoreVary: true })));
      if (kept) return kept;
      throw error;
    }),
  );
});
