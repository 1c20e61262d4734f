"""An edit puts a replacement in place and changes nothing else, or is not offered."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lerkb.diagnostics import Diagnostic, Severity, json_pointer
from lerkb.edits import Edit, apply, edit_for, with_fields
from lerkb.yaml_source import parse_source
from lerkb.yaml_tree import NotUnderstoodError

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


# Fields that a command keeps

RECORD = """\
# yaml-language-server: $schema=../../schemas/source.schema.json

id: case   # as the file
title: >-
  A title
  in two lines
status: published
type:    'report'
publisher: "Sample Institute"

# about the address
url: https://example.org/a   # it moved once
# about the interest
interest: self
read: whole
last_checked: '2026-11-01'
"""
CHECK = {"day": "2026-12-01", "address": "https://example.org/a", "outcome": "ok"}
LINES = """\
address_status: found
address_check:
  day: '2026-12-01'
  address: https://example.org/a
  outcome: ok
"""


def kept(text, schemas, fields=None):
    read = parse_source("source", "content/sources/case.yaml", "case", text.encode())
    return with_fields(read, fields or {"address_status": "found", "address_check": CHECK}, schemas)


def test_new_fields_stand_where_the_schema_has_them_and_nothing_else_moves(schemas):
    assert kept(RECORD, schemas) == RECORD.replace("# about the interest\n", LINES + "# about the interest\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("address_status: dead   # so they say\n", "address_status: found   # so they say\n"),
        ("address_status: 'dead'\n\n\n", "address_status: found\n\n\n"),
        ("'address_status':\n  dead\n", "address_status: found\n"),
        ("address_status: >-\n  dead\n\n", "address_status: found\n\n"),
        (
            "address_status: dead\naddress_check: {day: '2026-01-01', address: https://a.test/, outcome: ok}  # flow\n",
            LINES.rstrip("\n") + "  # flow\n",
        ),
        (
            "address_check:\n      outcome: ok\n      day: '2026-01-01'\n      address: >-\n        https://a.test/\n\naddress_status: dead\n",
            "\n".join([*LINES.splitlines()[1:], "", LINES.splitlines()[0], ""]),
        ),
    ],
)
def test_a_field_that_is_there_is_written_anew_in_its_place(schemas, old, new):
    fields = {"address_status": "found", "address_check": CHECK} if "check" in old else {"address_status": "found"}
    place = "interest: self\n"
    assert kept(RECORD.replace(place, old + place), schemas, fields) == RECORD.replace(place, new + place)


def test_fields_behind_the_last_one_of_a_file_without_an_end_of_line(schemas):
    lines = RECORD.replace("url: https://example.org/a   # it moved once\n", "").rstrip("\n")
    made = kept(lines + "\nurl: https://example.org/a", schemas)
    assert made == lines + "\nurl: https://example.org/a\n" + LINES


def test_a_field_before_all_others(schemas):
    bare = RECORD.replace("id: case   # as the file\n", "")
    read = parse_source("source", "content/sources/case.yaml", "case", bare.encode())
    assert with_fields(read, {"id": "case"}, schemas) == bare.replace("title: >-", "id: case\ntitle: >-")


def test_line_ends_stay_what_they_are(schemas):
    made = kept(RECORD.replace("\n", "\r\n"), schemas)
    assert made == kept(RECORD, schemas).replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id: [", "does not have the form"),
        ("id: case\n", "does not have the form"),
        (
            "{id: case, title: A, status: published, type: report, publisher: B, url: https://a.test/, interest: self, read: whole, last_checked: '2026-11-01'}",
            "braces",
        ),
        (
            RECORD + "address_check:\n  # mine\n  day: '2026-01-01'\n  address: https://a.test/\n  outcome: ok\n",
            "a remark",
        ),
    ],
)
def test_what_cannot_be_taken_apart_is_left(schemas, text, why):
    with pytest.raises(NotUnderstoodError, match=why):
        kept(text, schemas)


def test_empty_lines_that_are_part_of_a_value_stay_part_of_it(schemas):
    text = RECORD.replace("# about the interest", "read_note: |+\n  A page\n\n\n# about the interest")
    fields = {"supports": "nothing"}
    with pytest.raises(NotUnderstoodError, match="would not stay the same"):
        kept(text, schemas, fields)
    last = RECORD + "read_note: |-\n  A page\n\n\n"
    assert kept(last, schemas, fields) == RECORD + "read_note: |-\n  A page\nsupports: nothing\n\n\n"


def test_a_value_that_the_schema_does_not_allow_is_not_written(schemas):
    with pytest.raises(NotUnderstoodError, match="would no longer have it"):
        kept(RECORD, schemas, {"address_status": "lost"})


WORDS = st.text(min_size=1, max_size=200).filter(lambda text: text == text.strip())


@given(reason=WORDS, remark=st.from_regex(r"[a-z #:'\"-]{0,20}", fullmatch=True))
def test_whatever_is_written_the_rest_reads_as_before(schemas, reason, remark):
    text = RECORD.replace("# it moved once", f"# {remark}".rstrip())
    fields = {"address_check": {**CHECK, "outcome": "gone", "reason": reason}}
    try:
        made = kept(text, schemas, fields)
    except NotUnderstoodError:
        return
    before = parse_source("source", "a", "case", text.encode()).data
    after = parse_source("source", "a", "case", made.encode()).data
    assert after == {**before, **fields}
    assert [line for line in text.splitlines() if line not in made.splitlines()] == []
