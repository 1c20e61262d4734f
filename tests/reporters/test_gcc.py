"""``--format gcc``: what VS Code makes of it with the problem matcher that the repository brings, and other editors with theirs."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import problem, report

from lerkb.reporters.gcc import report_gcc

ROOT = Path(__file__).parents[2]
TASKS = json.loads((ROOT / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
PATTERN = TASKS[0]["problemMatcher"]["pattern"]
PARTS = ("file", "line", "column", "severity", "code", "message")


def matched(text, pattern=PATTERN):
    """What VS Code reads from each line that its matcher fits."""
    found = filter(None, (re.match(pattern["regexp"], line) for line in text.splitlines()))
    return [tuple(match[pattern[part]] for part in PARTS) for match in found]


def test_each_task_has_the_same_matcher_and_asks_for_its_form():
    for task in TASKS:
        assert task["problemMatcher"] == TASKS[0]["problemMatcher"]
        assert task["args"][:4] == ["scripts/kb.py", "validate", "--format", "gcc"]
        assert (ROOT / task["args"][0]).is_file()


def test_the_matcher_reads_real_output(make_project, run_lerkb):
    root = make_project(
        {
            "use_cases/broken.yaml": "id: broken\ntitle: 'A: b'\nstatus: publishd\n",
            "content/glossary/cut.yaml": "id: cut\ntitle: A # b\nstatus: published\nsummary: A.\nsource: nowhere\n",
        }
    )
    printed = run_lerkb("validate", "--format", "gcc", root=root)
    assert printed.code == 1
    expected = json.loads(run_lerkb("validate", "--format", "json", root=root).out)["diagnostics"]
    found = matched(printed.out)
    assert len(found) == len(expected) == len(printed.out.splitlines())
    for (path, line, column, severity, code, message), item in zip(found, expected, strict=True):
        assert (path, int(line), int(column)) == (item["path"], item["line"], item["column"])
        assert (severity, code) == (item["severity"], item["code"])
        assert message == "; ".join(filter(None, (item["message"], item["hint"])))
    assert {severity for _, _, _, severity, _, _ in found} == {"error", "warning"}


def test_nothing_found_is_nothing_printed(make_project, run_lerkb):
    assert run_lerkb("validate", "--format", "gcc", root=make_project()).out == ""


@given(st.text(), st.text())
def test_whatever_a_message_says_the_line_is_read_rightly(message, hint):
    (found,) = matched(report_gcc(report(problem("use_cases/a.yaml", 3, 7, message=message, hint=hint))))
    assert found[:5] == ("use_cases/a.yaml", "3", "7", "error", "SCH001")


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(.+?):(\d+):(\d+): (.+)$",  # Vim’s errorformat %f:%l:%c: %m
        r"^(?P<file>[^ \n:]+):(?P<line>\d+):(?P<column>\d+): *(error|warning|note)\b",  # Emacs, compilation mode, `gnu`
    ],
)
def test_other_editors_read_the_form_of_compilers(pattern):
    text = report_gcc(report(problem("use_cases/a.yaml", 3, 7)))
    assert re.match(pattern, text)[1] == "use_cases/a.yaml"
