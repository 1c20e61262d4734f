"""For people at a terminal: ``path:line:column: CODE message``, the hint indented below."""

from __future__ import annotations

from collections import Counter
from typing import Final

from lerkb.diagnostics import Severity
from lerkb.reporters import Report, reporter

_COLOURS: Final = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.NOTE: "\x1b[36m"}
_BOLD: Final = "\x1b[1m"
_RESET: Final = "\x1b[0m"


@reporter("text")
def report_text(report: Report) -> str:
    """One line a diagnostic and one for its hint; a line of counts at the end."""
    lines = []
    for item in report.diagnostics:
        place, code = f"{item.path}:{item.line}:{item.column}", item.code
        if report.colour:
            place, code = f"{_BOLD}{place}{_RESET}", f"{_COLOURS[item.severity]}{code}{_RESET}"
        lines.append(f"{place}: {code} {item.message}")
        if item.hint:
            lines.append(f"    {item.hint}")
    lines.append(summary(report))
    return "\n".join(lines) + "\n"


def summary(report: Report) -> str:
    """The counts in words."""
    files = _count(report.checked, "record")
    if not report.diagnostics:
        return f"{files} checked, nothing to mend"
    by = Counter(item.severity for item in report.diagnostics)
    return f"{files} checked: " + ", ".join(
        _count(by[severity], severity.value) for severity in Severity if by[severity]
    )


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
