r"""What checks say and what they go by: texts, term lists, patterns and thresholds, one YAML file a family of checks.

They are data, not code, because a form in the browser has to say the same words at the same limits. A file has up to four parts:

- ``messages``: name of the check, or ``name.variant`` → ``message`` and ``hint``, with ``{placeholders}``;
- ``thresholds``: name → number;
- ``patterns``: name → regular expression, in what Python and JavaScript (flag ``u``) read alike. Letters, digits, spaces and edges of words
  (``\w``, ``\d``, ``\s``, ``\b``) are those of every script: the form reads them as Python does;
- ``terms``: name → list, whose entries the check that uses them describes.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from lerkb.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lerkb.diagnostics import Field

FOLDER: Final = Path(__file__).parent


class Catalogue:
    """The words and numbers of one family. A name that is missing is a bug, and raises ``KeyError``."""

    def __init__(self, family: str) -> None:
        """``family``: the name of the module of its checks. The file is read when first asked."""
        self.family = family
        self._patterns: dict[str, re.Pattern[str]] = {}

    @cached_property
    def data(self) -> Mapping[str, Any]:
        """The four parts."""
        text = (FOLDER / f"{self.family}.yaml").read_text(encoding="utf-8")
        data: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
        return data

    def problem(  # noqa: PLR0913 - what a problem is made of, and what its words are filled with
        self,
        name: str,
        field: Field,
        /,
        *,
        hint: str | None = None,
        on_key: bool = False,
        place: tuple[int, int] | None = None,
        replacement: str = "",
        **values: object,
    ) -> Problem:
        """The problem called ``name`` at ``field``, worded. ``hint`` takes the place of the catalogue’s hint."""
        texts = self.data["messages"][name]
        return Problem(
            field,
            texts["message"].format_map(values),
            texts.get("hint", "").format_map(values) if hint is None else hint,
            on_key=on_key,
            place=place,
            replacement=replacement,
        )

    def text(self, name: str, part: str = "hint", /, **values: object) -> str:
        """One text of a message alone, for a hint that is chosen among several."""
        text: str = self.data["messages"][name][part]
        return text.format_map(values)

    def threshold(self, name: str) -> Any:
        """A number that a check goes by."""
        return self.data["thresholds"][name]

    def terms(self, name: str) -> Sequence[Any]:
        """A list that a check goes by."""
        terms: Sequence[Any] = self.data["terms"][name]
        return terms

    def pattern(self, name: str) -> re.Pattern[str]:
        """A pattern that a check goes by, compiled when first asked for."""
        compiled = self._patterns.get(name)
        if compiled is None:
            compiled = self._patterns[name] = re.compile(self.data["patterns"][name])
        return compiled
