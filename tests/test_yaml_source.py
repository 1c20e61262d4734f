"""Text → plain data: no text may crash it, slow it down or mean something else than it seems to, and each fault has a place."""

import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lerkb.catalogue import Catalogue
from lerkb.yaml_source import MAX_BYTES, MAX_DEPTH, MAX_FAULTS, MAX_VALUES, load_source, parse_source


def parse(text):
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return parse_source("source", "content/sources/case.yaml", "case", raw)


def faults(text):
    return [(fault.kind, fault.line, fault.column) for fault in parse(text).faults]


def value(written):
    return parse(f"a: {written}\n").data["a"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("off", "off"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("y", "y"),
        ("True", "True"),
        ("NULL", "NULL"),
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"),
        ("12:30", "12:30"),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("-.inf", "-.inf"),
        ("1e999", "1e999"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("017", "017"),
        ("1_000", "1_000"),
        ("+1", "+1"),
        (".5", ".5"),
        ("5.", "5."),
        ("9" * 5000, "9" * 5000),
        ("1." + "0" * 5000, "1." + "0" * 5000),
        ("=", "="),
        ("<<", "<<"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("'null'", "null"),
    ],
)
def test_what_yaml_1_1_takes_for_something_else_stays_text(written, meant):
    assert value(written) == meant
    assert type(value(written)) is str


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("42", 42),
        ("9" * 18, int("9" * 18)),
        ("0.5", 0.5),
        ("-12.25", -12.25),
    ],
)
def test_words_and_plain_numbers_are_what_they_say(written, meant):
    assert value(written) == meant
    assert type(value(written)) is type(meant)


def test_a_block_of_text_keeps_its_lines():
    assert parse("a: |\n  one\n  two\n").data == {"a": "one\ntwo\n"}
    assert parse("a: >\n  one\n  two\n").data == {"a": "one two\n"}


def test_lines_may_end_as_windows_ends_them():
    source = parse("a: one\r\nb:\r\n  - two\r\n")
    assert source.data == {"a": "one", "b": ["two"]}
    assert source.place(("b", 0)) == (3, 5)


def test_a_byte_order_mark_at_the_start_is_no_fault():
    source = parse(b"\xef\xbb\xbfa: one\n")
    assert source.data == {"a": "one"}
    assert source.place(("a",)) == (1, 4)


@pytest.mark.parametrize("mark", ["[", "- ", "{", "? ", "[{", "- - "])
def test_thirty_kilobytes_of_openings_are_refused_and_not_recursed_into(mark):
    source = parse(mark * (30_000 // len(mark)))
    assert source.data is None
    assert source.faults


def test_nesting_is_allowed_as_deep_as_the_limit_and_no_deeper():
    deepest = MAX_DEPTH - 1  # the record itself is the first level
    assert not parse("a: " + "[" * deepest + "]" * deepest + "\n").faults
    assert faults("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "\n") == [("too-deep", 1, 3 + MAX_DEPTH)]


def test_an_alias_bomb_is_refused_and_never_expanded():
    bomb = "a: &a [x, x, x]\n" + "".join(
        f"{name}: &{name} [*{old}, *{old}, *{old}]\n" for old, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    source = parse(bomb)
    assert source.data is None
    assert {fault.kind for fault in source.faults} == {"anchor"}


def test_an_alias_of_what_holds_it_is_refused():
    assert faults("a: &a\n  - *a\n") == [("anchor", 1, 4), ("anchor", 2, 5)]


def test_an_alias_where_a_field_name_should_be_is_refused():
    assert faults("a: &a b\n*a : c\n") == [("anchor", 1, 4), ("anchor", 2, 1)]


def test_a_merge_of_fields_is_an_alias_like_any_other():
    assert faults("a: &a\n  b: c\nd:\n  <<: *a\n") == [("anchor", 1, 4), ("anchor", 4, 7)]


def test_an_anchor_on_a_field_name_is_refused():
    assert faults("&a b: c\n") == [("anchor", 1, 1)]


def test_a_field_written_twice_is_found_at_the_second():
    assert faults("a: 1\nb: 2\na: 3\n") == [("duplicate-key", 3, 1)]
    assert faults("a:\n  b:\n    c: 1\n  b:\n    c: 2\n") == [("duplicate-key", 4, 3)]


def test_one_name_in_two_groups_is_no_duplicate():
    assert not parse("a:\n  b: 1\nc:\n  b: 2\n").faults


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [ls]", "!!int 3", "!mine x", "!!set {x}", "! x"])
def test_no_tag_is_obeyed(tag):
    source = parse(f"a: {tag}\n")
    assert source.data is None
    assert [fault.kind for fault in source.faults] == ["tag"]


def test_a_tag_is_shown_as_it_is_written():
    assert parse("a: !!python/int 3\n").faults[0].values == {"tag": "!!python/int"}
    assert parse("a: !mine 3\n").faults[0].values == {"tag": "!mine"}


def test_a_list_for_a_field_name_is_refused():
    assert faults("? [a, b]\n: c\n") == [("complex-key", 1, 3)]


def test_a_second_document_is_refused_where_it_starts():
    assert faults("a: 1\n---\na: 2\n") == [("several-documents", 2, 1)]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "null\n"])
def test_a_file_with_nothing_in_it_is_empty(text):
    source = parse(text)
    assert [(fault.kind, fault.variant) for fault in source.faults] == [("not-a-mapping", "empty")]


@pytest.mark.parametrize("text", ["- a\n", "just words\n", "'quoted'\n", "12\n"])
def test_a_file_without_fields_is_no_record(text):
    assert [(fault.kind, fault.variant) for fault in parse(text).faults] == [("not-a-mapping", "")]


def test_more_values_than_a_record_has_are_refused():
    assert not parse("a:\n" + "- x\n" * (MAX_VALUES - 2)).faults
    assert [kind for kind, _, _ in faults("a:\n" + "- x\n" * MAX_VALUES)] == ["too-large"]


def test_a_file_larger_than_a_record_is_not_even_read_as_text():
    source = parse(b"a: " + b"x" * MAX_BYTES)
    assert [(fault.kind, fault.line) for fault in source.faults] == [("too-large", 1)]
    assert source.text == ""


def test_a_file_in_another_encoding_points_at_its_first_strange_byte():
    assert faults("a: Jos\u00e9\n".encode("latin-1")) == [("encoding", 1, 7)]
    assert faults("b: é\na: José\n".encode() + b"c: \xff\n") == [("encoding", 3, 4)]
    assert faults("a: b\n".encode("utf-16")) == [("encoding", 1, 1)]
    assert parse("a: b\n".encode("utf-16")).place(("a",)) == (1, 1)


def test_utf_16_without_a_mark_is_known_by_its_nuls():
    (fault,) = parse("a: b\n".encode("utf-16-le")).faults
    assert (fault.kind, fault.variant) == ("encoding", "utf-16")


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ufffe", "\ufeff"])
def test_a_control_character_is_found_where_it_stands(character):
    assert faults(f"a: b\nc: d{character}e\n") == [("control-character", 2, 5)]


@pytest.mark.parametrize("character", ["\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069"])
def test_a_character_that_turns_text_round_is_found_where_it_stands(character):
    assert faults(f"a: b{character}c\n") == [("bidirectional-character", 1, 5)]


@pytest.mark.parametrize("text", ["José", "日本語", "مرحبا", "👩🏽\u200d🏭", "a\u00a0b", "a\u2028b"])
def test_every_script_is_allowed(text):
    assert value(f"'{text}'") == text


def test_a_file_full_of_control_characters_is_told_of_a_hundred():
    assert len(parse("a: " + "\x07" * 5000).faults) == MAX_FAULTS


SLIPS = [
    ("a: b: c\n", 1, "second-colon"),
    ("a: b\n  c: d\n", 2, "indent"),
    ("a:\n  - b: c\n      d: e\n", 3, "indent"),
    ("a: 'b\nc: d\n", 1, "quote-open"),
    ("a: 'b\nc: 'd'\n", 1, "quote-open"),
    ("a: 'b\n  c'\nd: 'e\nf: g\n", 3, "quote-open"),
    ("a: 'the worker's pin'\n", 1, "apostrophe"),
    ("a:\n  - b: 'the worker's pin'\n    c: 'd'\n", 2, "apostrophe"),
    ('a: "b" c\n', 1, "quote-inside"),
    ("a: b\n\tc: d\n", 2, "tab"),
    ("a:\n\t- b\n", 2, "tab"),
    ("a: b\nc\n", 2, "no-colon"),
    ("a: b\nc:d\ne: f\n", 2, "no-space"),
    ("a: b\nc\uff1ad\ne: f\n", 2, "odd-colon"),
    ("a: b\nc:\u00a0d\ne: f\n", 2, "odd-space"),
    ("a: \u201cWho pays: the worker\u201d\n", 1, "curly-quote"),
    ("a:\n  - b\n c: d\n", 3, "does-not-belong"),
    ("a:\n  - b\n  c: d\n", 3, "not-of-the-list"),
    ("a: [b\n", 1, "bracket"),
    ("a: [b, c\nd: e\n", 1, "bracket"),
    ("a: @b\n", 1, "first-sign"),
    ("a: `b`\n", 1, "first-sign"),
    ("a: *\n", 1, "first-sign"),
    ("a:\n  * b\n  * c\n", 2, "star"),
    ("a: %\n", 1, "first-sign"),
    ('a: "\\q"\n', 1, "escape"),
    ("a: - b\n", 1, "list-beside"),
    ("a: |x\n  b\n", 1, "block-head"),
    ("a: b\n...\nc: d\n", 2, "mark"),
    ("```yaml\na: b\n```\n", 1, "code-fence"),
    ("a: b\n<<<<<<< HEAD\nc: d\n=======\nc: e\n>>>>>>> other\n", 2, "conflict"),
]


@pytest.mark.parametrize(("text", "line", "variant"), SLIPS)
def test_a_slip_is_known_where_it_was_made(text, line, variant):
    found = [(fault.kind, fault.line, fault.variant) for fault in parse(text).faults]
    assert found[0] == ("malformed", line, variant)


def test_each_way_to_misread_is_tried():
    told = {
        name.partition(".")[2] for name in Catalogue("syntax").data["messages"] if name.startswith("malformed-yaml.")
    }
    assert told - {variant for _, _, variant in SLIPS} == {"too-deep"}, "libyaml’s own limit lies far beyond ours"


@pytest.mark.parametrize(
    ("raw", "variant"),
    [
        (b"PK\x03\x04\x14\x00", "document"),
        (b"%PDF-1.7\n", "document"),
        (b"{\\rtf1\\ansi", "document"),
        (b"\xff\xfea\x00", "utf-16"),
        (b"a: \xe9\n", ""),
    ],
)
def test_a_file_that_is_no_text_is_called_what_it_is(raw, variant):
    assert [(fault.kind, fault.variant) for fault in parse(raw).faults] == [("encoding", variant)]


def test_a_web_page_is_called_what_it_is():
    text = "<!DOCTYPE html>\n<html><body><p class='a': b</p></body></html>\n"
    assert {(fault.kind, fault.variant) for fault in parse(text).faults} == {("not-a-mapping", "document")}


def test_each_field_that_cannot_be_read_is_told_and_the_others_are_read():
    source = parse("a: b: c\nb:\n  - d\ne: 'f\ng: h\n")
    assert [(fault.line, fault.variant) for fault in source.faults] == [(1, "second-colon"), (4, "quote-open")]
    assert source.data is None
    assert source.legible == {"b": ["d"], "g": "h"}
    assert source.broken >= {"a", "e"}
    assert source.place(("g",)) == (5, 4)


def test_names_within_what_cannot_be_read_are_not_missed():
    source = parse("a: b\n  c: d\ne: f\n")
    assert source.legible == {"e": "f"}
    assert source.broken == {"a", "c"}


def test_a_second_record_in_a_file_is_told_once():
    one = "id: a\ntitle: b\nstatus: draft\nsummary: c\n"
    (fault,) = parse(one + one.replace("id: a", "id: d")).faults
    assert (fault.kind, fault.line, fault.variant, fault.values) == ("several-documents", 5, "again", {"count": 4})


def test_values_and_their_names_have_places():
    source = parse("a: one\nb:\n  - two\n  - c:   three\n    d: [x, y]\n")
    assert source.place(("a",)) == (1, 4)
    assert source.place(("a",), on_key=True) == (1, 1)
    assert source.place(("b",), on_key=True) == (2, 1)
    assert source.place(("b", 0)) == (3, 5)
    assert source.place(("b", 1, "c")) == (4, 10)
    assert source.place(("b", 1, "c"), on_key=True) == (4, 5)
    assert source.place(("b", 1, "d", 1)) == (5, 12)


def test_the_place_of_what_is_missing_is_that_of_its_nearest_parent():
    source = parse("a: one\nb:\n  c: two\n")
    assert source.place(("b", "d", "e")) == source.place(("b",))
    assert source.place(("nothing",)) == (1, 1)
    assert source.place(()) == (1, 1)


def test_places_are_known_beside_a_field_written_twice():
    source = parse("a: 1\na:\n  b: 2\nc: 3\n")
    assert source.data is None
    assert source.place(("c",)) == (4, 4)


def test_a_file_is_read_from_disk_by_its_stem(tmp_path):
    file = tmp_path / "a-name.yaml"
    file.write_bytes(b"a: b\n")
    source = load_source("term", "content/glossary/a-name.yaml", file)
    assert (source.stem, source.data) == ("a-name", {"a": "b"})


def test_a_file_that_is_not_there_has_a_fault(tmp_path):
    source = load_source("term", "x.yaml", tmp_path / "x.yaml")
    assert source.data is None
    assert [fault.kind for fault in source.faults] == ["unreadable"]


@given(st.binary(max_size=2000))
def test_no_bytes_raise(raw):
    source = parse_source("source", "x.yaml", "x", raw)
    assert (source.data is None) == bool(source.faults)
    assert isinstance(source.places, dict)


YAMLISH = st.text(alphabet="ab:-[]{},'\"|>#&*!%@?~<=\n\t \\0159.é\u202e\x00", max_size=200)


@given(YAMLISH | st.text(max_size=200))
def test_no_text_raises_and_every_fault_has_a_place(text):
    source = parse(text)
    assert (source.data is None) == bool(source.faults)
    for fault in source.faults:
        assert fault.line >= 1
        assert fault.column >= 1
        assert fault.line <= text.count("\n") + text.count("\r") + text.count("\u2028") + text.count("\x85") + 2
    assert isinstance(source.places, dict)


PLAIN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co"))
TEXTS = st.text(PLAIN | st.just("\n"), max_size=60)
DATA = st.recursive(
    st.booleans() | st.integers(-(10**17), 10**17) | TEXTS | st.none(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(PLAIN, min_size=1, max_size=12), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(PLAIN, min_size=1, max_size=12), DATA, max_size=5))
def test_what_another_program_wrote_reads_back_equal(data):
    text = yaml.safe_dump(data, allow_unicode=True, width=sys.maxsize)
    source = parse(text)
    if any(fault.kind == "anchor" for fault in source.faults):
        return  # the dumper abbreviates equal parts
    assert source.faults == ()
    assert source.data == data


@given(st.dictionaries(st.text(PLAIN, min_size=1, max_size=12), DATA, min_size=1, max_size=5))
def test_every_value_has_a_place(data):
    source = parse(yaml.safe_dump(data, allow_unicode=True, width=sys.maxsize))

    def fields(item, field=()):
        yield field
        if isinstance(item, dict):
            for name, child in item.items():
                yield from fields(child, (*field, name))
        elif isinstance(item, list):
            for index, child in enumerate(item):
                yield from fields(child, (*field, index))

    if not source.faults:
        assert set(fields(data)) == set(source.places)
