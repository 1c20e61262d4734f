"""The page that shows the whole library at a glance: what its pictures say is what the records say."""

from collections import Counter
from pathlib import Path

import pytest

from lerkb.project import Project
from lerkb.site.assembly import assemble
from lerkb.site.pages import glance
from lerkb.site.site import SiteSettings
from lerkb.validation import validate


@pytest.fixture(scope="module")
def real_site():
    """The real records as a site."""
    return assemble(validate(Project.at(Path(__file__).parent.parent)), SiteSettings("Real records", "", "", "", ""))


def test_the_map_has_each_state_of_the_vocabulary_once(real_site):
    codes = [code for code in glance.TILES.split() if code != "."]
    places = real_site.base.vocabulary("places")
    states = {place[3:] for place in places if place.startswith("us-") and len(place) == len("us-xx")}
    assert Counter(codes) == Counter(states)


def test_a_city_counts_for_its_state_and_a_pilot_once(real_site):
    view = glance.view(real_site)
    pilots = real_site.base.of("pilot")
    tiles = {tile.code: tile.count for tile in view.tiles}
    in_pennsylvania = [p for p in pilots if any(place.startswith("us-pa") for place in p.data["tags"]["places"])]
    assert tiles["PA"] == len(in_pennsylvania) > 0
    assert any("us-pa-pittsburgh" in p.data["tags"]["places"] for p in in_pennsylvania)


def test_every_pilot_is_in_the_timeline_or_said_to_be_missing(real_site):
    view = glance.view(real_site)
    pilots = real_site.base.of("pilot")
    dated = [pilot for pilot in pilots if str(pilot.data["period"]["from"])[:4].isdigit()]
    assert sum(year.count for year in view.years) == len(dated)
    assert str(len(pilots) - len(dated)) in view.undated
    assert sum(len(group.pilots) for group in view.began) == len(pilots)
    for year in view.years:
        assert sum(year.counts) == year.count
        assert round(sum(part.height for part in year.segments)) <= 160


def test_the_charts_count_every_finding_and_claim(real_site):
    findings, claims, effects, checked = glance.view(real_site).sure
    total = sum(len(pilot.data["findings"]) for pilot in real_site.base.of("pilot"))
    assert sum(bar.count for bar in findings.bars) == sum(bar.count for bar in checked.bars) == total
    assert sum(bar.count for bar in claims.bars) == sum(bar.count for bar in effects.bars) > 0
