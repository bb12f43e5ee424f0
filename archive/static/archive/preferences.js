// The reader's size and colours, kept in this browser alone. Runs in the head, so that no page is first shown otherwise.

const settings = { size: ["", "large"], theme: ["", "light", "dark"] };

// A browser may refuse to keep anything; the settings then last as long as the page.
const kept = {
  read(name) {
    try {
      return localStorage.getItem(name) || "";
    } catch {
      return "";
    }
  },
  write(name, value) {
    try {
      if (value) localStorage.setItem(name, value);
      else localStorage.removeItem(name);
    } catch {
      return;
    }
  },
};

const apply = (name, value) => {
  if (settings[name].includes(value) && value) document.documentElement.dataset[name] = value;
  else delete document.documentElement.dataset[name];
};

for (const name of Object.keys(settings)) apply(name, kept.read(name));

document.addEventListener("DOMContentLoaded", () => {
  for (const group of document.querySelectorAll("[data-setting]")) {
    const name = group.dataset.setting;
    const buttons = [...group.querySelectorAll("button")];
    const show = () => {
      const chosen = document.documentElement.dataset[name] || "";
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.value === chosen));
    };
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      apply(name, button.dataset.value);
      kept.write(name, button.dataset.value);
      show();
    });
    group.hidden = false;
    show();
  }

  // The panel closes like a menu: by a press outside, or by Escape.
  const panel = document.querySelector(".comfort-settings");
  document.addEventListener("click", (event) => {
    if (panel?.open && !panel.contains(event.target)) panel.open = false;
  });
  panel?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    panel.open = false;
    panel.querySelector("summary").focus();
  });
});

// Another tab of this museum changed a setting.
addEventListener("storage", (event) => {
  if (event.key in settings) apply(event.key, event.newValue || "");
});
