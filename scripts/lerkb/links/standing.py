"""What a source record says of its address, and what one more outcome changes in it: the rule from check to check.

- Reached (``ok``, ``moved``): the address is ``found`` or ``moved``, and all failures before are forgotten.
- Failed (``gone``, ``unreachable``): at the first failure the address is ``at-risk``, and the day is kept. It is ``dead`` when it fails
  again a week or more after that day with its host saying that nothing is there (``gone``); or four weeks or more after that day without any
  answer (``unreachable``), if it has been reached before. A host that never answered us may only turn programs away without a word.
- Nothing learned (``refused``, ``not-known``): what was said of the address stays, and so does the day of a first failure.

A kept outcome counts only for the address it was met at: in a record whose address was changed since, everything begins anew.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from lerkb.links.answers import Outcome, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_CHECKED: Final = "not-checked"
FOUND: Final = "found"
MOVED: Final = "moved"
AT_RISK: Final = "at-risk"
DEAD: Final = "dead"

REACHED: Final = frozenset({Outcome.OK, Outcome.MOVED})
FAILED: Final = frozenset({Outcome.GONE, Outcome.UNREACHABLE})
#: Days from the first failure to the one that makes an address dead.
DAYS_GONE: Final = 7
DAYS_UNREACHABLE: Final = 28

#: The field that says how the address stands, and the one that says how we know.
STATUS: Final = "address_status"
CHECK: Final = "address_check"


def kept_check(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the last check of a record’s present address left in it; empty if it has not been checked."""
    check: Mapping[str, Any] = data.get(CHECK, {})
    return check if check.get("address") == data["url"] else {}


def days_since(day: str, now: str) -> int:
    """Days from one to the other."""
    return (dt.date.fromisoformat(now) - dt.date.fromisoformat(day)).days


def after(data: Mapping[str, Any], verdict: Verdict, day: str) -> dict[str, Any]:
    """The two fields of a source record once a check on ``day`` came to this verdict."""
    before = kept_check(data)
    check: dict[str, Any] = {"day": day, "address": data["url"], "outcome": verdict.outcome.value}
    last_reached = day if verdict.outcome in REACHED else before.get("last_reached")
    failing_since = before.get("failing_since")
    if verdict.outcome in REACHED:
        failing_since = None
    elif verdict.outcome in FAILED:
        failing_since = failing_since or day
    if verdict.reason:
        check["reason"] = verdict.reason
    if last_reached:
        check["last_reached"] = last_reached
    if failing_since:
        check["failing_since"] = failing_since
    if verdict.moved_to:
        check["moved_to"] = verdict.moved_to
    return {STATUS: _status(data, verdict.outcome, check), CHECK: check}


def _status(data: Mapping[str, Any], outcome: Outcome, check: Mapping[str, Any]) -> str:
    before = str(data.get(STATUS, NOT_CHECKED))
    if CHECK in data and not kept_check(data):
        before = NOT_CHECKED  # it was said of another address
    if outcome in REACHED:
        return FOUND if outcome is Outcome.OK else MOVED
    if outcome not in FAILED:
        return before
    failing = days_since(check["failing_since"], check["day"])
    is_dead = (
        failing >= DAYS_GONE if outcome is Outcome.GONE else failing >= DAYS_UNREACHABLE and "last_reached" in check
    )
    return DEAD if is_dead or before == DEAD else AT_RISK


def archive_proposal(data: Mapping[str, Any]) -> str:
    """Where the Internet Archive would keep a copy of about the day on which the document was last seen, if it has one.

    Made from the documented form of its addresses: given a day, it leads to the nearest copy. Nobody has opened it.
    """
    url: str = data["url"]
    day = kept_check(data).get("last_reached") or data["last_checked"]
    return (
        ""
        if url.partition("://")[2].startswith("web.archive.org/")
        else f"https://web.archive.org/web/{day.replace('-', '')}/{url}"
    )
