// Measures texts and pairs of names with the script that the form ships. Input on standard input: {"texts": […], "pairs": [[one, other], …]}.
"use strict";
const path = require("path");
const { grade, words, sentences, ratio } = require(path.join(path.resolve(process.argv[2]), "record-checks.js"));

let input = "";
process.stdin.on("data", (chunk) => (input += chunk)).on("end", () => {
  const { texts = [], pairs = [] } = JSON.parse(input);
  const told = {
    texts: texts.map((text) => [words(text).length, sentences(text).length, grade(text)]),
    ratios: pairs.map(([one, other]) => ratio(one, other)),
  };
  process.stdout.write(JSON.stringify(told));
});
