// Light, dark or as the system has it; loaded before the styles, so that nothing flashes.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  function chosen() {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto"; // storage is switched off
    }
  }

  function apply() {
    const choice = chosen();
    const mode = choice === "auto" ? (system.matches ? "dark" : "light") : choice;
    for (const button of document.querySelectorAll("[data-theme-set]"))
      button.setAttribute("aria-pressed", String(button.dataset.themeSet === choice));
    if (root.dataset.bsTheme === mode) return;
    root.dataset.bsTheme = mode;
    document.dispatchEvent(new Event("console:theme"));
  }

  function choose(choice) {
    try {
      localStorage.setItem("theme", choice);
    } catch {
      root.dataset.bsTheme = choice === "auto" ? root.dataset.bsTheme : choice;
    }
    apply();
  }

  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  document.addEventListener("toggle", apply, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-set]");
    if (!button) return;
    choose(button.dataset.themeSet);
    button.closest("details")?.removeAttribute("open");
  });
})();
