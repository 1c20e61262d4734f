"""What an answer says of a document, and what it does not."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lerkb.links import answers
from lerkb.links.answers import Outcome, judge, page_title, page_words, refusing_hosts
from lerkb.links.web import Answer, Visit
from lerkb.schemas import enumeration

ASKED = "https://docs.test/reports/ovens"


def page(title="", words="", **rest):
    return Answer(200, media_type="text/html", body=f"<title>{title}</title><p>{words}".encode(), **rest)


def outcome(answer, *hops, title="A study of something else", asked=ASKED):
    return judge(Visit(asked, answer, hops), asked, title).outcome


@pytest.mark.parametrize(
    "title",
    [
        "404",
        "404 - Ovens",
        "Error 404",
        "Ovens | Error 404",
        "410 Gone",
        "Page not found",
        "Page Not Found | Ovens",
        "Ovens – Page not found",
        "Page could not be found",
        "Not Found",
        "Oops! Not found",
        "Sorry, nothing found",
        "This page doesn’t exist",
        "The page you requested does not exist",
        "Document no longer available",
        "Article removed",
        "File has been deleted.",
    ],
)
def test_titles_that_say_that_nothing_is_there(title):
    assert outcome(page(title, "word " * 1000)) is Outcome.GONE


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Ovens",
        "What we found: bakers and their cards",
        "Lost and found: how credentials go missing",
        "Jobs not found by algorithms",
        "Skills that no longer exist in schools",
        "The 404 credentials of Ohio",
        "Record of the bakers",
        "Page 404 of the register",
        "Removed from the file: a study",
    ],
)
def test_titles_of_documents(title):
    assert outcome(page(title, "word " * 1000)) is Outcome.OK


@pytest.mark.parametrize(
    "words", ["Sorry, this page could not be found.", "The content is no longer available", "Error 404"]
)
def test_words_of_a_short_page_count_and_those_of_a_long_one_do_not(words):
    assert outcome(page("Ovens", words)) is Outcome.GONE
    assert outcome(page("Ovens", words + " More words." * 500)) is Outcome.OK


def test_a_page_that_has_the_title_of_the_document_is_the_document():
    title = "Page not found: what dead links do to evidence"
    assert outcome(page(f"{title} – Ovens"), title=title) is Outcome.OK
    assert outcome(page("Page not found – Ovens"), title="Page") is Outcome.GONE, "a title so short says nothing"


@pytest.mark.parametrize(
    "title",
    ["Just a moment...", "Attention Required! | Cloudflare", "Access Denied", "Are you a robot?", "403 Forbidden"],
)
def test_pages_in_place_of_the_document_that_people_would_not_get(title):
    assert outcome(page(title)) is Outcome.REFUSED


def test_what_is_no_page_is_not_read_for_words():
    assert outcome(Answer(200, media_type="application/pdf", body=b"Page not found")) is Outcome.OK


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("https://docs.test/", "gone"),
        ("https://docs.test", "gone"),
        ("https://other.test/", "gone"),
        ("https://docs.test/index.html", "gone"),
        ("https://docs.test/en/", "gone"),
        ("https://docs.test/en-us", "gone"),
        ("https://docs.test/home", "gone"),
        ("https://docs.test/?p=12", "ok"),
        ("https://docs.test/ovens", "ok"),
        ("https://docs.test/login?next=/reports/ovens", "refused"),
        ("https://accounts.test/v3/signin/identifier", "refused"),
        ("https://docs.test/ServiceLogin", "refused"),
        ("https://docs.test/logins-and-ovens", "ok"),
    ],
)
def test_where_one_is_sent(to, expected):
    assert outcome(page("Ovens", "Words."), (302, to)) == expected


def test_an_address_that_is_a_front_page_may_lead_to_one():
    assert outcome(page("Ovens"), (302, "https://docs.test/en/"), asked="https://docs.test/") is Outcome.OK


@given(st.text())
def test_any_text_has_a_title_and_words(text):
    assert isinstance(page_title(text), str)
    assert "<script>" not in page_words(f"<script>{text}")


def test_words_are_those_that_are_shown():
    text = "<head><title>A</title></head><!-- b --><script>c</script><style>d</style><p class='e'>F &amp; g</p><!-- h"
    assert page_words(text) == "F & g"
    assert page_title(text) == "A"


def test_the_outcomes_are_those_of_the_schema(schemas):
    field = schemas.described("source", ("address_check", "outcome"))
    assert list(enumeration(field)) == [outcome.value for outcome in Outcome]


def test_each_refusing_host_has_a_reason_and_says_where_it_can_be_read():
    text = (Path(answers.__file__).parent / "refusing_hosts.yaml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)
    assert (
        [entry["host"] for entry in entries] == sorted({entry["host"] for entry in entries}) == list(refusing_hosts())
    )
    for entry in entries:
        assert set(entry) == {"host", "reason", "seen"}
        assert not entry["host"].startswith("www.")
        assert entry["reason"]
        assert entry["seen"].startswith("https://")
