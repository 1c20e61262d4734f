"""Files someone could have sent: those in pass/ are silent; those in fail/ yield each diagnostic they expect, on its line, and no other.

A case begins with ``# file: PATH``, its place in a copy of the sample. ``# expect: CODE`` at the end of a line expects a diagnostic there
(several codes parted by spaces); ``# expect at LINE: CODE`` on a line of its own expects one elsewhere.
"""

import re
from pathlib import Path

import pytest

from lerkb.project import KIND_FOLDERS, Project
from lerkb.schemas import Schemas
from lerkb.validation import validate
from lerkb.yaml_source import parse_source

CASES = Path(__file__).parent / "cases"
FILE = re.compile(r"\A# file: (\S+)\n")
EXPECT = re.compile(r"\s*# expect: ([A-Z0-9 ]+)$")
EXPECT_AT = re.compile(r"^# expect at (\d+): (\w+)$")


def cases(folder: str) -> list[Path]:
    return sorted((CASES / folder).iterdir())


def case_files(case: Path) -> list[str]:
    found = sorted(case.iterdir()) if case.is_dir() else [case]
    return [file.read_bytes().decode("utf-8") for file in found]


def read_case(text: str) -> tuple[str, str, list[tuple[int, str]]]:
    """The place of a case, its text without expectations, and what it expects."""
    path = FILE.match(text)[1]
    expected = []
    lines = []
    for number, line in enumerate(text.split("\n"), start=1):
        elsewhere = EXPECT_AT.match(line)
        here = None if elsewhere else EXPECT.search(line)
        if elsewhere:
            expected.append((int(elsewhere[1]), elsewhere[2]))
        elif here:
            expected += [(number, code) for code in here[1].split()]
            line = line[: here.start()]  # noqa: PLW2901 - the line without its expectation
        lines.append("" if elsewhere else line)
    if path.endswith(".json"):
        lines[0] = ""  # JSON knows no remarks
    return path, "\n".join(lines), expected


def found_in(root: Path) -> set[tuple[str, int, str]]:
    return sorted((item.path, item.line, item.code) for item in validate(Project.at(root)).diagnostics)


@pytest.mark.parametrize("case", cases("fail"), ids=lambda case: case.stem)
def test_a_wrong_record_yields_what_it_expects_and_nothing_else(case, make_project):
    read = [read_case(text) for text in case_files(case)]
    root = make_project({path: text for path, text, _ in read})
    if any(path.startswith("schemas/") for path, _, _ in read):
        copy_schemas(root)
    expected = sorted((path, line, code) for path, _, found in read for line, code in found)
    assert expected, "a case in fail/ says what it expects"
    assert case.name[:6] in {code for _, _, code in expected}
    assert found_in(root) == expected


@pytest.mark.parametrize("case", cases("pass"), ids=lambda case: case.stem)
def test_a_right_record_is_silent(case, make_project):
    read = [read_case(text) for text in case_files(case)]
    assert found_in(make_project({path: text for path, text, _ in read})) == []


def leaves(value, pattern=()):
    """The pattern of every field that stands in a record, ``*`` for the place in a list."""
    yield pattern
    if isinstance(value, dict):
        for name, child in value.items():
            yield from leaves(child, (*pattern, name))
    elif isinstance(value, list):
        for child in value:
            yield from leaves(child, (*pattern, "*"))


@pytest.mark.parametrize("kind", KIND_FOLDERS)
def test_every_field_of_a_kind_stands_in_a_right_record(kind):
    shown = set()
    for text in (text for case in cases("pass") for text in case_files(case)):
        path, record, _ = read_case(text)
        if path.startswith(KIND_FOLDERS[kind] + "/"):
            shown |= set(leaves(parse_source(kind, path, Path(path).stem, record.encode()).data))
    schemas = Schemas.load(Path(__file__).parent.parent / "schemas")
    assert ["/".join(spec.pattern) for spec in schemas.specs(kind) if spec.pattern not in shown] == []


def test_one_right_record_is_a_personal_account_with_consent():
    told = [text for case in cases("pass") for text in case_files(case) if "\ncame_about: personal-account\n" in text]
    assert told
    assert all("\n  consent:\n" in text and "\n    told_of_limits: true\n" in text for text in told)


def copy_schemas(root: Path) -> None:
    """Give a base schemas of its own, the case's files kept."""
    for file in (Path(__file__).parent.parent / "schemas").glob("*.json"):
        if not (root / "schemas" / file.name).exists():
            (root / "schemas" / file.name).write_bytes(file.read_bytes())


HEAD = b"# file: content/sources/case.yaml\nid: case\n"
BYTES = {
    "SYN005 a byte that is not UTF-8": (b"id: case\ntitle: Jos\xe9\n", (2, "SYN005")),
    "SYN005 UTF-16": ("id: case\n".encode("utf-16"), (1, "SYN005")),
    "SYN006 a NUL": (b"id: case\ntitle: a\x00b\n", (2, "SYN006")),
    "SYN006 a byte order mark inside": ("id: case\ntitle: a\ufeffb\n".encode(), (2, "SYN006")),
    "SYN007 an override of direction": ("id: case\ntitle: a\u202eb\n".encode(), (2, "SYN007")),
    "SYN008 half a megabyte": (b"id: case\ntitle: " + b"a" * 600_000, (1, "SYN008")),
    "SYN008 too many values": (b"id: case\nauthors:\n" + b"- a\n" * 60_000, (50_000, "SYN008")),
    "SYN009 thirty thousand dashes": (b"- " * 30_000, (1, "SYN009")),
    "SYN011 nothing": (b"", (1, "SYN011")),
}


@pytest.mark.parametrize(("content", "expected"), BYTES.values(), ids=BYTES)
def test_bytes_that_no_editor_should_have_written(content, expected, make_project):
    root = make_project({"content/sources/case.yaml": content})
    assert found_in(root) == [("content/sources/case.yaml", *expected)]
