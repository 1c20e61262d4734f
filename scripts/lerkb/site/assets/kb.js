// Opens every <details> before printing, where CSS cannot (browsers without ::details-content), and closes them again after.
"use strict";
(() => {
  if (CSS.supports("selector(::details-content)")) return;
  const closed = () => document.querySelectorAll(".kb-content details:not([open])");
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...closed()];
    opened.forEach((details) => (details.open = true));
  });
  addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
})();

// On a narrow screen the filters stand before the list: fold them, so that the list is at hand.
if (matchMedia("(max-width: 60em)").matches) {
  document.querySelectorAll(".kb-filter[open]").forEach((details) => (details.open = false));
}
