// Lays out up to four records side by side. What is chosen stands in the address, so that it can be shared.
"use strict";
(() => {
  const MOST = 4;
  const BRIEF = 45; // characters: lists of words that short stand in a line on paper
  const box = document.getElementById("kb-compare");
  const say = JSON.parse(box.dataset.words);
  const root = new URL("..", document.currentScript.src).href;
  const records = self.kbCompare;
  const [choose, add, status, scroll, print] = ["choose", "add", "status", "scroll", "print"].map((name) => document.getElementById("kb-compare-" + name));
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const make = (tag, text = "") => Object.assign(document.createElement(tag), { textContent: text });
  // Rows that a kind of record can have: a pilot has no harms of its own, which is no omission.
  const kindOf = (url) => url.split("/")[0];
  const usual = new Set(Object.entries(records).flatMap(([url, [, rows]]) => rows.map(([label]) => kindOf(url) + " " + label)));
  let chosen = [...new Set(new URLSearchParams(location.search).getAll("r"))].filter((url) => Object.hasOwn(records, url)).slice(0, MOST);

  function show() {
    const query = new URLSearchParams(chosen.map((url) => ["r", url]));
    history.replaceState(null, "", chosen.length ? "?" + query : location.pathname);
    for (const option of add.options) option.disabled = chosen.includes(option.value);
    add.disabled = chosen.length >= MOST;
    status.textContent = fill(chosen.length >= MOST ? say.full : chosen.length ? say.some : say.nothing, { n: chosen.length, most: MOST });
    scroll.hidden = print.hidden = !chosen.length;
    const head = make("tr");
    head.append(Object.assign(make("th", say.row), { scope: "col" }));
    const labels = [];
    for (const url of chosen) {
      const [title, rows] = records[url];
      const cell = Object.assign(make("th"), { scope: "col" });
      const remove = Object.assign(make("button", say.remove), { type: "button", className: "kb-clear" });
      remove.setAttribute("aria-label", fill(say.remove_one, { title }));
      remove.addEventListener("click", () => {
        chosen = chosen.filter((one) => one !== url);
        show();
        add.focus();
      });
      cell.append(Object.assign(make("a", title), { href: root + kbAddress(url) }), " ", remove);
      head.append(cell);
      // A row that only some have stands after the row it follows there.
      let after = -1;
      for (const [label] of rows) {
        const at = labels.indexOf(label);
        if (at < 0) labels.splice(after + 1, 0, label);
        after = labels.indexOf(label);
      }
    }
    const body = labels.map((label) => {
      const line = make("tr");
      line.append(Object.assign(make("th", label), { scope: "row" }));
      for (const url of chosen) {
        const lines = new Map(records[url][1]).get(label) ?? [];
        const cell = make("td", lines.length === 1 ? lines[0] : lines.length ? "" : usual.has(kindOf(url) + " " + label) ? say.none : say.other_kind);
        if (lines.length > 1) {
          const list = Object.assign(make("ul"), { className: lines.every((text) => text.length <= BRIEF) ? "kb-brief" : "" });
          list.append(...lines.map((text) => make("li", text)));
          cell.append(list);
        }
        line.append(cell);
      }
      return line;
    });
    scroll.querySelector("thead").replaceChildren(head);
    scroll.querySelector("tbody").replaceChildren(...body);
    kbTable(scroll.querySelector("table"));
  }

  choose.hidden = false;
  add.addEventListener("change", () => {
    if (!add.value || chosen.length >= MOST) return;
    chosen.push(add.value);
    add.value = "";
    show();
  });
  print.addEventListener("click", () => self.print());
  show();
})();
