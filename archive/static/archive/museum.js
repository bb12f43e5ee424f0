// Two comforts; everything works without them.

// Filters stand open beside a wide listing, also in a browser that cannot be told so in its style sheet.
if (!CSS.supports("selector(::details-content)")) {
  const wide = window.matchMedia("(min-width: 60rem)");
  const follow = () => document.querySelectorAll(".filters").forEach((filters) => (filters.open = wide.matches));
  wide.addEventListener("change", follow);
  follow();
}

// Arrow keys turn to the photograph, section or leaf before and after.
document.addEventListener("keydown", (event) => {
  const busy = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented;
  if (busy || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  if (event.target.closest("input, select, textarea, video, audio, [contenteditable], .table-scroll, .years, .shelf, .viewer, .passage-down")) return;
  const turner = document.querySelector(".turner");
  if (!turner) return;
  const forward = (event.key === "ArrowRight") !== turner.classList.contains("turner-leftwards");
  turner.querySelector(forward ? '[rel="next"]' : '[rel="prev"]')?.click();
});
