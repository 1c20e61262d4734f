"""Every page type and its states by axe-core’s rules, narrow and wide, light and dark; none scrolls sideways; each check finds what it looks for."""

import pytest

from checkers import (
    check_accessibility,
    check_forced_colors,
    check_html,
    check_keyboard,
    check_motion,
    check_spacing,
    check_width,
)
from page_types import READ_TYPES
from states import DESK, PHONE, SCHEMES, STATES, open_everything

every_type = pytest.mark.parametrize("page_type", READ_TYPES)
wide_and_narrow = pytest.mark.parametrize("width", [DESK, PHONE])


@every_type
@wide_and_narrow
def test_no_page_type_has_a_violation(open_page, places, page_type, width):
    for address in places[page_type]:
        page = open_page(address, width)
        page.wait_for_load_state("networkidle")
        open_everything(page)
        assert check_accessibility(page, [SCHEMES[width == PHONE]]) == []


@wide_and_narrow
@pytest.mark.parametrize("state", STATES)
def test_no_state_of_a_page_has_a_violation(open_page, places, state, width, tmp_path):
    asked = STATES[state]
    if asked.needs_field and width == PHONE:
        return  # there is a link to the explorer instead
    page = open_page(places[asked.page_type][0], width)
    asked.act(page)
    assert check_accessibility(page) == []
    # What scripts have made of the page is sound HTML, too.
    file = tmp_path / "page.html"
    file.write_text(page.content(), encoding="utf-8")
    assert [slip for slip in check_html([file]) if slip.severity == "error"] == []


@every_type
def test_no_page_type_scrolls_sideways(open_page, places, page_type):
    for address in places[page_type]:
        page = open_page(address)
        assert page.locator("h1").count() == 1
        open_everything(page)
        assert check_width(page) == []


# ---- the checks themselves: each finds what it looks for

SLIPS = {
    "reflow": (check_width, "<div style='width:2000px'>Wide</div>"),
    "text-spacing": (
        check_spacing,
        "<p style='width:9em;height:1em;line-height:1;overflow:hidden'>Words in a low box</p>",
    ),
    "reduced-motion": (check_motion, "<p style='transition:color 1s'>Slow</p>"),
    "forced-colors": (check_forced_colors, "<p style='forced-color-adjust:none'>Ours</p>"),
    "image-alt": (check_accessibility, "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"),
    "keyboard-trap": (
        check_keyboard,
        "<button onkeydown='if (event.key === `Tab`) { event.preventDefault(); this.after(this.cloneNode(true)); this.nextSibling.focus(); }'>B</button>",
    ),
    "keyboard": (
        check_keyboard,
        "<a href='#x' id=a>A</a><a href='#y' id=b onfocus='document.getElementById(`c`).focus()'>B</a><a href='#z' id=c>C</a>",
    ),
    "focus-visible": (check_keyboard, "<a href='#x' style='outline:none'>A</a>"),
    "focus-not-obscured": (
        check_keyboard,
        "<a href='#x'>A</a><div style='position:fixed;inset:0;background:#fff'>Over it all</div>",
    ),
}


@pytest.mark.parametrize("rule", SLIPS)
def test_each_check_finds_what_it_looks_for(browser, rule):
    check, body = SLIPS[rule]
    page = browser.new_page()
    page.set_content(
        f"<!doctype html><html lang=en><title>A page</title><style>:focus{{outline:3px solid blue}}</style><main><h1>Heading</h1>{body}</main>"
    )
    assert rule in {slip.rule for slip in check(page)}
    page.close()
