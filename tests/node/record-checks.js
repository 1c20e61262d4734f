// Checks records with the script that the form ships. Input on standard input:
// {"given": what the site hands over, "numbers": the tables for numbers, "records": [{"kind", "data", "stem", "records", "failed", "existing",
// "alike"}]}; output: for each what is wrong with it.
"use strict";
const path = require("path");
const assets = path.resolve(process.argv[2]);
const { make } = require(path.join(assets, "record-checks.js"));
const { make: makeNumbers } = require(path.join(assets, "numbers.js"));
const { Validator } = require(path.join(assets, "json-schema.js"));

let input = "";
process.stdin.on("data", (chunk) => (input += chunk)).on("end", () => {
  const { given, numbers, records } = JSON.parse(input);
  const known = makeNumbers(numbers);
  const told = records.map(({ kind, data, stem, records: others, failed, existing, alike }) => {
    const made = make({ ...given, records: others ?? given.records, failed, Validator });
    made.useNumbers(known);
    const problems = made.check(kind, data, { stem, existing, alike }).map(({ code, pointer, message, hint }) => [code, pointer, message, hint]);
    return { codes: made.codes, unreadable: [...made.unreadable], problems };
  });
  process.stdout.write(JSON.stringify(told));
});
