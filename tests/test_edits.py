"""An edit puts a replacement in place and changes nothing else, or is not offered."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lerkb.diagnostics import Diagnostic, Severity, json_pointer
from lerkb.edits import Edit, apply, edit_for
from lerkb.yaml_source import parse_source

TEXT = """\
id: case
titel: A title   # a remark
'quoted': 'It''s here'
"double": "a \\"b\\""
tags:
  sectors:
    - retial
    - 'care'
long: one
  two
folded: >
  three
number: 7
url: https://example.org/a#b
"""


def source(text=TEXT):
    return parse_source("use-case", "use_cases/case.yaml", "case", text.encode())


def edit(field, replacement, *, on_key=False, text=TEXT):
    read = source(text)
    line, column = read.place(field, on_key=on_key)
    wrong = Diagnostic(
        *(read.path, line, column, "SCH001", "unknown-field", Severity.ERROR),
        *(json_pointer(field), "wrong", "", ""),
        replacement=replacement,
    )
    return edit_for(read, wrong)


@pytest.mark.parametrize(
    ("field", "on_key", "replacement", "line"),
    [
        (("titel",), True, "title", "title: A title   # a remark"),
        (("titel",), False, "Another", "titel: Another   # a remark"),
        (("titel",), False, "no: not a field", "titel: 'no: not a field'   # a remark"),
        (("titel",), False, "2026", "titel: '2026'   # a remark"),
        (("quoted",), True, "plain", "'plain': 'It''s here'"),
        (("quoted",), False, "It isn't", "'quoted': 'It isn''t'"),
        (("double",), False, "c", "\"double\": 'c'"),
        (("tags", "sectors", 0), False, "retail", "    - retail"),
        (("tags", "sectors", 1), False, "health", "    - 'health'"),
        (("tags",), True, "label", "label:"),
        (("number",), False, "eight", "number: eight"),
        (("url",), False, "https://example.org/b", "url: https://example.org/b"),
        (("folded",), True, "text", "text: >"),
    ],
)
def test_the_replacement_stands_where_the_diagnostic_points(field, on_key, replacement, line):
    made = edit(field, replacement, on_key=on_key)
    lines = apply(made, TEXT).split("\n")
    assert lines[made.line - 1] == line
    assert [new for new, old in zip(lines, TEXT.split("\n"), strict=True) if new != old] == [line]


@pytest.mark.parametrize(
    ("field", "on_key", "replacement"),
    [
        (("long",), False, "three"),  # its text goes on below
        (("folded",), False, "three"),
        (("tags",), False, "retail"),  # a group of fields is no text
        (("titel",), True, "id"),  # that field is there already
        (("titel",), False, "two\nlines"),
        (("titel",), False, ""),
        ((), False, "all"),
    ],
)
def test_what_is_not_certain_is_not_offered(field, on_key, replacement):
    assert edit(field, replacement, on_key=on_key) is None


def test_a_place_that_is_neither_the_value_nor_its_name_gets_no_edit():
    for line, column, pointer in (
        (2, 3, "/titel"),
        (1, 1, "/lost"),
        (7, 7, "/tags/sectors/9"),
        (7, 7, "/tags/sectors/x"),
    ):
        wrong = Diagnostic("a", line, column, "SCH001", "", Severity.ERROR, pointer, "", "", "", "title")
        assert edit_for(source(), wrong) is None


def test_a_file_that_cannot_be_read_gets_no_edit():
    wrong = Diagnostic("a", 1, 1, "SYN001", "", Severity.ERROR, "/a", "", "", "", "b")
    assert edit_for(source("a: b: c\n"), wrong) is None


def test_odd_line_ends_and_endless_lines_get_no_edit():
    assert edit(("b",), "c", text="a: 1\u2028b: 2\n") is None
    assert edit(("a",), "c", text=f"a: b{' ' * 400_000}\n") is None


def test_windows_line_ends_are_kept():
    assert apply(edit(("b",), "c", text="a: 1\r\nb: 2\r\n"), "a: 1\r\nb: 2\r\n") == "a: 1\r\nb: c\r\n"


def test_an_edit_is_made_in_its_line_alone():
    assert apply(Edit(2, 3, 5, "XYZ"), "abcd\nabcdef\nabcd") == "abcd\nabXYZef\nabcd"


@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=30), st.text(max_size=10))
def test_whatever_the_texts_an_edit_changes_one_value_or_is_not_offered(value, replacement):
    text = "id: case\ntitle: " + json.dumps(value) + "\nlast: 1\n"
    made = edit(("title",), replacement, text=text) if source(text).data else None
    if made is not None:
        assert source(apply(made, text)).data == {**source(text).data, "title": replacement}
