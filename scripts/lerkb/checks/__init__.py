"""What can be wrong with a knowledge base: one file a family, one function a check.

A check is a function under ``@check(code, severity, scope)`` that yields ``Problem`` values and does nothing else. Its name, with dashes,
is the check's name; its docstring is its page: a title, why it matters, *Bad*, *Good*. The first paragraph of its module’s docstring
introduces the family there. Checks are found by importing the modules of
this package, so adding one touches its family's file and nothing else.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from lerkb.diagnostics import Problem, Severity

if TYPE_CHECKING:
    from types import ModuleType

#: Families whose checks no waiver can let pass.
UNWAIVABLE: Final = frozenset({"FIL", "SYN", "SCH", "PRV", "SAF", "WAI"})


class Scope(Enum):
    """What a check looks at, and so what its function is given."""

    SOURCE = auto()  #: ``(source)``: the text of one file
    SHAPE = auto()  #: ``(errors)``: what jsonschema says of one file, as ``SchemaError`` values
    RECORD = auto()  #: ``(record, base)``: one valid record among all
    BASE = auto()  #: ``(base, project)``: all at once; yields ``(record or path, problem)``
    WAIVERS = auto()  #: ``(record, raised)``: a record and the codes raised for it


CheckFunction = Callable[..., Iterable[Any]]


@dataclass(frozen=True)
class Check:
    """One thing looked for."""

    code: str
    severity: Severity
    scope: Scope
    run: CheckFunction

    @property
    def name(self) -> str:
        """The name usable wherever a code is."""
        return self.run.__name__.replace("_", "-")

    @property
    def family(self) -> str:
        """The letters of the code."""
        return self.code[:3]

    @property
    def family_name(self) -> str:
        """The name of the module that holds it."""
        return self.run.__module__.rpartition(".")[2]

    @property
    def family_about(self) -> str:
        """What the family is for: the first paragraph of its module’s docstring. The rest of it is for those who write checks."""
        first = inspect.cleandoc(sys.modules[self.run.__module__].__doc__ or "").partition("\n\n")[0]
        return " ".join(first.split())

    @property
    def page(self) -> CheckPage:
        """The docstring, parted."""
        return _parse_page(inspect.cleandoc(self.run.__doc__ or ""))

    @property
    def url(self) -> str:
        """Its page on the site, from the site’s root."""
        return f"checks/{self.code}/"

    @property
    def waivable(self) -> bool:
        """Whether a waiver may let it pass. A waiver stands in a record, so it has no say on what is wrong before there is one."""
        return self.family not in UNWAIVABLE and self.scope in (Scope.RECORD, Scope.BASE)


@dataclass(frozen=True)
class CheckPage:
    """The docstring of a check as its page shows it."""

    title: str
    why: str
    bad: str
    good: str


_REGISTRY: dict[str, Check] = {}


def check(code: str, severity: Severity, scope: Scope) -> Callable[[CheckFunction], CheckFunction]:
    """Register the function below as the check ``code``."""

    def register(function: CheckFunction) -> CheckFunction:
        if code in _REGISTRY:
            message = f"two checks have the code {code}"
            raise ValueError(message)
        _REGISTRY[code] = Check(code, severity, scope, function)
        return function

    return register


@cache
def modules() -> tuple[ModuleType, ...]:
    """The modules of this package, one a family."""
    return tuple(importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check, by code."""
    modules()
    return tuple(_REGISTRY[code] for code in sorted(_REGISTRY))


def find_check(code_or_name: str) -> Check | None:
    """The check with that code or name, in any case of letters."""
    wanted = code_or_name.casefold()
    return next((item for item in all_checks() if wanted in (item.code.casefold(), item.name)), None)


def _parse_page(text: str) -> CheckPage:
    title, _, rest = text.partition("\n")
    why, *examples = re.split(r"^(Bad|Good):\n", rest.strip() + "\n", flags=re.MULTILINE)
    by_word = dict(zip(examples[::2], examples[1::2], strict=True))
    return CheckPage(
        title.strip(),
        why.strip(),
        *(inspect.cleandoc("\n" + by_word.get(word, "")).strip() for word in ("Bad", "Good")),
    )


__all__ = ["UNWAIVABLE", "Check", "CheckPage", "Problem", "Scope", "Severity", "all_checks", "check", "find_check"]
