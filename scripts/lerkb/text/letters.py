"""Letters that stand for words: which ones a name explains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lerkb.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAID: Final = Catalogue("language")


def letters_of(names: Iterable[str]) -> frozenset[str]:
    """The letters in the names of terms, organizations and other values, which whoever reads them there knows the meaning of."""
    pattern = _SAID.pattern("letters-of-a-name")
    return frozenset(letters for name in names for letters in pattern.findall(name))
