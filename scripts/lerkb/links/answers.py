"""What an answer says of a document: a pure function from what a visit met to an outcome.

Only what a host says of the document itself counts against it. A host that turns programs away, or wants a sign-in, says nothing of it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urldefrag, urlsplit

import yaml

from lerkb.links.web import PERMANENT, Hitch, Visit, VisitError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER: Final = Path(__file__).parent
#: Letters of a page so short that it can hold little but a notice.
_FEW_LETTERS: Final = 1_500
#: Letters of a title that are enough to know a document by it.
_TELLING: Final = 12


class Outcome(StrEnum):
    """What came of one check of one address. The schema of sources says what each means."""

    OK = "ok"
    MOVED = "moved"
    GONE = "gone"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True)
class Verdict:
    """An outcome and why."""

    outcome: Outcome
    reason: str = ""
    moved_to: str = ""  #: the address to use from now on, where the host names one


#: What is known of a document when there was no answer.
_OF_HITCH: Final = {
    Hitch.NO_HOST: Outcome.GONE,
    Hitch.UNREACHABLE: Outcome.UNREACHABLE,
    Hitch.UNTRUSTED: Outcome.NOT_KNOWN,
    Hitch.FORBIDDEN: Outcome.REFUSED,
    Hitch.UNASKED: Outcome.NOT_KNOWN,
}
#: Answers to a program that say nothing of the document: it is to sign in, to pay, to ask otherwise, or to go away.
_REFUSALS: Final = frozenset({401, 402, 403, 405, 406, 407, 418, 429, 451, 999})
_ABSENT: Final = frozenset({404, 410})
_SUCCESS: Final = range(200, 300)
_SERVER_ERRORS: Final = range(500, 600)


def refusing_hosts() -> dict[str, str]:
    """Hosts that turn programs away, each with the reason."""
    return {entry["host"]: entry["reason"] for entry in _read("refusing_hosts.yaml")}


def _read(name: str) -> Any:
    return yaml.load((_FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def _signs() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(text, re.IGNORECASE) for name, text in _read("signs.yaml").items()}


def judge_failure(error: VisitError) -> Verdict:
    """What is known of a document whose address gave no answer."""
    return Verdict(_OF_HITCH[error.hitch], error.reason)


def judge(visit: Visit, address: str, title: str) -> Verdict:
    """What a visit says of the document that is called ``title`` and is said to be at ``address``."""
    if visit.answer.status not in _SUCCESS:
        return _of_status(visit.answer.status)
    elsewhere = _led_elsewhere(visit) or _notice(visit, title)
    if elsewhere is not None:
        return elsewhere
    if not visit.answer.body:
        return Verdict(Outcome.NOT_KNOWN, "its host answered with nothing")
    moved_to = _moved_to(visit, address)
    if moved_to:
        return Verdict(Outcome.MOVED, "its host says that it has moved for good", moved_to)
    return Verdict(Outcome.OK)


def _of_status(status: int) -> Verdict:
    """What an answer says that brought no document."""
    if status in _ABSENT:
        return Verdict(Outcome.GONE, f"its host says that nothing is there ({_named(status)})")
    if status in _REFUSALS:
        return Verdict(Outcome.REFUSED, f"its host turns programs away ({_named(status)})")
    if status in _SERVER_ERRORS:
        return Verdict(Outcome.UNREACHABLE, f"its server fails ({_named(status)})")
    return Verdict(Outcome.NOT_KNOWN, f"its host gave an answer that says neither ({_named(status)})")


def _led_elsewhere(visit: Visit) -> Verdict | None:
    """What it says to be sent to a page that cannot be the document; nothing if it can be."""
    if visit.hops and _signs()["sign_in_path"].search(urlsplit(visit.arrived).path):
        return Verdict(Outcome.REFUSED, "its host wants visitors to sign in")
    if visit.hops and _is_front_page(visit.arrived) and not _is_front_page(visit.asked):
        return Verdict(Outcome.GONE, "its host sends visitors to a front page instead")
    return None


def _named(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _notice(visit: Visit, title: str) -> Verdict | None:
    """What a page says that is not the document but a notice; nothing if it may well be the document."""
    if not visit.answer.is_page:
        return None
    text = visit.answer.text
    shown, words = page_title(text), page_words(text)
    if _knows(shown, title):
        return None
    signs, few = _signs(), len(words) <= _FEW_LETTERS
    if signs["refusing_title"].search(shown) or (few and signs["refusing_words"].search(words)):
        return Verdict(Outcome.REFUSED, "its host answered with a test for people in place of the document")
    if signs["gone_title"].search(shown) or (few and signs["gone_words"].search(words)):
        return Verdict(Outcome.GONE, "its host answered with a page that says that nothing is there (a soft 404)")
    return None


def _knows(shown: str, title: str) -> bool:
    """Whether the title of a page is that of the document, as far as letters go: then no word in it is a sign of anything."""
    plain_shown, plain = (re.sub(r"\W+", " ", text.casefold()).strip() for text in (shown, title))
    return len(plain) >= _TELLING and plain in plain_shown


def page_title(text: str) -> str:
    """The title of an HTML page; empty if it has none."""
    found = re.search(r"<title\b[^>]*>([^<]*)", text, re.IGNORECASE)
    return " ".join(html.unescape(found[1]).split()) if found else ""


def page_words(text: str) -> str:
    """The words of an HTML page, without its scripts and styles."""
    bare = re.sub(r"<!--.*?(?:-->|\Z)", " ", text, flags=re.DOTALL)
    bare = re.sub(r"<(script|style|head)\b.*?(?:</\1\s*>|\Z)", " ", bare, flags=re.DOTALL | re.IGNORECASE)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", bare)).split())


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.query and _signs()["front_page"].search(parts.path) is not None


def _moved_to(visit: Visit, address: str) -> str:
    """Where the redirects lead that are meant for good, if any come first; what follows a passing one is no new address."""
    target = ""
    for status, to in visit.hops:
        if status not in PERMANENT:
            break
        target = to
    fragment = urldefrag(address).fragment
    return f"{target}#{fragment}" if target and fragment else target
