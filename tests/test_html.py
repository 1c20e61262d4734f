"""The HTML of the built site, by the Nu HTML checker: the pages as they are sent, and as scripts have changed them."""

from pathlib import Path

import pytest

from checkers import check_html
from lerkb.site.theme_settings import ASSETS
from page_types import PAGE_TYPES

ROOT = Path(__file__).parent.parent


def test_every_page_type_is_looked_at(places):
    assert set(places) == set(PAGE_TYPES)
    assert all(places.values())


def test_the_checker_tells_what_is_wrong(tmp_path):
    page, style, picture = (tmp_path / f"wrong.{ending}" for ending in ("html", "css", "svg"))
    page.write_text(
        "<!doctype html><html lang=en><title>A page</title><h1>Heading</h1><img src=a.svg>", encoding="utf-8"
    )
    style.write_text("a{colr:red}", encoding="utf-8")
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"><pth/></svg>', encoding="utf-8")
    slips = check_html([page, style, picture])
    assert {Path(slip.page).name for slip in slips if slip.severity == "error"} == {page.name, style.name, picture.name}


def test_the_checker_says_what_it_cannot_read(tmp_path, sample_host):
    with pytest.raises(FileNotFoundError, match=r"none\.html"):
        check_html([tmp_path / "none.html"])
    assert [slip.severity for slip in check_html([f"{sample_host.address}none/"])] == ["error"]


def test_every_page_type_is_sound_html(places, sample_places):
    """Asked for over HTTP, so that what the page’s own policy allows is looked at, too. The sample has states that the library lacks."""
    asked = {address for found in (places, sample_places) for addresses in found.values() for address in addresses}
    assert check_html(sorted(asked)) == []


def test_styles_and_pictures_are_sound():
    files = sorted(file for file in ASSETS.iterdir() if file.suffix in (".css", ".svg"))
    assert files
    assert check_html(files) == []
