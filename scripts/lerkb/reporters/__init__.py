"""Diagnostics → text: one file a format, each with a function ``report`` registered by ``@reporter``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lerkb.diagnostics import Diagnostic


@dataclass(frozen=True)
class Report:
    """What a reporter is given."""

    diagnostics: tuple[Diagnostic, ...]
    checked: int  #: number of files looked at
    colour: bool = False


Reporter = Callable[[Report], str]
_REGISTRY: dict[str, Reporter] = {}


def reporter(name: str) -> Callable[[Reporter], Reporter]:
    """Register the function below as the format ``name``."""

    def register(function: Reporter) -> Reporter:
        _REGISTRY[name] = function
        return function

    return register


@cache
def reporters() -> dict[str, Reporter]:
    """Every format, by name."""
    for info in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{info.name}")
    return dict(sorted(_REGISTRY.items()))
