"""Runs every check once, in order: the only runner."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lerkb.checks import Check, Scope, all_checks
from lerkb.checks.schema import WORDED, SchemaError
from lerkb.diagnostics import Diagnostic, Problem, Severity, json_pointer
from lerkb.knowledge_base import KnowledgeBase
from lerkb.records import Record
from lerkb.salvage import as_written, salvaged
from lerkb.schemas import Schemas, vocabularies_schema
from lerkb.yaml_source import Source, load_source

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from jsonschema import ValidationError

    from lerkb.diagnostics import Field
    from lerkb.project import Project


@dataclass(frozen=True)
class Validation:
    """What came of it: the valid records together, and what is wrong with the others and with these."""

    base: KnowledgeBase
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]  #: by path, every file that was read

    @property
    def has_errors(self) -> bool:
        """Whether a build must be refused."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)


def load_sources(project: Project) -> list[Source]:
    """Every record file, read and parsed."""
    return [load_source(found.kind, found.path, found.file) for found in project.find_records()]


def validate(
    project: Project, selected: Container[str] | None = None, named: Container[str] | None = None
) -> Validation:
    """Read the whole knowledge base and check it: with the checks whose codes are ``selected``, as to the files that are ``named``."""
    return validate_sources(project, load_sources(project), selected, named)


def validate_sources(
    project: Project,
    sources: Iterable[Source],
    selected: Container[str] | None = None,
    named: Container[str] | None = None,
) -> Validation:
    """Check files already read: with the checks whose codes are ``selected``, as to the files whose paths are ``named``; None means all.

    Of the files that are not named, only references to the named ones are told where these lead nowhere.
    What is said of a file does not depend on either: a check that is not selected costs nothing, says nothing, and makes no waiver
    look unused; a file that is not named is known to the others and is itself checked no further than they need.
    """
    sources = list(sources)
    by_path = {source.path: source for source in sources}
    checks: dict[Scope, list[Check]] = {scope: [] for scope in Scope}
    for check in _to_run(sources, selected):
        checks[check.scope].append(check)

    schemas = _with_vocabularies(Schemas.load(project.schemas_folder), sources)
    found: list[Diagnostic] = []
    records = []
    failed = []
    misshapen: list[tuple[Source, list[SchemaError]]] = []
    for source in sources:
        has_shape = source.data is not None and schemas.accepts(source.kind, source.data)
        if has_shape:
            records.append(Record.from_source(source))
        else:
            failed.append((source.kind, source.stem))
        if named is not None and source.path not in named:
            continue
        found += (
            _diagnostic(check, problem, source) for check in checks[Scope.SOURCE] for problem in check.run(source)
        )
        if source.legible is not None and not has_shape:
            errors = _schema_errors(schemas, source)
            misshapen.append((source, errors))
            found += _shape_diagnostics(source, errors, checks[Scope.SHAPE])

    base = KnowledgeBase(records, schemas, failed)
    for source, errors in misshapen:
        found += _salvaged_diagnostics(source, errors, base, checks[Scope.RECORD])
    found += (
        _diagnostic(check, problem, by_path.get(path), path)
        for path, problems in _base_problems(base, project, checks, named).items()
        for check, problem in problems
        if named is None or path in named
    )
    if named is not None:
        found += _broken_elsewhere(base, by_path, checks[Scope.RECORD], named)
    found = [item for item in found if selected is None or item.code in selected]
    return Validation(base, tuple(sorted(found)), by_path)


#: Families whose checks look at names alone, and so at a record that is not whole, too.
_OF_NAMES: Final = frozenset({"IDN", "REF"})


def _shape_diagnostics(source: Source, errors: list[SchemaError], checks: Iterable[Check]) -> list[Diagnostic]:
    """What is wrong with the shape of a file, but for lines whose text is already told to be wrong."""
    told = {fault.line for fault in source.faults}
    return [
        item
        for check in checks
        for problem in check.run(errors)
        if (item := _diagnostic(check, problem, source)).line not in told or not (told and problem.field)
    ]


def _salvaged_diagnostics(
    source: Source, errors: list[SchemaError], base: KnowledgeBase, checks: Iterable[Check]
) -> Iterator[Diagnostic]:
    """What is wrong with the names in a file of the wrong shape."""
    known = frozenset(base.schemas.described(source.kind, ()).get("properties", {}))
    record, wrong = salvaged(source, errors, known)
    for check in checks:
        if check.family in _OF_NAMES:
            for problem in check.run(record, base):
                field = as_written(problem.field, source.legible, wrong)
                yield _diagnostic(check, dataclasses.replace(problem, field=field), source)


def _broken_elsewhere(
    base: KnowledgeBase, sources: Mapping[str, Source], checks: Iterable[Check], named: Container[str]
) -> Iterator[Diagnostic]:
    """What is wrong with references to the named files in others: a finding that was renamed is still cited there by its old name."""
    keys = {(record.kind, record.id) for record in base if record.path in named}
    pointing: dict[str, tuple[Record, set[Field]]] = {}
    for record in base:
        if record.path not in named:
            fields = {
                reference.field for reference in base.references_of(record) if (reference.kind, reference.id) in keys
            }
            if fields:
                pointing[record.path] = (record, fields)
    for path, (record, fields) in pointing.items():
        for check in checks:
            if check.family == "REF":
                for problem in check.run(record, base):
                    if problem.field in fields:
                        yield _diagnostic(check, problem, sources[path])


def _to_run(sources: Iterable[Source], selected: Container[str] | None) -> Iterator[Check]:
    """The selected checks, and those that must run for one of them: whether a waiver is used shows only if its check has run."""
    chosen = [check for check in all_checks() if selected is None or check.code in selected]
    yield from chosen
    if selected is not None and any(check.scope is Scope.WAIVERS for check in chosen):
        named = {code for source in sources for code in _waived(source.data)}
        yield from (check for check in all_checks() if check.code in named and check.code not in selected)


def _waived(data: Any) -> Iterator[str]:
    """The codes that a file’s waivers name, whether or not the file has its shape."""
    waivers = data.get("waivers") if isinstance(data, dict) else None
    for waiver in waivers if isinstance(waivers, list) else ():
        if isinstance(waiver, dict) and isinstance(waiver.get("check"), str):
            yield waiver["check"]


def _base_problems(
    base: KnowledgeBase, project: Project, checks: Mapping[Scope, list[Check]], named: Container[str] | None
) -> dict[str, list[tuple[Check, Problem]]]:
    """What is wrong with the valid records, alone and together, by path; what is waived is left out."""
    everything = [
        record
        for record in (*base, *(record for others in base.duplicates.values() for record in others))
        if named is None or record.path in named
    ]
    found: dict[str, list[tuple[Check, Problem]]] = {
        record.path: [(check, problem) for check in checks[Scope.RECORD] for problem in check.run(record, base)]
        for record in everything
    }
    for check in checks[Scope.BASE]:
        for owner, problem in check.run(base, project):
            found.setdefault(owner if isinstance(owner, str) else owner.path, []).append((check, problem))
    for record in everything:
        waived = frozenset(_waived(record.data))
        if waived:
            problems = found[record.path]
            raised = frozenset(check.code for check, _ in problems)
            found[record.path] = [
                (check, problem) for check, problem in problems if check.code not in waived or not check.waivable
            ] + [(check, problem) for check in checks[Scope.WAIVERS] for problem in check.run(record, raised)]
    return found


def _diagnostic(check: Check, problem: Problem, source: Source | None, path: str = "") -> Diagnostic:
    line, column = problem.place or (source.place(problem.field, on_key=problem.on_key) if source else (1, 1))
    return Diagnostic(
        path=source.path if source else path,
        line=line,
        column=column,
        code=check.code,
        name=check.name,
        severity=check.severity,
        field=json_pointer(problem.field),
        message=problem.message,
        hint=problem.hint,
        url=check.url,
        replacement=problem.replacement,
    )


def _with_vocabularies(schemas: Schemas, sources: Iterable[Source]) -> Schemas:
    """The schemas with vocabulary values as the vocabulary files list them now.

    A vocabulary whose file is broken or missing keeps the values that the schema file lists, so that one slip in it is not
    reported again at each of its uses.
    """
    kind = "vocabulary"
    valid = {
        source.stem: source.data
        for source in sources
        if source.kind == kind and source.data is not None and schemas.accepts(kind, source.data)
    }
    made = vocabularies_schema(valid)
    committed = schemas.documents.get("vocabularies.schema.json", {}).get("$defs", {})
    made["$defs"] = dict(sorted({**committed, **made["$defs"]}.items()))
    return schemas.with_vocabularies(made)


def _schema_errors(schemas: Schemas, source: Source) -> list[SchemaError]:
    """What the reference validator says of a file, each error once and freed from the library.

    Raises:
        AssertionError: a schema uses a keyword that no check puts into words.
    """
    errors: dict[tuple[str, tuple[str | int, ...], str], SchemaError] = {}
    for error in _of_the_meant_alternative(schemas.reference_validator(source.kind).iter_errors(source.legible)):
        in_names = "propertyNames" in error.absolute_schema_path
        keyword = "propertyNames" if in_names else str(error.validator)
        if keyword not in WORDED:
            raise AssertionError(f"no check words the schema keyword {keyword!r}")
        field = tuple(error.absolute_path)
        schema = error.schema if isinstance(error.schema, dict) else {}
        described = {**schema, **schemas.described(source.kind, field)} if not in_names else schema
        # The library yields one error for each missing field, all of them alike.
        identity = (keyword, field, repr(error.instance) if in_names else repr(error.validator_value))
        expected: Any = error.validator_value
        if keyword == "required" and not field and source.broken:
            expected = [name for name in expected if name not in source.broken]  # it is there, and cannot be read
        errors[identity] = SchemaError(keyword, expected, error.instance, field, described, source.kind)
    return list(errors.values()) or ([] if source.faults else _gate_only(source))


def _of_the_meant_alternative(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Where a value may be of several types, what is wrong with it by the one it has: an entry of a list, say."""
    for error in errors:
        by_type = [
            inner
            for inner in error.context or ()
            if error.validator in ("oneOf", "anyOf")
            and inner.parent is error
            and len(inner.absolute_path) > len(error.absolute_path)
        ]
        options: Any = error.validator_value
        yield from by_type if by_type and all("type" in option for option in options) else [error]


def _gate_only(source: Source) -> list[SchemaError]:
    """The gate refused what the reference validator lets pass: the two libraries read a pattern or a format differently."""
    return [SchemaError("format", "", source.stem, (), {"title": "record", "examples": []}, source.kind)]
