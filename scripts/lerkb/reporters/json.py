"""For programs: one object and nothing else. The form has a version; a change that breaks a reader gets a new one."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Final

from lerkb.reporters import Report, reporter

VERSION: Final = 1
_FIELDS: Final = ("code", "name", "severity", "path", "line", "column", "field", "message", "hint", "url")


@reporter("json")
def report_json(report: Report) -> str:
    """One object: ``{"version", "checked", "diagnostics": […]}``."""
    diagnostics = []
    for item in report.diagnostics:
        values = dataclasses.asdict(item)
        diagnostics.append({name: values[name] for name in _FIELDS})
    return json_text({"version": VERSION, "checked": len(report.sources), "diagnostics": diagnostics})


def json_text(value: Any) -> str:
    """A value as JSON that can be written as UTF-8: half a character (from a file name that is not UTF-8) becomes its escape."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
