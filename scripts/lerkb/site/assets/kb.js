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

// The search field and the explorer: what they need is loaded when it is first wanted.
(() => {
  const root = new URL("..", document.currentScript.src).href;
  const field = document.getElementById("kb-search");
  const explorer = document.getElementById("kb-explorer");
  let ready = null;

  const load = (name) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = root + "assets/" + name;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  const finder = () => (ready ??= Promise.all([load("minisearch.js"), load("records.js")]).then(() => load("finder.js")));

  if (explorer) finder().then(() => self.kbFinder.explorer(explorer));
  if (document.getElementById("kb-assess") || document.getElementById("kb-vendors")) load("assess.js");
  if (document.getElementById("kb-compare")) load("compare-records.js").then(() => load("compare.js"));
  if (document.getElementById("kb-form")) {
    const needed = ["json-schema.js", "form-rules.js", "form-records.js", "record-checks.js", "record-yaml.js"];
    Promise.all(needed.map(load)).then(() => load("form.js"));
  }
  if (!field) return;
  const input = field.elements.q;
  input.addEventListener("focus", () => finder().then(() => self.kbFinder.field(field)), { once: true });
  // The keys that Material gives its search.
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !["/", "s", "f"].includes(event.key)) return;
    const target = explorer ? explorer.elements.q : input;
    if (!target.offsetParent) return;
    target.focus();
    target.select();
    event.preventDefault();
  });
})();
