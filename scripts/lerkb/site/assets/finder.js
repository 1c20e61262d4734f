// The search field of the header and the explorer. Loaded on first use; looks only through files of this site, and sends nothing anywhere.
//
// A page in `kbRecords.pages` is [address, title, kind line, summary, numbers of filter values, level, number of the words for its
// strength, effect, weight, day written, other words people use for it]. Filter values are numbered through, filter by filter.
// `kbMoreRecords` has further pages, and the claims of the first ones.
"use strict";
self.kbFinder = (() => {
  const LONGEST_LIST = 8; // results under the search field
  const LONGEST_TEXT = 240; // characters of a result
  const AT_ONCE = 40; // results in the explorer before "show more"
  const FEW = 5; // results that hold all of a query; with fewer, those that hold much of it are shown as well
  const NEAREST = 5; // words offered when nothing was found
  const PIECE = 15; // milliseconds of indexing before keys and clicks have their turn
  const ONLY_WHEN_ASKED = ["page", "topic", "term", "source"]; // kinds that are no answer to an empty question
  const root = new URL("..", document.currentScript.src).href;
  const { words, filters, synonyms, marks, effects } = self.kbRecords;
  const pages = [];
  const values = filters.flatMap(([id, , list]) => list.map(([value, title, ...also]) => ({ filter: id, value, title, also })));

  const text = (key, filled = {}) => words[key].replace(/\{(\w+)\}/g, (whole, name) => filled[name] ?? whole);
  const { compare } = new Intl.Collator(document.documentElement.lang);
  const fold = (term) => term.normalize("NFD").replace(/[\u0300-\u036f’']/g, "").toLowerCase();
  const stem = (term) => {
    const word = fold(term);
    if (word.length > 4 && word.endsWith("ies")) return word.slice(0, -3) + "y";
    return word.length > 3 && word.endsWith("s") && !/(ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
  };
  const split = (string) => string.split(/[^\p{L}\p{N}’']+/u).filter(Boolean);
  // Words that say nothing of what a question is about.
  const COMMON = new Set(("a about am an and any are as at be been but by can could did do does for from had has have he her his how i if in is it its " +
    "may me my of on or our shall she should so than that the their them then there these they this those to was we were what when where which who why will with would you your").split(" "));

  const index = new MiniSearch({
    fields: ["title", "kind", "words", "summary", "claims"],
    // Pages are replaced once, when their claims arrive. Clearing up after that runs between tasks and trips over words that are added meanwhile.
    autoVacuum: false,
    tokenize: split,
    processTerm: (term) => (COMMON.has(fold(term)) ? null : stem(term)),
    searchOptions: {
      boost: { title: 6, kind: 3, words: 2, summary: 2 },
      prefix: (term) => term.length > 3,
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
    const added = rows.map(([location, title, kind, summary, chosen, level, mark, effect, weight, written, also = ""]) => {
      const page = { id: pages.length, location, title, kind, summary, chosen: new Set(chosen), level, mark, effect, weight, written, also, claims: [] };
      pages.push(page);
      return entry(page);
    });
    waiting.push(...added);
  }

  /** What is looked through of a page. */
  const entry = ({ id, title, kind, summary, chosen, also, claims }) => (
    { id, title, kind, summary, words: [also, ...[...chosen].flatMap((n) => [values[n].title, ...values[n].also])].join(" "), claims: claims.join(" ") });

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
        waiting.push(entry(pages[id]));
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

  // The other ways to say a phrase, by the words of the phrase.
  const meaning = (string) => split(string).filter((word) => !COMMON.has(fold(word))).map(stem);
  const ways = new Map();
  let longest = 1; // words in the longest of the phrases
  for (const [title, ...also] of synonyms) {
    for (const phrase of also) {
      const words = meaning(phrase);
      if (!words.length) continue;
      longest = Math.max(longest, words.length);
      const key = words.join(" ");
      ways.set(key, [...(ways.get(key) ?? []), title]);
    }
  }

  /** The parts of a query: a word, or a phrase for which the site has a word of its own, each as a query for any of the ways to say it. */
  function parts(query) {
    const words = meaning(query);
    const made = [];
    for (let at = 0; at < words.length; ) {
      let length = Math.min(longest, words.length - at);
      while (length > 1 && !ways.has(words.slice(at, at + length).join(" "))) length -= 1;
      const own = words.slice(at, at + length).join(" ");
      made.push({ combineWith: "OR", queries: [own, ...(ways.get(own) ?? [])].map((way) => ({ combineWith: "AND", queries: [way] })) });
      at += length;
    }
    // The last word may not be typed to its end.
    if (made.length) made.at(-1).prefix = (term) => term.length > 2;
    return made;
  }

  /** Pages that fit a query, best first: those with all its parts, and where there are few, those that come near the best of the others. */
  function search(query) {
    const asked = parts(query);
    if (!asked.length) return [];
    const found = index.search({ combineWith: "AND", queries: asked });
    if (found.length >= FEW || asked.length < 2) return found;
    const whole = new Set(found.map((result) => result.id));
    const some = new Map();
    for (const part of asked) {
      for (const { id, score, terms } of index.search(part)) {
        const one = some.get(id) ?? { id, score: 0, terms: [], held: 0 };
        some.set(id, { id, score: one.score + score, terms: [...one.terms, ...terms], held: one.held + 1 });
      }
    }
    const worth = (one) => one.score * one.held;
    const others = [...some.values()].filter((one) => !whole.has(one.id)).sort((a, b) => worth(b) - worth(a));
    return [...found, ...others.filter((one) => worth(one) > worth(others[0]) / 3)];
  }

  /** How many letters have to be changed, added or left out to make one word of the other. */
  function distance(one, other) {
    let row = Array.from({ length: other.length + 1 }, (_, n) => n);
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
      row = next;
    }
    return row.at(-1);
  }

  /** Words of the site that are close to what was typed, as they are written there, the closest first. */
  function near(query) {
    const close = new Map();
    for (const word of meaning(query)) {
      const most = Math.ceil(word.length / 4);
      for (const { terms } of index.search(word, { fuzzy: most })) {
        for (const term of terms) {
          const apart = distance(word, term);
          if (apart <= most && apart < (close.get(term) ?? Infinity)) close.set(term, apart);
        }
      }
    }
    const best = [...close].sort(([a, x], [b, y]) => x - y || compare(a, b)).slice(0, NEAREST).map(([term]) => term);
    // The index knows the stems of words; a reader is shown a word.
    const written = new Map();
    for (const page of pages) {
      for (const word of split(`${page.title} ${page.summary} ${page.claims.join(" ")}`)) {
        const term = stem(word);
        if (best.includes(term) && !written.has(term)) written.set(term, word.toLowerCase());
      }
    }
    return best.map((term) => written.get(term) ?? term);
  }

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

  /** A text that is not too long: whole sentences, or a part of the first one. */
  function shortened(string) {
    if (string.length <= LONGEST_TEXT) return string;
    const whole = string.slice(0, LONGEST_TEXT).match(/^.*[.?!](?= [\p{Lu}“])/su);
    return whole ? whole[0] : string.slice(0, LONGEST_TEXT).replace(/[\s,;:]+\S*$/, "") + "…";
  }

  /** The sentence of a page that holds most of the words found; without a query its summary. */
  function sentence(page, terms) {
    if (!terms.size) return shortened(page.summary);
    const all = [...page.summary.split(/(?<=[.?!]) (?=[\p{Lu}“])/u), ...page.claims];
    const hits = (one) => split(one).reduce((set, word) => (terms.has(stem(word)) ? set.add(stem(word)) : set), new Set()).size;
    let best = all[0] ?? "";
    let most = hits(best);
    for (const one of all) if (hits(one) > most) [best, most] = [one, hits(one)];
    return shortened(best);
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
      box.append(element("p", { class: "kb-way" }, text("near"), " ", ...links));
    }
    box.append(element("p", { class: "kb-way" }, element("a", { href: root + kbAddress("browse/") }, text("topics"))));
    box.append(element("p", { class: "kb-way" }, element("a", { href: root + kbAddress("contribute/#add") }, text("propose"))));
  }

  // ---- the explorer

  function explorer(form) {
    const fallback = document.getElementById("kb-without-script");
    const [list, status, chips, none, more, leftOut] = ["results", "count", "chips", "none", "more", "left-out"].map((name) => document.getElementById("kb-" + name));
    const clear = form.querySelector(".kb-clear");
    const toResults = form.querySelector(".kb-to-results a");
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
      toResults.textContent = text(found.length === 1 ? "see_one" : "see_other", { n: found.length });
      leftOut.hidden = Boolean(query) || chosen.has("kind");
      clear.hidden = !query && !chosen.size && !order;
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
    toResults.addEventListener("click", () => (form.querySelector(".kb-filter").open = false));
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
    if (location.hash === "#" + form.elements.q.id) form.elements.q.focus();
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
