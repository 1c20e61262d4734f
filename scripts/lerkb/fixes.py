"""What can be mended in a file without asking anybody: quotes, dates, layout; and, if asked, names that can mean only one thing.

Each mend is tried on the text and kept only if the file then reads as it should, so nothing else in it can change.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lerkb.edits import apply, edit_for, written_at
from lerkb.formatting import format_record
from lerkb.yaml_source import parse_source
from lerkb.yaml_tree import NotUnderstoodError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lerkb.diagnostics import Diagnostic
    from lerkb.schemas import Schemas
    from lerkb.yaml_source import Source

_DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


@dataclass(frozen=True)
class Mended:
    """A file with its mends: the new text, and each mend in words."""

    text: str
    mends: tuple[str, ...]


def mend(
    source: Source, diagnostics: Iterable[Diagnostic], schemas: Schemas, *, names: bool = False, layout: bool = True
) -> Mended:
    """What a file becomes. ``names``: put the one name that is meant in the place of a mistyped one, too; ``layout``: lay it out."""
    mends: list[str] = []
    current = source
    # From the end of the file, so that the places of what is still to be mended stay right.
    for item in sorted(diagnostics, key=lambda item: (item.line, item.column), reverse=True):
        wanted = _wanted(source, item, schemas, names=names)
        edit = edit_for(current, dataclasses.replace(item, replacement=wanted)) if wanted else None
        if edit is not None:
            text = apply(edit, current.text)
            mends.append(f"line {item.line}: {edit.text}")
            current = parse_source(source.kind, source.path, source.stem, text.encode())
    try:
        laid_out = format_record(current.text, source.kind, schemas) if layout else current.text
    except NotUnderstoodError:
        laid_out = current.text
    if laid_out != current.text:
        mends.append("layout")
    return Mended(laid_out, tuple(reversed(mends)))


def _wanted(source: Source, item: Diagnostic, schemas: Schemas, *, names: bool) -> str:
    """What should stand at the place of a diagnostic; nothing if that is not certain."""
    if item.replacement:
        return item.replacement if names else ""
    field = tuple(
        int(part) if part.isdecimal() else part.replace("~1", "/").replace("~0", "~")
        for part in item.field.split("/")[1:]
    )
    described = schemas.described(source.kind, field)
    written = written_at(source, item.line, item.column)
    if item.name == "wrong-type" and described.get("type") == "string" and not described.get("oneOf"):
        value = source.data
        for part in field:
            value = value[part]
        plain = isinstance(value, (bool, int, float)) and not written.startswith(("'", '"'))
        fits = re.search(described.get("pattern", ""), written) is not None
        return written if plain and fits else ""
    if item.name == "wrong-form" and described.get("x-role") == "date":
        return _day(written.strip("'\""))
    return ""


def _day(written: str) -> str:
    """A day written year first with a digit or another sign missing, as it should be; nothing for any other."""
    match = _DAY.fullmatch(written)
    if match is None:
        return ""
    try:
        return dt.date(*map(int, match.groups())).isoformat()
    except ValueError:
        return ""
