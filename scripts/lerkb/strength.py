"""The rule that computes the two marks, strength and effect on disparities. No author types either.

The rule has a version; the page “How we grade evidence” is made from this module, so that the words and the code are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RULE_VERSION: Final = "1.2"


@dataclass(frozen=True, order=True)
class Rung:
    """One rung of the ladder of strength; ``level`` is the number of stitches, 0 to 6."""

    level: int
    name: str


MEASURED_INDEPENDENTLY: Final = Rung(6, "measured-independently")
MEASURED_BY_ITSELF: Final = Rung(5, "measured-self")
OBSERVED: Final = Rung(4, "observed")
DONE: Final = Rung(3, "done")
PASSED_ON: Final = Rung(2, "passed-on")
ARGUED: Final = Rung(1, "argued")
REASONED: Final = Rung(0, "reasoned")
#: The ladder, strongest first.
LADDER: Final = (MEASURED_INDEPENDENTLY, MEASURED_BY_ITSELF, OBSERVED, DONE, PASSED_ON, ARGUED, REASONED)

NOT_KNOWN: Final = "not-known"
#: The effects on disparities, in the order in which they are explained.
EFFECTS: Final = ("narrows", "widens", "no-difference", NOT_KNOWN)


@dataclass(frozen=True)
class Graded:
    """A finding as the rule sees it: its rung in its own record, and what its nearness does to it."""

    citation: str
    own: Rung  #: by its state and who counted
    counts_as: Rung  #: after nearness, and after the loss of its documents
    analogy: bool
    effect: str | None  #: what it says of disparities, where it may say so
    gone: bool = False  #: whether every document behind it is gone from its address


@dataclass(frozen=True)
class Marks:
    """The two marks of a claim or a record."""

    strength: Rung
    effect: str
    #: The findings that decided the strength: the weakest of those the claim needs.
    decided_by: tuple[str, ...] = ()


def rung_of(finding: Mapping[str, Any]) -> Rung:
    """The rung of one finding, before nearness.

    Measured counts as passed on when the one who tells is not the one who counted, or when it is not known who counted.
    """
    state = finding["state"]
    if state in ("measured", "observed") and finding.get("told_by"):
        return PASSED_ON
    if state == "measured":
        return {"independent": MEASURED_INDEPENDENTLY, "self": MEASURED_BY_ITSELF}.get(
            finding.get("counted_by", "unknown"), PASSED_ON
        )
    return {"observed": OBSERVED, "done": DONE, "alleged": PASSED_ON, "planned": PASSED_ON, "opinion": ARGUED}[state]


def grade(
    citation: str, finding: Mapping[str, Any], nearness: str, bearing: str | None = None, *, gone: bool = False
) -> Graded:
    """A finding graded for a claim. ``bearing`` may make an analogy of a finding; it never lifts one that its record calls an analogy.

    ``gone``: every document behind it is gone. It is then no more than passed on, by us: nobody can check any longer what stood there.
    """
    own = rung_of(finding)
    analogy = "analogy" in (nearness, bearing)
    held = min(own, PASSED_ON) if gone else own
    return Graded(
        citation=citation,
        own=own,
        counts_as=min(held, ARGUED) if analogy else held,
        analogy=analogy,
        effect=finding.get("disparity") if held >= OBSERVED and not analogy else None,
        gone=gone,
    )


def marks_of(needed: Iterable[Graded], *, taken_back: bool = False) -> Marks:
    """The marks of a claim that needs these findings; none at all makes it our reasoning.

    ``taken_back``: it needs one more, of an account whose teller took it back. Then nothing carries it, whatever the others say.

    A claim is as strong as the weakest finding it needs. Its effect is what its findings say of disparities if they agree;
    an analogy never sets it, and neither does what nobody counted or observed.
    """
    graded = tuple(needed)
    if not graded or taken_back:
        return Marks(REASONED, NOT_KNOWN)
    weakest = min(item.counts_as for item in graded)
    effects = {item.effect for item in graded if item.effect}
    return Marks(
        strength=weakest,
        effect=effects.pop() if len(effects) == 1 else NOT_KNOWN,
        decided_by=tuple(item.citation for item in graded if item.counts_as == weakest),
    )
