"""What the checks do on a page before they look: open what is closed, search, choose, answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page, expect

DESK, PHONE = 1280, 360
SCHEMES = ("light", "dark")


def open_everything(page: Page) -> bool:
    """Open every closed part. Whether there was one."""
    return bool(
        page.evaluate(
            """() => {
              const closed = [...document.querySelectorAll("details:not([open])")];
              closed.forEach((details) => (details.open = true));
              return closed.length;
            }"""
        )
    )


def search(page: Page) -> None:
    """Type into the field of the header until there are results."""
    page.keyboard.press("s")
    page.keyboard.type("record")
    expect(page.locator(".kb-found li").first).to_be_visible()


def search_in_vain(page: Page) -> None:
    page.keyboard.press("s")
    page.keyboard.type("zzzzqqqq")
    expect(page.locator(".kb-found li").first).to_be_visible()


def explore(page: Page) -> None:
    """Search and choose, with every filter open."""
    page.fill("#kb-explore-query", "record")
    expect(page.locator("#kb-results mark").first).to_be_visible()
    open_everything(page)
    page.locator("#kb-explorer input[type=checkbox]:enabled").first.check()
    expect(page.locator("#kb-chips button")).to_have_count(1)


def explore_in_vain(page: Page) -> None:
    page.fill("#kb-explore-query", "zzzzqqqq")
    expect(page.locator("#kb-none")).to_be_visible()


def compare(page: Page) -> None:
    """Choose a record of each group and one more."""
    groups = page.locator("#kb-compare-add optgroup")
    options = [groups.nth(n).locator("option") for n in range(groups.count())]
    for value in [option.first.get_attribute("value") for option in options] + [options[0].last.get_attribute("value")]:
        page.select_option("#kb-compare-add", value)
    expect(page.locator(".kb-compare thead a")).to_have_count(len(options) + 1)


def answer(page: Page) -> None:
    """Answer a question each way."""
    for number, value in enumerate(("yes", "no")):
        page.locator("fieldset[data-key]:visible").nth(number).locator(f"input[value={value}]").check()
    expect(page.locator("#kb-assess-status")).to_contain_text(re.compile(r"\b2\b"))


@dataclass(frozen=True)
class State:
    """What a page can become."""

    page_type: str
    act: Callable[[Page], None]
    needs_field: bool = False  #: the header’s search field; a phone has a link instead


STATES: Mapping[str, State] = {
    "search open": State("use_case", search, needs_field=True),
    "search finds nothing": State("home", search_in_vain, needs_field=True),
    "results and filters open": State("explorer", explore),
    "nothing found": State("explorer", explore_in_vain),
    "records side by side": State("compare", compare),
    "questions answered": State("assess", answer),
}
