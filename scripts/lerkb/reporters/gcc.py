"""For editors: one line a problem in the form in which compilers report, which Vim, Emacs, JetBrains and VS Code can read."""

from __future__ import annotations

from lerkb.reporters import Report, reporter
from lerkb.text.visible import visible


@reporter("gcc")
def report_gcc(report: Report) -> str:
    """One line a problem as compilers write it, for editors: ``path:line:column: severity: message; hint [CODE]``."""
    return "".join(
        f"{visible(item.path)}:{item.line}:{item.column}: {item.severity.value}: "
        f"{visible('; '.join(filter(None, (item.message, item.hint))))} [{item.code}]\n"
        for item in report.diagnostics
    )
