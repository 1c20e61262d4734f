"""``lerkb new``: a scaffold that is valid once its examples are changed, and never over a file that is there."""

import contextlib
import os
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lerkb.checks.schema import placeholder
from lerkb.formatting import format_record
from lerkb.knowledge_base import KnowledgeBase
from lerkb.project import KIND_FOLDERS
from lerkb.records import Record
from lerkb.scaffold import scaffold
from lerkb.yaml_source import parse_source

KINDS = [kind for kind in KIND_FOLDERS if kind != "vocabulary"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_started_in_the_folder_of_its_kind(run_lerkb, make_project, kind):
    root = make_project()
    run = run_lerkb("new", kind, "a-new-one", root=root)
    path = f"{KIND_FOLDERS[kind]}/a-new-one.yaml"
    assert (run.code, run.out) == (0, f"{path}\n")
    assert f"run `lerkb --root {root} validate {path}`" in run.err
    text = (root / path).read_text(encoding="utf-8")
    assert text.startswith("# Id: "), "where there are no schemas, none is named for editors"
    (root / path).unlink()
    shutil.copytree(Path(__file__).parent.parent.parent / "schemas", root / "schemas")
    assert run_lerkb("new", kind, "a-new-one", root=root).code == 0
    text = (root / path).read_text(encoding="utf-8")
    depth = "../" * (KIND_FOLDERS[kind].count("/") + 1)
    assert text.startswith(f"# yaml-language-server: $schema={depth}schemas/{kind}.schema.json\n")


@pytest.mark.parametrize("kind", KINDS)
def test_a_scaffold_has_the_right_shape_as_it_stands(schemas, kind):
    source = parse_source(kind, "x.yaml", "a-new-one", scaffold(schemas, kind, "a-new-one").encode())
    assert source.faults == ()
    assert (source.data["id"], source.data["status"]) == ("a-new-one", "draft")
    assert [error.message for error in schemas.reference_validator(kind).iter_errors(source.data)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_scaffold_is_laid_out_as_format_would(schemas, kind):
    text = scaffold(schemas, kind, "a-new-one")
    assert format_record(text, kind, schemas) == text


@pytest.mark.parametrize("kind", KINDS)
def test_a_scaffold_explains_every_field(schemas, kind):
    flat = " ".join(scaffold(schemas, kind, "a-new-one").replace("\n#", "").split())
    for name, field in schemas.described(kind, ())["properties"].items():
        if name not in ("retired", "withdrawn", "waivers") and not field.get("readOnly"):
            assert f"{field['title']}: {' '.join(field['description'].split())}" in flat, name


@pytest.mark.parametrize("kind", KINDS)
def test_an_optional_field_can_be_had_by_taking_away_its_remark(schemas, kind):
    lines = scaffold(schemas, kind, "a-new-one").splitlines()
    text = "\n".join(line[2:] if line.startswith("# ") and _is_yaml(line[2:]) else line for line in lines)
    source = parse_source(kind, "x.yaml", "a-new-one", text.encode())
    assert source.faults == ()
    given = set(source.data) - {"account"}
    fields = schemas.described(kind, ())["properties"]
    written_by_programs = {name for name, field in fields.items() if field.get("readOnly")}
    assert not given & written_by_programs
    assert given >= set(fields) - {"retired", "withdrawn", "waivers", "account"} - written_by_programs


def _is_yaml(line):
    name, colon, rest = line.partition(":")
    field = name.replace("_", "").isalpha() and name.islower() and colon and (not rest or rest.startswith(" "))
    return bool(field) or line.startswith(("  ", "- "))


@pytest.mark.parametrize("suffix", ["yaml", "yml"])
def test_a_file_that_is_there_is_left_as_it_is(run_lerkb, make_project, suffix):
    root = make_project({f"use_cases/mine.{suffix}": "precious: true\n"})
    run = run_lerkb("new", "use-case", "mine", root=root)
    assert run.code == 2
    assert run.err == f"lerkb: use_cases/mine.{suffix} is there already; it was left as it is\n"
    assert (root / "use_cases" / f"mine.{suffix}").read_text(encoding="utf-8") == "precious: true\n"


@pytest.mark.parametrize(
    ("written", "better"),
    [
        ("My Case", "my-case"),
        ("a_b", "a-b"),
        ("../../etc", "etc"),
        ("-a-", "a"),
        ("Ünï", "uni"),
        ("a--b", "a-b"),
        ("a\n", "a"),
    ],
)
def test_a_name_in_another_form_is_refused_with_a_better_one(run_lerkb, make_project, written, better):
    root = make_project()
    run = run_lerkb("new", "term", "--", written, root=root)
    assert run.code == 2
    assert f"try {better!r}" in run.err
    assert {path.name for path in (root / "content" / "glossary").iterdir()} == {"badge.yaml", "wallet.yaml"}


def test_a_name_without_any_letter_is_refused(run_lerkb, make_project):
    run = run_lerkb("new", "term", "--", "…", root=make_project())
    assert run.code == 2
    assert "try" not in run.err


def test_without_a_name_and_without_anyone_to_ask_the_name_is_missing(run_lerkb, make_project):
    run = run_lerkb("new", "term", root=make_project())
    assert (run.code, run.out) == (2, "")
    assert "the record has no name yet: write `lerkb new term a-short-name`, or give it a --title" in run.err


def test_vocabularies_grow_by_a_value_and_not_by_a_file(run_lerkb, make_project):
    run = run_lerkb("new", "vocabulary", "hues", root=make_project())
    assert run.code == 2
    assert "grows by a value in its file in content/vocabularies/" in run.err


class AtTerminal:
    """The command at a terminal of its own, to be typed to."""

    def __init__(self, root, *arguments):
        pty = pytest.importorskip("pty")
        self.ours, theirs = pty.openpty()
        code = "import sys; from lerkb.cli import main; sys.exit(main())"
        command = [sys.executable, "-c", code, "--root", str(root), "new", *arguments]
        # Its own session, with this as the terminal that Ctrl-C comes from.
        script = (
            "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
        )
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.said = ""
        self.heard = 0  # how much of it was waited for: a piece that is read can hold the next words, too

    def read_to(self, words):
        """Reads on until these words were said, or the end."""
        while (found := self.said.find(words, self.heard)) < 0:
            try:
                part = os.read(self.ours, 4096) if select.select([self.ours], [], [], 60)[0] else b""
            except OSError:  # the other end is closed
                part = b""
            assert part, f"{words!r} was not said, but {self.said[self.heard :]!r}"
            self.said += part.decode().replace("\r\n", "\n")
        self.heard = found + len(words)

    def type(self, text):
        os.write(self.ours, text.encode())

    def break_off(self, sign):
        """Presses a key until the command ends, as people do: Python does not see a signal that comes just before it waits for a line."""
        for _ in range(12):
            with contextlib.suppress(OSError):  # the other end is closed
                self.type(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self.process.wait(timeout=5)
        self.process.kill()
        return self.process.wait()

    def end(self):
        code = self.process.wait(timeout=60)
        with contextlib.suppress(OSError):
            while part := os.read(self.ours, 4096):
                self.said += part.decode().replace("\r\n", "\n")
        os.close(self.ours)
        return code


def test_slips_at_a_terminal_are_told_and_asked_again(make_project):
    root = make_project()
    terminal = AtTerminal(root, "term")
    terminal.read_to("call it? ")
    terminal.type("long " * 30 + "\n")
    terminal.read_to("at most 120 fit")
    terminal.read_to("call it? ")
    terminal.type("\x1b[Ared\n")
    terminal.read_to("cannot be seen")
    terminal.read_to("call it? ")
    terminal.type("Crumb\n")
    terminal.read_to("sentences? ")
    terminal.type("\n")
    for answer, said in (("My Crumb", "try 'my-crumb'"), ("badge", "badge.yaml is there already"), ("../x", "try 'x'")):
        terminal.read_to("[crumb]: ")
        terminal.type(f"{answer}\n")
        terminal.read_to(said)
    terminal.read_to("[crumb]: ")
    terminal.type("\n")
    assert terminal.end() == 0
    assert "\ntitle: Crumb\n" in (root / "content/glossary/crumb.yaml").read_text(encoding="utf-8")


def test_who_breaks_off_at_a_terminal_has_written_nothing(make_project):
    root = make_project()
    before = sorted(root.rglob("*"))
    for answers in (["\x03"], ["Crumb\n", "\x03"], ["Crumb\n", "\n", "\x04"]):
        terminal = AtTerminal(root, "term")
        for answer, asked in zip(answers, ("call it? ", "sentences? ", "[crumb]: "), strict=False):
            terminal.read_to(asked)
            if answer is answers[-1]:
                terminal.break_off(answer)
            else:
                terminal.type(answer)
        assert terminal.end() == 130
        assert terminal.said.endswith("\nlerkb: stopped\n")
        assert "Traceback" not in terminal.said
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["usecase", "x"], "Did you mean 'use-case'?"),
        (["use-case", "My", "Record"], "try 'my-record'"),
        (["use-case", "con"], "Windows keeps for itself"),
        (["use-case", "a" * 81], "has at most 80"),
    ],
)
def test_a_name_that_will_not_do_is_told(run_lerkb, make_project, words, said):
    run = run_lerkb("new", *words, root=make_project())
    assert run.code == 2
    assert said in run.err


def test_the_ending_of_a_file_s_name_is_no_part_of_the_id(run_lerkb, make_project):
    root = make_project()
    assert run_lerkb("new", "term", "my-record.yaml", root=root).out == "content/glossary/my-record.yaml\n"
    assert "\nid: my-record\n" in (root / "content/glossary/my-record.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["use-case", "pilot", "principle"])
def test_an_untouched_template_is_no_published_record(schemas, kind):
    source = parse_source(kind, "x.yaml", "a-new-one", scaffold(schemas, kind, "a-new-one").encode())
    record = Record(kind, "a-new-one", "x.yaml", {**source.data, "status": "published"})
    (problem,) = placeholder(record, KnowledgeBase([], schemas))
    assert "the examples of the template" in problem.message
    assert list(placeholder(Record(kind, "a-new-one", "x.yaml", source.data), KnowledgeBase([], schemas))) == []


def test_a_title_and_a_summary_take_the_place_of_the_examples(run_lerkb, make_project):
    root = make_project()
    run = run_lerkb("new", "use-case", "--title", " The baker’s\nsecond card ", "--summary", "She has: two.", root=root)
    assert (run.code, run.out) == (0, "use_cases/the-bakers-second-card.yaml\n")
    text = (root / "use_cases" / "the-bakers-second-card.yaml").read_text(encoding="utf-8")
    assert "\ntitle: The baker’s second card\n" in text
    assert "\nsummary: 'She has: two.'\n" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["source", "x-y", "--summary", "S."], "a source has no summary; leave out --summary"),
        (["term", "x-y", "--title", "long " * 30], "the title has 149 characters; at most 120 fit"),
        (["term", "--title", "con"], "Windows keeps for itself"),
    ],
)
def test_a_text_that_will_not_do_is_told(run_lerkb, make_project, words, said):
    root = make_project()
    run = run_lerkb("new", *words, root=root)
    assert run.code == 2
    assert said in run.err


def test_whoever_sits_at_a_terminal_is_asked_for_what_is_left_out(run_lerkb, make_project, monkeypatch):
    root = make_project()
    asked = []

    def answers(text, default=None, **options):
        asked.append((text, default))
        return {"Summary": ""}.get(text, "A crumb" if default == "" else default)

    monkeypatch.setattr("click.prompt", answers)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    run = run_lerkb("new", "term", root=root)
    assert run.out == "content/glossary/a-crumb.yaml\n"
    assert asked[0] == ("What do you call it?", "")
    assert asked[-1] == ("A short name for its file and address: small letters, digits and single hyphens", "a-crumb")
    run = run_lerkb("new", "use-case", "kept", "--title", "Kept", root=root)
    assert run.out == "use_cases/kept.yaml\n"
    assert [text for text, _ in asked[3:]] == ["What happened, in short: where, to whom, and what came of it?"]
