"""For programs that show test results: JUnit’s XML as Jenkins and Maven’s Surefire read it, a file of the knowledge base as a test."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from lerkb.diagnostics import Severity
from lerkb.reporters import Report, reporter
from lerkb.reporters.text import count, summary
from lerkb.text.visible import visible

if TYPE_CHECKING:
    from lerkb.diagnostics import Diagnostic


@reporter("junit")
def report_junit(report: Report) -> str:
    """JUnit XML for programs that show test results: each file is a test, which fails if the file has an error."""
    by_path: dict[str, list[Diagnostic]] = {path: [] for path in report.sources}
    for item in report.diagnostics:
        by_path.setdefault(item.path, []).append(item)  # a problem may be in a file that is no record
    fails = {Severity.ERROR, Severity.WARNING} if report.strict else {Severity.ERROR}
    cases = [_case(path, found, fails) for path, found in sorted(by_path.items())]
    failures = sum(case.find("failure") is not None for case in cases)
    counted = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "time": "0"}
    suites = ET.Element("testsuites", {"name": "lerkb", **counted})
    suite = ET.SubElement(suites, "testsuite", {"name": "lerkb validate", **counted, "skipped": "0"})
    suite.extend(cases)
    ET.SubElement(suite, "system-out").text = summary(report)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _case(path: str, found: list[Diagnostic], fails: set[Severity]) -> ET.Element:
    """A file as a test: one failure with all that fails it, since readers show no second one; what does not is printed."""
    folder = path.rpartition("/")[0].replace("/", ".")
    case = ET.Element("testcase", name=visible(path), classname=visible(folder or "."), time="0")
    failing = [item for item in found if item.severity in fails]
    if failing:
        first = failing[0]
        more = f" (and {count(len(failing) - 1, 'more problem')})" if len(failing) > 1 else ""
        failure = ET.SubElement(case, "failure", type=first.code, message=f"{visible(first.message)}{more}")
        failure.text = _lines(failing)
    rest = [item for item in found if item.severity not in fails]
    if rest:
        ET.SubElement(case, "system-out").text = _lines(rest)
    return case


def _lines(found: list[Diagnostic]) -> str:
    return "\n".join(
        f"{visible(item.path)}:{item.line}:{item.column}: {item.severity.value}: {item.code} {visible(item.message)}"
        + (f"\n    {visible(item.hint)}" if item.hint else "")
        for item in found
    )
