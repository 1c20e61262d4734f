"""Glossary terms in running text: found once, longest first, and the text itself is never changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from lerkb.site.messages import Messages
from lerkb.site.site import Site, SiteSettings
from lerkb.site.views import Viewer
from lerkb.text.terms import TermLinker

LINKER = TermLinker(
    {
        "ler": ("Learning and employment record", "LER", "skills record", "record", "passport"),
        "wallet": ("Wallet", "digital wallet"),
        "badge": ("Digital badge", "badge"),
        "policy": ("Policy",),
        "bus": ("Bus",),
    }
)


def found(text, seen=None):
    return [(text[start:end], term) for start, end, term in LINKER.find(text, set() if seen is None else seen)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A wall.",
        "A badge is a one-word synonym in small letters, and so is a passport.",
        "The records of the firm.",
        "Walletless people.",
        "ler in small letters",
        "digital, badge",
        "digital. Badge",
        "Business and buses’ busyness",
    ],
)
def test_what_is_no_term_is_left_alone(text):
    assert [term for _, term in found(text) if term != "bus"] == []


@pytest.mark.parametrize(
    ("text", "phrase", "term"),
    [
        ("A wallet.", "wallet", "wallet"),
        ("WALLETS!", "WALLETS", "wallet"),
        ("“Wallets” (two)", "Wallets", "wallet"),
        ("A digital-badge scheme", "digital-badge", "badge"),
        ("A digital\nbadge", "digital\nbadge", "badge"),
        ("An LER is", "LER", "ler"),
        ("LERs are", "LERs", "ler"),
        ("skills records", "skills records", "ler"),
        ("Policies differ", "Policies", "policy"),
        ("The bus", "bus", "bus"),
    ],
)
def test_a_term_is_found_by_its_name_and_its_plain_synonyms(text, phrase, term):
    assert found(text) == [(phrase, term)]


def test_the_longest_phrase_wins():
    assert found("a digital wallet and a digital badge") == [("digital wallet", "wallet"), ("digital badge", "badge")]


def test_a_term_is_found_once_a_page():
    seen = set()
    assert found("A wallet is a wallet.", seen) == [("wallet", "wallet")]
    assert found("Another digital wallet.", seen) == []
    assert seen == {"wallet"}


def test_a_name_that_two_terms_share_leads_to_the_first():
    linker = TermLinker({"one": ("Card",), "two": ("Card",)})
    assert [term for _, _, term in linker.find("a card", set())] == ["one"]


WORDS = st.lists(
    st.sampled_from(
        ["digital", "wallet", "Wallets", "LER", "badge", "a", "<b>", "&amp;", "—", "-", "\n", " ", "’s", "."]
    ),
    max_size=30,
).map("".join) | st.text(max_size=120)


@given(WORDS)
def test_phrases_come_in_order_never_overlap_and_lie_in_the_text(text):
    end = 0
    for start, stop, term in LINKER.find(text, set()):
        assert end <= start < stop <= len(text)
        assert term in {"ler", "wallet", "badge", "policy", "bus"}
        end = stop


@pytest.fixture(scope="module")
def viewer_of(sample):
    """Makes a viewer for a page that has linked no term yet."""
    site = Site(sample.base, Messages.load("en"), SiteSettings("Sample records"))
    return lambda: Viewer(site, "../")


@given(text=WORDS | st.text(alphabet="<>&\"'awlet digbLER/=:;()", max_size=80))
def test_linked_text_gives_the_text_back(viewer_of, text):
    prose = viewer_of().prose(text, terms=True)
    plain = viewer_of().prose(text)
    shown = [html.fromstring(f"<p>{paragraph}</p>").text_content() for paragraph in prose.paragraphs]
    assert [" ".join(part.split()) for part in shown] == [" ".join(part.split()) for part in _plain(plain.paragraphs)]
    for paragraph in prose.paragraphs:
        tree = html.fromstring(f"<p>{paragraph}</p>")
        assert {node.tag for node in tree.iter()} <= {"p", "a"}
        assert all(link.get("class") == "kb-term" for link in tree.iter("a"))


def _plain(paragraphs):
    return [html.fromstring(f"<p>{paragraph}</p>").text_content() for paragraph in paragraphs]
