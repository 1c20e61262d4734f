"""``--format sarif``: valid SARIF, with every check’s help, and fingerprints that outlive an edit."""

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from made import problem, report

from lerkb.checks import all_checks
from lerkb.reporters import Report
from lerkb.reporters.sarif import report_sarif
from lerkb.yaml_source import parse_source

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = Draft4Validator(SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER)


def run(*diagnostics, **more):
    """The one run of a report, which is valid SARIF."""
    log = json.loads(report_sarif(report(*diagnostics, **more)))
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    assert log["$schema"] == SCHEMA["id"]
    return log["runs"][0]


def test_the_schema_refuses_what_is_no_sarif():
    log = json.loads(report_sarif(report(problem())))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert list(VALIDATOR.iter_errors(log))


def test_every_check_is_a_rule_with_its_help():
    rules = run()["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [check.code for check in all_checks()]
    for rule, check in zip(rules, all_checks(), strict=True):
        assert rule["shortDescription"]["text"] == check.page.title
        assert check.page.bad in rule["help"]["markdown"]
        assert check.page.why in rule["help"]["text"]
        assert rule["defaultConfiguration"]["level"] == check.severity.value
        assert "helpUri" not in rule


def test_rules_have_addresses_where_the_site_has_one():
    driver = run(site="https://example.org/kb/")["tool"]["driver"]
    assert driver["informationUri"] == "https://example.org/kb/"
    assert [rule["helpUri"] for rule in driver["rules"]] == [
        f"https://example.org/kb/checks/{check.code}/" for check in all_checks()
    ]


def test_a_problem_is_a_result_with_its_place():
    made = run(
        problem("use_cases/a.yaml", 3, 7, "REF001", field="/harms/0/from"), problem(code="SYN012"), folder="base/"
    )
    warning, error = made["results"]
    assert made["columnKind"] == "unicodeCodePoints"
    assert error["ruleId"] == "REF001"
    assert made["tool"]["driver"]["rules"][error["ruleIndex"]]["id"] == "REF001"
    assert error["message"]["text"] == "something is wrong\nmend it"
    place = error["locations"][0]
    assert place["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 7}
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "base/use_cases/a.yaml"
    assert place["physicalLocation"]["artifactLocation"]["uriBaseId"] in made["originalUriBaseIds"]
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "/harms/0/from"
    assert (error["level"], warning["level"]) == ("error", "warning")


def test_a_certain_mend_is_a_fix():
    text = b"id: a\ntitel: A case\n"
    wrong = problem(line=2, field="/titel", hint="did you mean `title`?", replacement="title")
    made = Report((wrong,), {wrong.path: parse_source("use-case", wrong.path, "a", text)}, folder="base/")
    log = json.loads(report_sarif(made))
    assert list(VALIDATOR.iter_errors(log)) == []
    (fix,) = log["runs"][0]["results"][0]["fixes"]
    assert fix["description"]["text"] == "did you mean `title`?"
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "base/use_cases/a.yaml", "uriBaseId": "%SRCROOT%"}
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 1, "endColumn": 6},
            "insertedContent": {"text": "title"},
        }
    ]


def fingerprints(*diagnostics):
    return [result["partialFingerprints"]["lerkb/v1"] for result in run(*diagnostics)["results"]]


def test_a_fingerprint_outlives_a_move_of_its_line_and_of_its_entry():
    before = fingerprints(problem(line=3, field="/harms/0/from"))
    assert fingerprints(problem(line=30, column=9, field="/harms/2/from")) == before
    assert fingerprints(problem("use_cases/renamed.yaml", field="/harms/0/from")) == before


@pytest.mark.parametrize(
    "other", [problem(message="else"), problem(code="SCH002"), problem(field="/harms/0/to"), problem(field="/harms")]
)
def test_another_problem_has_another_fingerprint(other):
    assert fingerprints(other) != fingerprints(problem(field="/harms/0/from"))


def test_equal_problems_of_a_file_are_told_apart_and_those_of_files_are_not():
    found = fingerprints(problem(line=1), problem(line=2), problem("use_cases/b.yaml"))
    assert found[0] != found[1]
    assert found[0] == found[2]


@given(st.text(min_size=1), st.text(), st.text())
def test_any_text_makes_valid_sarif(path, message, hint):
    made = run(problem(path, message=message, hint=hint))
    location = made["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert unquote(location["uri"]) == path
    assert "](" not in made["results"][0]["message"]["text"]


def test_a_file_name_that_is_not_utf8_is_told_by_its_bytes():
    made = report(problem("use_cases/\udcff.yaml", message="\udcff"))
    assert report_sarif(made).encode()
    assert run(*made.diagnostics)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == (
        "use_cases/%FF.yaml"
    )


def test_real_output_is_valid(make_project, run_lerkb):
    root = make_project(
        {"use_cases/broken.yaml": "id: broken\ntitel: A\n", "mkdocs.yml": "site_url: 'https://example.org/'\n"}
    )
    printed = run_lerkb("validate", "--format", "sarif", root=root)
    assert (printed.code, printed.err) == (1, "")
    log = json.loads(printed.out)
    assert list(VALIDATOR.iter_errors(log)) == []
    assert log["runs"][0]["results"]
    assert log["runs"][0]["tool"]["driver"]["rules"][0]["helpUri"].startswith("https://example.org/checks/")
