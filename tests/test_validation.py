"""The one runner: order, waivers, and what happens when the parts disagree."""

import json

import pytest

from lerkb import validation as module
from lerkb.checks import Scope, all_checks, check, find_check
from lerkb.diagnostics import Severity, json_pointer
from lerkb.project import Project
from lerkb.validation import validate

SOURCE = """\
id: case
title: A title
status: published
type: report
publisher: Sample Bakery
url: 'https://example.org/'
interest: self
read: excerpt
last_checked: '2026-11-01'
"""


def codes(root):
    return [(item.path, item.line, item.code) for item in validate(Project.at(root)).diagnostics]


def test_the_sample_has_nothing_to_mend(sample):
    assert sample.diagnostics == ()
    assert not sample.has_errors


def test_everything_is_reported_at_once_by_path_line_column_and_code(make_project):
    root = make_project(
        {
            "use_cases/z.yaml": "id: z\n",
            "content/glossary/a.yaml": "id: bb\ntitle: A\nstatus: published\nsummary: A.\nsource: nowhere\n",
            "content/sources/m.yaml": "a: b: c\n",
        }
    )
    found = validate(Project.at(root)).diagnostics
    places = [(item.path, item.line, item.column, item.code) for item in found]
    assert places == sorted(places)
    assert {item.path for item in found} == {"use_cases/z.yaml", "content/glossary/a.yaml", "content/sources/m.yaml"}
    assert [item.code for item in found if item.path.endswith("a.yaml")] == ["IDN001", "REF001"]


def test_a_broken_file_does_not_make_every_reference_to_it_an_error(make_project):
    root = make_project({"content/pilots/bakery-cards.yaml": "id: bakery-cards\ntitle: a: b\n"})
    found = codes(root)
    assert {path for path, _, _ in found} == {"content/pilots/bakery-cards.yaml"}
    assert ("content/pilots/bakery-cards.yaml", 2, "SYN001") in found


def test_a_broken_vocabulary_does_not_make_every_use_of_it_an_error(make_project):
    root = make_project({"content/vocabularies/stages.yaml": "id: stages\n"})
    assert {path for path, _, _ in codes(root)} == {"content/vocabularies/stages.yaml"}


def test_a_warning_is_no_error(make_project):
    waiver = "waivers:\n  - check: EVI008\n    reason: It stands alone.\n"
    root = make_project({"content/sources/case.yaml": SOURCE.replace("A title", "A title # cut") + waiver})
    result = validate(Project.at(root))
    assert [item.severity for item in result.diagnostics] == [Severity.WARNING]
    assert not result.has_errors


def test_a_waiver_lets_its_check_pass_and_no_other(make_project):
    wrong = SOURCE + "retired:\n  date: '2027-01-10'\n  reason: Joined.\n  successor: case\n"
    root = make_project({"content/sources/case.yaml": wrong})
    assert codes(root) == [("content/sources/case.yaml", 13, "REF005")]
    waived = wrong + "waivers:\n  - check: REF005\n    reason: On purpose.\n"
    (root / "content" / "sources" / "case.yaml").write_text(waived, encoding="utf-8")
    assert codes(root) == []
    (root / "content" / "sources" / "case.yaml").write_text(waived.replace("id: case", "id: kase"), encoding="utf-8")
    # Under another id it is no longer itself that the record names: the waiver is of no use, the name is wrong, and nobody names it.
    assert [code for _, _, code in codes(root)] == ["EVI008", "IDN001", "REF001", "WAI001"]


def test_a_record_that_only_the_gate_refuses_is_still_reported(make_project, monkeypatch):
    gate = module.Schemas.accepts
    monkeypatch.setattr(
        module.Schemas, "accepts", lambda self, kind, data: data.get("id") != "case" and gate(self, kind, data)
    )
    root = make_project({"content/sources/case.yaml": SOURCE})
    assert codes(root) == [("content/sources/case.yaml", 1, "SCH005")]


def test_a_schema_keyword_that_no_check_words_is_a_bug_of_ours(make_project, schemas):
    root = make_project({"content/sources/case.yaml": SOURCE})
    (root / "schemas").mkdir()
    for name, schema in schemas.documents.items():
        more = {"dependentRequired": {"title": ["nothing"]}} if name == "source.schema.json" else {}
        (root / "schemas" / name).write_text(json.dumps({**schema, **more}), encoding="utf-8")
    with pytest.raises(AssertionError, match="dependentRequired"):
        validate(Project.at(root))


def test_a_check_is_found_by_code_or_name_in_any_letters():
    assert find_check("ref001") is find_check("Unknown-Reference") is find_check("REF001")
    assert find_check("REF999") is None


def test_no_two_checks_have_one_code():
    with pytest.raises(ValueError, match="two checks have the code REF001"):
        check("REF001", Severity.ERROR, Scope.RECORD)(lambda record, base: ())
    assert len({item.code for item in all_checks()}) == len(all_checks())


def test_a_field_is_written_as_a_json_pointer():
    assert json_pointer(("a/b", 0, "c~d")) == "/a~1b/0/c~0d"
    assert json_pointer(()) == ""


SHAPELESS = """\
id: kase
titel: A case
status: published
summary: A thing.
source: nowhere
see_also:
  - 7
  - no-such-term
"""


def test_a_wrong_shape_hides_no_wrong_name(make_project):
    path = "content/glossary/case.yaml"
    found = codes(make_project({path: SHAPELESS}))
    assert [(line, code) for _, line, code in found] == [
        (1, "IDN001"),
        (2, "SCH001"),
        (5, "REF001"),
        (7, "SCH003"),
        (8, "REF001"),
    ]


def test_a_field_that_cannot_be_read_hides_nothing_of_the_others(make_project):
    path = "content/glossary/case.yaml"
    broken = SHAPELESS.replace("titel: A case", "title: Who pays: the worker\nzebra: 1")
    assert [(line, code) for _, line, code in codes(make_project({path: broken}))] == [
        (1, "IDN001"),
        (2, "SYN001"),
        (3, "SCH001"),
        (6, "REF001"),
        (8, "SCH003"),
        (9, "REF001"),
    ]


def _case_with(make_project, old, new):
    root = make_project({})
    case = root / "use_cases" / "card-leaves-the-bakery.yaml"
    text = case.read_text(encoding="utf-8")
    assert old in text
    case.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = validate(Project.at(root)).diagnostics
    return [(item.code, item.hint) for item in found if item.path == "use_cases/card-leaves-the-bakery.yaml"]


def test_a_claim_that_cannot_be_read_makes_no_citation_of_a_claim_wrong(make_project):
    found = _case_with(make_project, "claims:\n  - id: ", "claims:\n  - id: so: ")
    assert [code for code, _ in found] == ["SYN001"]


def test_an_entry_that_cannot_be_read_hides_nothing_of_the_others(make_project):
    broken = "claims:\n  - id: so: odd\n    text: A thing.\n  - id: even\n    zebra: 1\n"
    found = _case_with(make_project, "claims:\n", broken)
    assert [code for code, _ in found] == ["SYN001", "SCH002", "SCH007", "SCH001"]


def test_a_mistyped_name_of_the_claims_is_told_once(make_project):
    found = _case_with(make_project, "\nclaims:\n", "\nclaim:\n")
    assert found == [("SCH001", "did you mean `claims`?")]


def test_a_mistyped_name_of_findings_in_a_claim_is_told_once(make_project):
    found = _case_with(make_project, "\n    findings:\n", "\n    finding:\n")
    assert found == [("SCH001", "did you mean `findings`?")]


def test_a_list_where_text_belongs_is_told_how_it_is_written(make_project):
    found = _case_with(make_project, "    actor: baker\n", "    actor:\n      - baker\n")
    assert found == [("SCH003", "write it behind the name, without the hyphen: `actor: baker`")]


def test_a_named_file_is_told_of_what_its_change_breaks_in_others(make_project):
    root = make_project({})
    pilot = "content/pilots/bakery-cards.yaml"
    text = (root / pilot).read_text(encoding="utf-8")
    (root / pilot).write_text(text.replace("id: bakers\n", "id: cooks\n"), encoding="utf-8")
    project = Project.at(root)
    everywhere = {(item.path, item.line) for item in validate(project).diagnostics if item.code == "REF003"}
    named = validate(project, named={pilot}).diagnostics
    assert everywhere
    assert {(item.path, item.line) for item in named if item.code == "REF003"} == everywhere
    assert {item.code for item in named} <= {"REF003", "REF006"}
    other = next(path for path, _ in everywhere)
    assert {item.path for item in validate(project, named={other}).diagnostics} == {other}


def test_a_principle_that_is_named_by_its_number_is_known(make_project):
    root = make_project({})
    case = root / "use_cases" / "card-leaves-the-bakery.yaml"
    text = case.read_text(encoding="utf-8")
    number, principle = next(
        (record.data["number"], record.id) for record in validate(Project.at(root)).base.of("principle")
    )
    case.write_text(text.replace(f"principle: {principle}\n", f"principle: p{number}\n"), encoding="utf-8")
    hints = {item.hint for item in validate(Project.at(root)).diagnostics if item.code == "REF001"}
    assert hints == {f"did you mean `{principle}`?"}
