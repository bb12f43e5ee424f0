/* Copies the address of a share link. Without it the field can be selected; so too where the clipboard is closed. */
"use strict";

(() => {
  const told = document.querySelector(".archive-sharing [role=status]");

  for (const button of document.querySelectorAll("[data-copy-address]")) {
    const field = button.parentElement.querySelector("input");
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      let copied;
      try {
        await navigator.clipboard.writeText(field.value);
        copied = true;
      } catch {
        copied = document.execCommand?.("copy") ?? false;
      }
      told.textContent = copied ? told.dataset.copied : told.dataset.failed;
    });
  }
})();
