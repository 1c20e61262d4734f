"""The sheets to print: one for each reader, in words that reader can read, each question with its field and room to write."""

from pathlib import Path

import pytest
from lxml import html

from lerkb.project import Project
from lerkb.scaffold import required_fields
from lerkb.schemas import enumeration
from lerkb.site import all_pages
from lerkb.site.assembly import assemble
from lerkb.site.environment import render
from lerkb.site.site import SiteSettings
from lerkb.text.reading import grade
from lerkb.validation import validate

ROOT = Path(__file__).parent.parent
HIGHEST_GRADE = 8.0


@pytest.fixture(scope="module")
def site():
    return assemble(validate(Project.at(ROOT)), SiteSettings("Records"), drafts=False)


@pytest.fixture(scope="module")
def printed(site):
    pages = {page.url: page for page in all_pages(site) if page.url.startswith("interview/")}
    return {url: html.fromstring(render(page, site)) for url, page in pages.items()}


def readers(schemas):
    group = schemas.described("use-case", ("readers",))["properties"]
    return [schemas.described("use-case", ("readers", key, "text"))["x-audience"] for key in group]


def test_each_reader_of_a_use_case_has_a_sheet_that_the_contribute_page_links(printed, schemas):
    urls = [f"interview/{audience}/" for audience in readers(schemas)]
    assert sorted(printed) == sorted(urls)
    page = (ROOT / "content" / "pages" / "contribute.md").read_text(encoding="utf-8")
    assert all(f"({url}index.md)" in page for url in urls)


def test_each_question_says_which_field_it_fills_and_has_room_to_write(printed, schemas):
    for url, page in printed.items():
        asked = page.find_class("kb-questions")[0].findall("li")
        assert len(asked) >= 8, url
        for item in asked:
            dotted = item.find(".//code").text
            fields = [
                spec for spec in schemas.specs("use-case") if ".".join(n for n in spec.pattern if n != "*") == dotted
            ]
            assert fields, dotted
            assert item.find("h3").text in {q for spec in fields for q in spec.schema.get("x-interview", {}).values()}
            assert len(item.find_class("kb-line")) >= 3


def test_each_reader_is_asked_of_situation_gain_harm_race_and_what_is_not_known(printed):
    for url, page in printed.items():
        fields = {code.text for code in page.find_class("kb-questions")[0].iter("code")}
        assert {"situation.today", "gains.what", "harms.what", "race.text", "gaps.text"} <= fields, url
        own = url.split("/")[1].replace("-", "_")
        assert f"readers.{own}.text" in fields


def test_a_sheet_asks_for_consent_before_it_asks_anything_else(printed):
    for page in printed.values():
        headings = [heading.text for heading in page.iter("h2")]
        assert headings[0] == "Before you begin"
        fields = {code.text for code in page.find_class("kb-agree")[0].iter("code")}
        assert fields == {
            "account.pseudonym",
            "account.consent.scope",
            "account.consent.told_of_limits",
            "account.names_of_others",
        }


def test_the_worker_s_sheet_can_be_read_at_the_eighth_grade(printed):
    page = printed["interview/worker/"]
    for small in list(page.iter("small")):
        small.drop_tree()  # where an answer goes is for whoever types it in
    for other in [*page.find_class("kb-typist"), *page.find_class("kb-crumb"), *page.find_class("kb-plainlist")]:
        other.drop_tree()
    lines = [item.text_content() for item in page.iter("h1", "h2", "h3", "p", "li")]
    assert len(lines) > 25
    assert grade("\n\n".join(lines)) <= HIGHEST_GRADE
    for line in lines:
        assert grade(line) <= HIGHEST_GRADE + 1, line


def leaves(schemas, kind, path=()):
    """The fields that a use case cannot do without and a person has to answer."""
    for name in required_fields(schemas.described(kind, path)):
        field, entry = schemas.described(kind, (*path, name)), schemas.described(kind, (*path, name, 0))
        if "properties" in field:
            yield from leaves(schemas, kind, (*path, name))
        elif "properties" in entry:
            yield from leaves(schemas, kind, (*path, name, 0))
        elif name not in ("id", "status") and field.get("x-role") != "local-reference" and "x-default" not in field:
            yield (*path, name), field


def test_each_answer_that_a_use_case_needs_is_asked_for_in_a_plain_question(schemas):
    asked = list(leaves(schemas, "use-case"))
    assert len(asked) >= 8
    for place, field in asked:
        assert field.get("x-question"), place


@pytest.mark.parametrize("kind", ["use-case", "pilot", "source"])
def test_questions_are_short_and_plain_and_no_two_fields_ask_the_same(schemas, kind):
    specs = [spec for spec in schemas.specs(kind) if "x-question" in spec.schema]
    questions = {spec.schema["x-question"] for spec in specs}
    fields = {(spec.schema["x-question"], spec.schema["title"]) for spec in specs}  # one field may stand in many places
    assert len(questions) == len(fields)
    for question in questions:
        assert question.endswith(("?", ".")), question
        assert len(question) <= 120, question
        assert grade(question) <= HIGHEST_GRADE + 1, question


def test_whoever_is_asked_in_an_interview_is_a_reader(schemas):
    asked = {audience for spec in schemas.specs("use-case") for audience in spec.schema.get("x-interview", ())}
    assert asked == set(readers(schemas))


def test_a_draft_begins_with_what_its_fields_say_it_begins_with(schemas):
    for kind in schemas.kinds:
        for spec in schemas.specs(kind):
            default = spec.schema.get("x-default")
            if isinstance(default, str):
                assert default in enumeration(spec.schema), spec.pattern
            elif default is not None:
                assert set(default) == {"months_from_today"}
