"""What a contributor did when a text cannot be read as YAML: the parser tells where it gave up, which is often neither the place nor the reason.

Each rule below knows one slip by its looks. They are asked in order, the surest first; the last word is the parser’s own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from lerkb.yaml_source import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import yaml


@dataclass(frozen=True)
class Parts:
    """A text with the fields that cannot be read blanked, line for line; what is wrong with them; their names."""

    text: str
    faults: tuple[Fault, ...]
    names: frozenset[str]


#: How files begin that are no text of ours, and what they are.
_BEGINNINGS: Final = (
    (b"PK\x03\x04", "a document of a text processor or another zipped file"),
    (b"\xd0\xcf\x11\xe0", "a document of an old text processor or spreadsheet"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text with formatting (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_WEB_PAGE: Final = re.compile(r"\s*<(?:!doctype html|html|head|body|\?xml)\b", re.IGNORECASE)
_LOOKED_AT: Final = 400  # bytes in which NULs show UTF-16
_LEAST_TWICE: Final = 3  # fields that stand twice when a second record was put into the file
_MOST_FIELDS: Final = 200  # that a broken file is taken apart into
_MOST_LINES_UP: Final = 200  # that are looked at for the quote that was never closed

_CONFLICT: Final = re.compile(r"^(?:<{7}|={7}|>{7})(?: .*)?$", re.MULTILINE)
_FENCE: Final = re.compile(r"^ {0,3}```.*$", re.MULTILINE)
_TAB: Final = re.compile(r" *\t")
_ODD_SPACE: Final = re.compile(r"^[ ]*(?:- )?(?:[\w-]+:)?([\u00a0\u2000-\u200a\u202f\u205f\u3000])")
_ODD_COLON: Final = re.compile("^ *(?:- )?[\\w-]+ ?([\uff1a\ufe55\ua789\u2236])")
_CURLY: Final = re.compile(r"^ *(?:- )?(?:[\w-]+: +)?([\u2018-\u201f\u00ab])")
_FIELD: Final = re.compile(r"^(?P<indent> *(?:- +)*)(?P<name>[\w-]+):(?= |$)")
_NO_SPACE: Final = re.compile(r"^ *(?:- +)*(?P<name>[A-Za-z_][\w-]*):(?P<rest>[^\s/:][^\n]*)$")
_STAR: Final = re.compile(r"^ *(?:- +)?(\*)(?: |$)")
_QUOTED: Final = re.compile(r"""^ *(?:- +)*(?:[\w-]+: +)?(?P<quote>['"])""")
_CLOSED: Final = {"'": re.compile(r"'(?:[^']|'')*'"), '"': re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)}
_BEHIND: Final = re.compile(r"[ \t]*(?:#|,|\]|\}|:(?: |$)|$)")
#: A field at the left edge, which begins a part of a file; any other text there is a part of its own.
_PART: Final = re.compile(r"^(?![ #\-\]\}\t\r\n])", re.MULTILINE)
#: The first entry of a list.
_ENTRY: Final = re.compile(r"^( *)- ", re.MULTILINE)
#: Any name that stands in such a part, at whatever indent: it cannot be told which of them was meant as a field of the record.
_PART_NAME: Final = re.compile(r"""^[\s'"-]*([\w-]+)['"]?\s*[:\uff1a]""")

#: What libyaml says, and how it is told. https://github.com/yaml/libyaml/tree/master/src (scanner.c and parser.c)
_TOLD: Final = (
    ("did not find expected '-' indicator", "not-of-the-list"),
    ("block sequence entries are not allowed", "list-beside"),
    ("did not find expected ',' or", "bracket"),
    ("unknown escape character", "escape"),
    ("did not find expected hexdecimal", "escape"),
    ("did not find expected comment or line break", "block-head"),
    ("exceeded maximum nesting depth", "too-deep"),
    ("could not find expected ':'", "no-colon"),
    ("did not find expected key", "does-not-belong"),
)
_FIRST_SIGN: Final = (
    "cannot start any token",
    "did not find expected alphabetic",
    "did not find expected whitespace",
    "did not find expected node content",
    "undefined tag handle",
    "did not find expected tag URI",
    "did not find URI escaped",
)


def encoding_fault(raw: bytes) -> Fault | None:
    """Why some bytes are no UTF-8 text, or hardly meant as one; None if they may be."""
    what = next((what for beginning, what in _BEGINNINGS if raw.startswith(beginning)), "")
    if what:
        return Fault("encoding", 1, 1, "document", {"what": what})
    if (
        raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        or 1 / 3 < raw[:_LOOKED_AT].count(0) / (len(raw[:_LOOKED_AT]) or 1) < 2 / 3
    ):
        return Fault("encoding", 1, 1, "utf-16")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        return Fault("encoding", before.count(b"\n") + 1, column, values={"byte": f"{raw[error.start]:#04x}"})
    return None


def no_fields_fault(text: str, data: Any) -> Fault:
    """Why a text that can be read is no record."""
    if _WEB_PAGE.match(text):
        return Fault("not-a-mapping", 1, 1, "document", {"what": "a web page"})
    return Fault("not-a-mapping", 1, 1, "empty" if data is None else "")


def once_for_a_second_record(faults: Sequence[Fault]) -> Iterator[Fault]:
    """The faults, with those that come of a second record in the file told once, at its id."""
    twice = [fault for fault in faults if fault.kind == "duplicate-key" and fault.column == 1]
    second = next((fault for fault in twice if fault.values["name"] == "id"), None)
    if second is None or len(twice) < _LEAST_TWICE:
        yield from faults
        return
    first = min(fault.line for fault in twice)
    yield Fault("several-documents", first, 1, "again", {"count": len(twice)})
    yield from (fault for fault in faults if fault not in twice)


def explain(error: yaml.YAMLError, text: str) -> Fault:
    """What the parser gave up on, in a contributor’s words and at the contributor’s slip."""
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", "") or "the text cannot be read")
    lines = text.split("\n")
    at, column = (min(mark.line, len(lines) - 1), mark.column) if mark else (0, 0)
    begun: Any = getattr(error, "context_mark", None) or mark
    # Where a quote, a bracket or a line began says more than where reading gave up.
    if begun is not None and any(piece in problem for piece in ("end of stream", "expected ':'", "',' or")):
        start, column = min(begun.line, at), begun.column
    else:
        start = at
    if _WEB_PAGE.match(text):
        return Fault("not-a-mapping", 1, 1, "document", {"what": "a web page"})
    found = (
        _anywhere(text)
        or _on_lines(lines, range(max(0, start - 1), at + 1))
        or _quote(lines, at, problem)
        or _colon(lines, start, column, problem)
        or _as_told(lines, start, column, problem)
    )
    line, offset, variant, values = found
    return Fault("malformed", line + 1, offset + 1, variant, values)


_Found = tuple[int, int, str, dict[str, Any]]


def _anywhere(text: str) -> _Found | None:
    for pattern, variant in ((_CONFLICT, "conflict"), (_FENCE, "code-fence")):
        match = pattern.search(text)
        if match and (variant != "conflict" or match[0].startswith("<") or len(pattern.findall(text)) > 1):
            shown = match[0].strip()[:7] if variant == "conflict" else "```"
            return text.count("\n", 0, match.start()), 0, variant, {"shown": shown}
    return None


def _on_lines(lines: Sequence[str], numbers: range) -> _Found | None:
    """A sign on the line at fault or the one above it that looks like another."""
    for number in reversed(numbers):
        line = lines[number]
        tab = _TAB.match(line)
        if tab and line.strip():
            return number, tab.end() - 1, "tab", {}
        for pattern, variant in (
            (_ODD_SPACE, "odd-space"),
            (_ODD_COLON, "odd-colon"),
            (_CURLY, "curly-quote"),
            (_STAR, "star"),
        ):
            match = pattern.match(line)
            if match:
                return number, match.start(1), variant, {"shown": match[1], "code": f"{ord(match[1]):04X}"}
    return None


def _quote(lines: Sequence[str], at: int, problem: str) -> _Found | None:
    """The quote that ends a text too soon, or is never closed, at a line or above it."""
    if not any(
        piece in problem
        for piece in ("expected key", "expected ':'", "end of stream", "mapping values", "',' or", "document start")
    ):
        return None
    for number in range(at, max(-1, at - _MOST_LINES_UP), -1):
        match = _QUOTED.match(lines[number])
        if match is None:
            continue
        start, quote = match.start("quote"), match["quote"]
        closed = _CLOSED[quote].match(lines[number], start)
        if closed is None:
            if _closes_below(lines, number, start, quote):
                continue
            return number, start, "quote-open", {"quote": quote}
        if not _BEHIND.match(lines[number], closed.end()):
            return number, closed.end() - 1, "apostrophe" if quote == "'" else "quote-inside", {}
    return None


def _closes_below(lines: Sequence[str], number: int, start: int, quote: str) -> bool:
    """Whether a quote that is open at the end of its line is closed on a later one, as a text over several lines is."""
    text = "\n".join([lines[number][start:], *lines[number + 1 : number + 1 + _MOST_LINES_UP]])
    closed = _CLOSED[quote].match(text)
    if closed is None or not _BEHIND.match(text, closed.end()):
        return False
    indent = len(lines[number]) - len(lines[number].lstrip(" "))
    return all(_indent(line) > indent for line in closed[0].split("\n")[1:] if line.strip())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _colon(lines: Sequence[str], at: int, column: int, problem: str) -> _Found | None:
    line = lines[at]
    if "mapping values are not allowed" in problem:
        match = _FIELD.match(line)
        above = next((number for number in range(at - 1, -1, -1) if lines[number].strip()), None)
        if match and match.end() - 1 == column and above is not None:
            over = next(
                (
                    found
                    for number in range(above, -1, -1)
                    if (found := _FIELD.match(lines[number])) and _indent(lines[number]) < _indent(line)
                ),
                None,
            )
            return (
                at,
                match.start("name"),
                "indent",
                {"name": match["name"], "above": over["name"] if over else "the line above"},
            )
        return at, column, "second-colon", {}
    if "expected ':'" in problem or "expected key" in problem:
        for number in (at, at - 1):
            match = _NO_SPACE.match(lines[number]) if number >= 0 else None
            if match:
                return number, match.start("name"), "no-space", {"name": match["name"], "rest": match["rest"][:40]}
    return None


def _as_told(lines: Sequence[str], at: int, column: int, problem: str) -> _Found:
    written = lines[at]
    if written.strip() in ("...", "---") or written.startswith("%"):
        return at, 0, "mark", {"shown": written.strip()[:20]}
    if any(piece in problem for piece in _FIRST_SIGN):
        sign = written[column : column + 1] or written.strip()[:1]
        return at, column, "first-sign", {"shown": sign or " "}
    for piece, variant in _TOLD:
        if piece in problem:
            return at, column, variant, {}
    return at, column, "", {"problem": problem}


def sound_parts(text: str, faults_of: Callable[[str], list[Fault]]) -> Parts | None:
    """A text that cannot be read in one, taken apart at the fields at its left edge; None if that does not tell more.

    ``faults_of``: what is wrong with one part.
    """
    starts = [match.start() for match in _PART.finditer(text)]
    if not starts or len(starts) > _MOST_FIELDS or _CONFLICT.search(text) or _FENCE.search(text):
        return None
    kept = [
        _blank(text[: starts[0]]) if text[: starts[0]].strip() and faults_of(text[: starts[0]]) else text[: starts[0]]
    ]
    faults: list[Fault] = []
    names: set[str] = set()
    line = text.count("\n", 0, starts[0])
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        for piece, found in _pieces(part, faults_of):
            if found:
                faults += (replace(fault, line=fault.line + line) for fault in found)
                names.update(_names(part.partition("\n")[0]), _names(piece))
            kept.append(_blank(piece) if found else piece)
            line += piece.count("\n")
    return Parts("".join(kept), tuple(faults), frozenset(names)) if faults else None


def _pieces(part: str, faults_of: Callable[[str], list[Fault]]) -> list[tuple[str, list[Fault]]]:
    """A field with what is wrong with it; a list that is broken in some of its entries, entry by entry."""
    found = faults_of(part)
    first = _ENTRY.search(part) if found else None
    if first is None:
        return [(part, found)]
    starts = [match.start() for match in re.finditer(rf"^{first[1]}- ", part, re.MULTILINE)]
    if len(starts) > _MOST_FIELDS:
        return [(part, found)]
    cuts = zip([0, *starts], [*starts, len(part)], strict=True)
    pieces = [(part[start:end], faults_of(part[start:end])) for start, end in cuts]
    sound = "".join(_blank(piece) if wrong else piece for piece, wrong in pieces)
    one_is_sound = any(not wrong for _, wrong in pieces[1:])
    return pieces if one_is_sound and not pieces[0][1] and not faults_of(sound) else [(part, found)]


def _names(text: str) -> Iterator[str]:
    return (name for line in text.split("\n") for name in _PART_NAME.findall(line))


def _blank(text: str) -> str:
    return "\n" * text.count("\n")
