"""``lerkb validate``: what is reported, how, and with which exit code."""

import contextlib
import io
import json

import pytest

from lerkb.cli import main

TERM = "id: wrong\ntitle: A term\nstatus: published\nsummary: Text.\nsource: nowhere\n"
#: An error and a warning.
FILES = {
    "content/glossary/wrong.yaml": TERM,
    "content/sources/cut.yaml": (
        "id: cut\ntitle: A title # cut\nstatus: published\ntype: report\npublisher: Sample Bakery\n"
        "url: 'https://example.org/'\ninterest: self\nread: excerpt\nlast_checked: '2026-11-01'\n"
        "waivers:\n  - check: EVI008\n    reason: It stands alone.\n"
    ),
}
WARNING_ONLY = {"content/sources/cut.yaml": FILES["content/sources/cut.yaml"]}


def found(run):
    return [item["code"] for item in json.loads(run.out)["diagnostics"]]


@pytest.fixture
def root(make_project):
    return make_project(FILES)


def test_a_clean_base_ends_with_0(run_lerkb, make_project):
    run = run_lerkb("validate", root=make_project())
    assert (run.code, run.err) == (0, "")
    assert run.out.endswith("records checked, nothing to mend\n")


def test_an_error_ends_with_1_and_everything_is_on_standard_output(run_lerkb, root):
    run = run_lerkb("validate", root=root)
    assert (run.code, run.err) == (1, "")
    assert "content/glossary/wrong.yaml:5:9: REF001 no source has the id `nowhere`\n" in run.out
    assert run.out.endswith("24 records checked: 1 error, 1 warning\n")


def test_a_warning_alone_ends_with_0_and_with_1_when_strict(run_lerkb, make_project):
    root = make_project(WARNING_ONLY)
    assert run_lerkb("validate", root=root).code == 0
    assert run_lerkb("validate", "--strict", root=root).code == 1


def test_json_is_one_object_and_nothing_else(run_lerkb, root):
    run = run_lerkb("validate", "--format", "json", root=root)
    report = json.loads(run.out)
    assert (report["version"], report["checked"]) == (1, 24)
    first = report["diagnostics"][0]
    assert list(first) == ["code", "name", "severity", "path", "line", "column", "field", "message", "hint", "url"]
    assert (first["field"], first["severity"], first["url"]) == ("/source", "error", "checks/REF001/")
    assert run.err == ""


@pytest.mark.parametrize(
    ("options", "codes", "code"),
    [
        (["--select", "REF001"], ["REF001"], 1),
        (["--select", "ref001"], ["REF001"], 1),
        (["--select", "unknown-reference"], ["REF001"], 1),
        (["--select", "REF"], ["REF001"], 1),
        (["--select", "references"], ["REF001"], 1),
        (["--select", "REF,SYN"], ["REF001", "SYN012"], 1),
        (["--select", "REF", "--select", " SYN ,"], ["REF001", "SYN012"], 1),
        (["--select", "SYN"], ["SYN012"], 0),
        (["--select", "IDN"], [], 0),
        (["--ignore", "REF001"], ["SYN012"], 0),
        (["--ignore", "syntax"], ["REF001"], 1),
        (["--ignore", "REF,SYN"], [], 0),
        (["--select", "REF", "--ignore", "REF001"], [], 0),
        (["--select", "SYN", "--strict"], ["SYN012"], 1),
    ],
)
def test_checks_are_chosen_by_code_name_or_family(run_lerkb, root, options, codes, code):
    run = run_lerkb("validate", "--format", "json", *options, root=root)
    assert (found(run), run.code) == (codes, code)


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_check_that_does_not_exist_cannot_be_chosen(run_lerkb, root, option):
    run = run_lerkb("validate", option, "REF001,NOPE", root=root)
    assert run.code == 2
    assert run.err == "lerkb: no check or family of checks is called 'NOPE'; `lerkb checks` lists them\n"


@pytest.mark.parametrize(
    ("paths", "codes", "checked"),
    [
        (["content/glossary/wrong.yaml"], ["REF001"], 1),
        (["content/sources"], ["SYN012"], 3),
        (["content"], ["REF001", "SYN012"], 18),
        (["content/glossary/badge.yaml"], [], 1),
        (["content/glossary/wrong.yaml", "content/sources/cut.yaml"], ["REF001", "SYN012"], 2),
    ],
)
def test_named_files_are_checked_against_everything_and_reported_alone(run_lerkb, root, paths, codes, checked):
    run = run_lerkb("validate", "--format", "json", *paths, root=root)
    report = json.loads(run.out)
    assert (found(run), report["checked"]) == (codes, checked)
    assert run.code == (1 if "REF001" in codes else 0)


def test_a_path_may_be_written_from_where_one_stands(run_lerkb, root, monkeypatch):
    monkeypatch.chdir(root / "content" / "glossary")
    assert found(run_lerkb("validate", "--format", "json", "wrong.yaml")) == ["REF001"]
    assert found(run_lerkb("validate", "--format", "json", ".")) == ["REF001"]
    assert found(run_lerkb("validate", "--format", "json", root / "content" / "sources" / "cut.yaml")) == ["SYN012"]
    monkeypatch.chdir(root)
    assert found(run_lerkb("validate", "--format", "json", ".")) == ["REF001", "SYN012"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("content/glossary/nowhere.yaml", "does not exist"),
        ("mkdocs.yml", "is no record"),
        ("content/pages/about.md", "is no record"),
        ("..", "is not in"),
    ],
)
def test_a_path_that_names_no_record_is_told(run_lerkb, root, path, words):
    run = run_lerkb("validate", root / path, root=root)
    assert run.code == 2
    assert words in run.err
    assert run.out == ""


def test_a_reference_to_a_file_that_is_not_named_is_still_known(run_lerkb, root):
    # The use case names pilots, principles and findings, none of which is among the named files.
    run = run_lerkb("validate", "use_cases/card-leaves-the-bakery.yaml", root=root)
    assert (run.code, run.out) == (0, "1 record checked, nothing to mend\n")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def on_a_terminal(root):
    out = Terminal()
    with contextlib.redirect_stdout(out):
        main(["--root", str(root), "validate"])
    return out.getvalue()


def test_a_terminal_is_shown_colour_unless_it_is_not_wanted(root, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    coloured = on_a_terminal(root)
    assert "\x1b[1mcontent/glossary/wrong.yaml:5:9\x1b[0m: \x1b[31mREF001\x1b[0m" in coloured
    assert "\x1b[33mSYN012\x1b[0m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in on_a_terminal(root)


def test_a_file_is_never_shown_colour(run_lerkb, root, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b" not in run_lerkb("validate", root=root).out


def test_a_remark_on_a_line_of_its_own_is_no_part_of_the_value_above(run_lerkb, make_project):
    path = "use_cases/card-leaves-the-bakery.yaml"
    text = (make_project(name="as-it-is") / path).read_text(encoding="utf-8")
    remarks = "\n".join(
        f"{line}\n  # about the next line" if line.startswith("title:") else line for line in text.split("\n")
    )
    run = run_lerkb("validate", root=make_project({path: remarks}))
    assert run.code == 0
    assert "SYN012" not in run.out + run.err


def test_a_path_or_check_that_is_mistyped_gets_the_nearest(run_lerkb, make_project):
    root = make_project()
    run = run_lerkb("validate", "use_cases/card-leaves-the-bakry.yaml", root=root)
    assert (run.code, run.out) == (2, "")
    assert "Did you mean 'use_cases/card-leaves-the-bakery.yaml'?" in run.err
    assert "Did you mean 'unknown-reference'?" in run_lerkb("validate", "--select", "unknown-refrence", root=root).err


def test_explain_lists_a_family(run_lerkb):
    run = run_lerkb("explain", "ref")
    assert run.code == 0
    assert run.out.startswith("REF001  unknown-reference: ")
    assert "REF008" in run.out
