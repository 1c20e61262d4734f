"""Jinja as the site uses it: autoescape on, undefined is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from lerkb.site.page import Page
    from lerkb.site.site import Site

TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The one environment of page templates."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(page: Page, site: Site) -> str:
    """The HTML of a page’s main part."""
    template = environment().get_template(page.template)
    return template.render(view=page.prepare(), t=site.messages, root=page.root, site=site.settings)
