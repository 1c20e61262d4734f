"""Text that does something instead of being read: markup, templates, addresses that run code, characters that deceive."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check
from lerkb.text.strings import may_hold, strings

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from lerkb.diagnostics import Field, Problem
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.project import Project
    from lerkb.yaml_source import Source

_SAID: Final = Catalogue("safety")
_SHOWN: Final = 30  # characters of what was found that a message repeats
_PORTS: Final = frozenset({None, 80, 443})


def _texts(source: Source, look: re.Pattern[str] | Sequence[str]) -> Iterator[tuple[Field, str]]:
    """Each text of a file; none where a quick look at the whole finds nothing."""
    if source.legible is not None and may_hold(source.text, look):
        yield from strings(source.legible)


def _found(source: Source, name: str, pattern: str, look: Sequence[str] = ()) -> Iterator[Problem]:
    """One problem for each text in which the pattern is found. ``look``: pieces to look for first, where the pattern is costly."""
    compiled = _SAID.pattern(pattern)
    for field, text in _texts(source, look or compiled):
        match = compiled.search(text)
        if match:
            yield _SAID.problem(name, field, shown=shown(match[0]))


def shown(text: str) -> str:
    """What was found as a message repeats it: on one line, short, and with no sign that a terminal would obey."""
    flat = "".join(character if character.isprintable() else "·" for character in " ".join(text.split()))
    return flat if len(flat) <= _SHOWN else flat[: _SHOWN - 1] + "…"


@check("SAF001", Severity.ERROR, Scope.SOURCE)
def markup(source: Source) -> Iterator[Problem]:
    """HTML stands in a text

    Records hold plain text, which every page shows as it is. Markup is at best a mistake and at worst an attack on readers.

    Bad:
        title: The <b>pin</b> that leaves
    Good:
        title: The pin that leaves
    """
    yield from _found(source, "markup", "markup")
    yield from _found(source, "markup", "entity")


@check("SAF002", Severity.ERROR, Scope.SOURCE)
def template_syntax(source: Source) -> Iterator[Problem]:
    """Signs of a template language stand in a text

    Double braces and the like ask a program to put something in their place. Ours does not obey them; others might.

    Bad:
        title: 'The pin of {{ name }}'
    Good:
        title: The pin of a worker
    """
    return _found(source, "template-syntax", "template")


@check("SAF003", Severity.ERROR, Scope.SOURCE)
def dangerous_link(source: Source) -> Iterator[Problem]:
    """An address that can run code or open files

    Only addresses of web pages belong in a record.

    Bad:
        text: See [the report](javascript:alert(1)).
    Good:
        text: See the report of the college.
    """
    plain = source.text.casefold()
    if "\\" in plain or any(piece in plain for piece in _SAID.terms("quick-link")):
        yield from _found(source, "dangerous-link", "dangerous-scheme", ("",))


@check("SAF004", Severity.ERROR, Scope.SOURCE)
def invisible_character(source: Source) -> Iterator[Problem]:
    """A character that nobody can see

    Zero-width and soft characters hide text from a reviewer, and make search miss a word. Where a script needs a joiner between two of
    its letters, it may stand.

    Bad:
        title: The p<U+200B>in
    Good:
        title: The pin
    """
    for field, text in _texts(source, _SAID.pattern("invisible")):
        for match in _SAID.pattern("invisible").finditer(text):
            around = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 1]
            if match[0] in "\u200c\u200d" and all(_SAID.pattern("joined-script").match(sign) for sign in around):
                continue
            name = f"`{field[-1]}`" if field and isinstance(field[-1], str) else "this text"
            yield _SAID.problem("invisible-character", field, code=f"{ord(match[0]):04X}", name=name)
            break


@check("SAF005", Severity.ERROR, Scope.SOURCE)
def lookalike_letters(source: Source) -> Iterator[Problem]:
    """Letters of two alphabets in one word

    A Cyrillic or Greek letter that looks like a Latin one makes a word that reads the same and is another, so that a search misses it or an
    address leads elsewhere.

    Bad:
        publisher: The L<U+0430>bor Office
    Good:
        publisher: The Labor Office
    """
    other, latin = _SAID.pattern("other-alphabet"), _SAID.pattern("latin")
    for field, text in _texts(source, other):
        if other.search(text):
            for match in _SAID.pattern("word").finditer(text):
                unit = _SAID.pattern("unit").fullmatch(match[0])
                if other.search(match[0]) and latin.search(match[0]) and not unit:
                    yield _SAID.problem("lookalike-letters", field, shown=shown(match[0]))
                    break


@check("SAF006", Severity.ERROR, Scope.SOURCE)
def odd_address(source: Source) -> Iterator[Problem]:
    """An address without the name of a site, or with something hidden in it

    Numbers in place of a name, a user or password, an unusual door, or letters that only look like those of a known site: readers cannot
    tell where such an address leads.

    Bad:
        url: http://192.0.2.7/report
    Good:
        url: https://example.org/report
    """
    pages = _SAID.pattern("page-address")
    if "\\" not in source.text and not any(_odd(address) for address in pages.findall(source.text)):
        return
    for field, text in _texts(source, _SAID.terms("quick-address")):
        for match in _SAID.pattern("page-address").finditer(text):
            what = _odd(match[0])
            if what:
                yield _SAID.problem("odd-address", field, what=what)


def _odd(address: str) -> str:
    """What is odd about an address, or nothing."""
    try:
        parts = urlsplit(address.rstrip(".,;:"))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "a site whose name cannot be read"
    oddities = {
        "a site with a user’s name before it": "@" in parts.netloc,
        f"an unusual port ({port})": port not in _PORTS,
        "a machine that only its owner can reach": host == "localhost"
        or host.endswith((".local", ".internal", ".localhost")),
        "a number instead of a site’s name": _is_number(host),
        "a site whose name has letters beyond a to z": not host.isascii()
        or any(label.startswith("xn--") for label in host.split(".")),
    }
    return next((what for what, is_so in oddities.items() if is_so), "")


def _is_number(host: str) -> bool:
    """Whether a host is an address of the Internet Protocol, in any form that a browser takes for one."""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        return last.isdigit() or last.startswith("0x")
    return True


@check("SAF007", Severity.ERROR, Scope.SOURCE)
def unbroken_text(source: Source) -> Iterator[Problem]:
    """A very long run without a space

    It breaks the layout of pages, and is never something to be read. Addresses of pages may be long.

    Bad:
        note: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    Good:
        note: Words with spaces between them.
    """
    longest = _SAID.threshold("longest-word")
    for field, text in _texts(source, _SAID.pattern("quick-unbroken")):
        if len(text) > longest:
            size = max((len(word) for word in text.split() if "://" not in word), default=0)
            if size > longest:
                yield _SAID.problem("unbroken-text", field, size=f"{size:,}")


@check("SAF009", Severity.ERROR, Scope.SOURCE)
def formula(source: Source) -> Iterator[Problem]:
    """A text that a spreadsheet would run

    Records are also given away as tables. A cell that begins like a formula can run a program on the computer of whoever opens it.

    Bad:
        what: '=HYPERLINK("https://example.org")'
    Good:
        what: A link to the example.
    """
    for field, text in _texts(source, _SAID.pattern("quick-formula")):
        if _SAID.pattern("formula").search(text):
            yield _SAID.problem("formula", field, shown=text[0])


@check("SAF008", Severity.ERROR, Scope.BASE)
def markup_in_page(base: KnowledgeBase, project: Project) -> Iterator[tuple[str, Problem]]:
    """A script, frame or event handler stands in a page of content/pages

    Pages are written in Markdown, which lets HTML through. These could run code in a reader’s browser.

    Bad:
        <script>alert(1)</script>
    Good:
        A sentence in Markdown.
    """
    if not project.pages_folder.is_dir():
        return
    for file in sorted(project.pages_folder.rglob("*.md")):
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() and not file.is_symlink() else ""
        for match in _SAID.pattern("markup-in-page").finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
            yield (
                file.relative_to(project.root).as_posix(),
                _SAID.problem("markup-in-page", (), place=(line, column), shown=shown(match[0])),
            )
