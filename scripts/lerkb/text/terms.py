"""Glossary terms in running text."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: A hyphen parts words, so that a term is found however it is hyphenated.
_WORD = re.compile(r"[^\W_]+(?:[’'&/.][^\W_]+)*")
_SHORTEST_PLURAL: Final = 4
_LONGEST: Final = 5  # words of the longest phrase looked up


class TermLinker:
    """Finds phrases of a glossary in text, longest first, each term once a page.

    A term is found by its own name and by those of its synonyms that could hardly mean anything else: several words, or a short form in
    capitals. One-word synonyms in small letters (“host”, “award”) are for search only.
    """

    def __init__(self, names: Mapping[str, tuple[str, ...]]) -> None:
        """``names``: term id → its name and its synonyms."""
        self._phrases: dict[str, str] = {}
        self._capitals: set[str] = set()  # short forms, which mean something else in small letters
        for term, (name, *synonyms) in names.items():
            for phrase in (name, *(text for text in synonyms if " " in text or text.isupper())):
                if self._phrases.setdefault(_key(phrase), term) == term and phrase.isupper():
                    self._capitals.add(_key(phrase))
        self._first_words = {phrase.partition(" ")[0] for phrase in self._phrases}

    def find(self, text: str, seen: set[str]) -> Iterator[tuple[int, int, str]]:
        """Start, end and term id of each phrase not yet in ``seen``, in order and never overlapping. ``seen`` grows."""
        words = [(match.start(), match.end(), _key(match[0])) for match in _WORD.finditer(text)]
        index = 0
        while index < len(words):
            found = self._longest(words, index, text) if words[index][2] in self._first_words else None
            if found is None:
                index += 1
                continue
            length, term = found
            if term not in seen:
                seen.add(term)
                yield words[index][0], words[index + length - 1][1], term
            index += length

    def _longest(self, words: list[tuple[int, int, str]], index: int, text: str) -> tuple[int, str] | None:
        for length in range(min(_LONGEST, len(words) - index), 0, -1):
            part = words[index : index + length]
            if any(text[left[1] : right[0]] not in (" ", "-", "\n") for left, right in itertools.pairwise(part)):
                continue
            phrase = " ".join(word for _, _, word in part)
            written = text[part[0][0] : part[-1][1]]
            if phrase in self._phrases and (phrase not in self._capitals or written.removesuffix("s").isupper()):
                return length, self._phrases[phrase]
        return None


def _key(phrase: str) -> str:
    """The form under which a phrase is looked up: without case, hyphens or a plural ending on its last word."""
    words = re.split(r"[\s-]+", phrase.strip().casefold().replace("’", "'"))
    return " ".join(_singular(word) for word in words)


def _singular(word: str) -> str:
    if len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return word
