// The form for a record. It fills the page’s fields, checks what stands in them, and makes the file. Nothing is sent: the draft stays in
// this browser, and the file leaves it only by the writer’s own hand.
"use strict";
(() => {
  const form = document.getElementById("kb-form");
  const say = JSON.parse(form.dataset.words);
  const site = JSON.parse(form.dataset.settings);
  const root = new URL("..", document.currentScript.src).href;
  const rules = self.kbFormRules;
  const known = self.kbFormRecords;
  const { kind } = site;
  const now = new Date();
  const day = `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  // Drafts of new records in this browser count as records that are there: a pilot can name a document that is described along with it.
  const DRAFTS = "lerkb-form/";
  const isNew = (name) => /^new(?: \d+)?$/.test(name);
  function drafts(of) {
    const found = [];
    try {
      for (let at = 0; at < localStorage.length; at++) {
        const [, kindOf, slot] = (localStorage.key(at).match(/^lerkb-form\/([a-z-]+)\/(.+)$/) ?? []);
        if (kindOf !== of || !isNew(slot)) continue;
        const { data } = JSON.parse(localStorage.getItem(localStorage.key(at)));
        found.push({ slot, number: Number(slot.slice(4) || 1), id: data.id ?? "", title: data.title ?? "", data });
      }
    } catch {
      return found; // storage is closed to this page, or holds something else
    }
    return found.sort((one, other) => one.number - other.number);
  }
  const draftAddress = (of, { number }) => `${root}contribute/form/${of}/${number > 1 ? `?draft=${number}` : ""}`;
  const nextDraft = (of) => {
    const taken = new Set(drafts(of).map(({ number }) => number));
    let number = 1;
    while (taken.has(number)) number += 1;
    return { number };
  };
  const described = new Set(site.begins);
  const rowsOfDrafts = () => [...described].flatMap((of) => drafts(of).filter(({ id: name }) => name && !known[of].some((row) => row.id === name && !row.inBrowser)).map((draft) => [of, draft]));
  const drafted = rowsOfDrafts();
  for (const [of, { id: name, title, data }] of drafted) known[of].push({ inBrowser: true, id: name, title, status: "draft", ...Object.fromEntries(["type", "read", "organization", "address_status"].filter((one) => data[one]).map((one) => [one, data[one]])) });
  const checks = self.kbRecordChecks.make({ ...rules, records: known, failed: [], today: day, Validator: self.kbJsonSchema.Validator });
  const { schemas } = checks;
  const query = new URLSearchParams(location.search);
  const LINK_LIMIT = 8000; // characters of an address that hosts of repositories take
  const MAIL_LIMIT = 2000; // and that mail programs take
  const OFFERED = 12; // names offered at a time

  const id = (name) => document.getElementById(name);
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const make = (tag, words = "", more = {}) => Object.assign(document.createElement(tag), { textContent: words }, more);
  const isGroup = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const key = (place) => JSON.stringify(place);
  const plain = (words) => words.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const load = (name) => new Promise((resolve, reject) => document.head.append(Object.assign(document.createElement("script"), { src: `${root}assets/${name}`, onload: resolve, onerror: reject })));
  const once = (make) => {
    let made = null;
    return () => (made ??= make());
  };
  const yamlReader = once(() => load("js-yaml.js"));
  const recordTexts = once(() => (self.kbRecords ? Promise.resolve() : load("records.js")));
  const partTexts = once(() => load("form-parts.js"));
  const addresses = once(() => load("form-addresses.js"));
  const numberTables = once(() => Promise.all([load("numbers.js"), load("form-numbers.js")]));

  // The fields of the page

  const inside = (holder) => [...holder.querySelectorAll(".kb-f")].filter((field) => (field.parentElement.closest(".kb-f") ?? form) === holder);
  const entriesOf = (field) => [...field.querySelector(":scope > ol").children];
  const fieldOf = (entry) => entry.querySelector(".kb-f");
  const boxes = (field) => [...field.querySelectorAll("input[type=checkbox], input[type=radio]")];
  const rootField = (name) => inside(form).find((field) => field.dataset.name === name);
  const control = (field) => {
    const { shape } = field.dataset;
    if (shape === "group") return control(inside(field)[0]);
    if (shape === "ticks") return field.querySelector("summary");
    return shape === "one" || shape === "switch" ? boxes(field).find((box) => box.checked) ?? boxes(field)[0] : id(field.dataset.id);
  };

  let count = 0;
  function addEntry(field) {
    count += 1;
    const made = field.querySelector(":scope > template").content.cloneNode(true);
    for (const element of made.querySelectorAll("*")) {
      for (const { name, value } of [...element.attributes]) if (value.includes("~")) element.setAttribute(name, value.replaceAll("~", count));
      if (element.classList.contains("kb-needs-script")) element.hidden = false;
    }
    const entry = made.firstElementChild;
    field.querySelector(":scope > ol").append(entry);
    number(field);
    return fieldOf(entry);
  }

  function number(field) {
    entriesOf(field).forEach((entry, at) => {
      const inner = fieldOf(entry);
      const what = fill(say.entry, { what: inner.dataset.title, n: at + 1 });
      inner.querySelector("legend, label").textContent = what;
      entry.querySelector(":scope > p > [data-remove]").setAttribute("aria-label", fill(say.remove_one, { what }));
    });
  }

  // A list that must hold something begins with one entry to fill in.
  function prime(holder) {
    for (const field of inside(holder)) {
      if (field.dataset.shape === "list" && "required" in field.dataset && !entriesOf(field).length) prime(addEntry(field));
      else if (field.dataset.shape === "group" && !field.closest("details.kb-fold")) prime(field);
    }
  }

  function read(field, place, places) {
    places.set(key(place), field);
    const { shape } = field.dataset;
    if (shape === "group") {
      const made = {};
      for (const inner of inside(field)) {
        const value = read(inner, [...place, inner.dataset.name], places);
        if (value !== undefined) made[inner.dataset.name] = value;
      }
      return Object.keys(made).length || field.kbKept ? made : undefined;
    }
    if (shape === "list") {
      const made = [];
      for (const entry of entriesOf(field)) {
        const value = read(fieldOf(entry), [...place, made.length], places);
        if (value !== undefined) made.push(value);
      }
      return made.length || field.kbKept ? made : undefined;
    }
    if (shape === "ticks") {
      const ticked = new Set(boxes(field).filter((box) => box.checked).map((box) => box.value));
      const before = (field.kbOrder ?? []).filter((value) => ticked.has(value));
      const made = [...new Set([...before, ...ticked])];
      return made.length || field.kbKept ? made : undefined;
    }
    if (shape === "one" || shape === "switch") {
      const value = boxes(field).find((box) => box.checked)?.value ?? "";
      if (value === "") return undefined;
      return shape === "one" ? value : value === "true";
    }
    const value = id(field.dataset.id).value;
    if (!value.trim()) return undefined;
    return shape === "number" && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value.trim()) ? Number(value) : value;
  }

  function readAll() {
    const places = new Map();
    const data = {};
    for (const field of inside(form)) {
      const value = read(field, [field.dataset.name], places);
      if (value !== undefined) data[field.dataset.name] = value;
    }
    return { data, places };
  }

  function write(field, value) {
    const { shape } = field.dataset;
    if (shape === "group") {
      field.kbKept = isGroup(value);
      for (const inner of inside(field)) write(inner, isGroup(value) ? value[inner.dataset.name] : undefined);
      const more = field.querySelector(":scope > .kb-more-fields");
      if (more) more.open = inside(field).some((inner) => more.contains(inner) && isGroup(value) && inner.dataset.name in value);
      const fold = field.closest("details");
      if (fold?.classList.contains("kb-fold") && fold === field.parentElement) fold.open = isGroup(value);
    } else if (shape === "list") {
      field.kbKept = Array.isArray(value);
      field.querySelector(":scope > ol").replaceChildren();
      for (const item of Array.isArray(value) ? value : []) write(addEntry(field), item);
      if (field.parentElement.classList.contains("kb-fold") && !field.parentElement.closest(".kb-form-kept")) field.parentElement.open = Array.isArray(value);
    } else if (shape === "ticks") {
      field.kbKept = Array.isArray(value);
      field.kbOrder = Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
      field.querySelectorAll("[data-unknown]").forEach((item) => item.remove());
      for (const item of field.kbOrder) if (!boxes(field).some((box) => box.value === item)) addUnknown(field, item);
      for (const box of boxes(field)) box.checked = field.kbOrder.includes(box.value);
      tellChosen(field);
    } else if (shape === "one" || shape === "switch") {
      const wanted = value === undefined || typeof value === "object" ? "" : String(value);
      field.querySelectorAll("[data-unknown]").forEach((item) => item.remove());
      if (wanted && !boxes(field).some((box) => box.value === wanted)) addUnknown(field, wanted);
      for (const box of boxes(field)) box.checked = box.value === wanted;
    } else {
      const input = id(field.dataset.id);
      const wanted = value === undefined || value === null || typeof value === "object" ? "" : String(value);
      if (shape === "select") {
        input.querySelectorAll("[data-unknown]").forEach((option) => option.remove());
        if (![...input.options].some((option) => option.value === wanted)) {
          const option = make("option", fill(say.unknown_value, { value: wanted }), { value: wanted });
          option.dataset.unknown = "";
          input.append(option);
        }
      }
      input.value = wanted;
      if (shape === "name") tellMeaning(input);
    }
  }

  // A value that is not in its list stays visible, so that it can be seen and taken away.
  function addUnknown(field, value) {
    const first = boxes(field)[0];
    const box = Object.assign(document.createElement("input"), { type: first.type, name: first.name, value });
    const label = make("label");
    label.append(box, " ", make("span", fill(say.unknown_value, { value })));
    const item = first.type === "checkbox" ? make("li") : label;
    if (item !== label) item.append(label);
    item.dataset.unknown = "";
    field.querySelector(first.type === "checkbox" ? "ul" : ".kb-answers").append(item);
  }

  const writeAll = (data) => inside(form).forEach((field) => write(field, data[field.dataset.name]));

  function tellChosen(field) {
    const titles = boxes(field).filter((box) => box.checked).map((box) => box.parentElement.querySelector("b, span").textContent);
    field.querySelector("[data-chosen]").textContent = titles.length ? fill(say.chosen, { values: titles.join(", ") }) : say.nothing_chosen;
  }

  // Names that are looked up: records, their parts, parts of this record, values of long lists

  let current = {};
  const lists = new Map();
  function offered(offers) {
    const [what, first, second] = offers.split(" ");
    if (what === "own") return (current[first] ?? []).filter((part) => isGroup(part) && part.id).map((part) => [part.id, part.text ?? ""]);
    const texts = self.kbFormParts?.[first]?.[second];
    const name = `${offers} ${Boolean(texts)}`;
    if (!lists.has(name)) {
      const rows = known[first === "same" ? kind : first] ?? [];
      const made =
        what === "vocabulary" ? rules.schemas["vocabularies.schema.json"].$defs[first].oneOf.map((value) => [value.const, value.title, (value["x-also"] ?? []).join(" ")])
        : what === "record" ? rows.filter((row) => row.status !== "retired").map((row) => [row.id, row.inBrowser ? fill(say.draft_row, row) : row.title])
        : rows.filter((row) => row.status !== "retired").flatMap((row) => (row[second] ?? []).map((part, at) => [`${row.id}#${part}`, texts?.[row.id]?.[at] ?? row.title, row.title]));
      lists.set(name, made);
    }
    return lists.get(name);
  }

  function matching(input) {
    const asked = plain(input.value).split(/\s+/).filter(Boolean);
    const made = [];
    for (const [value, title, also = ""] of offered(input.dataset.offers)) {
      const text = plain(`${value} ${title} ${also}`);
      if (asked.every((word) => text.includes(word))) made.push([value, title]);
      if (made.length === OFFERED) break;
    }
    return made;
  }

  const foundOf = (input) => id(input.getAttribute("aria-controls"));
  function close(input) {
    foundOf(input).hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function offer(input) {
    const box = foundOf(input);
    const found = matching(input);
    box.replaceChildren(
      ...found.map(([value, title], at) => {
        const option = make("li", "", { id: `${input.id}-o${at}` });
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.value = value;
        option.append(make("span", title), " ", make("span", value, { className: "kb-soft" }));
        return option;
      }),
    );
    const open = found.length > 0 && !(found.length === 1 && found[0][0] === input.value);
    box.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    input.removeAttribute("aria-activedescendant");
    if (input.value.trim()) announce(found.length ? fill(say.found, { n: found.length }) : say.none_found);
  }

  function choose(input, option) {
    input.value = option.dataset.value;
    close(input);
    tellMeaning(input);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function move(input, step) {
    const options = [...foundOf(input).children];
    if (foundOf(input).hidden) offer(input);
    if (!options.length) return;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const next = options[(at + step + options.length) % options.length] ?? options[0];
    options.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
    input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  function tellMeaning(input) {
    const found = input.value ? offered(input.dataset.offers).find(([value]) => value === input.value) : null;
    id(`${input.id}-means`).textContent = found ? found[1] : "";
  }

  // What is told

  const status = id("kb-form-status");
  const announce = (words) => {
    if (status.textContent !== words) status.textContent = words;
  };
  const told = (words) => {
    // `Backticks` mark what is typed.
    const made = document.createDocumentFragment();
    words.split("`").forEach((part, at) => made.append(at % 2 ? make("code", part) : part));
    return made;
  };
  const severity = (problem) => rules.checks[problem.code]?.[0] ?? "error";
  const titleAt = (place) => {
    const titles = [];
    place.forEach((part, at) => {
      if (typeof part === "number") titles.push(`${titles.pop() ?? ""} ${part + 1}`.trim());
      else titles.push(schemas.described(kind, place.slice(0, at + 1)).title ?? part);
    });
    return titles.join(" › ");
  };
  // A place as the page asks for it: the entry of a list by its name, then the question.
  const askedAt = (place) => {
    const words = place.flatMap((part, at) => (typeof part === "number" ? [fill(say.entry, { what: schemas.described(kind, place.slice(0, at + 1)).title, n: part + 1 })] : []));
    const last = place.at(-1);
    const schema = place.length && typeof last === "string" ? schemas.described(kind, place) : {};
    return [...words, ...(typeof last === "string" ? [schema["x-question"] ?? schema.title ?? last] : [])].join(" › ");
  };

  let asked = false; // the writer asked for the check, so everything is told and not only what was touched
  let alike = null; // records that read much like this one, once they were looked for
  let amended = "";

  function holderOf(problem, places) {
    for (let place = problem.at ?? problem.field; place.length; place = place.slice(0, -1)) if (places.has(key(place))) return places.get(key(place));
    return null;
  }

  function link(problem, holder) {
    const made = make("a", askedAt(problem.at ?? problem.field) || say.untitled, { href: holder ? `#${control(holder).id || holder.id}` : "#kb-form-title" });
    made.addEventListener("click", (event) => {
      if (!holder) return;
      event.preventDefault();
      reveal(holder);
      control(holder).focus();
    });
    return made;
  }

  function reveal(element) {
    for (let fold = element.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
  }

  function words(problem) {
    const made = document.createDocumentFragment();
    made.append(told(problem.message), " (", make("a", problem.code, { href: `${root}checks/${problem.code}/`, title: rules.checks[problem.code]?.[1] ?? "" }), ")");
    if (problem.hint) {
      const hint = make("span", "", { className: "kb-hint" });
      hint.append(told(problem.hint));
      made.append(hint);
    }
    return made;
  }

  // Where the writer is: what each part of the form still asks for.
  const isMissing = (problem) => problem.code === "SCH002";
  function showParts(problems, places) {
    for (const row of id("kb-form-parts").querySelectorAll("li")) {
      const section = id(row.querySelector("a").hash.slice(1));
      const here = problems.filter((problem) => severity(problem) === "error" && section.contains(holderOf(problem, places)));
      const open = here.filter(isMissing).length;
      const told = [...(open ? [fill(say.part_missing, { n: open })] : []), ...(asked && here.length > open ? [fill(say.part_wrong, { n: here.length - open })] : [])];
      const note = row.querySelector("span");
      if (note) note.textContent = told.join(" ");
    }
  }

  // Documents that are drafts here have to be sent along.
  function showWith(data) {
    const named = new Set([...schemas.values(kind, data, "reference")].map(([, value, schema]) => `${schema["x-kind"]} ${value}`));
    const rows = drafted.filter(([of, { id: name }]) => named.has(`${of} ${name}`));
    id("kb-form-with").hidden = !rows.length;
    id("kb-form-with").querySelector("ul").replaceChildren(...rows.map(([of, draft]) => {
      const item = make("li");
      item.append(make("a", draft.title || draft.id, { href: draftAddress(of, draft) }));
      return item;
    }));
  }

  function showBeside(problems, places) {
    const beside = new Map();
    for (const problem of problems) {
      const holder = holderOf(problem, places);
      if (holder && (asked || holder.kbTouched)) beside.set(holder, [...(beside.get(holder) ?? []), problem]);
    }
    for (const field of form.querySelectorAll(".kb-f")) {
      const found = beside.get(field) ?? [];
      const error = id(`${field.dataset.id}-error`);
      if (!found.length && error.hidden) continue;
      error.replaceChildren(...found.map((problem) => {
        const line = make("span", "", { className: "kb-said" });
        line.append(words(problem));
        return line;
      }));
      error.hidden = !found.length;
      field.classList.toggle("kb-wrong", found.some((problem) => severity(problem) === "error"));
      const input = id(field.dataset.id);
      if (input?.matches("input, textarea, select")) {
        if (found.length) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
    }
  }

  function showAll(problems, later, places) {
    const box = id("kb-form-problems");
    const all = [...problems, ...later];
    box.hidden = !asked || !all.length;
    box.querySelector("h2").textContent = fill(say.problems, { n: all.length });
    box.querySelector("ul").replaceChildren(
      ...all.map((problem) => {
        const item = make("li");
        const level = later.includes(problem) ? say.later : severity(problem) === "warning" ? say.warning : severity(problem) === "note" ? say.note : "";
        item.append(link(problem, holderOf(problem, places)), ...(level ? [" ", make("span", `(${level})`, { className: "kb-soft" })] : []), ": ", words(problem));
        if (problem.other) item.append(" ", make("a", say.alike_link, { href: recordAddress(problem.other) }));
        return item;
      }),
    );
    id("kb-form-verdict").textContent = !asked ? "" : all.length ? fill(say.problems, { n: all.length }) : say.none;
  }

  const recordAddress = (other) => root + (kind === "term" ? `${site.sections[kind]}#${other}` : `${site.sections[kind]}${other}/`);

  // How it reads

  function shown(value, place) {
    const schema = schemas.described(kind, place);
    if (typeof value === "boolean") return value ? say.yes : say.no;
    const option = (schema.oneOf ?? []).find((one) => one.const === value);
    if (option) return option.title;
    const row = schema["x-kind"] ? (known[schema["x-kind"] === "same" ? kind : schema["x-kind"]] ?? []).find((one) => one.id === String(value).split("#")[0]) : null;
    return row ? row.title : String(value);
  }

  function preview(value, place) {
    if (Array.isArray(value)) {
      const list = make("ul");
      value.forEach((item, at) => {
        const entry = make("li");
        entry.append(preview(item, [...place, at]));
        list.append(entry);
      });
      return list;
    }
    if (!isGroup(value)) {
      const made = make("div");
      made.append(...shown(value, place).split(/\n\s*\n/).map((part) => make("p", part)));
      return made;
    }
    const made = make("dl");
    for (const [name, item] of Object.entries(value)) {
      const definition = make("dd");
      definition.append(preview(item, [...place, name]));
      made.append(make("dt", schemas.described(kind, [...place, name]).title ?? name), definition);
    }
    return made;
  }

  function showPreview(data) {
    const { title = say.untitled, summary = "", ...rest } = data;
    const made = document.createDocumentFragment();
    made.append(make("h3", String(title)), ...String(summary).split(/\n\s*\n/).map((part) => make("p", part)));
    delete rest.id;
    made.append(preview(rest, []));
    id("kb-form-preview").replaceChildren(made);
  }

  // The file, and the ways it can leave

  const query_text = (words) => encodeURIComponent(words).replaceAll("%20", "+").replaceAll("%2F", "/").replaceAll("%3A", ":").replaceAll("%2C", ",");
  const pathOf = (data) => known[kind].find((row) => row.id === amended)?.path ?? `${site.folder}/${data.id || "new-record"}.yaml`;

  function showFile(data, text) {
    id("kb-form-yaml").textContent = text;
    const pull = id("kb-form-pull");
    if (pull) {
      const start = `${site.new}?filename=${query_text(pathOf(data))}`;
      const whole = `${start}&value=${query_text(text)}`;
      const fits = whole.length <= LINK_LIMIT;
      pull.href = amended ? site.edit + pathOf(data) : fits ? whole : start;
      id("kb-form-pull-note").textContent = amended ? say.replace : fits ? "" : say.too_long;
    }
    const mail = id("kb-form-mail");
    if (mail) {
      const start = `mailto:${site.contact}?subject=${encodeURIComponent(fill(say.mail_subject, { site: site.site, title: data.title ?? data.id ?? "" }))}&body=`;
      const whole = start + encodeURIComponent(text.replaceAll("\n", "\r\n"));
      const fits = whole.length <= MAIL_LIMIT;
      mail.href = fits ? whole : start + encodeURIComponent(say.mail_paste);
      id("kb-form-mail-note").textContent = fits ? "" : say.mail_long;
    }
  }

  async function copy() {
    const pre = id("kb-form-yaml");
    const note = id("kb-form-copied");
    try {
      await navigator.clipboard.writeText(pre.textContent);
      note.textContent = say.copied;
    } catch {
      reveal(pre);
      getSelection().selectAllChildren(pre);
      note.textContent = say.not_copied;
    }
  }

  function download() {
    const { data } = readAll();
    const address = URL.createObjectURL(new Blob([id("kb-form-yaml").textContent], { type: "text/yaml" }));
    make("a", "", { href: address, download: pathOf(data).split("/").pop() }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  // The draft

  const slot = /^[2-9]\d*$|^1\d+$/.test(query.get("draft") ?? "") ? `new ${query.get("draft")}` : "new";
  const draftName = () => `${DRAFTS}${kind}/${amended || slot}`;
  function keep(data) {
    try {
      const draft = { data, when: new Date().toISOString() };
      localStorage.setItem(draftName(), JSON.stringify(draft));
      showDraft(draft);
    } catch {
      announce(say.not_kept);
    }
  }

  function kept() {
    try {
      const draft = JSON.parse(localStorage.getItem(draftName()));
      return isGroup(draft) && isGroup(draft.data) ? draft : null;
    } catch {
      return null; // storage is closed to this page, or holds something else
    }
  }

  function showDraft(draft) {
    const others = amended ? [] : drafts(kind).filter((other) => other.slot !== slot);
    const box = id("kb-form-drafts");
    box.hidden = amended || !(draft || others.length);
    box.firstElementChild.hidden = !others.length;
    box.querySelector("ul").replaceChildren(...others.map((other) => {
      const item = make("li");
      item.append(make("a", other.title || say.untitled_draft, { href: draftAddress(kind, other) }));
      return item;
    }));
    box.querySelector("p > a").href = draftAddress(kind, nextDraft(kind));
    id("kb-form-draft").hidden = !draft;
    if (draft) id("kb-form-draft").querySelector("span").textContent = fill(say.draft, { when: new Date(draft.when).toLocaleString() });
  }

  // From one look at the fields to everything that follows from it

  function update() {
    const { data, places } = readAll();
    current = data;
    form.querySelectorAll("[data-offers^=own]").forEach(tellMeaning);
    const options = { stem: data.id ?? "", existing: Boolean(amended), early: true, alike };
    const problems = checks.check(kind, data, options).filter((problem, at, all) => all.findIndex((other) => other.code === problem.code && other.pointer === problem.pointer && other.message === problem.message) === at);
    const said = new Set(problems.map((problem) => problem.code + problem.pointer + problem.message));
    const later = data.status === "draft" ? checks.check(kind, { ...data, status: "published" }, options).filter((problem) => !said.has(problem.code + problem.pointer + problem.message)) : [];
    const errors = problems.filter((problem) => severity(problem) === "error").length;
    const missing = problems.filter(isMissing).length;
    const left = problems.length ? fill(say.left, { missing, errors: errors - missing, warnings: problems.length - errors }) : say.all_good;
    showParts(problems, places);
    showWith(data);
    showBeside([...problems, ...(asked ? later : [])], places);
    showAll(problems, later, places);
    showPreview(data);
    showFile(data, self.kbRecordYaml.write(kind, data, schemas, rules.modelines[kind]));
    if (checks.wantsNumbers()) takeNumbers();
    announce(amended ? fill(say.amend_status, { title: data.title ?? amended, left }) : fill(say.new_status, { left }));
    return data;
  }

  // A text holds what may be a telephone or account number: with the tables that tell, it is looked at again.
  const takeNumbers = once(async () => {
    try {
      await numberTables();
    } catch {
      checks.byNumbers.forEach((code) => checks.unreadable.add(code)); // they are looked for when the record arrives
      showScope();
      return;
    }
    checks.useNumbers(self.kbNumbers.make(self.kbFormNumbers));
    update();
  });

  let waiting = 0;
  function changed() {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(update()), 150);
  }

  async function check() {
    asked = true;
    await lookForAlike();
    clearTimeout(waiting);
    update();
    if (checks.wantsNumbers()) await takeNumbers();
    const box = id("kb-form-problems");
    if (box.hidden) return;
    box.focus({ preventScroll: true });
    box.scrollIntoView();
  }

  // Records that read much like this one; without the list of records, that is left to the run.
  async function lookForAlike() {
    try {
      await (kind === "source" ? addresses() : recordTexts());
    } catch {
      return;
    }
    if (kind === "source") {
      alike = checks.sameAddress({ ...readAll().data, id: amended || readAll().data.id }, self.kbFormAddresses);
      return;
    }
    const section = site.sections[kind];
    const others = self.kbRecords.pages.filter(([location]) => location.startsWith(section) && location !== section).map(([location, title, , summary]) => ({ id: location.slice(section.length).replace(/^#|\/$/g, ""), title, summary }));
    const { data } = readAll();
    alike = checks.nearDuplicates({ ...data, id: amended || data.id }, kind === "term" ? others.map(({ summary, ...other }) => other) : others);
  }

  // Files that are opened

  function differing(wanted, got, place = []) {
    if (isGroup(wanted) && isGroup(got)) return Object.keys(wanted).flatMap((name) => differing(wanted[name], got[name], [...place, name]));
    if (Array.isArray(wanted) && Array.isArray(got)) return wanted.flatMap((item, at) => differing(item, got[at], [...place, at]));
    return typeof wanted === "object" || String(wanted) !== String(got) ? [place] : [];
  }

  function showOpened(paragraphs, items = []) {
    const box = id("kb-form-opened");
    const list = make("ul");
    list.append(...items);
    box.replaceChildren(...paragraphs.map((part) => make("p", part)), ...(items.length ? [list] : []));
    box.hidden = false;
    box.focus();
  }

  async function open(text, loud) {
    await yamlReader();
    const { data, faults } = self.kbRecordYaml.read(text, self.jsyaml, rules.catalogue.syntax);
    if (faults.length) {
      showOpened([say.broken_file], faults.map((fault) => {
        const item = make("li");
        item.append(told(fill(say.line, fault)), ". ", told(fault.hint), ". ", make("a", fault.code, { href: `${root}checks/${fault.code}/` }));
        return item;
      }));
      return false;
    }
    writeAll(data);
    const opened = differing(data, readAll().data);
    const remarks = self.kbRecordYaml.remarks(text);
    const notes = [...(loud ? [say.opened] : []), ...(remarks ? [fill(say.remarks, { n: remarks })] : []), ...(opened.length ? [say.not_taken] : [])];
    const said = opened.length ? checks.check(kind, data, { stem: data.id ?? "", existing: Boolean(amended) }) : [];
    if (notes.length) {
      showOpened(notes, opened.map((place) => {
        const item = make("li", `${titleAt(place)} (/${place.join("/")})`);
        const problem = said.find((one) => key(one.field) === key(place));
        if (problem) item.append(": ", words(problem));
        return item;
      }));
    }
    return true;
  }

  // What a link to the form asks for: values of filters, by the names that the explorer uses for them.
  function asFor(data) {
    for (const [name, value] of query) {
      for (const { pattern, schema } of schemas.specs(kind)) {
        const roles = [schema["x-role"] ?? []].flat();
        const called = schema["x-vocabulary"] ?? [...pattern].reverse().find((part) => part !== "*");
        const there = (schema.oneOf ?? []).some((option) => option.const === value) || (known[schema["x-kind"]] ?? []).some((row) => row.id === value);
        if (!roles.includes("filter") || called !== name || !there) continue;
        let holder = data;
        pattern.forEach((part, at) => {
          const step = part === "*" ? holder.length : part;
          if (at === pattern.length - 1) holder[step] = value;
          else holder = holder[step] ??= pattern[at + 1] === "*" ? [] : {};
        });
      }
    }
    return data;
  }

  const kebab = (words, most) => {
    const made = words.toLowerCase().normalize("NFKD").replace(/[’']/g, "").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
    return made.length <= most ? made : made.slice(0, made.lastIndexOf("-", most) + 1 || most).replace(/-+$/, "");
  };

  // Ids that nobody has written yet are made of the words beside them.
  function suggestId(field) {
    const holder = field.parentElement.closest(".kb-f") ?? form;
    const target = inside(holder).find((one) => one.dataset.role === (holder === form ? "identifier" : "local-id"));
    if (!target || target === field || (holder === form && (amended || field.dataset.name !== "title"))) return;
    const input = id(target.dataset.id);
    if (input.value && input.value !== input.kbMade) return;
    const words = id(field.dataset.id)?.value ?? "";
    if (holder !== form && (input.value || !field.dataset.role.includes("prose"))) return;
    const start = kebab(holder === form ? words : words.split(/\s+/).slice(0, 5).join(" "), holder === form ? 70 : 50);
    const others = holder === form ? [] : entriesOf(holder.parentElement.closest(".kb-f")).map((entry) => inside(fieldOf(entry)).find((one) => one.dataset.role === "local-id")).map((one) => id(one.dataset.id).value);
    let made = start;
    for (let n = 2; made && others.includes(made); n++) made = `${start}-${n}`;
    input.value = input.kbMade = made;
  }

  // What a record names of its own parts is the first of them, as long as nobody has chosen another.
  function suggestPart() {
    for (const field of inside(form)) {
      const offers = field.dataset.shape === "name" ? id(field.dataset.id).dataset.offers : "";
      if (!offers.startsWith("own ") || !("required" in field.dataset || id(field.dataset.id).getAttribute("aria-required"))) continue;
      const input = id(field.dataset.id);
      const list = rootField(offers.split(" ")[1]);
      const first = list && entriesOf(list).length ? inside(fieldOf(entriesOf(list)[0])).find((one) => one.dataset.role === "local-id") : null;
      if (first && (!input.value || input.value === input.kbMade)) input.value = input.kbMade = id(first.dataset.id).value;
    }
  }

  // Events

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    if ("filter" in event.target.dataset) {
      const wanted = plain(event.target.value);
      for (const item of event.target.closest("details").querySelectorAll("li")) item.hidden = !plain(item.textContent).includes(wanted);
      return;
    }
    const field = event.target.closest(".kb-f");
    if (!field) return;
    field.kbKept = false;
    if (field.dataset.shape === "ticks") tellChosen(field);
    if (event.target.matches("[data-offers]")) {
      tellMeaning(event.target);
      offer(event.target);
    }
    if (field.dataset.name === "title") suggestId(field);
    changed();
  });
  form.addEventListener("change", (event) => {
    const field = event.target.closest(".kb-f");
    if (!field || event.target.type === "file" || "filter" in event.target.dataset) return;
    field.kbTouched = true;
    if (event.target.matches("input[type=text], textarea")) event.target.value = event.target.value.trim();
    suggestId(field);
    suggestPart();
    changed();
  });
  form.addEventListener("focusin", async (event) => {
    const input = event.target;
    if (!input.matches("[data-offers]")) return;
    if (input.dataset.offers.startsWith("part")) await partTexts().catch(() => {}); // without the texts, the names alone are offered
    tellMeaning(input);
  });
  form.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-offers]")) close(event.target);
  });
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (event.key === "Enter" && input.matches("input")) event.preventDefault();
    if (!input.matches("[data-offers]")) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(input, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && input.hasAttribute("aria-activedescendant")) choose(input, id(input.getAttribute("aria-activedescendant")));
    else if (event.key === "Escape" && !foundOf(input).hidden) {
      event.stopPropagation();
      close(input);
    }
  });
  // Before the field loses focus and the list closes.
  form.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    choose(form.querySelector(`[aria-controls="${option.parentElement.id}"]`), option);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const field = button.closest(".kb-f");
    if ("add" in button.dataset) {
      const made = addEntry(field);
      prime(made);
      control(made).focus();
      changed();
    } else if ("remove" in button.dataset) {
      const entry = button.closest("li.kb-entry");
      const list = entry.parentElement.closest(".kb-f");
      const what = fieldOf(entry).querySelector("legend, label").textContent;
      entry.remove();
      list.kbKept = false;
      number(list);
      id(list.dataset.id).focus();
      clearTimeout(waiting);
      keep(update());
      announce(fill(say.removed, { what }));
    }
  });
  // Each document that is described along with the record gets a draft of its own.
  for (const press of ["click", "auxclick"]) {
    form.addEventListener(press, ({ target: { dataset }, target }) => {
      if (dataset.begins) target.href = draftAddress(dataset.begins, nextDraft(dataset.begins));
    });
  }
  // Who comes back from describing one finds it offered: the draft of this record is kept and shown anew.
  const seen = JSON.stringify(drafted);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || JSON.stringify(rowsOfDrafts()) === seen) return;
    keep(update());
    location.reload();
  });
  id("kb-form-check").addEventListener("click", check);
  id("kb-form-download").addEventListener("click", download);
  id("kb-form-copy").addEventListener("click", copy);
  id("kb-form-forget").addEventListener("click", async () => {
    if (!confirm(say.draft_sure)) return;
    clearTimeout(waiting);
    localStorage.removeItem(draftName());
    await start();
    announce(say.forgotten);
  });
  id("kb-form-file").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file && (await open(await file.text(), true))) keep(update());
  });

  // The beginning

  // What a record begins with: what the schema says of its fields, and of those of groups that must be there.
  function beginning(place = []) {
    const { properties, required = [], else: otherwise = {} } = schemas.described(kind, place);
    const made = {};
    for (const name of Object.keys(properties)) {
      const schema = schemas.described(kind, [...place, name]);
      if (!required.includes(name) && !(otherwise.required ?? []).includes(name)) continue;
      if ("x-default" in schema) made[name] = isGroup(schema["x-default"]) ? fromToday(schema["x-default"].months_from_today) : schema["x-default"];
      else if (schema.properties) {
        const within = beginning([...place, name]);
        if (Object.keys(within).length) made[name] = within;
      }
    }
    return made;
  }

  function fromToday(months) {
    if (!months) return day;
    const then = new Date(now.getFullYear(), now.getMonth() + months, 1);
    return `${then.getFullYear()}-${String(then.getMonth() + 1).padStart(2, "0")}`;
  }

  const fresh = () => asFor(beginning());

  async function fromRecord() {
    const row = known[kind].find((one) => one.id === amended);
    if (!row) return false;
    try {
      const answer = await fetch(`${root}${site.sections[kind]}${amended}/${amended}.yaml`);
      return answer.ok && (await open(await answer.text(), false));
    } catch {
      return false;
    }
  }

  async function start() {
    asked = false;
    alike = null;
    form.querySelectorAll(".kb-f").forEach((field) => (field.kbTouched = false));
    const wanted = query.get("id") ?? "";
    amended = wanted;
    const draft = kept();
    showDraft(draft);
    if (draft) {
      writeAll(draft.data);
      prime(form);
    } else if (!wanted) {
      writeAll(fresh());
      prime(form);
    } else {
      writeAll({});
      if (location.protocol === "file:" || !(await fromRecord())) {
        amended = "";
        id("kb-form-open").open = true;
        showOpened([location.protocol === "file:" ? say.from_disk : fill(say.not_found, { id: wanted })]);
      }
    }
    const name = rootField("id");
    id(name.dataset.id).readOnly = Boolean(amended);
    update();
  }

  form.querySelectorAll(".kb-needs-script").forEach((part) => (part.hidden = false));
  function showScope() {
    const here = checks.codes.filter((code) => !checks.unreadable.has(code));
    const rest = Object.entries(rules.checks).filter(([code]) => !here.includes(code));
    id("kb-form-scope").querySelector("p").textContent = fill(say.checked_here, { codes: here.join(", ") });
    id("kb-form-scope").querySelector("ul").replaceChildren(...rest.map(([code, [, title]]) => {
      const item = make("li");
      item.append(make("a", code, { href: `${root}checks/${code}/` }), " ", told(title));
      return item;
    }));
  }
  start().then(() => {
    showScope();
    form.setAttribute("data-ready", "");
  });
})();
