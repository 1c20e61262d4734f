"""How many findings and claims of the whole library carry each mark: one count for every page that tells of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lerkb import strength

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lerkb.knowledge_base import KnowledgeBase


@dataclass(frozen=True)
class MarkCounts:
    """Counts of the whole library. What no finding or claim has counts as 0."""

    findings: Mapping[strength.Rung, int]  #: findings by how they are known
    checked: Mapping[str, int]  #: findings by what looking them up again gave; empty where nobody has
    claims: Mapping[strength.Rung, int]  #: claims by their first mark
    effects: Mapping[str, int]  #: claims by their second mark


def mark_counts(base: KnowledgeBase) -> MarkCounts:
    """Count every finding of a pilot record and every claim of any other."""
    findings = [finding for pilot in base.of("pilot") for finding in pilot.data["findings"]]
    marks = [
        base.claim_marks(claim)
        for kind in base.schemas.kinds
        for record in base.of(kind)
        for claim in record.data.get("claims", ())
    ]
    return MarkCounts(
        findings=Counter(strength.rung_of(finding) for finding in findings),
        checked=Counter(finding.get("checked", {}).get("outcome", "") for finding in findings),
        claims=Counter(mark.strength for mark in marks),
        effects=Counter(mark.effect for mark in marks),
    )
