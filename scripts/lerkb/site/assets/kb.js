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

// What the theme’s script would do on this page, where it is left out: it weighs more than the page.
(() => {
  if (document.getElementById("__config")) return;
  document.documentElement.classList.replace("no-js", "js");

  // A link into a closed part opens it.
  const reveal = () => {
    const details = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details:not([open])");
    if (!details) return;
    details.open = true;
    details.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // The choice of colors, kept where the theme’s script keeps it. The first choice follows the system’s.
  const form = document.querySelector("[data-md-component=palette]");
  if (!form) return;
  const choices = [...form.querySelectorAll("input")];
  const media = (choice) => choice.dataset.mdColorMedia;
  const light = matchMedia("(prefers-color-scheme: light)");
  const kept = __md_get("__palette")?.index ?? choices.findIndex((choice) => matchMedia(media(choice)).matches);
  let chosen = Math.max(0, Math.min(kept, choices.length - 1));
  const meta = (name) => document.head.appendChild(Object.assign(document.createElement("meta"), { name }));
  const [ground, scheme] = ["theme-color", "color-scheme"].map(meta);

  const colors = (choice) => Object.fromEntries(["media", "scheme", "primary", "accent"].map((name) => [name, choice.getAttribute("data-md-color-" + name)]));

  function paint() {
    const choice = choices[chosen];
    const followed = `(prefers-color-scheme: ${light.matches ? "light" : "dark"})`;
    const shown = media(choice) === "(prefers-color-scheme)" ? choices.find((other) => media(other) === followed) ?? choice : choice;
    for (const [name, value] of Object.entries(colors(shown))) document.body.setAttribute("data-md-color-" + name, value);
    choices.forEach((other) => {
      if (other.nextElementSibling?.matches("label")) other.nextElementSibling.hidden = other !== choice;
    });
    choice.checked = true;
    requestAnimationFrame(() => {
      const style = getComputedStyle(document.querySelector(".md-header"));
      [ground.content, scheme.content] = [style.backgroundColor, style.colorScheme];
    });
  }

  function choose(index) {
    chosen = index;
    paint();
    __md_set("__palette", { index, color: colors(choices[index]) });
  }

  choices.forEach((choice, index) => choice.addEventListener("change", () => choose(index)));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    choose((chosen + 1) % choices.length);
    choices[chosen].focus();
    event.preventDefault();
  });
  light.addEventListener("change", paint);
  paint();
})();

// The menu of a narrow screen closes when one leaves it.
(() => {
  const box = document.getElementById("__drawer");
  const menu = document.querySelector(".md-sidebar--primary");
  if (!box || !menu) return;
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && event.relatedTarget !== box && !menu.contains(event.relatedTarget)) box.checked = false;
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !box.checked) return;
    box.checked = false;
    box.focus();
  });
})();

// On a narrow screen the filters stand before the list: fold them, so that the list is at hand.
if (matchMedia("(max-width: 60em)").matches) {
  document.querySelectorAll(".kb-filter[open]").forEach((details) => (details.open = false));
}

// On a narrow screen some tables are laid out as blocks, and Safari then reads them out as plain text. Roles keep them tables; a table’s own
// parts may not have them, so that the table hands its meaning to a frame around it.
self.kbTable = (table) => {
  const roles = { thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell", "th[scope=col]": "columnheader", "th[scope=row]": "rowheader" };
  if (table.getAttribute("role") !== "presentation") {
    const frame = document.createElement("div");
    frame.setAttribute("role", "table");
    frame.setAttribute("aria-label", table.caption.textContent.trim());
    table.replaceWith(frame);
    frame.append(table);
    table.setAttribute("role", "presentation");
  }
  for (const [part, role] of Object.entries(roles)) table.querySelectorAll(part).forEach((one) => one.setAttribute("role", role));
};
document.querySelectorAll(".kb-slim").forEach(self.kbTable);

// The address of a page from the site’s root: opened from a disk, where no server looks for it, a folder’s page is named.
self.kbAddress = (url) => (location.protocol === "file:" ? url.replace(/^([^?#]*\/)?(?=[?#]|$)/, "$1index.html") : url);

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

  if (explorer) finder().then(() => self.kbFinder.explorer(explorer), () => document.documentElement.classList.add("kb-no-finder"));
  if (document.getElementById("kb-assess") || document.getElementById("kb-vendors")) load("assess.js");
  if (document.getElementById("this-page")) load("share-words.js").then(() => load("share.js"));
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
