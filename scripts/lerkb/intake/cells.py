"""What one cell means: the value of its field, whatever a spreadsheet program or a hurried person made of it."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from typing import TYPE_CHECKING, Any, Final

from lerkb.intake import Slip
from lerkb.intake.columns import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lerkb.intake import Cell, Tick, Value
    from lerkb.intake.columns import Column

_YES: Final = frozenset({"yes", "y", "true", "x", "1", "✓", "✔"})
_NO: Final = frozenset({"no", "n", "false", "0"})
#: Quotation marks that people put around a value, and the marks of a list.
_AROUND: Final = "\"'“”‘’«»` \t"
_BULLET: Final = re.compile(r"^[-*•–][ \t]+")
#: The longest list of values that a message names.
_LISTED: Final = 8
_ALIKE: Final = 0.6


class UnclearError(Exception):
    """A cell that cannot be understood. ``hint``: what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def read_cell(cell: Cell, column: Column) -> tuple[Any, Slip | None]:
    """The value of a cell that is not empty, and what its writer should know of how it was read.

    Raises:
        UnclearError: it cannot be understood.
    """
    if isinstance(cell.value, tuple):
        return _of_boxes(cell.value, column), None
    text, note = _as_text(cell.value, column)
    if column.many:
        return list(_several(text, column)), note
    return _one(text, column), note


def _of_boxes(boxes: Sequence[Tick], column: Column) -> Any:
    """What ticked boxes say: the values that are ticked, or whether any is. In an answer in words, boxes are a way to write a list."""
    ticked = [box.text for box in boxes if box.ticked]
    if column.item.get("type") == "boolean":
        return bool(ticked)
    if not column.values:
        text = "\n".join(box.text for box in boxes)
        return list(_several(text, column)) if column.many else _one(text, column)
    if column.many:
        return [_one(text, column) for text in ticked]
    if len(ticked) > 1:
        raise UnclearError(f"`{column.heading}` takes one answer, and {len(ticked)} are ticked", "tick one only")
    return _one(ticked[0], column) if ticked else ""


def _as_text(value: Value, column: Column) -> tuple[str, Slip | None]:
    """What was typed, as far as the program that keeps it in another form lets it be known."""
    if isinstance(value, str):
        return value, None
    if isinstance(value, bool):
        if column.values or column.item.get("type") == "boolean":
            return "yes" if value else "no", None
        raise UnclearError(
            f"the spreadsheet holds {str(value).upper()} here, and `{column.heading}` is text",
            "format the cell as text and type it again",
        )
    if isinstance(value, (dt.date, dt.datetime)):
        return _as_day(value, column)
    if isinstance(value, (dt.time, dt.timedelta)):
        raise UnclearError(
            f"the spreadsheet made a time of what was typed here ({value})", "format the cell as text and type it again"
        )
    if isinstance(value, float):
        told = f"was kept as the number {value!r}"
        return repr(value), Slip(
            "", told, "if zeros at its end are missing, format the cell as text and type it again", stops=False
        )
    return str(value), None


def _as_day(value: dt.date, column: Column) -> tuple[str, Slip | None]:
    day = (value.date() if isinstance(value, dt.datetime) else value).isoformat()
    if "date" not in column.roles and not _takes_dates(column):
        raise UnclearError(
            f"the spreadsheet made the date {day} of what was typed here", "format the cell as text and type it again"
        )
    if column.item.get("format") != "date" and value.day == 1:
        told = f"was kept as the day {day}"
        return day, Slip(
            "", told, f"if only the month is known, format the cell as text and write {day[:7]}", stops=False
        )
    return day, None


def _takes_dates(column: Column) -> bool:
    """Whether a field that is not called a date is one: it takes a day, and no word."""
    pattern = re.sub(r"\(\?!\\n\)$", "", str(column.item.get("pattern", "")))
    return bool(pattern) and re.search(pattern, "2024-04-02") is not None and re.search(pattern, "word") is None


def _several(text: str, column: Column) -> Iterator[Any]:
    """The values of a cell that holds a list: a line each, or parted by semicolons; those of a closed list also by commas."""
    pieces = text.split("\n") if "\n" in text else text.split(";")
    seen = []
    for piece in (_BULLET.sub("", piece.strip()) for piece in pieces):
        if not piece:
            continue
        for value in _closed(piece, column) if column.values else [_one(piece, column)]:
            if value not in seen:
                seen.append(value)
                yield value


def _closed(piece: str, column: Column) -> Iterator[str]:
    """Values of a closed list that commas part, or semicolons within a line; a title may hold a comma itself."""
    words = [word for part in piece.split(";") for word in part.split(",") if word.strip()]
    at = 0
    while at < len(words):
        for end in range(len(words), at, -1):
            found = _chosen(",".join(words[at:end]), column)
            if found:
                yield found
                at = end
                break
        else:
            raise _no_such(words[at].strip(), column)


def _one(text: str, column: Column) -> Any:
    kind = column.item.get("type")
    if column.values:
        found = _chosen(text, column)
        if not found:
            raise _no_such(text, column)
        return found
    if kind == "boolean":
        word = text.strip(_AROUND).casefold()
        if word not in _YES | _NO:
            raise UnclearError(f"`{text}` is neither yes nor no", "write yes or no")
        return word in _YES
    if kind == "integer":
        if not re.fullmatch(r"[0-9]{1,9}", text.strip()):
            raise UnclearError(f"`{text}` is no whole number", f"write a number, such as {column.example}")
        return int(text)
    if "markdown" in column.roles:
        return text
    return " ".join(text.split())


def _chosen(text: str, column: Column) -> str:
    """The id of the value that a text names by its id or its title; empty if there is none, or more than one."""
    wanted = plain(text.strip(_AROUND))
    if not wanted:
        return ""
    for value in column.values:
        if plain(value) == wanted:
            return value
    by_title = [value for value, option in column.values.items() if plain(str(option.get("title", ""))) == wanted]
    return by_title[0] if len(by_title) == 1 else ""


def _no_such(text: str, column: Column) -> UnclearError:
    named: dict[str, str] = {}
    for value, option in column.values.items():
        for name in (value, str(option.get("title", value)), *option.get("x-also", ())):
            named.setdefault(plain(name), str(option.get("title", value)))
    near = difflib.get_close_matches(plain(text), list(named), n=1, cutoff=_ALIKE)
    vocabulary = column.item.get("x-vocabulary")
    titles = [str(option.get("title", value)) for value, option in column.values.items()]
    if near:
        hint = f"did you mean `{named[near[0]]}`?"
    elif len(titles) <= _LISTED:
        hint = f"choose {one_of(titles)}"
    elif vocabulary:
        hint = f"choose one of content/vocabularies/{vocabulary}.yaml"
    else:
        hint = f"choose {one_of(titles)}"
    return UnclearError(f"`{text}` is no value of `{column.heading}`", hint)


def one_of(names: Sequence[str]) -> str:
    """Names to choose from, in a sentence."""
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}" if len(quoted) > 1 else quoted[0]
