"""The published results of the audit: the page says what the data say, failures first of all."""

import json
from datetime import date

import pytest

from audit.audit import BEGIN, CATEGORIES, CHECKS, END, LIMITS, PAGE, RESULTS, block, merged, with_block
from page_types import PAGE_TYPES
from states import STATES


@pytest.fixture(scope="module")
def results():
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def test_the_page_shows_the_results_as_they_are(results):
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert with_block(text, results) == text, "run tests/audit/audit.py --keep"


def test_the_results_are_of_this_site(results):
    assert {entry["id"] for entry in results["page_types"]} <= set(PAGE_TYPES)
    assert {entry["id"] for entry in results["states"]} <= set(STATES)
    assert date.fromisoformat(results["date"])
    assert all(date.fromisoformat(entry["date"]) for entry in results["by_hand"])
    assert set(results["tools"]) >= {"axe-core", "the Nu HTML checker"}
    assert results["whole_site"]["pages"] > 100
    assert all(entry["pages"] for entry in results["page_types"])


def test_a_run_over_some_types_keeps_the_others_with_their_day(results):
    first, second = results["page_types"][:2]
    now = {**results, "date": "2099-01-01", "page_types": [{**second, "date": "2099-01-01", "fails": {}}], "states": []}
    joined = merged(now, results)
    assert [entry["id"] for entry in joined["page_types"]] == [entry["id"] for entry in results["page_types"]]
    assert joined["page_types"][1]["date"] == "2099-01-01"
    assert joined["states"] == results["states"]
    assert f"| {first['name']} ({first['date']}) |" in block(joined)


def test_what_fails_is_shown_with_its_rule_and_page(results):
    slip = {"rule": "color-contrast", "page": "matrix/", "text": "dark: `b`\n  too pale", "severity": "error"}
    wrong = json.loads(json.dumps(results))
    for entry in (*wrong["page_types"], *wrong["states"], wrong["whole_site"]):
        entry["fails"] = {}
    wrong["page_types"][0]["fails"] = {"axe": [slip]}
    wrong["by_hand"] = [{"name": "home", "date": "2026-01-31", "scores": dict.fromkeys(CATEGORIES, 90)}]
    text = block(wrong)
    assert f"| {CHECKS['axe']} | 1 |" in text
    assert f"| {CHECKS['html']} | none |" in text
    assert "page matrix/: color-contrast, once: `dark: 'b' too pale`" in text
    assert "90 (aim: 95)" in text
    assert text.startswith(BEGIN)
    assert text.endswith(END)


@pytest.mark.parametrize("page_type", LIMITS)
def test_a_first_view_is_light(library, host, open_page, places, page_type):
    for address in places[page_type]:
        host.weight()
        page = open_page(address)
        page.wait_for_load_state("networkidle")
        assert 0 < host.weight() <= LIMITS[page_type]
