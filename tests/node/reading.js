// Measures texts and pairs of names with the script that the form ships, and looks in texts for patterns of the catalogues. Input on standard
// input: {"texts": […], "pairs": [[one, other], …], "patterns": […]}.
"use strict";
const path = require("path");
const { Catalogue, grade, words, sentences, ratio } = require(path.join(path.resolve(process.argv[2]), "record-checks.js"));

let input = "";
process.stdin.on("data", (chunk) => (input += chunk)).on("end", () => {
  const { texts = [], pairs = [], patterns = [] } = JSON.parse(input);
  const catalogue = new Catalogue({ patterns });
  const told = {
    texts: texts.map((text) => [words(text).length, sentences(text).length, grade(text)]),
    ratios: pairs.map(([one, other]) => ratio(one, other)),
    found: patterns.map((_, at) => texts.map((text) => [...text.matchAll(catalogue.pattern(at, "gu"))].map(([found]) => found))),
  };
  process.stdout.write(JSON.stringify(told));
});
