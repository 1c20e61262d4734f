"""Knowledge base → pages. ``all_pages(site)`` is a pure function; MkDocs and the disk are the adapters’ business.

A page type is a function under ``@page_type`` in a file of ``site/pages/``, found by importing the modules of that package.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from lerkb.errors import RunError

if TYPE_CHECKING:
    from lerkb.site.page import Page
    from lerkb.site.site import Site

PageType = Callable[["Site"], Iterator["Page"]]
_REGISTRY: list[PageType] = []


def page_type(function: PageType) -> PageType:
    """Register the function below: it yields the pages of one type."""
    _REGISTRY.append(function)
    return function


@cache
def page_types() -> tuple[PageType, ...]:
    """Every page type, by the name of its module and function."""
    package = importlib.import_module(f"{__name__}.pages")
    for info in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{info.name}")
    return tuple(sorted(_REGISTRY, key=lambda function: (function.__module__, function.__name__)))


def all_pages(site: Site) -> tuple[Page, ...]:
    """Every generated page, sorted by address. (``pages`` is the package of page types beside this module.)

    Raises:
        RunError: two pages would have one address.
    """
    made: dict[str, Page] = {}
    for make in page_types():
        for page in make(site):
            if page.url in made:
                raise RunError(
                    f"two pages would have the address {page.url or '/'}: {made[page.url].title!r} and {page.title!r}"
                )
            made[page.url] = page
    return tuple(made[url] for url in sorted(made))
