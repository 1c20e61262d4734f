"""The body of a GitHub issue that was written with a form → a table of one row.

GitHub writes each answer below a heading with the label of its question: ``### Label``, an empty line, the answer. A question that was left
open has ``_No response_``; boxes to tick are a list of tasks, ``- [x] text``.
https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lerkb.intake import Cell, Row, Slip, Table, Tick

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The label of the boxes in which a sender agrees to what must be so; none of them may stay empty.
PROMISES: Final = "Before you send"
#: The question with which the form for corrections begins: it is answered in a record that is there, and makes none.
CORRECTED: Final = "Which page is it?"
_HEADING: Final = re.compile(r"###[ \t]+(.*?)[ \t#]*")
_FENCE: Final = re.compile(r"[ \t]*(```+|~~~+)")
_TICK: Final = re.compile(r"[ \t]*[-*][ \t]+\[([ xX])\][ \t]+(.*)")
_OPEN: Final = "_No response_"


def parse_issue(name: str, text: str) -> tuple[list[Table], list[Slip]]:
    """The questions as headings and the answers below them as the one row. ``name``: what the file is called in messages."""
    slips = []
    asked: list[Cell] = []
    answers: list[list[tuple[int, str]]] = []
    before: list[tuple[int, str]] = []
    fence = ""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        found = None if fence else _HEADING.fullmatch(line)
        if found:
            asked.append(Cell(f"{name}:{number}", found[1].strip()))
            answers.append([])
        else:
            (answers[-1] if answers else before).append((number, line))
            mark = _FENCE.match(line)
            if mark:
                fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
    told = [(number, line) for number, line in before if line.strip()]
    if told and asked:
        slips.append(
            Slip(
                f"{name}:{told[0][0]}",
                "this stands before the first question",
                "move it below the question it answers, or take it out",
            )
        )
    if not asked:
        slips.append(
            Slip(
                f"{name}:1",
                "no question of a form was found: a form’s questions begin with `### `",
                "save the body of the issue as GitHub has it (`gh issue view NUMBER --json body --jq .body`), not the page",
            )
        )
        return [], slips
    row = Row(asked[0].place, tuple(_answer(name, cell, lines) for cell, lines in zip(asked, answers, strict=True)))
    return [Table(name, "", (Row(asked[0].place, tuple(asked)), row))], slips


def corrected_page(tables: Iterable[Table]) -> Cell | None:
    """Which page a correction is about, as its sender wrote it; None if the answers are no correction."""
    for table in tables:
        for question, answer in zip(table.rows[0].cells, table.rows[-1].cells, strict=True):
            if question.text.casefold() == CORRECTED.casefold():
                return answer
    return None


def _answer(name: str, question: Cell, lines: list[tuple[int, str]]) -> Cell:
    told = [(number, line) for number, line in lines if line.strip()]
    if not told or [line.strip() for _, line in told] == [_OPEN]:
        return Cell(question.place)
    ticks = [(number, _TICK.fullmatch(line)) for number, line in told]
    place = f"{name}:{told[0][0]}"
    if all(found for _, found in ticks):
        return Cell(
            place,
            tuple(Tick(found[2].strip(), found[1] != " ", f"{name}:{number}") for number, found in ticks if found),
        )
    first, last = told[0][0], told[-1][0]
    return Cell(place, "\n".join(line for number, line in lines if first <= number <= last).strip())
