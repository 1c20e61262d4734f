"""Knowledge base → files for other programs, one file a format, each with a function registered by ``@export``.

The docstring of that function is its row on the data page: a title, then what it holds. Nothing here knows of pages or of MkDocs; a
drafts question does not arise, since an export is given the knowledge base as it is published.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lerkb.knowledge_base import KnowledgeBase


@dataclass(frozen=True)
class Origin:
    """Whose records these are, as the settings of the site say."""

    name: str
    address: str = ""  #: of the site, ending in a slash; empty if none is set
    urls: Mapping[tuple[str, str], str] | None = None  #: kind and id → address of the page from the site’s root

    def url(self, kind: str, record_id: str) -> str:
        """The address of a record’s page: whole where the site’s is known, else from its root."""
        return self.address + (self.urls or {}).get((kind, record_id), "")


Files = Mapping[str, str | bytes]  #: name → content
ExportFunction = Callable[["KnowledgeBase", Origin], Files]


@dataclass(frozen=True)
class Export:
    """One form in which the knowledge base can be had."""

    name: str
    run: ExportFunction

    @property
    def title(self) -> str:
        """The first line of its docstring."""
        return inspect.cleandoc(self.run.__doc__ or "").partition("\n")[0]

    @property
    def description(self) -> str:
        """The rest of its docstring."""
        return " ".join(inspect.cleandoc(self.run.__doc__ or "").partition("\n")[2].split())


_REGISTRY: dict[str, Export] = {}


def export(name: str) -> Callable[[ExportFunction], ExportFunction]:
    """Register the function below as the export ``name``."""

    def register(function: ExportFunction) -> ExportFunction:
        if name in _REGISTRY:
            message = f"two exports are called {name}"
            raise ValueError(message)
        _REGISTRY[name] = Export(name, function)
        return function

    return register


@cache
def exports() -> tuple[Export, ...]:
    """Every export, by name."""
    for info in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{info.name}")
    return tuple(_REGISTRY[name] for name in sorted(_REGISTRY))
