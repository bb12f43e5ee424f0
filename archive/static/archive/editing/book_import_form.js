/* The box that takes the file: shows that something is held over it, and says at once when a file is too large, before
   hours of uploading. The field takes dropped files without it. */
"use strict";

(() => {
  const field = document.querySelector("[data-archive-drop]");
  if (!field) return;
  for (const [event, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
    field.addEventListener(event, () => field.classList.toggle("is-over", over));
  }
  field.addEventListener("change", () => {
    const file = field.files[0];
    const isTooLarge = file && file.size > Number(field.dataset.most);
    field.setCustomValidity(isTooLarge ? field.dataset.tooLarge : "");
    if (isTooLarge) {
      field.reportValidity();
      field.value = "";
    }
  });
})();
