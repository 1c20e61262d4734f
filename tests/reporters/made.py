"""Reports made for the tests of reporters."""

from lerkb.checks import find_check
from lerkb.diagnostics import Diagnostic
from lerkb.reporters import Report
from lerkb.yaml_source import Source


def problem(path="use_cases/a.yaml", line=1, column=1, code="SCH001", **more):
    """A diagnostic as the runner makes it."""
    check = find_check(code)
    values = {"field": "", "message": "something is wrong", "hint": "mend it", "url": check.url, **more}
    return Diagnostic(path, line, column, code, check.name, check.severity, **values)


def report(*diagnostics, files=(), **more):
    """A report on the files that the diagnostics name and on others."""
    paths = sorted({*files, *(item.path for item in diagnostics)})
    sources = {path: Source("use-case", path, "a", "", None, ()) for path in paths}
    return Report(tuple(sorted(diagnostics)), sources, **more)
