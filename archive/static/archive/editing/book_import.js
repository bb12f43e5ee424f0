/* Keeps the progress of an import in step, and shows the next page when the step is over. Without it, 「刷新」 does the
   same. It gives up after many failures, and rests while nobody looks. */
"use strict";

(() => {
  const PAUSE = 2000;
  const MOST_FAILURES = 30;
  const box = document.querySelector("[data-archive-import]");
  if (!box) return;
  const bar = box.querySelector("progress");
  const words = box.querySelector("[role=status]");
  let failures = 0;

  async function ask() {
    if (!document.hidden) {
      try {
        const answer = await fetch(box.dataset.archiveImport, { credentials: "same-origin" });
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        failures = 0;
        if (told.state !== box.dataset.state) {
          window.location.reload();
          return;
        }
        bar.value = told.percent;
        if (words.textContent !== told.words) words.textContent = told.words;
      } catch {
        failures += 1;
      }
    }
    if (failures < MOST_FAILURES) window.setTimeout(ask, PAUSE);
  }

  window.setTimeout(ask, PAUSE);
})();
