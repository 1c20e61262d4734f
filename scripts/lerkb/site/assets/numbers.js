// Whether some digits are a number that a telephone could ring, or that a bank could have given to a person: what the command line asks
// its libraries, by the tables of these libraries (scripts/lerkb/site/form_numbers.py). It touches no page and runs in Node as well.
"use strict";
((root, made) => {
  if (typeof module === "object" && module.exports) module.exports = made;
  else root.kbNumbers = made;
})(globalThis, (() => {
  const HOME = "1"; // the calling code of the country in which a number without one is read
  const CODE_LENGTH = 3; // of a calling code, at most
  const [SHORTEST, LONGEST] = [2, 17]; // digits of a number within a country: https://github.com/daviddrysdale/python-phonenumbers

  // Digits of every script, as those of ours: in Unicode, ten of a script stand together, from nought to nine.
  const isDigit = (code) => /^\p{Nd}$/u.test(String.fromCodePoint(code));
  const plainDigits = (text) =>
    [...text].filter((sign) => /\p{Nd}/u.test(sign)).map((sign) => {
      const code = sign.codePointAt(0);
      let first = code;
      while (isDigit(first - 1)) first -= 1;
      return String((code - first) % 10);
    }).join("");

  const compiled = new Map();
  const pattern = (source) => {
    if (!compiled.has(source)) compiled.set(source, new RegExp(source));
    return compiled.get(source);
  };
  const isWhole = (source, text) => pattern(`^(?:${source})$`).test(text);
  const atStart = (source, text) => pattern(`^(?:${source})`).exec(text);

  function make({ phones, accounts }) {
    const fits = ([source, lengths], digits) => (!lengths.length || lengths.includes(digits.length)) && isWhole(source, digits);
    const isOfPlan = (plan, digits) => fits(plan.general, digits) && plan.kinds.some((kind) => fits(kind, digits));

    // How the length of a number stands to a plan.
    function length(plan, digits) {
      const lengths = plan.general[1];
      if (plan.local?.includes(digits.length)) return "local";
      if (lengths.includes(digits.length)) return "possible";
      return digits.length < lengths[0] ? "short" : digits.length > lengths.at(-1) ? "long" : "other";
    }

    // A number without what is dialed before it inside its country.
    function withoutPrefix(plan, digits) {
      const match = plan.prefix && digits ? atStart(plan.prefix, digits) : null;
      if (!match) return digits;
      const groups = match.slice(1);
      const transformed = plan.becomes && groups.at(-1) !== undefined;
      const left = transformed ? digits.replace(pattern(plan.prefix), plan.becomes) : digits.slice(match[0].length);
      return isWhole(plan.general[0], digits) && !isWhole(plan.general[0], left) ? digits : left;
    }

    // Calling code and the rest of a number that begins with one; nothing if it begins with none.
    function withCode(digits) {
      if (digits.length <= SHORTEST || digits.startsWith("0")) return null;
      for (let end = 1; end <= CODE_LENGTH; end++) if (phones[digits.slice(0, end)]) return [digits.slice(0, end), digits.slice(end)];
      return null;
    }

    // Calling code and number, as somebody at home would dial it; nothing if nobody could.
    function read(written) {
      const home = phones[HOME][0];
      const all = plainDigits(written);
      if (written.startsWith("+")) {
        if (all.length <= SHORTEST) return null;
        const found = withCode(all);
        if (found) return found;
      }
      const international = atStart(home.international, all);
      if (international && all[international[0].length] !== "0") return withCode(all.slice(international[0].length));
      if (all.startsWith(HOME)) {
        const rest = withoutPrefix(home, all.slice(HOME.length));
        if ((!isWhole(home.general[0], all) && isWhole(home.general[0], rest)) || length(home, all) === "long") return [HOME, rest];
      }
      return written.startsWith("+") ? null : [HOME, all];
    }

    function isPhone(text) {
      const found = read(text.slice(text.search(/[+\p{Nd}]/u)));
      if (!found || found[1].length < SHORTEST) return false;
      const [code, rest] = found;
      const plans = phones[code];
      const [main] = plans;
      const bare = withoutPrefix(main, rest);
      const digits = ["short", "local", "other"].includes(length(main, bare)) ? rest : bare;
      if (digits.length < SHORTEST || digits.length > LONGEST || !["possible", "local"].includes(length(main, digits))) return false;
      const own = plans.length === 1 ? main : plans.find((plan) => (plan.leading ? atStart(plan.leading, digits) : isOfPlan(plan, digits)));
      // Numbers from 555-0100 to 555-0199 are kept for fiction, which is where people learn the form of a number.
      return Boolean(own && isOfPlan(own, digits)) || (code === HOME && /^55501\d\d$/.test(digits.padStart(7, "0").slice(-7)));
    }

    const remainder = (digits, by) => [...digits].reduce((left, digit) => (left * 10 + Number(digit)) % by, 0);
    const SIGNS = { n: "[0-9]", a: "[A-Z]", c: "[A-Za-z0-9]" };

    // https://en.wikipedia.org/wiki/International_Bank_Account_Number
    function isAccount(text) {
      const number = text.replaceAll(" ", "");
      if (!/^[A-Z0-9]+$/.test(number)) return false;
      const digits = [...number.slice(4), ...number.slice(0, 4)].map((sign) => parseInt(sign, 36)).join("");
      const form = accounts[number.slice(0, 2)];
      return remainder(digits, 97) === 1 && Boolean(form) && isWhole(form.replace(/([1-9][0-9]*)!([nac])/g, (_, count, sign) => `${SIGNS[sign]}{${count}}`), number.slice(4));
    }

    return { isPhone, isAccount };
  }

  return { make };
})());
