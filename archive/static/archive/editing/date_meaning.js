// Keeps the line beneath a written date in step with what is typed: how the museum understands it.
(function () {
  "use strict";

  function follow(line) {
    const form = line.closest("form");
    const field = form && form.querySelector(`[name="${line.dataset.field}"]`);
    if (!field) return;
    let timer;
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const written = field.value;
        const response = await fetch(`${line.dataset.address}?written=${encodeURIComponent(written)}`, {
          headers: { Accept: "application/json" },
        });
        if (response.ok && field.value === written) line.textContent = (await response.json()).meaning;
      }, 250);
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-date-meaning]").forEach(follow);
  });
})();
