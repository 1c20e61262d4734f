"""Whether each record is itself and no other: its id, its file, its parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lerkb.anchors import ANCHORED, page_names
from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.diagnostics import Problem
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.project import Project
    from lerkb.records import Record
    from lerkb.yaml_source import Source

_SAID: Final = Catalogue("identity")


@check("IDN001", Severity.ERROR, Scope.RECORD)
def id_is_not_the_file_name(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """The id differs from the file name

    Addresses, references and reviewers go by either; they must be one.

    Bad:
        (use_cases/training-pin.yaml)
        id: the-training-pin
    Good:
        (use_cases/training-pin.yaml)
        id: training-pin
    """
    stem = record.path.rpartition("/")[2].rpartition(".")[0]
    if record.id != stem:
        yield _SAID.problem("id-is-not-the-file-name", ("id",), id=record.id, stem=stem)


@check("IDN002", Severity.ERROR, Scope.BASE)
def duplicate_id(base: KnowledgeBase, project: Project) -> Iterator[tuple[Record, Problem]]:
    """Two records of a kind have one id

    It happens with a file ending in `.yaml` and one in `.yml`, or with a file in a folder below. References could mean either.

    Bad:
        (use_cases/training-pin.yaml and use_cases/training-pin.yml)
    Good:
        (use_cases/training-pin.yaml alone)
    """
    for key, others in sorted(base.duplicates.items()):
        first = base.get(*key)
        for other in others:
            path = first.path if first else "another file"
            yield other, _SAID.problem("duplicate-id", ("id",), id=other.id, path=path)


@check("IDN003", Severity.ERROR, Scope.SOURCE)
def file_name_is_not_kebab_case(source: Source) -> Iterator[Problem]:
    """A file name that is not small letters, digits and single hyphens

    The file name becomes the address of the page. Capitals, spaces and underscores break on some systems.

    Bad:
        use_cases/Training_Pin.yaml
    Good:
        use_cases/training-pin.yaml
    """
    if not _SAID.pattern("kebab").search(source.stem):
        better = re.sub(r"[^a-z0-9]+", "-", source.stem.casefold()).strip("-")
        hint = None if better else ""
        yield _SAID.problem("file-name-is-not-kebab-case", (), hint=hint, place=(1, 1), stem=source.stem, better=better)


@check("IDN004", Severity.ERROR, Scope.RECORD)
def part_id_twice(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """Two parts of a list have one id

    Others cite findings, gaps, claims and checks by their ids. With two of one name, a citation could mean either.

    Bad:
        gaps:
          - id: no-outcome
          - id: no-outcome
    Good:
        gaps:
          - id: no-outcome
          - id: no-breakdown
    """
    seen: dict[tuple[str | int, ...], set[str]] = {}
    for field, value, _ in base.schemas.values(record.kind, record.data, "local-id"):
        known = seen.setdefault(field[:-2], set())
        if value in known:
            yield _SAID.problem("part-id-twice", field, id=value, list=field[-3])
        known.add(value)


@check("IDN005", Severity.ERROR, Scope.BASE)
def principle_number_twice(base: KnowledgeBase, project: Project) -> Iterator[tuple[Record, Problem]]:
    """Two principles have one number

    Others cite principles by number. A number is never given to another principle, not even when the first is retired.

    Bad:
        (two principles with `number: 6`)
    Good:
        (the second with the next free number)
    """
    first: dict[int, Record] = {}
    principles = sorted((r for r in base if r.kind == "principle" and "number" in r.data), key=lambda r: r.path)
    for record in principles:
        other = first.setdefault(record.data["number"], record)
        if other is not record:
            number, free = record.data["number"], max(first) + 1
            yield record, _SAID.problem("principle-number-twice", ("number",), number=number, other=other.id, free=free)


@check("IDN006", Severity.ERROR, Scope.BASE)
def retired_id_used_again(base: KnowledgeBase, project: Project) -> Iterator[tuple[Record, Problem]]:
    """The id of a retired record is used again

    A retired record keeps its address, which leads to its successor. A new record under the old id, in whatever kind that shares the
    id, would answer old links with something else.

    Bad:
        (a retired use case `training-pin`, and a new principle `training-pin`)
    Good:
        (the new record under an id of its own)
    """
    retired = {record.id: record for record in base if record.status == "retired"}
    for record in base:
        old = retired.get(record.id)
        if old is not None and record.status != "retired":
            yield record, _SAID.problem("retired-id-used-again", ("id",), id=record.id, path=old.path)


@check("IDN007", Severity.ERROR, Scope.RECORD)
def part_id_of_the_page(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A section or finding has the name of a part that every page has

    Its id is its address on the page. Every page has parts of its own, such as `sources` and `claims`, and a link to one of two parts of
    one name leads to the first.

    Bad:
        sections:
          - id: gaps
            title: Where the gaps lie
    Good:
        sections:
          - id: where-gaps-lie
            title: Where the gaps lie
    """
    if record.kind not in ANCHORED:
        return
    ids = {field: value for field, value, _ in base.schemas.values(record.kind, record.data, "local-id")}
    anchored = ANCHORED[record.kind]
    taken = page_names(record.kind, [value for field, value in ids.items() if field[0] != anchored])
    for field, value in ids.items():
        if field[0] == anchored and value in taken:
            yield _SAID.problem("part-id-of-the-page", field, id=value)
