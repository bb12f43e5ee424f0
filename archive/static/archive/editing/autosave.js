/* Pressing a button of a page's form while the CMS saves the draft by itself must not make a second page.

   The CMS announces such a save ("w-autosave:save"), waits for the interval, sends the form, and tells how it ended.
   A save that waits is called off, for the button sends the same form. One that is on its way is waited for: only its
   answer tells the form the address of the page that it made. */
"use strict";

(() => {
  const MARGIN = 50; // milliseconds by which a browser's clock may be early
  let announced = null;
  let submitted = false;

  document.addEventListener("w-autosave:save", (event) => {
    if (submitted) event.preventDefault();
    else announced = event;
  });

  for (const end of ["w-autosave:success", "w-autosave:error"]) {
    document.addEventListener(end, () => {
      announced = null;
    });
  }

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("form[data-edit-form]") || !announced) return;
      const interval = Number(form.dataset.wAutosaveIntervalValue || 500);
      if (event.timeStamp - announced.timeStamp < interval - MARGIN) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      keepPressed(form, event.submitter);
      sendWhenEnded(form);
    },
    true,
  );

  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("form[data-edit-form]")) return;
    submitted = true;
    announced?.preventDefault();
  });

  /* What the button says of itself; the CMS shuts it off meanwhile, and then it would be sent without it. */
  function keepPressed(form, button) {
    if (!button?.name) return;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = button.name;
    field.value = button.value;
    form.append(field);
  }

  function sendWhenEnded(form) {
    const ends = ["w-autosave:success", "w-autosave:error"];
    const send = () => {
      for (const end of ends) document.removeEventListener(end, send);
      setTimeout(() => form.requestSubmit());
    };
    for (const end of ends) document.addEventListener(end, send);
  }
})();
