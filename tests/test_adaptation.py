"""Every page type as people change it: with text spaced out, in colors of their own, with less motion, by keyboard alone.

What takes a step for each link, or a second look at each box, is done on the sample, whose pages have the same templates and styles and
little on them; the audit (``tests/audit/``) does all of it on the library.
"""

import pytest

from checkers import check_forced_colors, check_keyboard, check_motion, check_spacing
from page_types import READ_TYPES
from states import DESK, PHONE, open_everything

every_type = pytest.mark.parametrize("page_type", READ_TYPES)


@every_type
def test_nothing_is_lost_when_text_is_spaced_out(open_page, sample_places, page_type):
    for address in sample_places[page_type]:
        page = open_page(address, bypass_csp=True)
        page.wait_for_load_state("networkidle")
        open_everything(page)
        assert check_spacing(page) == []


@every_type
def test_nothing_moves_for_those_who_ask_for_less_motion(open_page, sample_places, page_type):
    page = open_page(sample_places[page_type][0])
    page.wait_for_load_state("networkidle")
    assert check_motion(page) == []


@every_type
def test_forced_colors_are_kept(open_page, sample_places, page_type):
    page = open_page(sample_places[page_type][0])
    page.wait_for_load_state("networkidle")
    assert check_forced_colors(page) == []


@every_type
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_keyboard_reaches_everything_shows_where_it_is_and_gets_out(open_page, sample_places, page_type, width):
    page = open_page(sample_places[page_type][0], width)
    page.wait_for_load_state("networkidle")
    assert check_keyboard(page) == []
