"""``--format github``: what a runner of GitHub makes of what we print, however it was meant by who wrote the records."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from made import problem, report

from lerkb.reporters.github import MESSAGE_LENGTH, SUMMARY_BYTES, report_github, step_summary

#: Commands that a runner carries out, those that would harm among them.
KNOWN = {
    *("error", "warning", "notice", "debug", "group", "endgroup", "stop-commands", "add-mask", "add-path", "set-env"),
    *("set-output", "save-state", "echo", "add-matcher", "remove-matcher", "save-state"),
}


def unescape(text, marks):
    for mark in marks:
        text = text.replace(f"%{ord(mark):02X}", mark)
    return text


def command(line, known):
    """A line as the runner reads it: ``::name key=value,…::data`` at its start, else ``##[name key=value;…]data`` anywhere."""
    stripped = line.lstrip()
    if stripped.startswith("::") and (end := stripped.find("::", 2)) >= 0:
        name, _, written = stripped[2:end].partition(" ")
        if name.lower() in known:
            pairs = [part.split("=", 1) for part in written.split(",") if part]
            return (
                name,
                {key: unescape(value, "\r\n:,%") for key, value in pairs},
                unescape(stripped[end + 2 :], "\r\n%"),
            )
    if (start := line.find("##[")) >= 0 and (end := line.find("]", start)) >= 0:
        name = line[start + 3 : end].partition(" ")[0]
        if name.lower() in known:
            return name, {}, line[end + 1 :]
    return None


def runner(text):
    """The commands that a runner carries out, and the lines that it only shows."""
    known, token, carried_out, shown = set(KNOWN), None, [], []
    for line in re.split("\r\n|\r|\n", text):
        read = command(line, known)
        if read is None or (token and read[0].lower() != token):
            shown.append(line)
        elif token:
            known, token = set(KNOWN), None
        elif read[0] == "stop-commands":
            token = read[2].lower()
            known.add(token)
        else:
            carried_out.append(read)
    assert token is None, "commands are heeded again in the end"
    return carried_out, shown


def annotations(text):
    return [item for item in runner(text)[0] if item[0] in ("error", "warning", "notice")]


def test_a_problem_is_an_annotation_on_its_line():
    made = report(problem("content/a, b.yaml", 3, 7, message="100% wrong", hint="say: less"), folder="base/")
    assert annotations(report_github(made)) == [
        (
            "error",
            {"file": "base/content/a, b.yaml", "line": "3", "col": "7", "title": "SCH001 unknown-field"},
            "100% wrong\nsay: less\nMore: lerkb explain SCH001",
        )
    ]


def test_an_annotation_leads_to_the_checks_page_where_the_site_has_an_address():
    ((_, _, said),) = annotations(report_github(report(problem(), site="https://example.org/kb/")))
    assert said.endswith("\nMore: https://example.org/kb/checks/SCH001/")


def test_severities_are_levels():
    made = report(problem(code="SCH001"), problem(code="SYN012"))
    assert [name for name, _, _ in annotations(report_github(made))] == ["error", "warning"]


def test_the_whole_report_is_folded_in_the_log():
    carried_out, shown = runner(report_github(report(problem(), problem(line=2))))
    assert [name for name, _, _ in carried_out] == ["group", "endgroup", "error", "error"]
    assert "use_cases/a.yaml:1:1: SCH001 something is wrong" in shown
    assert "    mend it" in shown


def test_nothing_found_is_one_line():
    assert report_github(report(files=["use_cases/a.yaml"])) == "1 record checked, nothing to mend\n"


def test_a_step_shows_ten_of_a_severity_spread_over_the_files():
    crowd = [problem("use_cases/a.yaml", line) for line in range(1, 31)]
    others = [problem(f"use_cases/{name}.yaml", 5) for name in "bcde"]
    warnings = [problem("use_cases/z.yaml", line, code="SYN012") for line in range(1, 13)]
    found = annotations(report_github(report(*crowd, *others, *warnings)))
    errors = [(where["file"], where["line"]) for name, where, _ in found if name == "error"]
    assert errors == [
        *(("use_cases/a.yaml", str(line)) for line in range(1, 7)),
        *((f"use_cases/{name}.yaml", "5") for name in "bcde"),
    ]
    assert sum(name == "warning" for name, _, _ in found) == 10
    assert [said for name, _, said in found if name == "notice"] == [
        "24 errors, 2 warnings more: GitHub shows no more beside the files. All are in this step’s log and in the run’s summary."
    ]
    # Errors stand before warnings: should GitHub ever show fewer, it drops these.
    assert [name for name, _, _ in found] == ["error"] * 10 + ["warning"] * 10 + ["notice"]


def test_a_message_that_github_would_cut_is_cut_by_us():
    ((_, _, said),) = annotations(report_github(report(problem(message="a" * 10_000))))
    assert len(said) == MESSAGE_LENGTH
    assert said.endswith("…")


HOSTILE = [
    "::set-env name=PATH::/tmp/evil",
    "\n::add-mask::e",
    "\r::error file=other.yaml,line=1::forged",
    "x\n::endgroup::\n::stop-commands::never",
    "##[set-env name=PATH]evil",
    "%0A::add-path::evil",
    "a,line=99::b",
    "\u2028::warning::w",
    "\x1b[2J\udcff",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_contributor_wrote_is_no_command(text):
    made = report(problem(f"use_cases/{text}.yaml", message=text, hint=text))
    printed = report_github(made)
    carried_out, _ = runner(printed)
    assert [name for name, _, _ in carried_out] == ["group", "endgroup", "error"]
    assert carried_out[-1][1]["line"] == "1"
    assert carried_out[-1][1]["file"] == f"use_cases/{text}.yaml".encode("utf-8", "backslashreplace").decode()
    assert printed.encode()


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1, max_size=3))
def test_no_text_at_all_is_a_command(texts):
    made = report(*(problem(path, message=message, hint=hint) for path, message, hint in texts))
    carried_out, _ = runner(report_github(made))
    assert [name for name, _, _ in carried_out] == ["group", "endgroup", *["error"] * len(texts)]


def cells(text):
    return [[cell.text_content() for cell in row] for row in html.fromstring(text).iter("tr")]


def test_the_summary_counts_and_lists_errors_first():
    made = report(problem("use_cases/b.yaml", 4, message="`x` & <b>"), problem(code="SYN012"), folder="base/")
    text = step_summary(made)
    assert text.startswith("### 2 records checked: 1 error, 1 warning\n\n<table>\n")
    assert cells(text)[1:] == [
        ["base/use_cases/b.yaml:4", "error SCH001", "x & <b>mend it"],
        ["base/use_cases/a.yaml:1", "warning SYN012", "something is wrongmend it"],
    ]
    assert "<code>x</code> &amp; &lt;b&gt;<br>mend it" in text
    assert "<a " not in text


def test_the_summary_links_to_the_checks_page_where_the_site_has_an_address():
    text = step_summary(report(problem(), site="https://example.org/kb/"))
    assert '<a href="https://example.org/kb/checks/SCH001/">SCH001</a>' in text


def test_the_summary_of_nothing_is_its_counts():
    assert step_summary(report(files=["use_cases/a.yaml"])) == "### 1 record checked, nothing to mend\n"


@given(st.text(), st.text())
def test_what_a_contributor_wrote_is_text_in_the_summary(message, path):
    text = step_summary(report(problem(path, message=message)))
    table = text.partition("\n\n")[2]
    assert "\n\n" not in table, "a blank line would end the HTML, and Markdown would begin"
    root = html.fromstring(table)
    assert {element.tag for element in root.iter()} <= {"table", "tbody", "tr", "th", "td", "code", "br"}
    assert all(not element.attrib for element in root.iter())


@pytest.mark.parametrize("room", [SUMMARY_BYTES, 100_000, 2_000, 700, 300, 100, 10, 0, -5])
def test_the_summary_keeps_to_its_room_and_says_what_it_left_out(room):
    made = report(*(problem("use_cases/é.yaml", line, message="é" * 50) for line in range(1, 5_001)))
    text = step_summary(made, room)
    assert len(text.encode()) <= max(room, 0)
    if text:
        shown = len(cells(text)) - 1
        left = 5_000 - shown
        assert (f"{left:,} more problem{'' if left == 1 else 's'}: the rest" in text) == (shown < 5_000)
    else:
        assert room < 500


def test_the_summary_is_added_to_what_the_step_wrote_before(make_project, run_lerkb, tmp_path, monkeypatch):
    file = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    root = make_project({"use_cases/broken.yaml": "id: broken\n"})
    assert run_lerkb("validate", "--format", "github", root=root).code == 1
    once = file.read_text(encoding="utf-8")
    assert once.startswith("### ")
    run_lerkb("validate", "--format", "github", root=root)
    assert file.read_text(encoding="utf-8") == once * 2
    file.write_text("x" * (SUMMARY_BYTES - 5), encoding="utf-8")
    run_lerkb("validate", "--format", "github", root=root)
    assert file.stat().st_size == SUMMARY_BYTES - 5
    # No other format writes it.
    file.unlink()
    run_lerkb("validate", root=root)
    assert not file.exists()


def test_a_summary_that_cannot_be_written_is_told(make_project, run_lerkb, tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    run = run_lerkb("validate", "--format", "github", root=make_project())
    assert run.code == 2
    assert "cannot be written" in run.err


def test_paths_are_told_from_the_top_of_the_repository(make_project, run_lerkb, tmp_path):
    (tmp_path / ".git").mkdir()
    root = make_project({"use_cases/broken.yaml": "id: broken\n"})
    printed = run_lerkb("validate", "--format", "github", root=root).out
    assert "::error file=base/use_cases/broken.yaml,line=1," in printed
    (root / ".git").mkdir()
    assert "::error file=use_cases/broken.yaml,line=1," in run_lerkb("validate", "--format", "github", root=root).out
    sarif = json.loads(run_lerkb("validate", "--format", "sarif", root=root).out)
    places = [result["locations"][0]["physicalLocation"] for result in sarif["runs"][0]["results"]]
    assert {place["artifactLocation"]["uri"] for place in places} == {"use_cases/broken.yaml"}
