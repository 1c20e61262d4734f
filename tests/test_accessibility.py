"""Every page type in a browser: by axe-core’s rules, narrow and wide, light and dark, by keyboard alone, as people change what they see."""

import pytest

from checkers import check_accessibility, check_html
from page_types import READ_TYPES
from states import DESK, PHONE, SCHEMES, STATES, open_everything

#: A window 1280 pixels wide at 400 percent.
ZOOMED = 320


def violations(page, schemes=SCHEMES):
    found = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found += [(scheme, slip) for slip in check_accessibility(page)]
    return found


@pytest.mark.parametrize("page_type", READ_TYPES)
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_page_type_has_a_violation(open_page, places, page_type, width):
    for address in places[page_type]:
        page = open_page(address, width)
        page.wait_for_load_state("networkidle")
        found = violations(page, SCHEMES[:1]) if width == DESK else []
        open_everything(page)
        assert found + violations(page) == []


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_no_state_of_a_page_has_a_violation(open_page, places, state, width, tmp_path):
    page_type, needs_field, act = STATES[state]
    if needs_field and width == PHONE:
        return  # there is a link to the explorer instead
    page = open_page(places[page_type][0], width)
    act(page)
    assert violations(page) == []
    # What scripts have made of the page is sound HTML, too.
    file = tmp_path / "page.html"
    file.write_text(page.content(), encoding="utf-8")
    assert [slip for slip in check_html([file]) if slip.severity == "error"] == []


@pytest.mark.parametrize("page_type", READ_TYPES)
def test_no_page_type_scrolls_sideways(open_page, places, page_type):
    for address in places[page_type]:
        page = open_page(address)
        assert page.locator("h1").count() == 1
        open_everything(page)
        for width in (DESK, PHONE, ZOOMED):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


#: https://www.w3.org/TR/WCAG22/#text-spacing
SPACED = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}"
#: Boxes that cut off what is in them.
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((box) => {
    const style = getComputedStyle(box);
    return [style.overflowX, style.overflowY].some((way) => ["hidden", "clip"].includes(way)) && box.clientWidth > 1
      && (box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1);
  })
  .map((box) => box.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("page_type", READ_TYPES)
def test_nothing_is_lost_when_text_is_spaced_out(open_page, places, page_type):
    for address in places[page_type]:
        page = open_page(address, bypass_csp=True)
        page.wait_for_load_state("networkidle")
        open_everything(page)
        page.add_style_tag(content=SPACED)
        for width in (DESK, ZOOMED):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            assert page.evaluate(CUT) == [], (address, width)


MOVING = """() => [...document.querySelectorAll("*")].flatMap((element) => [null, "::before", "::after"].map((part) => [element, part]))
  .filter(([element, part]) => {
    const style = getComputedStyle(element, part);
    const takes = (durations) => durations.split(",").some((one) => parseFloat(one) > 0.001);
    return takes(style.transitionDuration) || (style.animationName !== "none" && takes(style.animationDuration)) || style.scrollBehavior === "smooth";
  })
  .map(([element, part]) => element.outerHTML.slice(0, 100) + (part ?? ""))"""


@pytest.mark.parametrize("page_type", READ_TYPES)
def test_nothing_moves_for_those_who_ask_for_less_motion(open_page, places, page_type):
    page = open_page(places[page_type][0], reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(MOVING) == []


@pytest.mark.parametrize("page_type", READ_TYPES)
def test_no_page_type_overrides_forced_colors(open_page, places, page_type):
    for address in places[page_type]:
        page = open_page(address, forced_colors="active")
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        overriding = (
            "[...document.querySelectorAll('body *')].filter((e) => getComputedStyle(e).forcedColorAdjust === 'none')"
        )
        assert page.evaluate(f"{overriding}.map((e) => e.outerHTML.slice(0, 100))") == []


#: Before each step, what has the focus, whether that shows, and whether something covers it.
WALK = """() => {
  const all = [...document.querySelectorAll("*")];
  // One stop for all answers to a question.
  const group = (element) => (element.type === "radio" ? "radio " + element.name : all.indexOf(element) + " " + (element.id || element.textContent).slice(0, 60));
  const drawn = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && !/[,/] ?0\\)$/.test(style.outlineColor);
    return box.width > 1 && box.height > 1 && (outlined || parseFloat(style.strokeWidth) >= 4);
  };
  // What stands for a box that is itself out of sight.
  const labels = (element) => [...(element.labels ?? []), ...(element.matches("input:has(+ label)") ? [element.nextElementSibling] : [])];
  const shows = (element) => [element, ...labels(element), ...element.querySelectorAll("*")].some(drawn);
  const covered = (element) => {
    // WCAG 2.2, 2.4.11: not all of it is hidden by what else the page shows.
    const boxes = [element, ...labels(element)].flatMap((one) => [...one.getClientRects()]).filter((box) => box.width > 1 && box.height > 1);
    return boxes.length > 0 && !boxes.some((box) => [[0.5, 0.5], [0.02, 0.1], [0.98, 0.9], [0.02, 0.9], [0.98, 0.1]].some(([x, y]) => {
      const hit = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return hit && (element.contains(hit) || hit.contains(element) || labels(element).some((label) => label.contains(hit)));
    }));
  };
  const stops = "a[href], area[href], button, input, select, textarea, summary, iframe, [tabindex]";
  window.expected = [...document.querySelectorAll(stops)]
    .filter((element) => element.tabIndex >= 0 && !element.disabled && !element.closest("[inert]"))
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => !element.matches("summary") || element.parentElement.matches("details"))
    .map(group);
  window.trail = null;
  addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (event.key !== "Tab" || !window.trail || window.trail.ended) return;
    const stop = at && at !== document.body ? group(at) : "";
    // Where a browser has no buttons of its own, the focus goes from one end of the page to the other.
    if (window.trail.stops.some(([known]) => known === stop) || (!stop && window.trail.stops.length)) window.trail.ended = true;
    else if (stop) window.trail.stops.push([stop, shows(at), covered(at)]);
  }, true);
}"""
#: Steps between two looks at how far the focus has come.
STEPS = 25


def walk(page, key, most):
    """Press a key until the focus has left the page or is where it was before; the stops on the way."""
    page.evaluate("window.trail = { stops: [], ended: false }")
    for _ in range(most // STEPS + 1):
        for _ in range(STEPS):
            page.keyboard.press(key)
        trail = page.evaluate("window.trail")
        if trail["ended"]:
            return trail["stops"]
    pytest.fail(f"{page.url}: the focus goes on and on; last {trail['stops'][-3:]}")


@pytest.mark.parametrize("page_type", READ_TYPES)
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_keyboard_reaches_everything_shows_where_it_is_and_gets_out(open_page, places, page_type, width):
    page = open_page(places[page_type][0], width)
    page.wait_for_load_state("networkidle")
    page.evaluate(WALK)
    expected = page.evaluate("window.expected")
    there = walk(page, "Tab", 2 * len(expected) + STEPS)
    page.evaluate("document.activeElement.blur()")
    back = walk(page, "Shift+Tab", 2 * len(expected) + STEPS)
    for trail in (there, back):
        assert set(expected) <= {stop for stop, *_ in trail}
        assert [stop for stop, shows, _ in trail if not shows] == []
        assert [stop for stop, _, covered in trail if covered] == []
    assert {stop for stop, *_ in there} == {stop for stop, *_ in back}
