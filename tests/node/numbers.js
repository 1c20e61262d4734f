// Tells of numbers what the script that the form ships says of them. Input on standard input:
// {"tables": what the site hands over, "phones": [text, …], "accounts": [text, …]}.
"use strict";
const path = require("path");
const { make } = require(path.join(path.resolve(process.argv[2]), "numbers.js"));

let input = "";
process.stdin.on("data", (chunk) => (input += chunk)).on("end", () => {
  const { tables, phones = [], accounts = [] } = JSON.parse(input);
  const { isPhone, isAccount } = make(tables);
  process.stdout.write(JSON.stringify({ phones: phones.map(isPhone), accounts: accounts.map(isAccount) }));
});
