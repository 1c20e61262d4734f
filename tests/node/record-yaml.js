// Writes and reads records with the script that the form ships. Input on standard input:
// {"given": what the site hands over, "write": [[kind, data], …], "read": [text, …]}.
"use strict";
const path = require("path");
const assets = path.resolve(process.argv[2]);
const yaml = require(path.join(assets, "js-yaml.js"));
const { write, read } = require(path.join(assets, "record-yaml.js"));
const { Schemas } = require(path.join(assets, "record-checks.js"));

let input = "";
process.stdin.on("data", (chunk) => (input += chunk)).on("end", () => {
  const { given, write: written = [], read: texts = [] } = JSON.parse(input);
  const schemas = new Schemas(given.schemas);
  process.stdout.write(JSON.stringify({
    write: written.map(([kind, data]) => write(kind, data, schemas, given.modelines[kind])),
    read: texts.map((text) => read(text, yaml, given.catalogue.syntax)),
  }));
});
