"""Diagnostics → text: one file a format, each with a function registered by ``@reporter``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lerkb.diagnostics import Diagnostic
    from lerkb.yaml_source import Source


@dataclass(frozen=True)
class Report:
    """What a reporter is given."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]  #: by path, the files looked at
    colour: bool = False
    strict: bool = False  #: whether warnings fail the run as errors do
    site: str = ""  #: address of the site, where it is known; without it nothing links to a check’s page
    folder: str = ""  #: the knowledge base’s place in its repository, with a slash at the end; empty for the top


Reporter = Callable[[Report], str]
_REGISTRY: dict[str, Reporter] = {}


def reporter(name: str) -> Callable[[Reporter], Reporter]:
    """Register the function below as the format ``name``."""

    def register(function: Reporter) -> Reporter:
        _REGISTRY[name] = function
        return function

    return register


def format_names() -> tuple[str, ...]:
    """The name of every format: those of the modules here."""
    return tuple(sorted(info.name for info in pkgutil.iter_modules(__path__)))


def find_reporter(name: str) -> Reporter:
    """The reporter of a format. No other is imported: a run needs one, and is over in less time than it takes to import all."""
    importlib.import_module(f"{__name__}.{name}")
    return _REGISTRY[name]


@cache
def reporters() -> dict[str, Reporter]:
    """Every format, by name."""
    return {name: find_reporter(name) for name in format_names()}
