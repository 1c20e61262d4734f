// Indexes the same documents and asks the same questions with the packaged MiniSearch and with the file given as argument.
"use strict";
const packaged = require("minisearch");
const own = require(require("path").resolve(process.argv[2]));

let input = "";
process.stdin.on("data", (chunk) => (input += chunk)).on("end", () => {
  const { documents, questions, options } = JSON.parse(input);
  const told = [packaged.default || packaged, own.default || own].map((MiniSearch) => {
    const index = new MiniSearch(options);
    index.addAll(documents);
    return {
      index: JSON.stringify(index),
      answers: questions.map(([text, how]) => [index.search(text, how), index.autoSuggest(text, how)]),
      methods: Object.getOwnPropertyNames(MiniSearch.prototype).sort(),
    };
  });
  process.stdout.write(JSON.stringify(told));
});
