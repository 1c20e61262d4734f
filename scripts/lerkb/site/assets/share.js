// Copies addresses and citations, and hands a page to the reader's own ways of sharing. Nothing is sent from here, and no other host learns of it.
"use strict";
(() => {
  const tools = document.querySelector("#this-page + .kb-tools");
  const say = self.kbShare;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const make = (tag, text, attributes = {}) => {
    const made = Object.assign(document.createElement(tag), { textContent: text });
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  // The published address where the site knows it: what others are sent must open for them.
  const page = document.querySelector("link[rel=canonical]")?.href ?? location.href.replace(/[?#].*$/, "");
  const title = document.querySelector("h1").textContent.trim();
  const status = make("p", "", { role: "status", class: "kb-small kb-soft" });
  tools.after(status);

  /** Where the browser lets no page copy, the text is shown, marked, beside the button. */
  function show(text, button) {
    button.parentElement.querySelector(".kb-copied")?.remove();
    const field = make("input", "", { readonly: "", class: "kb-copied", "aria-label": say.by_hand });
    field.value = text;
    button.after(field);
    field.focus();
    field.select();
  }

  function copier(words, label, text) {
    const button = make("button", words, { type: "button", class: "kb-copy kb-screen", "aria-label": label });
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text());
        button.textContent = say.copied;
        setTimeout(() => (button.textContent = words), 4000);
        status.textContent = fill(say.told, { what: label });
      } catch {
        show(text(), button);
        status.textContent = say.by_hand;
      }
    });
    return button;
  }

  const item = (...children) => {
    const made = document.createElement("li");
    made.append(...children);
    tools.append(made);
  };
  item(copier(say.page, say.page, () => page));
  item(make("a", say.mail, { href: `mailto:?subject=${encodeURIComponent(title)}&body=${encodeURIComponent(page)}` }));
  if (navigator.share) {
    const button = make("button", say.share, { type: "button", class: "kb-copy kb-screen" });
    button.addEventListener("click", () => navigator.share({ title, url: page }).catch(() => {})); // the reader may think better of it
    item(button);
  }
  for (const claim of document.querySelectorAll(".kb-claim[id]")) {
    const label = fill(say.claim_label, { n: claim.querySelector("b[id] > a").textContent.trim() });
    claim.querySelector("p").append(" ", copier(say.claim, label, () => `${page}#${claim.id}`));
  }
  for (const pre of document.querySelectorAll(".kb-citation pre")) {
    const name = pre.previousElementSibling;
    const label = fill(say.citation_label, { form: name.textContent.trim() });
    name.append(" ", copier(say.citation, label, () => pre.textContent));
  }
})();
