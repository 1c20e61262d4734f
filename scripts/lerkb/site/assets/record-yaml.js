// A record as YAML and back. It is written in the one layout of `lerkb format` (scripts/lerkb/formatting.py) and read as strictly as by
// the command line (scripts/lerkb/yaml_source.py), on the events of js-yaml. It touches no page and runs in Node as well.
"use strict";
((root, made) => {
  if (typeof module === "object" && module.exports) module.exports = made;
  else root.kbRecordYaml = made;
})(globalThis, (() => {
  const WIDTH = 120;
  const INDENT = 2;
  const isGroup = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const signs = (text) => [...text];
  const size = (text) => signs(text).length;
  const own = (value, name) => Object.prototype.hasOwnProperty.call(value, name);
  const isPrintable = (text) => !/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text);

  // Scalars

  const WORDS = new Map([["true", true], ["false", false], ["null", null], ["~", null], ["", null]]);
  const INTEGER = /^-?(?:0|[1-9][0-9]{0,17})$/;
  const DECIMAL = /^-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}$/;
  const resolve = (text) => (WORDS.has(text) ? WORDS.get(text) : INTEGER.test(text) || DECIMAL.test(text) ? Number(text) : text);

  // What YAML 1.1, and so many a program, takes for something else than text. https://yaml.org/type/
  const TAKEN_FOR_ANOTHER = [
    /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|[yYnN])$/,
    /^(?:~|null|Null|NULL|<<|=|!|&|\*|)$/,
    /^[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?$|^\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?$|^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
    /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/,
    /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
    /^0o[0-7]+$|^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/,
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/,
    /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$/,
  ];
  const isText = (text) => typeof resolve(text) === "string" && !TAKEN_FOR_ANOTHER.some((pattern) => pattern.test(text));
  // What a plain scalar may not hold, and not begin with. https://yaml.org/spec/1.2.2/#733-plain-style
  const isPlain = (text) => !/^[-?:,[\]{}#&*!|>'"%@` \t]|[ :]$|: | #|^\.\.\./.test(text);
  const ESCAPES = new Map([["\0", "0"], ["\x07", "a"], ["\x08", "b"], ["\t", "t"], ["\n", "n"], ["\x0b", "v"], ["\x0c", "f"], ["\r", "r"], ["\x1b", "e"], ['"', '"'], ["\\", "\\"], ["\x85", "N"], ["\xa0", "_"], ["\u2028", "L"], ["\u2029", "P"]]);

  function doubleQuoted(text) {
    const made = signs(text).map((sign) => {
      const code = sign.codePointAt(0);
      const shows = (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd);
      if (shows && !'"\\\u2028\u2029\ufeff'.includes(sign)) return sign;
      if (ESCAPES.has(sign)) return "\\" + ESCAPES.get(sign);
      const hex = (length) => code.toString(16).toUpperCase().padStart(length, "0");
      return code <= 0xff ? `\\x${hex(2)}` : code <= 0xffff ? `\\u${hex(4)}` : `\\U${hex(8)}`;
    });
    return `"${made.join("")}"`;
  }

  const singleQuoted = (text) => (isPrintable(text) ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text));
  const oneLine = (text) => (isPrintable(text) && isText(text) && isPlain(text) ? text : singleQuoted(text));
  const folds = (text) => text === text.split(/\s+/u).filter(Boolean).join(" ") && isPrintable(text) && text.includes(" ");

  function wrapped(text, space) {
    const lines = [];
    let line = "";
    for (const word of text.split(" ")) {
      if (line && size(line) + 1 + size(word) > WIDTH - space.length) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    return [...lines, line].map((one) => space + one);
  }

  function block(start, text, space) {
    const body = text.replace(/\n+$/, "");
    const ending = text.length - body.length;
    const lines = body.split("\n");
    const clean = body && !/^[ \t\n]/.test(body) && lines.every((line) => line === line.trimEnd() && isPrintable(line));
    if (!clean || ending > 1) return [start + doubleQuoted(text)];
    return [`${start}|${ending ? "" : "-"}`, ...lines.map((line) => (line ? space + line : ""))];
  }

  function withValue(start, value, indent) {
    const begun = start.endsWith(" ") ? start : start + " ";
    if (typeof value !== "string") return [begun + (Array.isArray(value) ? "[]" : isGroup(value) ? "{}" : String(value))];
    const space = " ".repeat(indent + INDENT);
    if (value.includes("\n")) return block(begun, value, space);
    const line = begun + oneLine(value);
    return size(line) > WIDTH && folds(value) ? [begun + ">-", ...wrapped(value, space)] : [line];
  }

  const isEmpty = (value) => typeof value !== "object" || value === null || !Object.keys(value).length;

  // Lines of a group or a list. `described(place)`: the schema of the field there.
  function* layout(value, indent, place, described) {
    const space = " ".repeat(indent);
    if (Array.isArray(value)) {
      for (const entry of value) {
        if (isEmpty(entry)) {
          yield* withValue(`${space}- `, entry, indent);
          continue;
        }
        const [first, ...rest] = layout(entry, indent + INDENT, [...place, 0], described);
        yield `${space}- ${first.trimStart()}`;
        yield* rest;
      }
      return;
    }
    const known = Object.keys(described(place).properties ?? {});
    const rank = (name) => (known.includes(name) ? known.indexOf(name) : known.length);
    const names = Object.keys(value);
    for (const name of [...names].sort((one, other) => rank(one) - rank(other) || names.indexOf(one) - names.indexOf(other))) {
      const written = /^[A-Za-z_][\w-]*$/.test(name) && isText(name) ? name : singleQuoted(name);
      if (isEmpty(value[name])) yield* withValue(`${space}${written}:`, value[name], indent);
      else {
        yield `${space}${written}:`;
        yield* layout(value[name], indent + INDENT, [...place, name], described);
      }
    }
  }

  // The text of a record. `schemas`: as record-checks.js reads them; `modeline`: the line that tells an editor the schema, if there is one.
  function write(kind, data, schemas, modeline = "") {
    const lines = isEmpty(data) ? ["{}"] : layout(data, 0, [], (place) => schemas.described(kind, place));
    return modeline + [...lines, ""].join("\n");
  }

  // Reading

  const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufeff\ufffe\uffff]/gu;
  const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
  const CODES = { malformed: ["SYN001", "malformed-yaml"], "duplicate-key": ["SYN002", "duplicate-field"], anchor: ["SYN003", "anchor-or-alias"], tag: ["SYN004", "tag-on-value"], "control-character": ["SYN006", "control-character"], "bidirectional-character": ["SYN007", "bidirectional-character"], "too-large": ["SYN008", "too-large"], "too-deep": ["SYN009", "too-deep"], "several-documents": ["SYN010", "several-documents"], "not-a-mapping": ["SYN011", "not-a-record"], "complex-key": ["SYN011", "not-a-record"] };
  const LONGEST_KEY = 1024; // https://yaml.org/spec/1.2.2/#742-flow-mappings
  const SKIP = Symbol("skip");
  const NO_KEY = Symbol("no key");

  // The data of a text, or what is wrong with it: code, line and column from 1, message and hint. `said`: the syntax catalogue.
  function read(raw, yaml, said) {
    const faults = [];
    const text = raw.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
    const limit = said.thresholds;
    const place = (at) => [text.slice(0, at).split("\n").length, size(text.slice(text.lastIndexOf("\n", at - 1) + 1, at)) + 1];
    const fault = (kind, [line, column], variant = "", values = {}) => {
      const [code, name] = CODES[kind];
      const told = said.messages[variant ? `${name}.${variant}` : name];
      const fill = (words) => words.replace(/\{(\w+)\}/g, (whole, key) => String(values[key]));
      if (faults.length < limit.faults && !faults.some((one) => one.code === code && one.line === line)) faults.push({ code, line, column, message: fill(told.message), hint: fill(told.hint) });
    };
    const done = (data) => ({ data: faults.length ? null : data, faults: faults.sort((one, other) => one.line - other.line || one.column - other.column) });
    const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

    if (new TextEncoder().encode(raw).length > limit.bytes) {
      fault("too-large", [1, 1], "", { limit: thousands(limit.bytes) });
      return done(null);
    }
    for (const [pattern, kind] of [[CONTROL, "control-character"], [BIDI, "bidirectional-character"]]) {
      for (const match of text.matchAll(pattern)) fault(kind, place(match.index), "", { code: match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0") });
    }
    if (faults.length) return done(null);

    let events;
    try {
      events = yaml.parseEvents(text, { maxDepth: limit.depth + 2 });
    } catch (error) {
      if (!error.mark) throw error;
      if (error.reason.includes("nesting")) fault("too-deep", place(error.mark.position), "", { limit: limit.depth });
      else fault("malformed", place(error.mark.position), "", { problem: error.reason });
      return done(null);
    }

    const { DOCUMENT, SEQUENCE, MAPPING, SCALAR, ALIAS } = yaml.EVENT_ID;
    const stack = [];
    let [data, container, key, documents, values, last] = [undefined, null, NO_KEY, 0, 0, 0];
    const start = (event) => {
      const own = event.start ?? (event.valueStart >= 0 ? event.valueStart - (event.style === yaml.SCALAR_STYLE.SINGLE_QUOTED || event.style === yaml.SCALAR_STYLE.DOUBLE_QUOTED ? 1 : 0) : last);
      return Math.min(...[own, event.tagStart, event.anchorStart - 1].filter((at) => at >= 0));
    };
    const named = (event) => text.slice(event.anchorStart, event.anchorEnd).replace(/^[&*]/, "");
    for (const event of events) {
      if (event.type === DOCUMENT) {
        documents += 1;
        if (documents > 1) {
          fault("several-documents", place(Math.max(text.lastIndexOf("\n---", start(events[events.indexOf(event) + 1] ?? { start: text.length })) + 1, 0)));
          break;
        }
        continue;
      }
      if (event.type === yaml.EVENT_ID.POP) {
        if (stack.length) [container, key] = [stack.pop(), NO_KEY];
        continue;
      }
      const isKey = isGroup(container) && key === NO_KEY;
      let item;
      if (event.type === ALIAS) {
        fault("anchor", place(Math.max(0, event.anchorStart - 1)), "alias", { name: named(event) });
        if (isKey) return done(null);
        item = null;
      } else {
        if (event.tagStart >= 0) fault("tag", place(start(event)), "", { tag: text.slice(event.tagStart, event.tagEnd) });
        if (event.anchorStart >= 0) fault("anchor", place(start(event)), "anchor", { name: named(event) });
        if (event.type === SCALAR) {
          const written = event.valueStart < 0 ? "" : yaml.getScalarValue(text, event);
          if (!written.isWellFormed()) fault("malformed", place(start(event)), "", { problem: "half a character" });
          if (isKey) {
            if (size(written) > LONGEST_KEY) fault("malformed", place(start(event)), "no-colon");
            if (own(container, written)) fault("duplicate-key", place(start(event)), "", { name: written });
            key = own(container, written) ? SKIP : written;
            last = event.valueEnd;
            continue;
          }
          item = event.style === yaml.SCALAR_STYLE.PLAIN ? resolve(written) : written;
        } else {
          if (isKey) {
            fault("complex-key", place(start(event)), "complex-key");
            return done(null);
          }
          if (stack.length >= limit.depth) {
            fault("too-deep", place(start(event)), "", { limit: limit.depth });
            return done(null);
          }
          item = event.type === MAPPING ? {} : [];
        }
        last = event.valueEnd ?? event.start;
      }
      values += 1;
      if (values > limit.values) {
        fault("too-large", place(start(event)), "values", { limit: thousands(limit.values) });
        return done(null);
      }
      if (container === null) data = item;
      else if (Array.isArray(container)) container.push(item);
      else if (key !== SKIP) Object.defineProperty(container, key, { value: item, enumerable: true, writable: true, configurable: true });
      if (event.type === SEQUENCE || event.type === MAPPING) {
        stack.push(container);
        container = item;
      }
      key = NO_KEY;
    }
    if (!faults.length && !isGroup(data)) fault("not-a-mapping", [1, 1], data === undefined || data === null ? "empty" : "");
    return done(data);
  }

  // How many remarks a text has that data do not keep; the first line, which tells an editor the schema, is written anew.
  const remarks = (text) => text.split("\n").filter((line, number) => /^\s*#/.test(line) && !(number === 0 && line.includes("yaml-language-server"))).length;

  return { write, read, remarks };
})());
