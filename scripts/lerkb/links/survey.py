"""Many sources checked in one run: host by host, several hosts at once, each host’s addresses one after another."""

from __future__ import annotations

import queue
import threading
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from lerkb.knowledge_base import KnowledgeBase
from lerkb.links.answers import Outcome, Verdict, judge, judge_failure
from lerkb.links.standing import AT_RISK, DEAD, STATUS, after, archive_proposal, days_since, kept_check
from lerkb.links.web import VisitError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from lerkb.links.web import Web
    from lerkb.records import Record
    from lerkb.strength import Rung

#: Hosts that are asked at the same time; each of them hears one question at a time all the same.
HOSTS_AT_ONCE: Final = 8
#: Hosts that are asked when nobody answered, to tell a dead host from a dead network.
_OTHERS_TO_ASK: Final = 3
#: Hosts that failed, with none that answered, after which no more are asked: each costs its tries, and there may be hundreds.
_SILENT_HOSTS: Final = HOSTS_AT_ONCE
#: What comes of a check to which nobody answered; it can come of an answer, too.
_NO_ANSWER: Final = frozenset({Outcome.GONE, Outcome.UNREACHABLE})
#: Kinds of record that make claims.
_CLAIMING: Final = ("use-case", "principle", "overview")


@dataclass(frozen=True)
class Checked:
    """A source record, what came of its check, and the fields that it makes in the record."""

    record: Record
    verdict: Verdict
    fields: Mapping[str, Any]

    @property
    def status(self) -> str:
        """How the address stands now."""
        return str(self.fields[STATUS])

    @property
    def after(self) -> Record:
        """The record with these fields."""
        return replace(self.record, data={**self.record.data, **self.fields})

    @property
    def archive(self) -> str:
        """Where a copy may be kept, for an address that fails and has no kept copy yet; a proposal, which nobody has opened."""
        wanted = self.status in (AT_RISK, DEAD) and "kept_copy" not in self.record.data
        return archive_proposal(self.after.data) if wanted else ""


@dataclass(frozen=True)
class Loss:
    """A claim that needs findings whose documents are gone, or may soon be."""

    record: Record
    claim: Mapping[str, Any]
    findings: tuple[str, ...]  #: those of its findings that nobody can check any more, or soon
    all_of_them: bool  #: whether the claim needs no others
    gone: bool  #: false if an address is only at risk
    before: Rung  #: its strength by the records as they stand
    after: Rung  #: its strength once the outcomes are recorded


class NoNetworkError(Exception):
    """So many hosts failed, and none answered, that the network must be down."""


def host_of(record: Record) -> str:
    """The host of a source’s address."""
    return urlsplit(record.data["url"]).hostname or ""


def chosen(
    sources: Iterable[Record], day: str, *, hosts: Collection[str] = (), older_than: int | None = None, limit: int = 0
) -> list[Record]:
    """The sources to check, the longest unchecked first, so that runs with a limit come round to all.

    Args:
        sources: those to choose from; retired ones are left out.
        day: the day of this run.
        hosts: only sources at these hosts and their subdomains, if any are named.
        older_than: only sources that have not been checked for more than so many days.
        limit: at most so many; 0 for all.
    """

    def last(record: Record) -> str:
        return str(kept_check(record.data).get("day", ""))

    def is_due(record: Record) -> bool:
        return older_than is None or not last(record) or days_since(last(record), day) > older_than

    found = [
        record
        for record in sources
        if record.status != "retired"
        and (not hosts or any(f".{host_of(record)}".endswith(f".{host}") for host in hosts))
        and is_due(record)
    ]
    found.sort(key=lambda record: (last(record), record.path))
    return found[:limit] if limit else found


def sources_behind(base: KnowledgeBase, record: Record) -> Iterator[Record]:
    """The sources that a record rests on: itself, those it names, and those of the findings it cites."""
    if record.kind == "source":
        yield record
    for reference in base.references_of(record):
        source = base.get(reference.kind, reference.id) if reference.kind == "source" else None
        if source is not None:
            yield source
        if reference.part == "findings" and (found := base.finding(reference.written)):
            yield from base.documents(found[1])


def survey(
    web: Web, sources: Sequence[Record], day: str, told: Callable[[Record, Verdict], object] = lambda *_: None
) -> list[Checked]:
    """Check sources and tell of each as it is done; the list is in order of path. Errors of ours end the run.

    Raises:
        NoNetworkError: the first hosts all failed and none answered, so that it makes no sense to ask the others.
    """
    by_host: dict[str, list[Record]] = defaultdict(list)
    for record in sources:
        by_host[host_of(record)].append(record)
    # Hosts with many addresses take longest, since each pause counts: they begin.
    waiting: queue.SimpleQueue[list[Record]] = queue.SimpleQueue()
    for records in sorted(by_host.values(), key=lambda records: -len(records)):
        waiting.put(records)
    done: queue.SimpleQueue[tuple[Record, Verdict] | BaseException] = queue.SimpleQueue()

    for _ in range(min(HOSTS_AT_ONCE, len(by_host))):
        # Daemons, so that Ctrl-C need not wait for a slow host.
        threading.Thread(target=_work, args=(web, waiting, done), daemon=True).start()
    verdicts: dict[str, Verdict] = {}
    silent: set[str] = set()
    while len(verdicts) < len(sources):
        result = done.get()
        if isinstance(result, BaseException):
            raise result
        record, verdict = result
        verdicts[record.path] = verdict
        told(record, verdict)
        if verdict.outcome in _NO_ANSWER:
            silent.add(host_of(record))
        if len(silent) >= _SILENT_HOSTS and not web.answered:
            raise NoNetworkError
    return [
        Checked(record, verdicts[record.path], after(record.data, verdicts[record.path], day))
        for record in sorted(sources, key=lambda record: record.path)
    ]


def _work(
    web: Web,
    waiting: queue.SimpleQueue[list[Record]],
    done: queue.SimpleQueue[tuple[Record, Verdict] | BaseException],
) -> None:
    """Check the sources of one host after the other until no host is left."""
    try:
        while True:
            for record in waiting.get_nowait():
                done.put((record, check(web, record)))
    except queue.Empty:
        return
    except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
        done.put(error)


def check(web: Web, record: Record) -> Verdict:
    """Check one source."""
    address: str = record.data["url"]
    try:
        return judge(web.visit(address), address, record.title)
    except VisitError as error:
        return judge_failure(error)


def has_network(web: Web, checked: Iterable[Checked], others: Iterable[Record]) -> bool:
    """Whether anything at all can be reached from here: some host answered, or one of the hosts that most other sources are at does.

    Without that, a network that is down would pass for documents that are gone. If nothing failed, nothing needs to be known.
    """
    asked = {host_of(item.record) for item in checked if item.verdict.outcome in _NO_ANSWER}
    if web.answered or not asked:
        return True
    by_host: dict[str, list[Record]] = defaultdict(list)
    for record in others:
        if host_of(record) not in asked:
            by_host[host_of(record)].append(record)
    most = sorted(by_host.values(), key=lambda records: (-len(records), records[0].path))
    for records in most[:_OTHERS_TO_ASK]:
        check(web, records[0])
        if web.answered:
            return True
    return False


def losses(base: KnowledgeBase, checked: Iterable[Checked]) -> Iterator[Loss]:
    """Claims that need a finding whose every document is gone, or at risk, once these outcomes are recorded."""
    changed = {item.record.path: item.after for item in checked}
    now = KnowledgeBase((changed.get(record.path, record) for record in base), base.schemas, base.failed)
    for kind in _CLAIMING:
        for record in now.of(kind):
            for claim in record.data.get("claims", ()):
                needed = claim.get("findings", ())
                failing = {citation: state for citation in needed if (state := _state(now, citation))}
                if failing:
                    gone = DEAD in failing.values()
                    named = tuple(citation for citation in failing if not gone or failing[citation] == DEAD)
                    yield Loss(
                        record=record,
                        claim=claim,
                        findings=named,
                        all_of_them=len(named) == len(needed),
                        gone=gone,
                        before=base.claim_marks(claim).strength,
                        after=now.claim_marks(claim).strength,
                    )


def _state(base: KnowledgeBase, citation: str) -> str:
    """Whether a finding’s every document is ``dead``, or at least ``at-risk``; empty if one of them is neither."""
    found = base.finding(citation)
    documents = base.documents(found[1]) if found else ()
    if found and base.is_gone(found[1]):
        return DEAD
    failing = [source.is_out_of_reach or source.data.get(STATUS) == AT_RISK for source in documents]
    return AT_RISK if failing and all(failing) else ""
