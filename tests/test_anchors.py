"""The names that pages give their own parts are those that the check knows."""

import pytest
from lxml import html

from lerkb.anchors import ANCHORED, page_names
from lerkb.site import all_pages
from lerkb.site.assembly import assemble
from lerkb.site.environment import render
from lerkb.site.site import SiteSettings


@pytest.fixture(scope="module")
def pages(sample):
    """The sample’s record pages: with the ids on each."""
    site = assemble(sample, SiteSettings("Sample records"), drafts=True)
    made = []
    for page in all_pages(site):
        record = page.record
        if record is not None and record.kind != "term" and record.status != "retired":
            made.append((record, html.fromstring(render(page, site)).xpath("//@id")))
    return made


def local_ids(record, schemas):
    anchored, others = set(), set()
    for field, value, _ in schemas.values(record.kind, record.data, "local-id"):
        (anchored if field[0] == ANCHORED.get(record.kind) else others).add(value)
    return anchored, others


@pytest.mark.parametrize("kind", ANCHORED)
def test_every_id_of_a_page_is_known_or_a_part_s_own(pages, schemas, kind):
    met = 0
    for record, ids in pages:
        if record.kind == kind:
            anchored, others = local_ids(record, schemas)
            assert anchored <= set(ids)
            assert set(ids) - anchored <= page_names(kind, others)
            met += len(set(ids) - anchored)
    assert met > 5


def test_no_other_kind_shows_ids_of_its_parts_as_they_are(pages, schemas):
    kinds = set()
    for record, ids in pages:
        if record.kind not in ANCHORED:
            kinds.add(record.kind)
            assert local_ids(record, schemas)[1] & set(ids) == set(), record.path
    assert kinds == {"use-case", "principle", "source"}


def test_names_with_a_word_before_them_are_those_of_the_record_s_own_parts():
    names = page_names("overview", ["no-outcome", "one"])
    assert {"sources", "gap-no-outcome", "claim-one", "c1", "c2", "kb-search"} <= names
    assert not {"gap-two", "c3", "only", "no-outcome", "found"} & names
    assert "found" in page_names("pilot", [])
