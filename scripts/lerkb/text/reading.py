"""How hard a text is to read: sentences, words, syllables, and the school grade that Flesch and Kincaid’s formula makes of them.

The rule for syllables is short, so that a form in the browser can count the same: groups of vowels, less a silent ending. It is off by one for
a word now and then; over a paragraph that evens out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_SENTENCE_END: Final = re.compile(r"(?<=[.?!])[\"”’)]*\s+(?=[A-Z“\"(])")
_WORD: Final = re.compile(r"[A-Za-z]+(?:[’'][A-Za-z]+)*")
_VOWELS: Final = re.compile(r"[aeiouy]+")
#: Endings that are written with a vowel and spoken without one: “time”, “file”, “asked”, “files”; but not “people”, “needed”, “uses”.
_SILENT: Final = re.compile(r"(?:[^laeiouy]e|[aeiouy]le|[^aeiouydtl]ed|[aeiouy]led|[^aeiouysxzcghl]es|[aeiouy]les)$")
#: The same within a word: “someone”, “safety”, “statement”, “likely”.
_SILENT_WITHIN: Final = re.compile(
    r"(?:^some|[aeiouy][^aeiouyl]e(?=ment|ly$|ful|ty$|less|ness|thing|one$|where)|^every|elsewhere$|whole)(?=[a-z])"
)
#: Two vowels that are spoken as two: “io” in “biology”, “ia” in “media”; but not in “-tion”, “union”, “language”.
_TWO: Final = re.compile(r"(?<![tscgnl])i[ao](?!u)|(?<![qg])u[ao](?!y)|ue(?=r)|[aeiou]ing|[^aeiou]ie(?=r|nt|t)")
_LIST: Final = re.compile(r"\n\s*\n|\n\s*(?:[-*]|\d+\.)\s")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; a paragraph or an entry of a list ends one."""
    found = (part for line in _LIST.split(text) for part in _SENTENCE_END.split(" ".join(line.split())))
    return tuple(part for part in found if _WORD.search(part))


def words(text: str) -> tuple[str, ...]:
    """The words of a text; figures are none."""
    return tuple(_WORD.findall(text))


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """How many syllables a word is spoken with, by the rule above; at least one."""
    plain = word.casefold().replace("’", "").replace("'", "")
    spoken = re.sub("^y(?=[aeiou])", "", plain)
    count = len(_VOWELS.findall(spoken)) + len(_TWO.findall(spoken))
    count -= bool(_SILENT.search(plain)) + bool(_SILENT_WITHIN.search(plain))
    return max(count, 1)


def grade(text: str) -> float:
    """The school grade at which a text can be read; 0 for a text without words.

    J. P. Kincaid and others, Derivation of new readability formulas for Navy enlisted personnel (1975).
    """
    counted = words(text)
    if not counted:
        return 0.0
    parts = len(sentences(text)) or 1
    return 0.39 * len(counted) / parts + 11.8 * sum(map(syllables, counted)) / len(counted) - 15.59
