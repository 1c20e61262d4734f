"""Whether each waiver lets something pass, and may. A waiver lets one check pass for one record, with a written reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check, find_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.diagnostics import Problem
    from lerkb.records import Record

_SAID: Final = Catalogue("waivers")


@check("WAI001", Severity.WARNING, Scope.WAIVERS)
def unused_waiver(record: Record, raised: frozenset[str]) -> Iterator[Problem]:
    """A waiver that lets nothing pass

    What it was written for has been mended. Left in place, it would hide the next slip.

    Bad:
        waivers:
          - check: REF004
            reason: The old record is discussed on purpose.
    Good:
        (no waiver, since nothing of the kind is found any more)
    """
    for index, waiver in enumerate(record.data.get("waivers", ())):
        found = find_check(waiver["check"])
        if found is not None and found.waivable and waiver["check"] not in raised:
            yield _SAID.problem("unused-waiver", ("waivers", index, "check"), check=waiver["check"])


@check("WAI002", Severity.ERROR, Scope.WAIVERS)
def impossible_waiver(record: Record, raised: frozenset[str]) -> Iterator[Problem]:
    """A waiver of a check that does not exist or cannot be waived

    Syntax, schema, privacy and safety checks protect readers and contributors; no record is let past them.

    Bad:
        waivers:
          - check: SCH002
            reason: We have no summary yet.
    Good:
        summary: What, where, who, what came of it, what is unknown.
    """
    for index, waiver in enumerate(record.data.get("waivers", ())):
        found = find_check(waiver["check"])
        place = ("waivers", index, "check")
        if found is None:
            yield _SAID.problem("impossible-waiver.unknown", place, check=waiver["check"])
        elif not found.waivable:
            yield _SAID.problem("impossible-waiver.never", place, check=found.code, name=found.name)
