// The questionnaire and the questions for vendors. What is entered is kept in this browser and in files the reader saves; nothing is sent.
"use strict";
(() => {
  const KEY = "lerkb-assessment";
  const FORMAT = "lerkb-assessment/1";
  const id = (name) => document.getElementById(name);
  const words = (form) => JSON.parse(form.dataset.words);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

  function download(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function assess(form) {
    const say = words(form);
    const checks = [...form.querySelectorAll("fieldset[data-key]")];
    const sections = [...form.querySelectorAll(".kb-ask")];
    const byKey = new Map(checks.map((check) => [check.dataset.key, check]));
    let lost = {}; // answers to questions that are no longer asked: kept, shown, and saved again
    let older = new Set(); // questions worded anew since they were answered
    form.querySelectorAll(".kb-needs-script:not(#kb-assess-changed)").forEach((part) => (part.hidden = false));

    const answerOf = (check) => check.querySelector("input:checked")?.value ?? "";
    const noteOf = (check) => check.querySelector("textarea").value;

    function writeNote(check, note) {
      check.querySelector("textarea").value = note;
      check.querySelector(".kb-note").open = Boolean(note);
    }

    function state() {
      const answers = { ...lost };
      for (const check of checks) {
        const [answer, note] = [answerOf(check), noteOf(check)];
        if (answer || note) answers[check.dataset.key] = { answer, note, version: older.has(check.dataset.key) ? check.dataset.answered : check.dataset.version, question: check.querySelector("legend").textContent };
      }
      return { format: FORMAT, name: form.elements.name.value, role: form.elements.role.value, stage: form.elements.stage.value, answers };
    }

    function keep() {
      try {
        localStorage.setItem(KEY, JSON.stringify(state()));
      } catch {
        id("kb-assess-error").textContent = say.not_kept;
      }
    }

    function show(saved) {
      lost = {};
      older = new Set();
      for (const check of checks) {
        check.querySelectorAll("input").forEach((input) => (input.checked = false));
        writeNote(check, "");
      }
      form.elements.name.value = saved.name ?? "";
      form.elements.role.value = saved.role ?? "";
      form.elements.stage.value = saved.stage ?? "";
      for (const [key, entry] of Object.entries(saved.answers ?? {})) {
        const check = byKey.get(key);
        if (!check) {
          lost[key] = entry;
          continue;
        }
        const input = [...check.querySelectorAll("input")].find((one) => one.value === entry.answer);
        if (input) input.checked = true;
        writeNote(check, entry.note ?? "");
        if (entry.version !== check.dataset.version) {
          older.add(key);
          check.dataset.answered = entry.version;
        }
      }
      tell();
    }

    function tellChanges() {
      const box = id("kb-assess-changed");
      const list = document.createElement("ul");
      for (const key of older) {
        const item = document.createElement("li");
        const link = make("a", byKey.get(key).querySelector("legend").textContent);
        link.href = "#" + byKey.get(key).id;
        item.append(say.reworded + " ", link);
        list.append(item);
      }
      for (const entry of Object.values(lost)) list.append(make("li", `${say.gone} ${entry.question ?? ""} (${entry.answer}) ${entry.note ?? ""}`));
      box.replaceChildren(make("p", say.changed), list);
      box.hidden = !list.children.length;
    }

    function tell() {
      const [role, stage] = [form.elements.role.value, form.elements.stage.value];
      const asked = (check, name, value) => !value || !check.dataset[name] || check.dataset[name].split(" ").includes(value);
      for (const check of checks) check.hidden = !(asked(check, "audiences", role) && asked(check, "stages", stage));
      for (const section of sections) section.hidden = [...section.querySelectorAll("fieldset")].every((check) => check.hidden);
      const shown = checks.filter((check) => !check.hidden);
      id("kb-assess-status").textContent = fill(say.status, { n: shown.length, done: shown.filter(answerOf).length });
      const rows = document.createDocumentFragment();
      const harms = document.createDocumentFragment();
      for (const section of sections.filter((one) => !one.hidden)) {
        const counts = { kept: 0, partly: 0, broken: 0, "not-known": 0, open: 0 };
        for (const check of section.querySelectorAll("fieldset:not([hidden])")) {
          const answer = answerOf(check);
          if (!answer) counts.open += 1;
          else if (answer === check.dataset.right) counts.kept += 1;
          else if (answer === "partly" || answer === "not-known") counts[answer] += 1;
          else if (answer !== "not-applicable") counts.broken += 1;
        }
        const row = document.createElement("tr");
        const head = document.createElement("th");
        head.scope = "row";
        const link = make("a", section.dataset.title);
        link.href = "#" + section.id;
        head.append(link);
        row.append(head, ...Object.values(counts).map((count) => make("td", String(count))));
        rows.append(row);
        if (counts.broken || counts.partly) {
          const item = document.createElement("li");
          item.append(make("b", section.dataset.title + ": "), section.querySelector(".kb-learn p").lastChild.textContent);
          item.append(section.querySelector(".kb-learn ul").cloneNode(true));
          harms.append(item);
        }
      }
      form.querySelector("#kb-assess-result tbody").replaceChildren(rows);
      if (!harms.children.length) harms.append(make("li", say.no_harm));
      id("kb-assess-harms").replaceChildren(harms);
      tellChanges();
    }

    function read(text) {
      let saved;
      try {
        saved = JSON.parse(text);
      } catch {
        throw new Error(say.not_json);
      }
      // All is looked at before anything is shown, so that a wrong file changes nothing.
      const group = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
      if (!group(saved) || saved.format !== FORMAT || !group(saved.answers) || !Object.values(saved.answers).every(group)) throw new Error(fill(say.not_ours, { format: FORMAT }));
      return saved;
    }

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      const check = event.target.closest("fieldset[data-key]");
      if (check && event.target.type === "radio") older.delete(check.dataset.key);
      keep();
      tell();
    });
    id("kb-assess-save").addEventListener("click", () => download(say.file, "application/json", JSON.stringify(state(), null, 2) + "\n"));
    id("kb-assess-print").addEventListener("click", () => print());
    id("kb-assess-delete").addEventListener("click", () => {
      if (!confirm(say.sure)) return;
      localStorage.removeItem(KEY);
      show({});
    });
    id("kb-assess-file").addEventListener("change", async (event) => {
      const file = event.target.files[0];
      if (!file) return;
      const error = id("kb-assess-error");
      error.textContent = "";
      try {
        show(read(await file.text()));
        keep();
      } catch (problem) {
        error.textContent = problem.message;
      }
      event.target.value = "";
    });
    let kept = null;
    try {
      kept = localStorage.getItem(KEY);
    } catch {
      // Storage is closed to this page; files still work.
    }
    try {
      show(kept ? read(kept) : {});
    } catch {
      show({});
    }
    // A link from a reader’s page chooses for whom the questions are.
    const asked = new URLSearchParams(location.search);
    for (const name of ["role", "stage"]) {
      const options = [...form.elements[name].options];
      if (asked.get(name) && options.some((option) => option.value === asked.get(name))) form.elements[name].value = asked.get(name);
    }
    tell();
  }

  function vendors(form) {
    const say = words(form);
    form.querySelectorAll(".kb-needs-script").forEach((part) => (part.hidden = false));
    const boxes = [...form.querySelectorAll("input[name=principle]")];
    const sections = () => [...form.querySelectorAll(".kb-ask:not([hidden])")];
    const part = (card, name) => card.querySelector(`[data-part=${name}]`)?.textContent.trim() ?? "";
    const line = (text) => text.replace(/\s+/g, " ").trim();

    function tell() {
      for (const box of boxes) id(box.value).hidden = !box.checked;
      id("kb-vendors-status").textContent = fill(say.status, { n: form.querySelectorAll(".kb-ask:not([hidden]) .kb-card").length, of: sections().length });
      id("kb-vendors-none").textContent = boxes.some((box) => box.checked) ? say.none : say.all;
    }

    const rows = () => sections().flatMap((section) => [...section.querySelectorAll(".kb-card")].map((card) => [
      section.dataset.number, section.dataset.title, section.id, section.dataset.version, card.dataset.key, card.dataset.version,
      line(card.querySelector("h3").textContent), line(part(card, "evidence")), line(part(card, "accept")), line(part(card, "standard")),
    ]));

    function markdown() {
      const lines = [`# ${say.heading}`, ""];
      let last = "";
      for (const [number, title, , version, key, checkVersion, question, evidence, accept, standard] of rows()) {
        if (title !== last) lines.push(`## ${number}. ${title}`, "", fill(say.version, { version }), "");
        last = title;
        lines.push(`- [ ] **${question}**`, `  - ${say.evidence}: ${evidence}`, `  - ${say.accept}: ${accept}`, ...(standard ? [`  - ${say.standard}: ${standard}`] : []), `  - \`${key}\` · \`${checkVersion}\``, "");
      }
      return lines.join("\n");
    }

    // A cell that a spreadsheet would take for a formula is led by an apostrophe. Lines end as RFC 4180 has it.
    const cell = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? "'" + text : text).replaceAll('"', '""')}"`;
    // The mark before them tells a spreadsheet that the letters are in UTF-8.
    const csv = () => "\ufeff" + [say.columns.split(","), ...rows()].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", tell);
    id("kb-vendors-none").addEventListener("click", () => {
      const on = !boxes.some((box) => box.checked);
      boxes.forEach((box) => (box.checked = on));
      tell();
    });
    id("kb-vendors-md").addEventListener("click", () => download(say.file + ".md", "text/markdown", markdown()));
    id("kb-vendors-csv").addEventListener("click", () => download(say.file + ".csv", "text/csv", csv()));
    id("kb-vendors-print").addEventListener("click", () => print());
    tell();
  }

  const [questionnaire, questions] = [id("kb-assess"), id("kb-vendors")];
  if (questionnaire) assess(questionnaire);
  if (questions) vendors(questions);
})();
