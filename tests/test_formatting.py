"""One layout: nothing that a file says changes, no remark is lost, and a second time changes nothing."""

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lerkb.formatting import format_record
from lerkb.project import Project
from lerkb.validation import load_sources
from lerkb.yaml_source import parse_source
from lerkb.yaml_tree import NotUnderstoodError, remarks_of
from test_cases import CASES, case_files, read_case

ROOT = Path(__file__).parent.parent
SAMPLE = Project.at(ROOT / "tests" / "sample")
SOURCES = [source for source in load_sources(SAMPLE) if source.kind != "vocabulary"]
REPEATABLE = settings(derandomize=True, deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def data(text):
    return parse_source("", "", "", text.encode()).data


@pytest.mark.unmeasured
def test_every_real_record_says_the_same_and_a_second_time_changes_nothing(schemas):
    for source in load_sources(Project.at(ROOT)):
        made = format_record(source.text, source.kind, schemas)
        assert data(made) == source.data, source.path
        assert format_record(made, source.kind, schemas) == made, source.path


@pytest.mark.parametrize("folder", ["pass", "fail", "hostile"])
def test_every_case_says_the_same_or_is_left(folder, schemas):
    for case in sorted((CASES / folder).iterdir()):
        for text in case_files(case):
            path, record, _ = read_case(text)
            kind = "term" if "glossary" in path else "use-case"
            try:
                made = format_record(record, kind, schemas)
            except NotUnderstoodError:
                continue
            assert data(made) == data(record)


def test_the_layout(schemas):
    text = """\
# at the head
title:   "A case"
summary: 'A text that is so long that it does not fit on one line of the file, whatever is done with it, and so it has to be folded here.'   # beside
id: case

status: published
# before also
also: [b, "yes", '1.0', "c: d"]
source:    x
zebra: 1.10
# at the end
"""
    assert (
        format_record(text, "term", schemas)
        == """\
# at the head
id: case
title: A case

status: published
# before also
also:
  - b
  - 'yes'
  - '1.0'
  - 'c: d'
# beside
summary: >-
  A text that is so long that it does not fit on one line of the file, whatever is done with it, and so it has to be
  folded here.
source: x
zebra: 1.10
# at the end
"""
    )


def test_line_ends_marks_and_spaces_are_made_alike(schemas):
    text = "\ufeffid: case\r\ntitle: A case   \r\nstatus: published\r\nsummary: |\r\n  One.\r\n\r\n  Two.\r\n"
    made = format_record(text, "term", schemas)
    assert made == "id: case\ntitle: A case\nstatus: published\nsummary: |\n  One.\n\n  Two.\n"


@pytest.mark.parametrize("text", ["a: [", "a: 1\na: 2\n", "", "- a\n", "a: &x b\n", "a: !t b\n", "a: \x07\n"])
def test_what_is_not_understood_is_left(text, schemas):
    with pytest.raises(NotUnderstoodError):
        format_record(text, "term", schemas)


def as_written(value, rng, indent=0):
    """The lines of nested data in whatever layout, as different hands would write it."""
    space = " " * indent
    step = rng.choice([1, 2, 4])
    if isinstance(value, dict) and value and rng.random() < 0.9:
        keys = list(value)
        rng.shuffle(keys)
        for key in keys:
            child = value[key]
            if isinstance(child, (dict, list)) and child and rng.random() < 0.8:
                yield f"{space}{key}:"
                yield from as_written(child, rng, indent + step)
            else:
                yield f"{space}{key}: {one_line(child, rng)}"
    elif isinstance(value, list) and value and rng.random() < 0.9:
        for child in value:
            if isinstance(child, dict) and child:
                first, *others = as_written(child, rng, indent + 2)
                if first.startswith(" " * (indent + 2)) and not first.lstrip().startswith(("{", "[")):
                    yield f"{space}- {first.lstrip()}"
                    yield from others
                    continue
            yield f"{space}- {one_line(child, rng)}"
    else:
        yield space + one_line(value, rng)


def one_line(value, rng):
    style = rng.choice(["'", '"'])
    if isinstance(value, str):
        return yaml.safe_dump(value, default_style=style, width=10**9, allow_unicode=rng.random() < 0.5).strip()
    return yaml.safe_dump(value, default_flow_style=True, width=10**9, allow_unicode=True).strip().removesuffix("\n...")


def with_remarks(lines, rng):
    """Remarks put between lines, at any depth, and beside some."""
    number = 0
    for line in lines:
        while rng.random() < 0.25:
            number += 1
            yield " " * rng.randrange(6) + f"# remark {number}: it's \"odd\" - 'and' [more]"
        number += 1
        while rng.random() < 0.1:
            yield rng.choice(["", "  "])
        yield f"{line}  # beside {number}" if rng.random() < 0.1 else line
    yield "# the last"


@given(seed=st.integers(0, 2**32), which=st.sampled_from(range(len(SOURCES))))
@REPEATABLE
def test_any_hand_and_any_remarks(schemas, seed, which):
    rng = random.Random(seed)  # noqa: S311 - chance that can be repeated
    source = SOURCES[which]
    text = "\n".join(with_remarks(as_written(source.data, rng), rng)) + "\n"
    if rng.random() < 0.2:
        text = text.replace("\n", "\r\n")
    assert data(text) == source.data, "the test itself writes the record"
    made = format_record(text, source.kind, schemas)
    assert data(made) == source.data
    assert made.count("# remark ") == text.count("# remark ")
    assert made.count("# beside ") == text.count("# beside ")
    assert "# the last" in made
    assert format_record(made, source.kind, schemas) == made
    assert "\r" not in made
    assert not [line for line in made.split("\n") if line != line.rstrip()]


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(list("\n :#-'\"")), max_size=200)


@given(text=TEXTS, title=TEXTS)
@REPEATABLE
def test_any_text_is_kept_to_the_letter(schemas, text, title):
    record = yaml.safe_dump({"id": "case", "summary": text, "also": [title]}, allow_unicode=True, width=10**9)
    before = data(record)
    if before is None:
        return  # signs that no record may hold
    try:
        made = format_record(record, "term", schemas)
    except NotUnderstoodError:
        return
    assert data(made) == before


def test_a_remark_stays_before_the_field_it_stood_before(schemas):
    text = "id: case\nstatus: published\n# on the title\ntitle: A case\nalso:\n  # on b\n  - b\n  - c\nsummary: X.\n"
    lines = format_record(text, "term", schemas).split("\n")
    assert lines[lines.index("# on the title") + 1] == "title: A case"
    assert lines[lines.index("  # on b") + 1] == "  - b"


REMARKS = [
    # as written, and as it is laid out
    ('id: "x"#quoted\n', "#quoted\nid: x\n"),
    ("also: [a,#flow\n  b]\n", "#flow\nalso:\n  - a\n  - b\n"),
    ("also: [a, b] # flow\n", "# flow\nalso:\n  - a\n  - b\n"),
    ("summary: |#block\n  One.\n  Two.\n", "#block\nsummary: |\n  One.\n  Two.\n"),
    ("summary: One\n  two. # plain\nurl: x\n", "# plain\nsummary: One two.\nurl: x\n"),
    ("also:\n  - a\n  # at its end\nurl: x\n", "also:\n  - a\n  # at its end\nurl: x\n"),
    ("also:\n- a\n# of the next\nurl: x\n", "also:\n  - a\n# of the next\nurl: x\n"),
    ("also:\n  - a\n  # at its end\n", "also:\n  - a\n  # at its end\n"),
    ("also:\n  - # of a\n    a\n  - b # of b\n", "also:\n  # of a\n  - a\n  # of b\n  - b\n"),
    ("also:   # of the list\n  - a\n", "# of the list\nalso:\n  - a\n"),
    ("id: a\n\n\n# one\n\ntitle: b\n\n\n", "id: a\n\n# one\n\ntitle: b\n"),
    ("summary: |+\n  One.\n\n\nurl: x\n", 'summary: "One.\\n\\n\\n"\nurl: x\n'),
    ("# head\n\nurl: x\n\n# of the id\nid: a\n", "# head\n\n# of the id\nid: a\nurl: x\n"),
]


@pytest.mark.parametrize(("text", "laid_out"), REMARKS)
def test_where_remarks_and_empty_lines_go(text, laid_out, schemas):
    assert format_record(text, "term", schemas) == laid_out
    assert format_record(laid_out, "term", schemas) == laid_out
    assert sorted(remarks_of(laid_out)) == sorted(remarks_of(text))


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_line_ends_that_few_programs_know_are_left(end, schemas):
    with pytest.raises(NotUnderstoodError):
        format_record(f"id: a{end}# lost?\ntitle: b\n", "term", schemas)


@pytest.mark.parametrize("text", ["1e3", "0o17", "y", "N", ".5", "1.", "+3", "0x1F", "1_000", "12:30", "on", "null"])
def test_text_that_a_program_takes_for_something_else_is_quoted(text, schemas):
    assert format_record(f'id: "{text}"\n', "term", schemas) == f"id: '{text}'\n"
