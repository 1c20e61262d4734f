// Prints @cfworker/json-schema as one script that a page can load: the package’s modules, each after those it imports, without their
// `import` and `export`, the blanks at the beginning of lines and the map at the end. Nothing else is changed. To renew the file that the site
// ships: node tests/node/json-schema.js > scripts/lerkb/site/assets/json-schema.js
"use strict";
const fs = require("fs");
const path = require("path");

const folder = path.join(__dirname, "node_modules", "@cfworker", "json-schema");
const { version, license, homepage } = require(path.join(folder, "package.json"));
const MODULES = ["pointer", "ucs2-length", "deep-compare-strict", "format", "dereference", "validate", "validator"];
const HEAD = `/*! @cfworker/json-schema ${version}, ${license} license (LICENSE-json-schema.txt), ${homepage.replace(/\/README.*/, "")}; its modules joined by tests/node/json-schema.js */`;

const bare = (name) =>
  fs.readFileSync(path.join(folder, "dist", "esm", `${name}.js`), "utf8")
    .replace(/^import .*$\n/gm, "")
    .replace(/^export /gm, "")
    .replace(/^\/\/# sourceMappingURL=.*$/m, "")
    .replace(/^ +/gm, "")
    .trim();

const body = MODULES.map(bare).join("\n");
process.stdout.write(`${HEAD}
((root, made) => {
if (typeof module === "object" && module.exports) module.exports = made;
else root.kbJsonSchema = made;
})(globalThis, (() => {
"use strict";
${body}
return { Validator };
})());
`);
