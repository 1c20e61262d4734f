"""Time and likeness: what day it is, when two addresses are one, and that likeness is looked for without comparing all with all."""

import pytest

from lerkb.checks import lifecycle


def test_today_is_that_of_the_source_date_where_it_is_set(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert lifecycle.today() == "2026-01-01"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert lifecycle.today() > "2026-01-01"


@pytest.mark.parametrize(
    "other",
    [
        "http://example.org/a",
        "https://www.example.org/a/",
        "https://EXAMPLE.org/a?utm_source=x",
        "https://example.org/a#section",
        "https://example.org/a?ref=home&fbclid=1",
    ],
)
def test_spellings_of_one_address(other):
    assert lifecycle.plain_address(other) == lifecycle.plain_address("https://example.org/a")


@pytest.mark.parametrize(
    "other", ["https://example.org/A", "https://example.org/a?b=1", "https://example.org/a#page=2"]
)
def test_other_addresses_stay_others(other):
    assert lifecycle.plain_address(other) != lifecycle.plain_address("https://example.org/a")
