"""Characters that act instead of showing, made visible."""

from __future__ import annotations

import re
from typing import Final

#: Controls (they move a terminal’s cursor, and most may not stand in XML), line and paragraph separators, marks that change the
#: direction of text, halves of characters (a file name that is not UTF-8 is read as such) and what is no character.
_ACTING: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def visible(text: str) -> str:
    r"""``text`` on one line, each character that would act written as its escape (``\n``, ``\x1b``, ``\u202e``).

    What a contributor wrote is quoted in messages and file names; it may not steer the terminal, log or viewer that shows them.
    """
    return _ACTING.sub(lambda match: ascii(match[0])[1:-1], text)
