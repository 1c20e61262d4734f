"""The two validators agree, and fields are found by role."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from lerkb.errors import RunError
from lerkb.project import KIND_FOLDERS
from lerkb.schemas import Schemas, enumeration, schema_text, vocabularies_schema

ROLES = {
    "identifier",
    "local-id",
    "prose",
    "reference",
    "citation",
    "local-reference",
    "facet",
    "date",
    "personal",
    "markdown",
    "url",
    "table",
    "filter",
}


def agree(schemas, kind, data):
    """What both validators say, which must be the same."""
    gate = schemas.accepts(kind, data)
    assert gate == schemas.reference_validator(kind).is_valid(data), json.dumps(data, ensure_ascii=False)
    return gate


def places(value, place=()):
    """Every place in plain data."""
    yield place
    if isinstance(value, dict):
        for name, child in value.items():
            yield from places(child, (*place, name))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from places(child, (*place, index))


def changed(data, place, change):
    """A copy of the data with the value at a place put through ``change``."""
    made = copy.deepcopy(data)
    holder = made
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = change(holder[place[-1]])
    return made


#: What slips, tools and tricksters make of a value.
CHANGES = {
    "gone": lambda value: None,
    "text": lambda value: "x",
    "empty text": lambda value: "",
    "long text": lambda value: "é" * 5000,
    "number": lambda value: 7,
    "fraction": lambda value: 0.5,
    "true": lambda value: True,
    "list": lambda value: [value],
    "empty list": lambda value: [],
    "fields": lambda value: {"x": value},
    "no fields": lambda value: {},
    "date": lambda value: "2026-02-30",
    "line end": lambda value: f"{value}\n" if isinstance(value, str) else value,
    "space": lambda value: f" {value}" if isinstance(value, str) else value,
    "capitals": lambda value: value.upper() if isinstance(value, str) else value,
    "twice": lambda value: [*value, *value] if isinstance(value, list) else value,
    "one more field": lambda value: {**value, "surprise": 1} if isinstance(value, dict) else value,
    "one field less": lambda value: dict(list(value.items())[1:]) if isinstance(value, dict) else value,
}


@pytest.mark.parametrize("kind", KIND_FOLDERS)
def test_both_validators_accept_every_record_of_the_sample(kind, sample):
    records = [record for record in sample.base if record.kind == kind]
    assert records
    assert all(agree(sample.base.schemas, kind, record.data) for record in records)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kind", KIND_FOLDERS)
def test_both_validators_say_the_same_of_a_record_changed_in_any_place(kind, change, sample):
    record = max((record for record in sample.base if record.kind == kind), key=lambda record: len(str(record.data)))
    verdicts = set()
    for place in places({"record": record.data}):
        if place:
            data = changed({"record": record.data}, place, CHANGES[change])
            verdicts.add(agree(sample.base.schemas, kind, data["record"]))
    assert False in verdicts or change == "twice"  # some lists may name a thing twice


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**20) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_both_validators_say_the_same_of_junk_in_any_place(sample, data):
    record = data.draw(st.sampled_from([record for record in sample.base if record.kind in KIND_FOLDERS]))
    place = data.draw(st.sampled_from([place for place in places(record.data) if place]))
    junk = data.draw(JUNK)
    agree(sample.base.schemas, record.kind, changed(record.data, place, lambda _: junk))


@pytest.mark.parametrize(
    "date", ["2026-02-29", "2024-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "\uff12026-01-01", "2026-01-01\n", ""]
)
def test_both_validators_read_a_date_alike(date, sample):
    source = next(record for record in sample.base if record.kind == "source")
    agree(sample.base.schemas, "source", {**source.data, "last_checked": date})


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "https://",
        "https://exa mple.org",
        "javascript:alert(1)",
        "HTTPS://EXAMPLE.ORG",
        "https://é.example/",
        "https://example.org/\n",
    ],
)
def test_both_validators_read_an_address_alike(address, sample):
    source = next(record for record in sample.base if record.kind == "source")
    agree(sample.base.schemas, "source", {**source.data, "url": address})


def test_the_roles_are_known(schemas):
    for kind in KIND_FOLDERS:
        for spec in schemas.specs(kind):
            assert set(spec.roles) <= ROLES, "/".join(spec.pattern)


def test_references_and_facets_say_where_they_lead(schemas):
    for kind in KIND_FOLDERS:
        for spec in schemas.specs(kind):
            if "reference" in spec.roles:
                assert spec.schema["x-kind"] in {*KIND_FOLDERS, "same"}
            if "citation" in spec.roles:
                assert spec.schema["x-kind"] in KIND_FOLDERS
                assert spec.schema["x-part"] in schemas.of(spec.schema["x-kind"])["properties"]
            if "local-reference" in spec.roles:
                assert spec.schema["x-part"] in schemas.of(kind)["properties"]
            if "facet" in spec.roles:
                assert spec.schema["x-vocabulary"] in schemas.documents["vocabularies.schema.json"]["$defs"]


def test_what_needs_findings_of_a_state_names_states_that_there_are(schemas):
    states = enumeration(schemas.described("pilot", ("findings", 0, "state")))
    needed = [
        state
        for kind in KIND_FOLDERS
        for spec in schemas.specs(kind)
        for option in enumeration(spec.schema).values()
        for state in option.get("x-states", ())
    ]
    assert needed
    assert set(needed) <= set(states)


def test_values_of_a_role_come_with_their_places(sample):
    record = sample.base.get("use-case", "card-leaves-the-bakery")
    found = [(place, value) for place, value, _ in sample.base.schemas.values("use-case", record.data, "citation")]
    assert (("claims", 0, "findings", 0), "bakery-cards#bakers") in found
    assert (("gaps", 0, "from"), "bakery-cards#no-outcome") in found
    assert (("workers_said", "findings", 0), "bakery-cards#voices-heard") in found


def test_values_of_a_role_are_looked_for_only_where_the_shape_fits(sample):
    schemas = sample.base.schemas
    assert list(schemas.values("use-case", {"claims": "no list", "gaps": [1]}, "citation")) == []


def test_a_field_is_described_wherever_it_stands(schemas):
    assert schemas.described("use-case", ("claims", 3, "findings", 0))["x-role"] == "citation"
    assert "text" in schemas.described("use-case", ("claims", 0))["properties"]
    assert schemas.described("use-case", ("nothing", "here")) == {}
    assert schemas.described("use-case", ("title", 0)) == {}


def test_a_field_s_own_words_go_before_those_it_refers_to(schemas):
    described = schemas.described("use-case", ("steps", 0, "stage"))
    assert described["title"] == "Stage"
    assert enumeration(described)


def test_an_unknown_kind_has_no_schema(schemas):
    with pytest.raises(RunError, match=r"no poem\.schema\.json"):
        schemas.of("poem")


def test_the_kinds_are_those_of_the_folders(schemas):
    assert set(schemas.kinds) == set(KIND_FOLDERS)


def test_a_folder_without_schemas_is_told(tmp_path):
    with pytest.raises(RunError, match="holds no schemas"):
        Schemas.load(tmp_path)


def test_a_schema_that_is_no_json_is_told(tmp_path):
    (tmp_path / "term.schema.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match=r"term\.schema\.json is not JSON"):
        Schemas.load(tmp_path)


def test_a_vocabulary_that_no_file_lists_allows_any_text():
    documents = {
        "x.schema.json": {"type": "object", "properties": {"a": {"$ref": "vocabularies.schema.json#/$defs/hues"}}}
    }
    schemas = Schemas(documents).with_vocabularies({})
    assert schemas.accepts("x", {"a": "mauve"})
    assert not schemas.accepts("x", {"a": 1})


def test_the_list_of_vocabulary_values_is_made_from_the_records(sample):
    data = {record.id: record.data for record in sample.base.of("vocabulary")}
    made = vocabularies_schema(data)
    assert made["$defs"]["sectors"]["oneOf"][0]["const"] == data["sectors"]["values"][0]["id"]
    assert list(made["$defs"]) == sorted(data)
    assert schema_text(made).endswith("}\n")


@pytest.mark.parametrize(
    "options",
    [
        [{"const": "a"}, {"const": "b"}],
        [{"const": "a"}, {"const": "a"}],
        [{"const": "a", "maxLength": 0}, {"const": "b"}],
        [{"const": "a"}, {"type": "string"}],
        [{"const": 1}, {"const": "a"}],
        [{"required": ["a"]}, {"required": ["b"]}],
    ],
)
@pytest.mark.parametrize("value", ["a", "b", "c", 1, True, None, {"a": 1}, {"a": 1, "b": 1}])
def test_closed_lists_are_read_as_jsonschema_alone_reads_them(options, value):
    schema = {"type": ["object", "string", "integer", "null"], "properties": {}, "oneOf": options}
    ours = Schemas({"thing.schema.json": schema}).reference_validator("thing")
    plain = Draft202012Validator(schema)
    assert [error.message for error in ours.iter_errors(value)] == [error.message for error in plain.iter_errors(value)]
