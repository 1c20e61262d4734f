// Checks of one record, with the codes, the words and the limits of the command line: texts, thresholds, patterns and terms come from the
// same catalogues, fields from the same schemas. A check stands here only if it gives the same verdict as its twin in scripts/lerkb/checks,
// on every case file of the tests (tests/test_form_checks.py). It touches no page and runs in Node as well.
"use strict";
((root, made) => {
  if (typeof module === "object" && module.exports) module.exports = made;
  else root.kbRecordChecks = made;
})(globalThis, (() => {
  // Python, as far as the checks speak it

  const own = (value, name) => Object.prototype.hasOwnProperty.call(value, name);
  const isGroup = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const signs = (text) => [...text];
  const size = (text) => signs(text).length;
  const cut = (text, start, end) => signs(text).slice(start, end).join("");
  const split = (text) => text.split(/\s+/u).filter(Boolean);
  const fold = (text) => text.toLowerCase();
  const isUpper = (text) => /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
  const isPrintable = (sign) => sign === " " || !/[\p{C}\p{Z}]/u.test(sign);
  const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|\/-]/g, "\\$&");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name]));
  const pointer = (field) => field.map((part) => "/" + String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("");
  const key = (field) => JSON.stringify(field);
  const without = (text, end) => (text.endsWith(end) ? text.slice(0, -end.length) : text);
  const plain = (kind) => kind.replaceAll("-", " ");
  const group = (thousands) => String(thousands).replace(/\B(?=(\d{3})+$)/g, ",");
  const roles = (schema) => [schema["x-role"] ?? []].flat();
  const options = (schema) => new Map((schema.oneOf ?? []).filter((one) => own(one, "const")).map((one) => [one.const, one]));

  // A pattern of Python’s for this language, where letters, digits and spaces are those of English alone and there they are those of all.
  // https://docs.python.org/3/library/re.html#regular-expression-syntax
  const [LETTER, SPACE] = ["\\p{L}\\p{N}_", "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"];
  const WITHIN = { w: LETTER, s: SPACE, d: "\\p{Nd}" };
  const ALONE = {
    ...Object.fromEntries(Object.entries(WITHIN).flatMap(([name, signs]) => [[name, `[${signs}]`], [name.toUpperCase(), `[^${signs}]`]])),
    b: `(?:(?<=[${LETTER}])(?![${LETTER}])|(?<![${LETTER}])(?=[${LETTER}]))`,
  };
  function asHere(source) {
    let within = false;
    return source.replace(/\\U0*([0-9a-f]+)|\\(.)|[[\]]/gsu, (found, code, sign) => {
      if (code) return `\\u{${code}}`;
      if (!sign) within = found === "[" || (found === "]" ? false : within);
      return (sign && (within ? WITHIN : ALONE)[sign]) || found;
    });
  }

  // How alike two words are, as Python’s difflib has it: 1 is equal. https://docs.python.org/3/library/difflib.html
  function ratio(one, other) {
    const [a, b] = [signs(one), signs(other)];
    const places = new Map();
    b.forEach((sign, at) => places.set(sign, [...(places.get(sign) ?? []), at]));
    if (b.length >= 200) for (const [sign, at] of places) if (at.length > Math.floor(b.length / 100) + 1) places.delete(sign);
    let matched = 0;
    const pending = [[0, a.length, 0, b.length]];
    while (pending.length) {
      const [aLow, aHigh, bLow, bHigh] = pending.pop();
      let [bestA, bestB, best] = [aLow, bLow, 0];
      let lengths = new Map();
      for (let i = aLow; i < aHigh; i++) {
        const next = new Map();
        for (const j of places.get(a[i]) ?? []) {
          if (j < bLow) continue;
          if (j >= bHigh) break;
          const length = (lengths.get(j - 1) ?? 0) + 1;
          next.set(j, length);
          if (length > best) [bestA, bestB, best] = [i - length + 1, j - length + 1, length];
        }
        lengths = next;
      }
      while (bestA > aLow && bestB > bLow && a[bestA - 1] === b[bestB - 1]) [bestA, bestB, best] = [bestA - 1, bestB - 1, best + 1];
      while (bestA + best < aHigh && bestB + best < bHigh && a[bestA + best] === b[bestB + best]) best += 1;
      if (best) {
        matched += best;
        if (aLow < bestA && bLow < bestB) pending.push([aLow, bestA, bLow, bestB]);
        if (bestA + best < aHigh && bestB + best < bHigh) pending.push([bestA + best, aHigh, bestB + best, bHigh]);
      }
    }
    return a.length + b.length ? (2 * matched) / (a.length + b.length) : 1;
  }

  const bySigns = (one, other) => {
    const [a, b] = [signs(one), signs(other)];
    for (let at = 0; at < Math.min(a.length, b.length); at++) if (a[at] !== b[at]) return a[at].codePointAt(0) - b[at].codePointAt(0);
    return a.length - b.length;
  };
  const closest = (word, choices, most, cutoff) =>
    choices
      .map((choice) => [ratio(choice, word), choice])
      .filter(([alike]) => alike >= cutoff)
      .sort((one, other) => other[0] - one[0] || bySigns(other[1], one[1]))
      .slice(0, most)
      .map(([, choice]) => choice);

  // How hard a text is to read: the rule of scripts/lerkb/text/reading.py.

  const SENTENCE_END = /(?<=[.?!])["”’)]*\s+(?=[A-Z“"(])/u;
  const WORD = /[A-Za-z]+(?:[’'][A-Za-z]+)*/gu;
  const VOWELS = /[aeiouy]+/gu;
  const SILENT = /(?:[^laeiouy]e|[aeiouy]le|[^aeiouydtl]ed|[aeiouy]led|[^aeiouysxzcghl]es|[aeiouy]les)$/u;
  const SILENT_WITHIN = /(?:^some|[aeiouy][^aeiouyl]e(?=ment|ly$|ful|ty$|less|ness|thing|one$|where)|^every|elsewhere$|whole)(?=[a-z])/u;
  const TWO = /(?<![tscgnl])i[ao](?!u)|(?<![qg])u[ao](?!y)|ue(?=r)|[aeiou]ing|[^aeiou]ie(?=r|nt|t)/gu;
  const LIST = /\n\s*\n|\n\s*(?:[-*]|\d+\.)\s/u;
  const words = (text) => text.match(WORD) ?? [];
  const sentences = (text) =>
    text.split(LIST).flatMap((line) => split(line).join(" ").split(SENTENCE_END)).filter((part) => part.search(WORD) >= 0);

  function syllables(word) {
    const bare = fold(word).replaceAll("’", "").replaceAll("'", "");
    const spoken = bare.replace(/^y(?=[aeiou])/u, "");
    const count = (spoken.match(VOWELS) ?? []).length + (spoken.match(TWO) ?? []).length;
    return Math.max(count - SILENT.test(bare) - SILENT_WITHIN.test(bare), 1);
  }

  function grade(text) {
    const counted = words(text);
    if (!counted.length) return 0;
    const parts = sentences(text).length || 1;
    const spoken = counted.reduce((sum, word) => sum + syllables(word), 0);
    return (0.39 * counted.length) / parts + (11.8 * spoken) / counted.length - 15.59;
  }

  // The schemas, as scripts/lerkb/schemas.py reads them

  class Schemas {
    constructor(documents, Validator) {
      this.documents = documents;
      this.Validator = Validator;
      this.validators = new Map();
      this.known = new Map();
    }

    // A schema with its references followed and laid under its own words, and the document it then stands in.
    resolve(schema, document) {
      while (own(schema, "$ref")) {
        const { $ref, ...rest } = schema;
        const [target, found] = this.follow($ref, document);
        [schema, document] = [{ ...target, ...rest }, found];
      }
      return [schema, document];
    }

    of(kind) {
      return this.documents[`${kind}.schema.json`];
    }

    // Every field of a kind with its place (“*” for that in a list), parents first.
    specs(kind) {
      if (!this.known.has(kind)) this.known.set(kind, [...this.walk(this.of(kind), `${kind}.schema.json`, [])]);
      return this.known.get(kind);
    }

    *walk(raw, within, pattern) {
      const [schema, document] = this.resolve(raw, within);
      if (pattern.length) yield { pattern, schema };
      for (const [name, child] of Object.entries(schema.properties ?? {})) yield* this.walk(child, document, [...pattern, name]);
      if (isGroup(schema.items)) yield* this.walk(schema.items, document, [...pattern, "*"]);
    }

    // The schema of the field at a place, and those of the fields in it; null if there is no such field.
    described(kind, field) {
      let [schema, document] = this.resolve(this.of(kind), `${kind}.schema.json`);
      for (const part of field) {
        const properties = schema.properties ?? {};
        const child = typeof part === "number" ? schema.items : own(properties, part) ? properties[part] : undefined;
        if (!isGroup(child)) return {};
        [schema, document] = this.resolve(child, document);
      }
      const children = Object.entries(schema.properties ?? {}).map(([name, child]) => [name, this.resolve(child, document)[0]]);
      return children.length ? { ...schema, properties: Object.fromEntries(children) } : schema;
    }

    // Every value of a record whose field plays a role: its place, itself, its schema.
    *values(kind, data, role) {
      for (const { pattern, schema } of this.specs(kind)) if (roles(schema).includes(role)) for (const [field, value] of at(data, pattern, [])) yield [field, value, schema];
    }

    // What the validator says of a record, each error once and freed from its library.
    errors(kind, data) {
      if (!this.validators.has(kind)) {
        const validator = new this.Validator(this.of(kind), "2020-12", false);
        for (const [name, document] of Object.entries(this.documents)) if (name !== `${kind}.schema.json`) validator.addSchema(document);
        this.validators.set(kind, validator);
      }
      const found = new Map();
      for (const error of this.validators.get(kind).validate(data).errors) {
        const made = this.error(kind, data, error);
        if (made) found.set(JSON.stringify(made.identity), made);
      }
      return [...found.values()];
    }

    error(kind, data, { keyword, keywordLocation, instanceLocation }) {
      // What only leads to an error is none; the parts of an alternative, and of a rule for names, say nothing that it does not say itself.
      if (["$ref", "properties", "items", "allOf", "if", "false"].includes(keyword)) return null;
      const steps = keywordLocation.split("/").slice(1, -1).map(unescaped);
      let [schema, document] = [this.of(kind), `${kind}.schema.json`];
      while (steps.length) {
        const step = steps.shift();
        if (["oneOf", "anyOf", "propertyNames"].includes(step)) return null;
        if (step === "$ref") [schema, document] = this.follow(schema.$ref, document);
        else schema = ["properties", "allOf"].includes(step) ? schema[step][steps.shift()] : schema[step];
      }
      let [field, instance] = [[], data];
      for (const step of instanceLocation.split("/").slice(1).map(unescaped)) {
        const part = Array.isArray(instance) ? Number(step) : step;
        [field, instance] = [[...field, part], instance[part]];
      }
      return keyword === "propertyNames" ? this.names(schema, instance, field, kind) : this.made(keyword, schema[keyword], instance, field, schema, kind);
    }

    follow(reference, document) {
      const [name, path = ""] = reference.split("#");
      const found = name || document;
      return [path.split("/").filter(Boolean).reduce((part, step) => part[step], this.documents[found]), found];
    }

    made(keyword, expected, instance, field, schema, kind) {
      const described = { ...schema, ...this.described(kind, field) };
      return { keyword, expected, instance, field, schema: described, kind, identity: [keyword, field, expected] };
    }

    // All names of a group that may not stand there; told one by one.
    names(schema, instance, field, kind) {
      const allowed = schema.propertyNames.enum;
      const wrong = Object.keys(instance).filter((name) => !allowed.includes(name));
      return { keyword: "propertyNames", expected: allowed, instance: wrong, field, schema, kind, identity: ["propertyNames", field, wrong] };
    }
  }

  const unescaped = (step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");

  function* at(value, pattern, field) {
    if (!pattern.length) yield [field, value];
    else if (pattern[0] === "*") {
      if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* at(item, pattern.slice(1), [...field, index]);
    } else if (isGroup(value) && own(value, pattern[0])) yield* at(value[pattern[0]], pattern.slice(1), [...field, pattern[0]]);
  }

  function* texts(value, field = []) {
    if (typeof value === "string") yield [field, value];
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* texts(item, [...field, index]);
    else if (isGroup(value)) for (const [name, item] of Object.entries(value)) yield* texts(item, [...field, name]);
  }

  // One family’s words and numbers

  class Catalogue {
    constructor(data) {
      this.data = data;
      this.compiled = new Map();
    }

    // A problem: its field, and the message and hint in words; `at` is where a form asks for what is missing. A hint that is handed over takes the place of the catalogue’s.
    problem(name, field, values = {}, hint = null) {
      const told = this.data.messages[name];
      return { field, message: fill(told.message, values), hint: hint ?? fill(told.hint ?? "", values) };
    }

    hint(name, values = {}) {
      return fill(this.data.messages[name].hint, values);
    }

    threshold(name) {
      return this.data.thresholds[name];
    }

    terms(name) {
      return this.data.terms[name];
    }

    pattern(name, flags = "u") {
      return this.compile(this.data.patterns[name], flags);
    }

    compile(source, flags) {
      const id = flags + source;
      if (!this.compiled.has(id)) this.compiled.set(id, new RegExp(asHere(source), flags));
      const made = this.compiled.get(id);
      made.lastIndex = 0;
      return made;
    }
  }

  // The knowledge base as the site hands it over: kind → rows of id, title, status, then what the kind has

  class Base {
    constructor(records, folders, failed = []) {
      this.folders = folders;
      this.failed = new Set(failed.map(key));
      this.rows = Object.fromEntries(Object.keys(folders).map((kind) => [kind, new Map((records[kind] ?? []).map((row) => [row.id, row]))]));
    }

    get(kind, id) {
      return this.rows[kind]?.get(id);
    }

    isFailed(kind, id) {
      return this.failed.has(key([kind, id]));
    }

    ids(kind) {
      return [...(this.rows[kind]?.keys() ?? [])];
    }

    path(kind, id) {
      return this.get(kind, id)?.path ?? `${this.folders[kind]}/${id}.yaml`;
    }
  }

  function make({ schemas: documents, catalogue, folders, checks: all, anchors, strength, records, failed, Validator, today }) {
    const schemas = new Schemas(documents, Validator);
    const base = new Base(records, folders, failed);
    const said = Object.fromEntries(Object.entries(catalogue).map(([family, data]) => [family, new Catalogue(data)]));
    const { schema: SCH, references: REF, identity: IDN, evidence: EVI, equity: EQU, language: LAN, lifecycle: LIF, privacy: PRV, safety: SAF, waivers: WAI } = said;

    const shown = SCH.threshold("shown");
    const listed = (names, last = "or") => {
      const quoted = [...names].map((name) => `\`${name}\``);
      return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} ${last} ${quoted.at(-1)}`;
    };
    const nameOf = (field) => {
      const names = field.filter((part) => typeof part === "string");
      return names.length ? `\`${names.at(-1)}\`` : "the record";
    };
    const article = (kind) => ("aeio".includes(kind[0]) ? "an " : "a ") + plain(kind);
    const kebab = (text) => fold(text).replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "") || "a-short-name";

    function written(value) {
      if (Array.isArray(value)) return "a list";
      if (isGroup(value)) return "a group of fields";
      const flat = (value === null ? "nothing" : String(value)).replace(/[\n\r\u0085\u2028\u2029]/g, "⏎");
      return size(flat) > shown ? `\`${cut(flat, 0, shown)}…\`` : `\`${flat}\``;
    }

    function nearest(word, choices) {
      const names = [...choices];
      const meant = names.some((name) => name.includes("-")) ? fold(word.trim()).replace(/[\s_]+/gu, "-") : word;
      let [best] = closest(meant, names, 1, SCH.threshold("alike"));
      if (best === undefined) {
        const parts = (text) => [...new Set(text.split(/[-_ ]/))].sort().join("\n");
        best = names.find((name) => meant && (meant.includes(name) || name.includes(meant) || parts(meant) === parts(name)));
      }
      return best === undefined ? "" : `did you mean \`${best}\`?`;
    }

    function certain(word, choices) {
      const near = closest(word, [...choices], 2, SCH.threshold("certain"));
      return near.length === 1 && word ? near[0] : "";
    }

    const named = (errors, ...keywords) => errors.filter((error) => keywords.includes(error.keyword));
    const known = (error) => Object.keys(error.schema.properties ?? {});
    const misspelled = (error) => new Set(Object.keys(error.instance).filter((name) => !known(error).includes(name)).map((name) => certain(name, known(error))));
    const SIZES = ["maxLength", "minLength", "maxItems", "minItems", "minimum", "maximum", "minProperties", "maxProperties"];
    const TYPES = new Map(SCH.terms("types").map((item) => [item.type, item.words]));

    function* missing(error, name) {
      const described = (error.schema.properties ?? {})[name] ?? {};
      const example = (described.examples ?? [""])[0];
      const what = String(described.description ?? "").split(". ")[0].replace(/\.+$/, "");
      const short = ["string", "number"].includes(typeof example) && size(String(example)) > 0 && size(String(example)) <= shown;
      const hint = short ? null : SCH.hint("missing-field.no-example", { name, what });
      const values = { of: nameOf(error.field), kind: article(error.kind), name, example, what };
      yield { ...SCH.problem(error.field.length ? "missing-field.inside" : "missing-field", error.field, values, hint), at: [...error.field, name] };
    }

    function listHint(error, choices) {
      if (choices.length <= SCH.threshold("listed")) return null;
      const vocabulary = error.schema["x-vocabulary"];
      return vocabulary ? SCH.hint("not-in-the-list.vocabulary", { vocabulary }) : SCH.hint("not-in-the-list.many");
    }

    function severalHint(value, choices) {
      const parts = value.split(/[,;\s]+(?:and )?/u).filter(Boolean);
      const several = parts.length > 1 && parts.every((part) => choices.includes(part));
      return several ? SCH.hint("not-in-the-list.several", { each: parts.map((part) => `\`- ${part}\``).join(", ") }) : "";
    }

    const whatIs = (value) => {
      if (value === null) return "empty";
      if (typeof value === "boolean") return `\`${value}\` (true or false)`;
      if (typeof value === "number") return `the number \`${value}\``;
      return Array.isArray(value) ? "a list" : isGroup(value) ? "a group of fields" : "text";
    };

    function typeHint(error, expected) {
      const value = error.instance;
      if (value === null) return SCH.hint("wrong-type.empty");
      if (expected.includes("string") && ["number", "boolean"].includes(typeof value)) return quotesHint(error);
      if (expected.includes("array") && !Array.isArray(value) && !isGroup(value)) return entriesHint(error);
      if (expected.includes("object") && typeof value === "string") {
        const first = known(error).slice(0, 3);
        return first.length ? SCH.hint("wrong-type.group", { known: listed(first) }) : "";
      }
      if (expected.includes("string") && (isGroup(value) ? Object.keys(value).length : value.length)) return oneTextHint(error);
      return "";
    }

    function oneTextHint(error) {
      if (isGroup(error.instance)) return SCH.hint("wrong-type.colon-in-text");
      const [only, field] = [error.instance[0], error.field.at(-1)];
      const one = error.instance.length === 1 && typeof only === "string" && size(only) <= shown && typeof field === "string";
      return one ? SCH.hint("wrong-type.one-text", { field, value: only }) : SCH.hint("wrong-type.no-list");
    }

    function entriesHint(error) {
      const value = pythonText(error.instance);
      const entries = error.schema.items ?? {};
      if (SCH.pattern("list-signs").test(value)) {
        const parts = value.split(/^[*•–—-] |[,;] | [*•–—-] /u).map((part) => part.trim());
        return SCH.hint("wrong-type.list-signs", { value: parts.find(Boolean) ?? "" });
      }
      if (size(value) > shown) return SCH.hint("wrong-type.list-of-any");
      if (own(entries, "properties") || own(entries, "$ref")) {
        const first = (entries.required ?? [""])[0];
        return first ? SCH.hint("wrong-type.list-of-groups", { first, value }) : SCH.hint("wrong-type.list-of-any");
      }
      return SCH.hint("wrong-type.list", { value });
    }

    const pythonText = (value) => (typeof value === "boolean" ? (value ? "True" : "False") : String(value));

    function quotesHint(error) {
      const { pattern, examples = [""] } = error.schema;
      const [role, kind] = [String(error.schema["x-role"] ?? ""), String(error.schema["x-kind"] ?? "")];
      if (role.includes("reference") && !role.includes("local") && kind !== "same") return SCH.hint("wrong-type.reference", { kind: plain(kind), example: examples[0] });
      if (pattern && !new RegExp(pattern, "u").test(pythonText(error.instance))) return examples[0] ? SCH.hint("wrong-type.like", { example: examples[0] }) : "";
      return options(error.schema).size ? SCH.hint("wrong-type.choose") : SCH.hint("wrong-type.quotes");
    }

    function formHint(error) {
      const role = String(error.schema["x-role"] ?? "");
      if (role.includes("identifier") || role.includes("local-id")) return SCH.hint("wrong-form.id", { id: kebab(without(without(String(error.instance), ".yaml"), ".yml")) });
      const kind = plain(String(error.schema["x-kind"] ?? ""));
      if (role.includes("citation")) return SCH.hint("wrong-form.citation", { kind });
      if (role.includes("reference") && !role.includes("local")) return SCH.hint("wrong-form.reference", { what: kind === "same" ? "the other record" : `the ${kind} record` });
      return "";
    }

    function aTitle(schema, field) {
      const title = fold(String(schema.title ?? ""));
      return title && !nameOf(field).includes(title.replaceAll(" ", "_")) ? `${nameOf(field)} (${title})` : nameOf(field);
    }

    const bounded = { string: size, list: (value) => value.length, group: (value) => Object.keys(value).length };
    const sizeOf = (value) => (typeof value === "string" ? bounded.string(value) : Array.isArray(value) ? bounded.list(value) : isGroup(value) ? bounded.group(value) : value);
    const equal = (one, other) => JSON.stringify(one) === JSON.stringify(other);

    // Checks of the shape: what the validator says, parted by what the contributor did

    const shape = {
      *SCH001(errors) {
        for (const error of named(errors, "additionalProperties")) {
          const names = known(error);
          for (const name of Object.keys(error.instance).filter((one) => !names.includes(one))) {
            const above = names.filter((one) => own(error.schema.properties[one].properties ?? {}, name));
            const variant = above.length === 1 ? "unknown-field.deeper" : names.length <= SCH.threshold("listed") ? "unknown-field" : "unknown-field.many";
            const values = { name: cut(name, 0, shown), where: error.field.length ? nameOf(error.field) : article(error.kind), group: above[0], known: listed(names) };
            yield SCH.problem(variant, [...error.field, name], values, nearest(name, names) || null);
          }
        }
        for (const error of named(errors, "propertyNames")) {
          for (const name of error.instance) yield SCH.problem("unknown-field.withdrawn", [...error.field, name], { name, allowed: listed(error.expected) });
        }
      },
      *SCH002(errors) {
        for (const error of named(errors, "required")) {
          const slips = misspelled(error);
          for (const name of error.expected) if (!own(error.instance, name) && !slips.has(name)) yield* missing(error, name);
        }
      },
      *SCH003(errors) {
        for (const error of named(errors, "type")) {
          const expected = [error.expected].flat();
          const values = { name: nameOf(error.field), wanted: expected.map((name) => TYPES.get(name)).join(" or "), given: whatIs(error.instance) };
          yield SCH.problem("wrong-type", error.field, values, typeHint(error, expected));
        }
      },
      *SCH004(errors) {
        for (const error of named(errors, "oneOf", "enum", "const")) {
          const allowed = error.keyword === "oneOf" ? options(error.schema) : new Map();
          if (error.keyword === "oneOf" && !allowed.size) continue; // alternatives, not a list of values: SCH007
          const choices = allowed.size ? [...allowed.keys()] : [error.expected].flat();
          if (typeof error.instance !== "string") continue; // its type is wrong, and SCH003 says so
          const names = new Map();
          for (const [value, option] of allowed) for (const name of [...(option["x-also"] ?? []), option.title ?? ""]) names.set(fold(String(name)), value);
          const meant = names.get(fold(error.instance).trim());
          const hint = meant ? `did you mean \`${meant}\`?` : nearest(error.instance, choices);
          const values = { value: written(error.instance), name: nameOf(error.field), choices: listed(choices) };
          yield SCH.problem("not-in-the-list", error.field, values, severalHint(error.instance, choices) || hint || listHint(error, choices));
        }
      },
      *SCH005(errors) {
        const seen = new Set();
        for (const error of named(errors, "pattern", "format")) {
          if (seen.has(key(error.field))) continue; // a date fails its pattern and its format
          seen.add(key(error.field));
          const example = (error.schema.examples ?? [""])[0];
          const hint = formHint(error) || (example ? null : "");
          yield SCH.problem("wrong-form", error.field, { value: written(error.instance), what: aTitle(error.schema, error.field), example }, hint);
        }
      },
      *SCH006(errors) {
        for (const error of named(errors, ...SIZES)) {
          yield SCH.problem(`too-long-or-short.${error.keyword}`, error.field, { name: nameOf(error.field), size: sizeOf(error.instance), limit: error.expected });
        }
      },
      *SCH007(errors) {
        for (const error of named(errors, "oneOf", "anyOf")) {
          const alternatives = error.expected.map((option) => option.required ?? []);
          if (!alternatives.some((names) => names.length) || !isGroup(error.instance)) continue;
          const has = (name) => own(error.instance, name);
          const given = alternatives.filter((names) => names.every(has));
          const started = alternatives.find((names) => names.some(has));
          const either = alternatives.map((names) => listed(names, "and")).join(" or ");
          const name = nameOf(error.field);
          if (given.length > 1) yield SCH.problem("no-alternative-fits.several", error.field, { name, given: given.map((names) => listed(names, "and")).join(" and ") });
          else if (started) {
            const lacking = started.filter((part) => !has(part));
            yield SCH.problem("no-alternative-fits.half", error.field, { name, started: listed(started.filter(has), "and"), lacking: listed(lacking, "and") });
          } else if (!alternatives.flat().some((part) => misspelled(error).has(part))) {
            yield SCH.problem("no-alternative-fits.none", error.field, { name, neither: either.replace(" or ", " nor "), either });
          }
        }
      },
      *SCH008(errors) {
        for (const error of named(errors, "uniqueItems")) {
          for (const [index, item] of error.instance.entries()) {
            if (error.instance.slice(0, index).some((other) => equal(item, other))) yield SCH.problem("twice-in-a-list", [...error.field, index], { value: written(item), name: nameOf(error.field) });
          }
        }
      },
    };

    // Checks of all texts, whatever their field

    const mask = (text) => (size(text) > 2 ? cut(text, 0, 2) + "…" : "…");
    const flat = (text) => {
      const line = signs(split(text).join(" ")).map((sign) => (isPrintable(sign) ? sign : "·"));
      return line.length <= 30 ? line.join("") : line.slice(0, 29).join("") + "…";
    };

    function* personal(data, name, pattern, what = "", accept = () => true) {
      for (const [field, text] of texts(data)) {
        const bare = text.replace(PRV.pattern("address-of-page", "gu"), (found) => " ".repeat(found.length));
        for (const [found] of bare.matchAll(PRV.pattern(pattern, "gu"))) if (accept(found)) yield PRV.problem(name, field, { shown: mask(found), what });
      }
    }

    // Numbers that only the tables of assets/numbers.js can tell from others; they are fetched once there is such a number.
    const byNumbers = ["PRV002", "PRV004"];
    let [numbers, areNumbersWanted] = [null, false];
    const ask = (what) => (text) => {
      areNumbersWanted ||= !numbers;
      return Boolean(numbers?.[what](text));
    };
    const isSocialSecurity = (text) => !PRV.terms("published-numbers").includes(text);
    function isCard(text) {
      const digits = text.replace(/\P{Nd}/gu, "");
      const sum = [...digits].reverse().reduce((total, digit, at) => total + (at % 2 ? Math.floor((digit * 2) / 10) + ((digit * 2) % 10) : Number(digit)), 0);
      return /^[3-6][0-9]*$/.test(digits) && sum % 10 === 0; // https://en.wikipedia.org/wiki/Luhn_algorithm
    }

    function* unsafe(data, name, pattern) {
      for (const [field, text] of texts(data)) {
        const match = SAF.pattern(pattern).exec(text);
        if (match) yield SAF.problem(name, field, { shown: flat(match[0]) });
      }
    }

    const people = (() => {
      const each = [...PRV.terms("roles")].sort((one, other) => size(other) - size(one)).map(escaped).join("|");
      const either = (text) => [...text].map((sign) => (/[a-z]/.test(sign) ? `[${sign}${sign.toUpperCase()}]` : sign)).join("");
      const any = either(each);
      return new RegExp(`\\b(?:(?:${any}) (?:${either("named")}|${either("called")}) [A-Z][a-z’'-]+|(?:${any})[sS] (?:${either("named")}|${either("called")}) [A-Z][a-z’'-]*[a-rt-z]\\b)`, "gu");
    })();

    // What is odd about an address, or nothing: read in the way of Python’s urlsplit, since browsers mend what they are given.
    function odd(address) {
      const net = address.replace(/^[^:]*:\/\//, "").split(/[/?#]/)[0];
      const host = fold(net.slice(net.lastIndexOf("@") + 1));
      const [, name, port] = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/s.exec(host) ?? [null, null, null];
      if (name === null || (port && !/^[0-9]+$/.test(port)) || Number(port ?? 0) > 65535) return "a site whose name cannot be read";
      const last = without(name, ".").split(".").at(-1);
      const isNumber = name.startsWith("[") || /^\d+$/.test(last) || last.startsWith("0x");
      if (net.includes("@")) return "a site with a user’s name before it";
      if (port && !["80", "443"].includes(String(Number(port)))) return `an unusual port (${Number(port)})`;
      if (name === "localhost" || [".local", ".internal", ".localhost"].some((end) => name.endsWith(end))) return "a machine that only its owner can reach";
      if (isNumber) return "a number instead of a site’s name";
      if (/[^\x00-\x7f]/.test(name) || name.split(".").some((label) => label.startsWith("xn--"))) return "a site whose name has letters beyond a to z";
      return "";
    }

    const everywhere = {
      *PRV001({ data }) {
        yield* personal(data, "email-address", "email");
      },
      *PRV002({ kind, data }) {
        if (kind !== "source") yield* personal(data, "phone-number", "phone", "", ask("isPhone"));
      },
      *PRV003({ data }) {
        yield* personal(data, "postal-address", "street");
      },
      *PRV004({ data }) {
        yield* personal(data, "personal-number", "social-security-number", "social security number", isSocialSecurity);
        yield* personal(data, "personal-number", "bank-account", "bank account number", ask("isAccount"));
        yield* personal(data, "personal-number", "card-number", "card number", isCard);
        yield* personal(data, "personal-number", "passport", "passport number");
      },
      *PRV005({ data }) {
        yield* personal(data, "date-of-birth", "birth");
      },
      *PRV006({ kind, data }) {
        if (kind === "source") return;
        for (const pattern of [people, PRV.pattern("titled", "gu")]) {
          for (const [field, text] of texts(data)) {
            for (const match of text.matchAll(pattern)) yield PRV.problem("private-person", field, { shown: match[0].slice(0, match[0].lastIndexOf(" ")) + " …" });
          }
        }
      },
      *PRV007({ data }) {
        yield* personal(data, "position", "position");
      },
      *PRV008({ data }) {
        for (const [field, text] of texts(data)) {
          for (const { what, pattern } of PRV.terms("secrets")) if (PRV.compile(pattern, "u").test(text)) yield PRV.problem("secret", field, { what });
        }
      },
      *SAF001({ data }) {
        yield* unsafe(data, "markup", "markup");
        yield* unsafe(data, "markup", "entity");
      },
      *SAF002({ data }) {
        yield* unsafe(data, "template-syntax", "template");
      },
      *SAF003({ data }) {
        yield* unsafe(data, "dangerous-link", "dangerous-scheme");
      },
      *SAF004({ data }) {
        for (const [field, text] of texts(data)) {
          for (const match of text.matchAll(SAF.pattern("invisible", "gu"))) {
            const around = [signs(text.slice(0, match.index)).at(-1) ?? "", signs(text.slice(match.index + match[0].length))[0] ?? ""];
            if ("\u200c\u200d".includes(match[0]) && around.every((sign) => SAF.pattern("joined-script").test(sign))) continue;
            const last = field.at(-1);
            const code = match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
            yield SAF.problem("invisible-character", field, { code, name: typeof last === "string" ? `\`${last}\`` : "this text" });
            break;
          }
        }
      },
      *SAF005({ data }) {
        for (const [field, text] of texts(data)) {
          for (const match of text.matchAll(SAF.pattern("word", "gu"))) {
            const unit = new RegExp(`^(?:${SAF.data.patterns.unit})$`, "u").test(match[0]);
            if (SAF.pattern("other-alphabet").test(match[0]) && SAF.pattern("latin").test(match[0]) && !unit) {
              yield SAF.problem("lookalike-letters", field, { shown: flat(match[0]) });
              break;
            }
          }
        }
      },
      *SAF006({ data }) {
        for (const [field, text] of texts(data)) {
          for (const match of text.matchAll(SAF.pattern("page-address", "gu"))) {
            const what = odd(match[0].replace(/[.,;:]+$/, ""));
            if (what) yield SAF.problem("odd-address", field, { what });
          }
        }
      },
      *SAF007({ data }) {
        const longest = SAF.threshold("longest-word");
        for (const [field, text] of texts(data)) {
          const most = Math.max(0, ...split(text).filter((word) => !word.includes("://")).map(size));
          if (most > longest) yield SAF.problem("unbroken-text", field, { size: group(most) });
        }
      },
      *SAF009({ data }) {
        for (const [field, text] of texts(data)) if (SAF.pattern("formula").test(text)) yield SAF.problem("formula", field, { shown: signs(text)[0] });
      },
    };

    // Checks of names: what a record is called, and what it names

    function* references({ kind, data }) {
      for (const [field, value, schema] of schemas.values(kind, data, "reference")) yield { field, kind: schema["x-kind"] === "same" ? kind : schema["x-kind"], id: value };
      for (const [field, value, schema] of schemas.values(kind, data, "citation")) {
        const [id, partId = ""] = splitOnce(value, "#");
        yield { field, kind: schema["x-kind"], id, part: schema["x-part"], partId };
      }
    }

    const splitOnce = (text, sign) => {
      const at = text.indexOf(sign);
      return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
    };
    const partsOf = (data, name) => {
      const list = Array.isArray(data[name]) && isGroup(data[name][0]) ? data[name] : [];
      return new Map(list.filter((part) => own(part, "id")).map((part) => [part.id, part]));
    };

    function byNumber({ kind, id }) {
      const match = new RegExp(`^(?:${kind}|${kind[0]})?[- ]?0?(\\d+)$`, "iu").exec(id);
      const rows = match ? [...(base.rows[kind]?.values() ?? [])] : [];
      return rows.find((row) => row.number === Number(match[1]) && row.status !== "retired")?.id ?? rows.find((row) => row.number === Number(match[1]))?.id ?? "";
    }

    const names = {
      *IDN002({ kind, data, existing }) {
        if (!existing && base.get(kind, data.id)) yield IDN.problem("duplicate-id", ["id"], { id: data.id, path: base.path(kind, data.id) });
      },
      *IDN004({ kind, data }) {
        const seen = new Map();
        for (const [field, value] of schemas.values(kind, data, "local-id")) {
          const list = key(field.slice(0, -2));
          if (seen.get(list)?.has(value)) yield IDN.problem("part-id-twice", field, { id: value, list: field.at(-3) });
          seen.set(list, (seen.get(list) ?? new Set()).add(value));
        }
      },
      *IDN005({ kind, data, whole }) {
        if (kind !== "principle" || !whole) return;
        const others = [...base.rows.principle.values()].filter((row) => row.number);
        const other = others.find((row) => row.number === data.number && row.id !== data.id);
        if (other) yield IDN.problem("principle-number-twice", ["number"], { number: data.number, other: other.id, free: Math.max(data.number, ...others.map((row) => row.number)) + 1 });
      },
      *IDN006({ kind, data, existing }) {
        if (data.status === "retired") return;
        const others = Object.keys(folders).filter((other) => !(existing && other === kind));
        const retired = others.filter((other) => base.get(other, data.id)?.status === "retired").pop();
        if (retired) yield IDN.problem("retired-id-used-again", ["id"], { id: data.id, path: base.path(retired, data.id) });
      },
      *IDN001({ data, stem }) {
        if (stem && data.id !== stem) yield IDN.problem("id-is-not-the-file-name", ["id"], { id: data.id, stem });
      },
      *IDN007({ kind, data }) {
        if (!anchors[kind]) return;
        const { part, fixed, filled } = anchors[kind];
        const named = [...schemas.values(kind, data, "local-id")];
        const others = named.filter(([field]) => field[0] !== part).map(([, value]) => value);
        const taken = new Set([...fixed, ...filled.flatMap(([before, after, numbered]) => others.map((other, at) => before + (numbered ? at + 1 : other) + after))]);
        for (const [field, value] of named) if (field[0] === part && taken.has(value)) yield IDN.problem("part-id-of-the-page", field, { id: value });
      },
      *REF001(record) {
        for (const reference of references(record)) {
          const { kind, id } = reference;
          if (lookup(record, kind, id) || isFailed(record, kind, id) || otherKind(record, id, kind)) continue;
          const numbered = byNumber(reference);
          const hint = numbered ? `did you mean \`${numbered}\`?` : nearest(id, ids(record, kind)) || null;
          yield REF.problem("unknown-reference", reference.field, { kind: plain(kind), id, path: `${folders[kind]}/${id}.yaml` }, hint);
        }
      },
      *REF002(record) {
        for (const { field, kind, id } of references(record)) {
          if (lookup(record, kind, id) || isFailed(record, kind, id)) continue;
          const other = otherKind(record, id, kind);
          if (other) yield REF.problem("reference-to-another-kind", field, { id, other: plain(other), kind: plain(kind) });
        }
      },
      *REF003(record) {
        for (const { field, kind, id, part, partId } of references(record)) {
          const target = part ? lookup(record, kind, id) : null;
          if (!target || target.withdrawn || (target[part] ?? []).includes(partId)) continue;
          const near = nearest(partId, target[part] ?? []).replace("did you mean `", `did you mean \`${id}#`);
          yield REF.problem("unknown-part", field, { id, part: part.replace(/s+$/, ""), part_id: partId, path: base.path(kind, id) }, near || null);
        }
      },
      *REF004(record) {
        if (record.data.status === "retired") return;
        for (const { field, kind, id } of references(record)) {
          const target = lookup(record, kind, id);
          if (target?.status !== "retired" || target.withdrawn) continue;
          if (target.successor) yield REF.problem("reference-to-retired.successor", field, { id, successor: target.successor });
          else yield REF.problem("reference-to-retired", field, { id });
        }
      },
      *REF005(record) {
        for (const { field, kind, id } of references(record)) if (kind === record.kind && id === record.data.id) yield REF.problem("reference-to-itself", field);
      },
      *REF006({ kind, data, unread = new Set() }) {
        for (const [field, value, schema] of schemas.values(kind, data, "local-reference")) {
          const part = schema["x-part"];
          const parts = partsOf(data, part);
          if (parts.has(value) || unread.has(part)) continue;
          yield REF.problem("unknown-claim", field, { part: part.replace(/s+$/, ""), id: value, list: part }, nearest(value, parts.keys()) || null);
        }
      },
      *REF007(record) {
        if (record.data.status !== "published") return;
        for (const { field, kind, id } of references(record)) if (lookup(record, kind, id)?.status === "draft") yield REF.problem("reference-to-draft", field, { id });
      },
    };

    // A record is one of its knowledge base, under its own id and with its own parts, even if it is only now being written.
    const itself = ({ kind, data, whole }) => (whole ? { id: data.id, status: data.status, successor: data.retired?.successor, withdrawn: own(data, "withdrawn"), ...Object.fromEntries(["findings", "gaps", "claims"].map((part) => [part, [...partsOf(data, part).keys()]])) } : undefined);
    const lookup = (record, kind, id) => (record.whole && record.kind === kind && record.data.id === id ? itself(record) : base.get(kind, id));
    const isFailed = (record, kind, id) => base.isFailed(kind, id) || (!record.whole && record.kind === kind && record.stem === id);
    const otherKind = (record, id, kind) => Object.keys(folders).find((other) => other !== kind && lookup(record, other, id)) ?? "";
    const ids = (record, kind) => (record.whole && record.kind === kind && !base.get(kind, record.data.id) ? [...base.ids(kind), record.data.id] : base.ids(kind));

    // Checks of a record whose shape is right

    function* prose({ kind, data }, left = ["source", "vocabulary"]) {
      if (left.includes(kind)) return;
      for (const [field, value, schema] of schemas.values(kind, data, "prose")) if (typeof value === "string") yield [field, value, schema];
    }

    const findings = ({ data }) => [...(data.findings ?? []).entries()].map(([index, finding]) => [["findings", index], finding]);
    const PLACEHOLDER = "placeholder";

    // Letters that readers know, or that the glossary or a vocabulary explains; a term that is written explains those of its own names.
    const others = Object.values(base.rows).flatMap((rows) => [...rows.values()]).filter((row) => row.letters);
    const lettersOf = (rows) => rows.flatMap((row) => row.letters.split(" "));
    const readersKnow = new Set([...LAN.terms("known-letters"), ...lettersOf(others)]);
    function lettersKnownTo({ kind, data, existing }) {
      const row = base.get(kind, data.id);
      if (kind !== "term" || (row && !existing)) return readersKnow;
      const own = data.status === "retired" ? [] : [data.title ?? data.id, ...(data.also ?? [])].flatMap((name) => String(name).match(LAN.pattern("letters-of-a-name", "gu")) ?? []);
      return new Set([...LAN.terms("known-letters"), ...lettersOf(others.filter((other) => other !== row)), ...own]);
    }

    // Whether a record writes letters out: in brackets beside their words, or as a name in its title or id.
    function isExplained(letters, data) {
      const written = [`(${letters})`, `${letters} (`, `, ${letters})`];
      if ([...texts(data)].some(([, text]) => written.some((piece) => text.includes(piece)))) return true;
      return String(data.title ?? data.id).includes(letters) || data.id.split(/[-#]/).includes(fold(letters));
    }

    const readable = {
      *LAN001(record) {
        const [limit, least] = [LAN.threshold("worker-grade"), LAN.threshold("worker-least-words")];
        if (record.data.status !== "published") return;
        for (const [field, text, schema] of prose(record)) {
          const found = schema["x-audience"] === "worker" && words(text).length >= least ? grade(text) : 0;
          if (found > limit) yield LAN.problem("worker-grade", field, { grade: found.toFixed(1), limit });
        }
      },
      *LAN002(record) {
        const [limit, least] = [LAN.threshold("grade"), LAN.threshold("least-words")];
        for (const [field, text, schema] of prose(record)) {
          const found = schema["x-audience"] !== "worker" && size(text) > least && words(text).length >= least ? grade(text) : 0;
          if (found > limit) yield LAN.problem("hard-text", field, { grade: found.toFixed(1), limit });
        }
      },
      *LAN003(record) {
        for (const [field, text, schema] of prose(record)) {
          const limit = LAN.threshold(schema["x-audience"] === "worker" ? "worker-sentence-words" : "sentence-words");
          for (const sentence of text.split(" ").length - 1 > limit ? sentences(text) : []) {
            const length = words(sentence).length;
            if (length > limit) yield LAN.problem("long-sentence", field, { size: length, start: split(sentence).slice(0, 5).join(" ") + " …", limit });
          }
        }
      },
      *LAN004(record) {
        const [known, told] = [lettersKnownTo(record), new Set()];
        for (const [field, text] of prose(record)) {
          for (const [written] of text.matchAll(LAN.pattern("letters", "gu"))) {
            const letters = known.has(written) ? written : without(written, "s");
            if (known.has(letters) || told.has(letters) || isUpper(text)) continue;
            told.add(letters);
            if (!isExplained(letters, record.data)) yield LAN.problem("unexplained-letters", field, { letters });
          }
        }
      },
      *LAN005(record) {
        const better = new Map(LAN.terms("spellings"));
        const pattern = LAN.compile(`\\b(?:${[...better.keys()].join("|")})\\b`, "gu");
        for (const [field, text] of prose(record)) for (const match of text.matchAll(pattern)) yield LAN.problem("spelling", field, { written: match[0], better: better.get(match[0]) });
      },
    };

    function* resting({ kind, data }) {
      for (const { pattern } of schemas.specs(kind)) if (pattern.at(-1) === "rests_on" && pattern.length > 1) for (const [field, value] of at(data, pattern.slice(0, -1), [])) if (isGroup(value)) yield [field, value];
    }

    const documentsOf = (finding) => (finding.sources ?? []).map((citation) => [citation, base.get("source", citation.source)]).filter(([, row]) => row);
    const onlyPartWasRead = (finding) => {
      const found = documentsOf(finding);
      return found.length > 0 && found.every(([citation, row]) => (citation.read ?? row.read ?? "whole") !== "whole");
    };

    // The findings that a claim cites, as strong as they are for it: scripts/lerkb/strength.py.
    function graded({ findings = [], bearing }) {
      return findings.flatMap((citation) => {
        const [pilot, finding] = splitOnce(citation, "#");
        const row = base.get("pilot", pilot);
        const at = (row?.findings ?? []).indexOf(finding);
        if (at < 0) return [];
        const analogy = Boolean(row.analogy) || bearing === "analogy";
        return [{ analogy, level: Math.min(Number(row.strength[at]), analogy ? strength.analogy : Infinity) }];
      });
    }
    function strengthOf(claim) {
      const levels = graded(claim).map(({ level }) => level);
      return levels.length ? Math.min(...levels) : 0;
    }

    // The states of findings; a row of a record names each by its place here: scripts/lerkb/site/form_data.py.
    const findingStates = [...options(schemas.described("pilot", ["findings", 0, "state"])).keys()];
    function stateOf(citation) {
      const [pilot, finding] = splitOnce(citation, "#");
      const row = base.get("pilot", pilot);
      const at = (row?.findings ?? []).indexOf(finding);
      return at < 0 ? null : findingStates[Number(row.states[at])];
    }

    function* tooStrong(field, text, level) {
      for (const { word, level: least } of EVI.terms("strong-words")) {
        const match = EVI.compile(word, "iu").exec(text);
        if (!match || level >= least) continue;
        const before = fold(text.slice(0, match.index).split(/(?<=[.?!])\s/u).at(-1));
        if (!EVI.pattern("denied").test(before)) yield EVI.problem("words-outrun-strength", field, { word: match[0], strength: strength.ladder[level].replaceAll("-", " ") });
      }
    }

    const right = {
      *SCH010(record) {
        if (record.data.status !== "published") return;
        const examples = [];
        let count = 0;
        for (const [field, value, schema] of schemas.values(record.kind, record.data, "prose")) {
          if (typeof value !== "string") continue;
          count += 1;
          if (!value.trim() || SCH.pattern(PLACEHOLDER).test(value.trim())) yield SCH.problem("placeholder", field, { value: written(value), name: nameOf(field) });
          else if ((schema.examples ?? []).includes(value)) examples.push(field);
        }
        if (examples.length > SCH.threshold("by-chance") && examples.length * 2 > count) yield SCH.problem("placeholder.template", examples[0], { count: examples.length });
      },
      *PRV009({ data }) {
        const { account, came_about: cameAbout = "" } = data;
        const isTold = cameAbout === "personal-account";
        if (account === undefined) {
          if (isTold) yield PRV.problem("account-without-consent", ["came_about"]);
          return;
        }
        if (!isTold) yield PRV.problem("account-without-consent.another-way", ["came_about"], { value: cameAbout });
        const { consent } = account;
        if (consent.told_of_limits !== true) yield PRV.problem("account-without-consent.not-told", ["account", "consent", "told_of_limits"]);
        const written = String(data.written ?? "");
        if (written && consent.date > written) yield PRV.problem("account-without-consent.later", ["account", "consent", "date"], { day: consent.date, written });
      },
      *EVI001(record) {
        for (const [field, finding] of findings(record)) if (finding.state === "measured" && !own(finding, "counted_by")) yield EVI.problem("measured-without-counter", [...field, "state"]);
      },
      *EVI002(record) {
        const those = record.data.organizations ?? [];
        const outside = new Set(those.filter((one) => one.role === "research").map((one) => one.organization));
        const inside = new Set(those.filter((one) => one.role !== "research").map((one) => one.organization).filter((one) => !outside.has(one)));
        if (record.data.type === "research") return;
        for (const [field, finding] of findings(record)) {
          const found = finding.counted_by === "independent" ? documentsOf(finding).find(([, row]) => inside.has(row.organization)) : null;
          if (found) yield EVI.problem("not-independent", [...field, "counted_by"], { source: found[0].source, who: `\`${found[1].organization}\`` });
        }
      },
      *EVI004(record) {
        for (const [field, finding] of findings(record)) {
          const counted = ["measured", "opinion", "alleged"].includes(finding.state);
          if (!counted && EVI.pattern("absence").test(finding.text) && onlyPartWasRead(finding)) yield EVI.problem("absence-from-a-part", [...field, "text"]);
        }
      },
      *EVI003(record) {
        for (const [field, finding] of findings(record)) if (finding.told_by && finding.state === "measured" && !finding.first_counted) yield EVI.problem("passed-on-without-origin", [...field, "told_by"]);
      },
      *EVI005(record) {
        if (record.data.status !== "published") return;
        for (const [field, holder] of resting(record)) {
          if (holder.rests_on?.length) continue;
          for (const [name, value] of Object.entries(holder)) {
            const described = schemas.described(record.kind, [...field, name]);
            if (String(described["x-role"] ?? "").includes("prose") && typeof value === "string" && name !== "because" && EVI.pattern("states-facts").test(value)) {
              yield EVI.problem("prose-without-claims", [...field, name]);
              break;
            }
          }
        }
      },
      *EVI006({ kind, data }) {
        if (data.status !== "published" || !data.claims?.length) return;
        const used = new Set();
        for (const [, value, schema] of schemas.values(kind, data, "local-reference")) if (schema["x-part"] === "claims") used.add(value);
        for (const [index, claim] of data.claims.entries()) if (!used.has(claim.id)) yield EVI.problem("unused-claim", ["claims", index, "id"], { claim: claim.id });
      },
      *EVI007({ data }) {
        const index = (data.claims ?? []).findLastIndex((claim) => claim.id === data.main_claim);
        const claim = data.claims?.[index];
        const found = claim ? graded(claim) : [];
        if (!found.length || !found.every((one) => one.analogy)) return;
        const first = data.claims.findIndex((one) => one.id === claim.id);
        if (!EVI.terms("says-analogy").some((word) => fold(claim.text).includes(fold(word)))) yield EVI.problem("main-claim-by-analogy", ["claims", first, "text"]);
      },
      *EVI008({ kind, data }) {
        const row = base.get(kind, data.id);
        if (kind === "source" && data.status === "published" && !base.failed.size && (!row || row.unnamed)) yield EVI.problem("unused-source", ["id"]);
      },
      *EVI009(record) {
        for (const [field, finding] of findings(record)) {
          const match = finding.state === "done" ? EVI.pattern("plans").exec(finding.text) : null;
          const found = documentsOf(finding);
          if (match && !EVI.pattern("told").test(finding.text) && found.length && found.every(([, row]) => row.type === "press-release")) yield EVI.problem("done-by-announcement", [...field, "state"], { word: `“${match[0]}”` });
        }
      },
      *EVI010(record) {
        for (const [field, finding] of findings(record)) {
          const match = EVI.pattern("whole").exec(finding.text);
          if (match && onlyPartWasRead(finding)) yield EVI.problem("whole-from-a-part", [...field, "text"], { word: `“${match[0]}”` });
        }
      },
      *EVI011(record) {
        for (const [field, finding] of findings(record)) {
          const found = documentsOf(finding);
          if (found.length && found.every(([, row]) => row.address_status === "dead")) yield EVI.problem("address-at-risk", [...field, "sources"]);
        }
      },
      *EVI012(record) {
        const claims = partsOf(record.data, "claims");
        for (const [index, claim] of (record.data.claims ?? []).entries()) yield* tooStrong(["claims", index, "text"], claim.text, strengthOf(claim));
        for (const [field, holder] of resting(record)) {
          const carrying = (holder.rests_on ?? []).filter((name) => claims.has(name)).map((name) => strengthOf(claims.get(name)));
          if (!carrying.length) continue;
          for (const [name, value] of Object.entries(holder)) if (typeof value === "string") yield* tooStrong([...field, name], value, Math.max(...carrying));
        }
      },
      *EVI013(record) {
        if (record.data.status !== "published") return;
        const claims = partsOf(record.data, "claims");
        for (const [field, holder] of resting(record)) {
          const named = holder.rests_on ?? [];
          if (!named.every((name) => claims.has(name))) continue;
          const states = named.flatMap((name) => claims.get(name).findings ?? []).map(stateOf);
          for (const [name, value] of Object.entries(holder)) {
            const all = typeof value === "string" ? options(schemas.described(record.kind, [...field, name])) : new Map();
            const needed = all.get(value)?.["x-states"];
            if (needed && states.every((state) => state && !needed.includes(state))) yield EVI.problem("basis-without-finding", [...field, name], { basis: value, states: listed(needed), others: listed([...all.keys()].filter((other) => other !== value)) });
          }
        }
      },
      *EQU001({ kind, data }) {
        if (kind !== "use-case" || data.status !== "published" || own(data, "account")) return;
        for (const name of ["harms", "gains", "workers_said", "race"]) if (!own(data, name)) yield { ...EQU.problem(`missing-ledger.${name}`, []), at: [name] };
      },
      *EQU002({ kind, data }) {
        if (kind === "use-case" && data.harms?.length && data.harms.every((harm) => own(harm, "open"))) yield EQU.problem("no-safeguard-at-all", ["harms"]);
      },
      *EQU003({ kind, data }) {
        const groups = data.took_part?.groups ?? [];
        if (kind !== "pilot" || groups.some((one) => ["before", "during"].includes(one.stage))) return;
        for (const name of ["title", "summary"]) {
          for (const sentence of String(data[name] ?? "").split(/(?<=[.?!])\s+/u)) {
            if (EQU.pattern("co-design").test(sentence) && !EQU.pattern("told-of").test(sentence)) yield EQU.problem("co-design-without-people", [name]);
          }
        }
      },
      *EQU004({ data }) {
        const review = data.review ?? {};
        for (const name of ["lived_experience", "subject"]) if ((review[name] ?? "none") !== "none" && !review.note) yield EQU.problem("review-without-reviewers", ["review", name]);
      },
      *EQU005({ kind, data }) {
        if (kind !== "use-case" || data.status !== "published") return;
        const spoken = new Set([...(data.principles ?? []), ...(data.harms ?? [])].map((one) => one.principle));
        for (const [index, use] of (data.principles ?? []).entries()) {
          const unspoken = use.how === "applied" ? (base.get("principle", use.principle)?.tensions ?? []).filter((other) => !spoken.has(other)) : [];
          if (unspoken.length) yield EQU.problem("tension-unspoken", ["principles", index, "principle"], { principle: use.principle, others: unspoken.map((other) => `\`${other}\``).join(", ") });
        }
      },
      *EQU006({ kind, data }) {
        const who = kind === "use-case" ? data.situation?.who ?? "" : "";
        if (!who || data.status !== "published") return;
        const tagged = data.tags?.populations ?? [];
        for (const [value, described] of options(documents["vocabularies.schema.json"].$defs.populations ?? {})) {
          if (tagged.includes(value) || EQU.terms("too-wide").includes(value)) continue;
          const phrase = [described.title, ...(described["x-also"] ?? [])].find((one) => one.includes(" ") && EQU.compile(`\\b${escaped(one)}\\b`, "iu").test(who));
          if (phrase) yield EQU.problem("people-not-tagged", ["situation", "who"], { people: `“${phrase}”`, value });
        }
      },
      *EQU007(record) {
        const unquoted = (text) => text.replace(/“[^”]*”|"[^"]*"/gu, (found) => " ".repeat(found.length));
        const all = [...prose(record, ["source", "vocabulary", "term"])];
        for (const { has, pattern, why, better } of EQU.terms("words")) {
          for (const [field, text] of all) {
            const match = has.some((piece) => fold(text).includes(piece)) ? EQU.compile(pattern, "iu").exec(unquoted(text)) : null;
            if (match) yield EQU.problem("wording", field, { written: match[0], why, better });
          }
        }
      },
      *LIF001({ data }) {
        const due = String(data.next_review ?? "").slice(0, 10);
        if (data.status === "published" && due && due < today.slice(0, due.length)) yield LIF.problem("review-overdue", ["next_review"], { day: String(data.next_review) });
      },
      *LIF002(record) {
        const way = [record.data.id];
        const next = (from) => lookup(record, record.kind, from)?.successor;
        let current = next(record.data.id) ? lookup(record, record.kind, next(record.data.id)) : null;
        while (current?.successor && !way.includes(current.id)) {
          way.push(current.id);
          current = lookup(record, record.kind, current.successor);
        }
        if (!current || way.length < 2) return;
        const field = ["retired", "successor"];
        if (way.includes(current.id)) yield LIF.problem("successor-chain.circle", field, { way: [...way, current.id].map((one) => `\`${one}\``).join(" → ") });
        else yield LIF.problem("successor-chain.retired", field, { successor: way[1], end: current.id });
      },
      *LIF005({ kind, data }) {
        const [first, last] = [String(LIF.threshold("first-year")), String(Number(today.slice(0, 4)) + LIF.threshold("years-ahead"))];
        for (const [field, value] of schemas.values(kind, data, "date")) {
          const year = String(value).slice(0, 4);
          if (year < first || year > last) yield LIF.problem("impossible-date.year", field, { year, first, last });
        }
        const [day, again] = [String(data.written ?? ""), String(data.next_review ?? "")];
        if (day && again && again < day.slice(0, again.length)) yield LIF.problem("impossible-date.order", ["next_review"], { written: day });
      },
    };

    // Records alike are looked for among all records, when a record is to be sent.
    const ALIKE = ["LIF003", "LIF004"];

    // A waiver lets one check pass; it has no say on what protects readers and the people told of.
    const waivers = {
      *WAI001({ data, raised, looked }) {
        for (const [index, { check: code }] of (data.waivers ?? []).entries()) {
          if (all[code]?.[2] && looked.has(code) && !raised.has(code)) yield WAI.problem("unused-waiver", ["waivers", index, "check"], { check: code });
        }
      },
      *WAI002({ data }) {
        for (const [index, { check: code }] of (data.waivers ?? []).entries()) {
          if (!all[code]) yield WAI.problem("impossible-waiver.unknown", ["waivers", index, "check"], { check: code });
          else if (!all[code][2]) yield WAI.problem("impossible-waiver.never", ["waivers", index, "check"], { check: code, name: all[code][3] });
        }
      },
    };
    const passes = (data, code) => all[code]?.[2] && (data.waivers ?? []).some((waiver) => waiver.check === code);

    // What a record of the wrong shape still says, so that a mistyped field does not hide a mistyped reference (scripts/lerkb/salvage.py)

    function salvage(kind, data, errors) {
      const wrong = new Map();
      const note = (field) => wrong.set(key(field), field);
      for (const error of errors) {
        if (error.keyword === "additionalProperties") Object.keys(error.instance).filter((name) => !known(error).includes(name)).forEach((name) => note([...error.field, name]));
        else if (error.keyword === "propertyNames") error.instance.forEach((name) => note([...error.field, name]));
        else if (error.field.length && (typeof error.instance !== "object" || error.instance === null || ["type", "const", "enum"].includes(error.keyword))) note(error.field);
      }
      const kept = (value, field) => {
        if (Array.isArray(value)) return value.map((item, index) => [item, [...field, index]]).filter(([, place]) => !wrong.has(key(place))).map(([item, place]) => kept(item, place));
        if (isGroup(value)) return Object.fromEntries(Object.entries(value).filter(([name]) => !wrong.has(key([...field, name]))).map(([name, item]) => [name, kept(item, [...field, name])]));
        return value;
      };
      const hides = (field) => field.length < 3 || equal(field.slice(2), ["id"]);
      const left = isGroup(data) ? kept(data, []) : {};
      const fields = Object.keys(schemas.described(kind, []).properties ?? {});
      const unread = new Set([...fields.filter((name) => !own(left, name)), ...[...wrong.values()].filter(hides).map((field) => String(field[0]))]);
      const place = (field) => {
        let [made, value] = [[], data];
        for (const part of field) {
          const step = typeof part === "number" ? [...value.keys()].filter((index) => !wrong.has(key([...made, index])))[part] : part;
          made = [...made, step];
          value = value[step];
        }
        return made;
      };
      return [left, unread, place];
    }

    const unreadable = new Set();
    const run = (checks, ...given) =>
      Object.entries(checks).flatMap(([code, check]) => {
        try {
          return [...check(...given)].map((problem) => ({ code, ...problem, pointer: pointer(problem.field) }));
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          unreadable.add(code); // this browser is too old for the pattern: the check runs when the record arrives
          return [];
        }
      });

    // What is wrong with a record. `stem`: the name its file would have. `existing`: it changes a record that is there. `early`: look at how
    // well its texts read even while fields are missing. `alike`: what was found by looking at all records for some that are alike, if it was
    // looked for.
    function check(kind, data, { stem = "", existing = false, early = false, alike = null } = {}) {
      const errors = schemas.errors(kind, data);
      const found = run(everywhere, { kind, data });
      if (!errors.length) {
        const record = { kind, data, existing, stem, whole: true };
        const waivable = [...run({ ...names, ...readable, ...right }, record), ...(alike ?? [])];
        // What cannot be looked for here is about records that no form makes, and raised for none of these.
        const looked = new Set(Object.keys(all).filter((code) => !unreadable.has(code) && (alike || !ALIKE.includes(code))));
        const raised = new Set(waivable.map(({ code }) => code));
        return [...found, ...waivable.filter(({ code }) => !passes(data, code)), ...run(waivers, { ...record, raised, looked })];
      }
      const [left, unread, place] = salvage(kind, data, errors);
      const record = { kind, data: { id: stem, status: "draft", ...left }, existing, unread, stem };
      const more = run(early ? { ...names, ...readable } : names, record);
      return [...found, ...run(shape, errors), ...(alike ?? []), ...more.map((problem) => ({ ...problem, field: place(problem.field), pointer: pointer(place(problem.field)) }))];
    }

    // Records that read much like this one (LIF004). `others`: id, title and summary of every record of its kind.
    function nearDuplicates(record, others) {
      const found = [];
      for (const [name, length, least, unit] of [["title", 1, "same-title-words", ["titles", "words"]], ["summary", LIF.threshold("shingle"), "same-shingles", ["summaries", "groups of words"]]]) {
        const groups = (text) => {
          const all = fold(String(text ?? "")).match(/[\p{L}\p{N}_]+/gu) ?? [];
          return new Set(all.slice(0, Math.max(0, all.length - length + 1)).map((word, at) => all.slice(at, at + length).join(" ")));
        };
        const mine = groups(record[name]);
        const theirs = others.filter((other) => other.id !== record.id).map((other) => [other, groups(other[name])]);
        const holders = new Map([...mine].map((one) => [one, 1 + theirs.filter(([, all]) => all.has(one)).length]));
        for (const [other, all] of theirs) {
          const shared = [...mine].filter((one) => all.has(one));
          const union = new Set([...mine, ...all]).size;
          if (shared.length > 1 && shared.length / union >= LIF.threshold(least) && shared.some((one) => holders.get(one) <= LIF.threshold("common"))) {
            found.push({ code: "LIF004", pointer: `/${name}`, field: [name], other: other.id, ...LIF.problem("near-duplicate", [name], { other: other.id, why: `their ${unit[0]} share ${shared.length} of ${union} ${unit[1]}` }) });
          }
        }
      }
      return found;
    }

    // An address without what two spellings of it may differ in.
    function plainAddress(address) {
      const [, host = "", path = "", query = "", fragment = ""] = /^[^:]*:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(address) ?? [];
      const pairs = [...new URLSearchParams(query)].filter(([name, value]) => value && !LIF.terms("tracking").includes(fold(name)));
      const part = /^(?:page=|!|\/)/.test(fragment) ? `#${fragment}` : "";
      return `${fold(host).replace(/^www\./, "")}${path.replace(/\/+$/, "")}?${pairs.map((pair) => pair.join("=")).sort().join("&")}${part}`;
    }

    // Documents with the address of this one (LIF003). `addresses`: id → address of every document.
    function sameAddress(record, addresses) {
      const mine = typeof record.url === "string" ? plainAddress(record.url) : null;
      const others = mine ? Object.keys(addresses).filter((other) => other !== record.id && plainAddress(addresses[other]) === mine) : [];
      return others.map((other) => ({ code: "LIF003", pointer: "/url", other, ...LIF.problem("same-address", ["url"], { other }) }));
    }

    const codes = [...Object.keys({ ...shape, ...everywhere, ...names, ...readable, ...right, ...waivers }), ...ALIKE].sort();
    const wantsNumbers = () => areNumbersWanted;
    const useNumbers = (made) => ([numbers, areNumbersWanted] = [made, false]);
    return { check, nearDuplicates, sameAddress, codes, unreadable, schemas, byNumbers, wantsNumbers, useNumbers };
  }

  return { make, Schemas, Catalogue, grade, words, sentences, syllables, ratio, isPrintable };
})());
