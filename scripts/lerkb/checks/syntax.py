"""Whether the text of a file can be read at all, and means what it seems to.

Faults are found by ``yaml_source``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.diagnostics import Problem
    from lerkb.yaml_source import Source

_SAID: Final = Catalogue("syntax")
#: A plain value with a remark behind it: YAML drops everything from `` #`` on.
_CUT = re.compile(
    r"""^(?P<before>[ \t]*+(?:- )?+(?:[a-z_]+: ++)?+)(?P<value>[^\s'"#>|\[{][^'"\n]*?)[ \t]+\#(?P<rest>[^\n]*)$""",
    re.MULTILINE,
)


def _faults(source: Source, kind: str, name: str) -> Iterator[Problem]:
    told = set()  # once a line: the second of its kind there says nothing new
    for fault in source.faults:
        if fault.kind == kind and fault.line not in told:
            told.add(fault.line)
            message = f"{name}.{fault.variant}" if fault.variant else name
            yield _SAID.problem(message, (), place=(fault.line, fault.column), **fault.values)


@check("SYN001", Severity.ERROR, Scope.SOURCE)
def malformed_yaml(source: Source) -> Iterator[Problem]:
    """The text cannot be read as YAML

    A record is a text of lines `field: value`. Most often a colon or an apostrophe stands in a value that is not quoted,
    or a line is indented too far or not far enough.

    Bad:
        title: Who pays: the worker or the store
    Good:
        title: 'Who pays: the worker or the store'
    """
    return _faults(source, "malformed", "malformed-yaml")


@check("SYN002", Severity.ERROR, Scope.SOURCE)
def duplicate_field(source: Source) -> Iterator[Problem]:
    """A field is written twice

    Most programs would silently keep the last of the two and lose the first.

    Bad:
        summary: Staff earn pins.
        summary: Staff earn records.
    Good:
        summary: Staff earn pins and records.
    """
    return _faults(source, "duplicate-key", "duplicate-field")


@check("SYN003", Severity.ERROR, Scope.SOURCE)
def anchor_or_alias(source: Source) -> Iterator[Problem]:
    """An anchor (`&`) or an alias (`*`) is used

    They let one value stand for another, which reviewers overlook and some programs blow up on. Write the value out.

    Bad:
        written: &day '2026-11-23'
        next_review: *day
    Good:
        written: '2026-11-23'
        next_review: '2027-05'
    """
    return _faults(source, "anchor", "anchor-or-alias")


@check("SYN004", Severity.ERROR, Scope.SOURCE)
def tag_on_value(source: Source) -> Iterator[Problem]:
    """A value carries a tag (`!!…`)

    Tags ask a program to make something else than text, a number, a list or a group of fields. Records need none.

    Bad:
        number: !!python/int 6
    Good:
        number: 6
    """
    return _faults(source, "tag", "tag-on-value")


@check("SYN005", Severity.ERROR, Scope.SOURCE)
def not_utf8(source: Source) -> Iterator[Problem]:
    """The file is not UTF-8 text

    UTF-8 is how nearly all editors save today. In another encoding, letters with accents turn into others.

    Bad:
        title: Jos? (saved as Latin-1)
    Good:
        title: José (saved as UTF-8)
    """
    return _faults(source, "encoding", "not-utf8")


@check("SYN006", Severity.ERROR, Scope.SOURCE)
def control_character(source: Source) -> Iterator[Problem]:
    """A control character stands in the text

    It cannot be seen, and cuts or garbles the text in some programs. It often comes in by copying from a PDF.

    Bad:
        title: The pin<U+0007> that leaves
    Good:
        title: The pin that leaves
    """
    return _faults(source, "control-character", "control-character")


@check("SYN007", Severity.ERROR, Scope.SOURCE)
def bidirectional_character(source: Source) -> Iterator[Problem]:
    """A character that changes the direction of text

    Such characters make a reviewer see words in another order than the one that is stored.

    Bad:
        title: The <U+202E>nip
    Good:
        title: The pin
    """
    return _faults(source, "bidirectional-character", "bidirectional-character")


@check("SYN008", Severity.ERROR, Scope.SOURCE)
def too_large(source: Source) -> Iterator[Problem]:
    """The file is too large

    A record has a few hundred lines. A file of half a megabyte is something else, and would slow everybody down.

    Bad:
        (a file of 600,000 bytes)
    Good:
        (two or more records, each on one thing)
    """
    return _faults(source, "too-large", "too-large")


@check("SYN009", Severity.ERROR, Scope.SOURCE)
def too_deep(source: Source) -> Iterator[Problem]:
    """Values are nested too deep

    Records need at most eight levels. Deeper nesting is a slip of the indent, or an attack on programs that read YAML.

    Bad:
        a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
    Good:
        a:
          - 1
    """
    return _faults(source, "too-deep", "too-deep")


@check("SYN010", Severity.ERROR, Scope.SOURCE)
def several_documents(source: Source) -> Iterator[Problem]:
    """More than one document in a file

    One file holds one record. A line `---` starts a second one, which would be lost.

    Bad:
        id: first
        ---
        id: second
    Good:
        id: first
    """
    return _faults(source, "several-documents", "several-documents")


@check("SYN011", Severity.ERROR, Scope.SOURCE)
def not_a_record(source: Source) -> Iterator[Problem]:
    """The file holds no fields

    A record is a group of fields. An empty file, a list or a single word is not one.

    Bad:
        - training-pin
    Good:
        id: training-pin
    """
    yield from _faults(source, "not-a-mapping", "not-a-record")
    yield from _faults(source, "complex-key", "not-a-record")


@check("SYN012", Severity.WARNING, Scope.SOURCE)
def text_cut_by_hash(source: Source) -> Iterator[Problem]:
    """What follows ` #` is dropped

    YAML takes ` #` in an unquoted value as the start of a remark and silently drops the rest of the line. If the sign belongs to the
    text, quote the text; if it is a remark, put it on a line of its own above.

    Bad:
        title: Winner of prize #1 in Ohio
    Good:
        title: 'Winner of prize #1 in Ohio'
    """
    if " #" not in source.text or source.faults:
        return
    values = None
    for match in _CUT.finditer(source.text):
        line = source.text.count("\n", 0, match.start()) + 1
        if values is None:
            values = {place.line: field for field, place in source.places.items() if _plain(source.data, field)}
        if line in values:
            column = match.end("value") - match.start() + 1
            yield _SAID.problem("text-cut-by-hash", values[line], place=(line, column), rest=match["rest"])


@check("SYN013", Severity.ERROR, Scope.SOURCE)
def garbled_text(source: Source) -> Iterator[Problem]:
    """Letters that were read in the wrong encoding

    Somewhere on the way a program took the file for one in another encoding. What the letters were can only be guessed.

    Bad:
        title: The workerâ€™s pin
    Good:
        title: The worker’s pin
    """
    if any(piece in source.text for piece in _SAID.terms("quick-garbled")):
        for number, line in enumerate(source.text.split("\n"), start=1):
            match = _SAID.pattern("garbled").search(line)
            if match:
                yield _SAID.problem("garbled-text", (), place=(number, match.start() + 1), shown=match[0][:10])


def _plain(data: object, field: tuple[str | int, ...]) -> bool:
    for part in field:
        data = data[part]  # type: ignore[index]
    return not isinstance(data, (dict, list))
