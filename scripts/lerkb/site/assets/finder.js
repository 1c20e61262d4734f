// The search field of the header and the explorer. Loaded on first use; looks only through files of this site, and sends nothing anywhere.
//
// A page in `kbRecords.pages` is [address, title, kind line, summary, numbers of filter values, level, number of the words for its
// strength, effect, weight, day written]. Filter values are numbered through, filter by filter. `kbMoreRecords` has further pages, and
// the claims of the first ones.
"use strict";
self.kbFinder = (() => {
  const LONGEST_LIST = 8; // results under the search field
  const LONGEST_TEXT = 240; // characters of a result
  const AT_ONCE = 40; // results in the explorer before "show more"
  const PIECE = 15; // milliseconds of indexing before keys and clicks have their turn
  const ONLY_WHEN_ASKED = ["page", "topic", "term", "source"]; // kinds that are no answer to an empty question
  const root = new URL("..", document.currentScript.src).href;
  const { words, filters, synonyms, marks, effects } = self.kbRecords;
  const pages = [];
  const values = filters.flatMap(([id, , list]) => list.map(([value, title, ...also]) => ({ filter: id, value, title, also })));

  const text = (key, filled = {}) => words[key].replace(/\{(\w+)\}/g, (whole, name) => filled[name] ?? whole);
  const fold = (term) => term.normalize("NFD").replace(/[\u0300-\u036f’']/g, "").toLowerCase();
  const stem = (term) => {
    const word = fold(term);
    if (word.length > 4 && word.endsWith("ies")) return word.slice(0, -3) + "y";
    return word.length > 3 && word.endsWith("s") && !/(ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
  };
  const split = (string) => string.split(/[^\p{L}\p{N}’']+/u).filter(Boolean);
  const COMMON = new Set("a an and are as at be by can do for from how i in is it my of on or the to what when where who with you your".split(" "));

  const index = new MiniSearch({
    fields: ["title", "words", "summary", "claims"],
    // Pages are replaced once, when their claims arrive. Clearing up after that runs between tasks and trips over words that are added meanwhile.
    autoVacuum: false,
    tokenize: split,
    processTerm: (term) => (COMMON.has(fold(term)) ? null : stem(term)),
    searchOptions: {
      boost: { title: 6, words: 2, summary: 2 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      weights: { fuzzy: 0.3, prefix: 0.6 },
      boostDocument: (id) => pages[id].weight,
    },
  });

  // The index takes a slow phone a second or two: it is made once words are asked for, and piece by piece.
  const waiting = [];
  const later = new Set();
  let working = null;

  async function work() {
    await null; // until the caller holds the promise
    while (waiting.length) {
      const end = performance.now() + PIECE;
      do {
        const entry = waiting.shift();
        if (index.has(entry.id)) index.replace(entry);
        else index.add(entry);
      } while (waiting.length && performance.now() < end);
      await new Promise((resolve) => setTimeout(resolve));
    }
    working = null;
  }

  /** Resolves when all pages that are loaded can be found by their words. */
  const indexed = () => (working ??= work());

  /** Whether the pages that were loaded first can be found; the others join them. */
  const canSearch = () => index.documentCount >= firstPages;

  function add(rows) {
    const added = rows.map(([location, title, kind, summary, chosen, level, mark, effect, weight, written]) => {
      const id = pages.length;
      pages.push({ id, location, title, kind, summary, chosen: new Set(chosen), level, mark, effect, weight, written, claims: [] });
      return { id, title, summary, words: chosen.map((n) => [values[n].title, ...values[n].also].join(" ")).join(" ") };
    });
    waiting.push(...added);
  }

  add(self.kbRecords.pages);
  const firstPages = pages.length;
  let deeper = null;

  function load(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = root + "assets/" + name;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  /** Loads documents and claims once, and shows again what has changed; what is there already can be searched meanwhile. */
  function lookDeeper(show) {
    deeper ??= load("more-records.js").then(() => {
      const more = self.kbMoreRecords;
      more.sentences.forEach((claims, id) => {
        if (!claims.length) return;
        pages[id].claims = claims;
        waiting.push({
          id,
          title: pages[id].title,
          summary: pages[id].summary,
          words: [...pages[id].chosen].map((n) => [values[n].title, ...values[n].also].join(" ")).join(" "),
          claims: claims.join(" "),
        });
      });
      add(more.pages);
    }).catch(() => {});
    return deeper.then(show);
  }

  /** Shows again what a query finds once there is more to find. */
  function showLater(show) {
    if (!waiting.length && !working) return;
    if (!later.size) {
      indexed().then(() => {
        const all = [...later];
        later.clear();
        all.forEach((one) => one());
      });
    }
    later.add(show);
  }

  /** The query with the site’s own word beside each word people use for it. */
  function widened(query) {
    const asked = " " + split(query).map(stem).join(" ") + " ";
    const also = synonyms.filter(([, ...others]) => others.some((other) => asked.includes(" " + split(other).map(stem).join(" ") + " ")));
    return also.map(([title]) => title);
  }

  /** Ids of the pages that fit a query, best first. */
  function search(query) {
    const own = widened(query);
    const queries = { combineWith: "OR", queries: [{ queries: [query], combineWith: "AND" }, ...own.map((title) => ({ queries: [title], combineWith: "AND" }))] };
    let found = index.search(queries);
    if (!found.length) found = index.search(query, { combineWith: "OR" });
    return found;
  }

  /** Words of the site that are close to what was typed. */
  const near = (query) => [...new Set(index.autoSuggest(query, { fuzzy: 0.4, prefix: true, combineWith: "OR" }).slice(0, 5).map((item) => item.suggestion))];

  // What is shown is made of nodes and never of text read as HTML.
  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** A text with the words that were found marked. */
  function marked(string, terms) {
    const parts = [];
    let end = 0;
    for (const match of string.matchAll(/[\p{L}\p{N}’']+/gu)) {
      if (!terms.has(stem(match[0]))) continue;
      parts.push(string.slice(end, match.index), element("mark", {}, match[0]));
      end = match.index + match[0].length;
    }
    return [...parts, string.slice(end)];
  }

  /** The sentence of a page that holds most of the words found; without a query its summary. */
  function sentence(page, terms) {
    const all = [...page.summary.split(/(?<=[.?!]) (?=[\p{Lu}“])/u), ...page.claims];
    const hits = (one) => split(one).reduce((set, word) => (terms.has(stem(word)) ? set.add(stem(word)) : set), new Set()).size;
    let best = terms.size ? all[0] ?? "" : page.summary;
    let most = terms.size ? hits(best) : 0;
    if (terms.size) for (const one of all) if (hits(one) > most) [best, most] = [one, hits(one)];
    return best.length > LONGEST_TEXT ? best.slice(0, LONGEST_TEXT).replace(/[\s,;:]+\S*$/, "") + "…" : best;
  }

  function row(page, terms, level) {
    const item = element("li");
    if (page.kind) item.append(element("p", { class: "kb-kind" }, page.kind));
    item.append(element(level, {}, element("a", { href: root + kbAddress(page.location) }, ...marked(page.title, terms))));
    item.append(element("p", { class: "kb-what" }, ...marked(sentence(page, terms), terms)));
    if (page.level >= 0) {
      item.append(element("p", { class: "kb-marks" },
        element("span", { class: "kb-strength kb-s" + page.level }, marks[page.mark]), " ",
        element("span", { class: "kb-effect kb-" + page.effect }, effects[page.effect])));
    }
    return item;
  }

  const termsOf = (result) => new Set(result ? result.terms : []);
  const count = (n) => text(n === 1 ? "count_one" : "count_other", { n });

  function nothing(query, box, message) {
    box.replaceChildren(element("p", {}, message));
    const close = query ? near(query) : [];
    if (close.length) {
      const links = close.flatMap((word) => [element("a", { href: root + kbAddress("explore/?q=" + encodeURIComponent(word)) }, word), " "]);
      box.append(element("p", {}, text("near"), " ", ...links));
    }
    box.append(element("p", {}, element("a", { href: root + kbAddress("contribute/#add") }, text("propose"))));
  }

  // ---- the explorer

  function explorer(form) {
    const fallback = document.getElementById("kb-without-script");
    const [list, status, chips, none, more] = ["results", "count", "chips", "none", "more"].map((name) => document.getElementById("kb-" + name));
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const number = new Map(values.map((item, n) => [item.filter + " " + item.value, n]));
    const numberOf = (box) => number.get(box.name + " " + box.value);
    // By filter, what a click changes: looked up once, and written only where it differs, so that little is laid out anew.
    const choices = new Map(filters.map(([name]) => [name, []]));
    for (const box of boxes) choices.get(box.name).push({ box, n: numberOf(box), beside: box.closest("label").querySelector(".kb-n").firstChild });
    let shown = AT_ONCE;

    function read() {
      const asked = new URLSearchParams(location.search);
      form.elements.q.value = asked.get("q") ?? "";
      for (const box of boxes) box.checked = asked.getAll(box.name).includes(box.value);
      const sort = asked.get("sort");
      form.elements.sort.value = [...form.elements.sort.options].some((option) => option.value === sort) ? sort : "fit";
      for (const box of boxes) if (box.checked) box.closest("details.kb-choices").open = true;
      const other = form.elements.q.value || boxes.some((box) => box.checked && box.name === "kind");
      if (other) lookDeeper(show);
    }

    function write() {
      const asked = new URLSearchParams();
      if (form.elements.q.value.trim()) asked.set("q", form.elements.q.value.trim());
      for (const box of boxes) if (box.checked) asked.append(box.name, box.value);
      if (form.elements.sort.value !== "fit") asked.set("sort", form.elements.sort.value);
      const search = asked.toString();
      try {
        history.replaceState(null, "", search ? "?" + search : location.pathname);
      } catch { /* a page opened from a disk may not change its address */ }
    }

    const { compare } = new Intl.Collator(document.documentElement.lang);
    const byTitle = (a, b) => compare(a.title, b.title);
    const ORDERS = {
      strength: (a, b) => b.level - a.level || byTitle(a, b),
      newest: (a, b) => compare(b.written, a.written) || byTitle(a, b),
      title: byTitle,
    };

    function show() {
      const query = form.elements.q.value.trim();
      if (query) showLater(show);
      if (query && !canSearch()) return;
      const results = query ? new Map(search(query).map((result) => [result.id, result])) : null;
      const chosen = new Map();
      for (const box of boxes) if (box.checked) chosen.set(box.name, [...(chosen.get(box.name) ?? []), numberOf(box)]);
      const wanted = (page) => chosen.has("kind") || !ONLY_WHEN_ASKED.some((kind) => page.chosen.has(number.get("kind " + kind)));
      const base = results ? [...results.keys()].map((id) => pages[id]) : pages.filter(wanted);
      const fits = (page, skipped) => {
        for (const [name, wanted] of chosen) if (name !== skipped && !wanted.some((n) => page.chosen.has(n))) return false;
        return true;
      };
      // Beside each value: how many there would be if it were chosen as well.
      for (const [name] of filters) {
        const tally = new Map();
        for (const page of base) if (fits(page, name)) for (const n of page.chosen) tally.set(n, (tally.get(n) ?? 0) + 1);
        for (const { box, n, beside } of choices.get(name)) {
          const count = tally.get(n) ?? 0;
          if ((deeper || query || chosen.size) && beside.data !== String(count)) beside.data = count;
          const disabled = !count && !box.checked && Boolean(query || chosen.size);
          if (box.disabled !== disabled) box.disabled = disabled;
        }
      }
      const found = base.filter((page) => fits(page, null));
      const order = ORDERS[form.elements.sort.value];
      if (order) found.sort(order);
      else if (!results) found.sort((a, b) => b.weight - a.weight || b.level - a.level || byTitle(a, b));
      list.replaceChildren(...found.slice(0, shown).map((page) => row(page, termsOf(results?.get(page.id)), "h2")));
      status.textContent = count(found.length);
      more.hidden = found.length <= shown;
      none.hidden = Boolean(found.length);
      if (!found.length) nothing(query, none, text(chosen.size > 0 ? "nothing" : "none"));
      chips.replaceChildren(...boxes.filter((box) => box.checked).map((box) => {
        const title = box.closest("label").querySelector("span").textContent;
        const button = element("button", { type: "button", "aria-label": text("remove", { title }) }, title + " ×");
        button.addEventListener("click", () => {
          box.checked = false;
          changed();
          (chips.querySelector("button") ?? form.elements.q).focus();
        });
        return element("li", {}, button);
      }));
    }

    function changed() {
      shown = AT_ONCE;
      write();
      show();
    }

    form.elements.q.addEventListener("focus", indexed, { once: true });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      changed();
      lookDeeper(show);
    });
    form.addEventListener("reset", () => setTimeout(() => {
      for (const box of boxes) box.checked = false;
      form.elements.q.value = "";
      changed();
      form.elements.q.focus();
    }));
    more.addEventListener("click", () => {
      const first = shown;
      shown += AT_ONCE;
      show();
      list.children[first]?.querySelector("a").focus();
    });
    addEventListener("popstate", () => { read(); show(); });
    fallback.hidden = true;
    form.hidden = false;
    read();
    show();
  }

  // ---- the field in the header

  function field(form) {
    const input = form.elements.q;
    const panel = form.querySelector(".kb-found");
    const list = panel.querySelector("ul");
    const status = panel.querySelector("[role=status]");

    function show() {
      const query = input.value.trim();
      panel.hidden = !query;
      if (!query) return;
      showLater(show);
      if (!canSearch()) return;
      const found = search(query);
      list.replaceChildren(...found.slice(0, LONGEST_LIST).map((result) => row(pages[result.id], termsOf(result), "p")));
      status.textContent = count(found.length);
      if (!found.length) {
        const box = element("li");
        nothing(query, box, text("none"));
        list.append(box);
      } else {
        list.append(element("li", {}, element("a", { href: root + kbAddress("explore/?q=" + encodeURIComponent(query)) }, text("all"))));
      }
    }

    const links = () => [...list.querySelectorAll("a")];
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        input.focus();
        panel.hidden = true;
        event.preventDefault();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const stops = [input, ...(panel.hidden ? [] : links())];
        const at = stops.indexOf(document.activeElement);
        stops[(at + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length].focus();
        event.preventDefault();
      }
    });
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) panel.hidden = true;
    });
    input.addEventListener("focus", show);
    input.addEventListener("input", () => {
      show();
      lookDeeper(show);
    });
    indexed();
    if (document.activeElement === input) show();
  }

  return { explorer, field, search: (query) => search(query).map((result) => pages[result.id].location), firstPages };
})();
