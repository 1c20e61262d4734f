"""Every word of the interface, one catalogue a language. Words of vocabularies and fields come from the records and the schema."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Final = tuple(sorted(file.stem for file in Path(__file__).parent.glob("*.yaml")))


class Messages:
    """The texts of one language. A key that is missing is a bug, and raises."""

    def __init__(self, language: str, texts: Mapping[str, Any]) -> None:
        """``texts``: key → text, or → ``one`` and ``other`` where a number decides."""
        self.language = language
        self.texts = dict(texts)

    @classmethod
    @cache
    def load(cls, language: str = "en") -> Messages:
        """The catalogue of a language."""
        text = (Path(__file__).parent / f"{language}.yaml").read_text(encoding="utf-8")
        return cls(language, _flat(yaml.load(text, Loader=yaml.CSafeLoader)))

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of ``key`` with its ``{placeholders}`` filled; ``n`` also chooses between singular and plural.

        A whole number is a count, and its thousands are parted; a year is handed over as text.

        Raises:
            KeyError: there is no such text, or a placeholder would be shown to readers.
        """
        text = self.texts[key]
        if isinstance(text, dict):
            text = text["one" if values["n"] == 1 else "other"]
        said = {name: f"{value:,}" if type(value) is int else value for name, value in values.items()}
        return str(text.format_map(said))

    def under(self, prefix: str) -> dict[str, Any]:
        """The texts whose keys begin with ``prefix``, by the rest of the key: what a script is handed to say."""
        return {key.removeprefix(prefix): text for key, text in self.texts.items() if key.startswith(prefix)}


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    texts: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, dict):
            texts |= _flat(value, f"{prefix}{key}.")
        if not isinstance(value, dict) or set(value) <= {"one", "other"}:
            texts[prefix + key] = value
    return texts
