"""For people at a terminal: ``path:line:column: CODE message``, the hint indented below."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from lerkb.diagnostics import Severity
from lerkb.reporters import Report, reporter
from lerkb.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lerkb.diagnostics import Diagnostic

#: A diagnostic that stands oftener than this is told once, with a list of its places.
_SINGLY: Final = 3
_COLOURS: Final = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.NOTE: "\x1b[36m"}
_BOLD: Final = "\x1b[1m"
_RESET: Final = "\x1b[0m"


@reporter("text")
def report_text(report: Report) -> str:
    """One line a diagnostic and one for its hint, a line of counts at the end. What is said many times is said once, with its places."""
    alike: dict[tuple[str, str, str], list[Diagnostic]] = {}
    for item in report.diagnostics:
        alike.setdefault((item.code, item.message, item.hint), []).append(item)
    lines = []
    for item in report.diagnostics:
        group = alike[item.code, item.message, item.hint]
        if len(group) > _SINGLY and item is not group[0]:
            continue
        place, code = f"{visible(item.path)}:{item.line}:{item.column}", item.code
        if report.colour:
            place, code = f"{_BOLD}{place}{_RESET}", f"{_COLOURS[item.severity]}{code}{_RESET}"
        lines.append(f"{place}: {code} {visible(item.message)}")
        if item.hint:
            lines.append(f"    {visible(item.hint)}")
        if len(group) > _SINGLY:
            lines.append(f"    the same at {count(len(group) - 1, 'more place')}:")
            lines += _places(group[1:])
    lines.append(summary(report))
    return "\n".join(lines) + "\n"


def _places(group: Iterable[Diagnostic]) -> Iterator[str]:
    for path, items in groupby(group, key=lambda item: item.path):
        yield f"      {visible(path)}:" + ", ".join(f"{item.line}:{item.column}" for item in items)


def summary(report: Report) -> str:
    """The counts in words."""
    files = count(len(report.sources), "record")
    return f"{files} checked" + (f": {counts(report.diagnostics)}" if report.diagnostics else ", nothing to mend")


def counts(diagnostics: Iterable[Diagnostic]) -> str:
    """How many of each severity, in words; nothing if there are none."""
    by = Counter(item.severity for item in diagnostics)
    return ", ".join(count(by[severity], severity.value) for severity in Severity if by[severity])


def count(number: int, word: str) -> str:
    """A number and its noun."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
