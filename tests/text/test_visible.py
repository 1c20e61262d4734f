"""Characters that act are shown as what they are."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lerkb.text.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pins, “cards” and é 🙂", "Pins, “cards” and é 🙂"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\x1b[31m\x00", r"\x1b[31m\x00"),
        ("\u202ea\u2066\u200f", r"\u202ea\u2066\u200f"),
        ("\udcff\ufffe", r"\udcff\ufffe"),
    ],
)
def test_what_acts_is_shown_as_its_escape(text, shown):
    assert visible(text) == shown


@given(st.text(st.characters()))
def test_nothing_that_acts_is_left(text):
    shown = visible(text)
    shown.encode("utf-8")  # does not raise
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in shown)
    assert not any(unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF") for character in shown)
