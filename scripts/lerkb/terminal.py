"""What the terminal can show."""

from __future__ import annotations

import os
from typing import IO, Final

#: Where the launcher says how it was started.
PROGRAM: Final = "LERKB_PROGRAM"


def wants_colour(stream: IO[str]) -> bool:
    """Colour only on a terminal, and never when ``NO_COLOR`` is set (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def as_typed(*words: str) -> str:
    """A command as whoever started this one can type it: through the launcher if they came through it."""
    start = os.environ.get(PROGRAM) or "lerkb"
    return " ".join([start, *(f'"{word}"' if any(sign.isspace() for sign in word) else word for word in words)])
