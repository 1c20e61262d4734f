"""For programs: one object and nothing else. The form has a version; a change that breaks a reader gets a new one."""

from __future__ import annotations

import dataclasses
import json
from typing import Final

from lerkb.reporters import Report, reporter

VERSION: Final = 1
_FIELDS: Final = ("code", "name", "severity", "path", "line", "column", "field", "message", "hint", "url")


@reporter("json")
def report_json(report: Report) -> str:
    """``{"version", "checked", "diagnostics": […]}``."""
    diagnostics = []
    for item in report.diagnostics:
        values = dataclasses.asdict(item)
        diagnostics.append({name: values[name] for name in _FIELDS})
    return (
        json.dumps(
            {"version": VERSION, "checked": report.checked, "diagnostics": diagnostics}, ensure_ascii=False, indent=2
        )
        + "\n"
    )
