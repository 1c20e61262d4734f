// Tells for each instance whether ajv accepts it. Input on standard input: {"schemas": {name: schema}, "instances": [[kind, data], …]}.
"use strict";
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

let input = "";
process.stdin.on("data", (chunk) => (input += chunk)).on("end", () => {
  const { schemas, instances } = JSON.parse(input);
  const ajv = new Ajv({ strict: false, allErrors: false, unicodeRegExp: true });
  addFormats(ajv);
  for (const [name, schema] of Object.entries(schemas)) ajv.addSchema(schema, name);
  const verdicts = instances.map(([kind, data]) => ajv.getSchema(`${kind}.schema.json`)(data));
  process.stdout.write(JSON.stringify(verdicts));
});
