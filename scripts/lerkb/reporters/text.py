"""For people at a terminal: ``path:line:column: CODE message``, the hint indented below."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from lerkb.diagnostics import Severity
from lerkb.reporters import Report, reporter
from lerkb.text.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lerkb.diagnostics import Diagnostic

_COLOURS: Final = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.NOTE: "\x1b[36m"}
_BOLD: Final = "\x1b[1m"
_RESET: Final = "\x1b[0m"


@reporter("text")
def report_text(report: Report) -> str:
    """One line a diagnostic and one for its hint; a line of counts at the end."""
    lines = []
    for item in report.diagnostics:
        place, code = f"{visible(item.path)}:{item.line}:{item.column}", item.code
        if report.colour:
            place, code = f"{_BOLD}{place}{_RESET}", f"{_COLOURS[item.severity]}{code}{_RESET}"
        lines.append(f"{place}: {code} {visible(item.message)}")
        if item.hint:
            lines.append(f"    {visible(item.hint)}")
    lines.append(summary(report))
    return "\n".join(lines) + "\n"


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
