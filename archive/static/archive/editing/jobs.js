// Keeps the list of jobs fresh while something is waiting or being made. Without it, reloading the page does the same.
(function () {
  "use strict";
  var PAUSE = 3000;

  function isLively() {
    var note = document.querySelector("[data-archive-jobs]");
    return note !== null && note.dataset.archiveJobs === "lively";
  }

  function isBusy(list) {
    return list.contains(document.activeElement) && document.activeElement !== document.body;
  }

  function refresh() {
    var list = document.getElementById("listing-results");
    if (!list) return;
    if (document.hidden || !isLively() || isBusy(list)) {
      window.setTimeout(refresh, PAUSE);
      return;
    }
    var address = window.location.pathname.replace(/\/?$/, "/results/") + window.location.search;
    fetch(address, { credentials: "same-origin", headers: { "X-Requested-With": "XMLHttpRequest" } })
      .then(function (answer) {
        return answer.ok ? answer.text() : null;
      })
      .then(function (words) {
        if (words !== null && !isBusy(list)) list.innerHTML = words;
      })
      .catch(function () {
        // The next attempt comes anyway.
      })
      .then(function () {
        window.setTimeout(refresh, PAUSE);
      });
  }

  window.setTimeout(refresh, PAUSE);
})();
