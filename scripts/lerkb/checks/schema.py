"""Whether a record has the fields that its kind has, and each is filled in the right form.

The schema says so, and its validator finds what is wrong; the functions here part its errors by what the contributor did and say it plainly.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lerkb.catalogue import Catalogue
from lerkb.checks import Scope, Severity, check
from lerkb.schemas import VOCABULARIES_FILE, enumeration, schema_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lerkb.diagnostics import Field, Problem
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.project import Project
    from lerkb.records import Record

_SAID: Final = Catalogue("schema")
_LINE_END: Final = re.compile("[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True)
class SchemaError:
    """One error of the schema validator, freed from its library."""

    keyword: str
    expected: Any  #: the value of the keyword
    instance: Any
    field: Field
    schema: Mapping[str, Any]  #: the schema the instance failed, references followed
    kind: str


def _named(keyword: str, errors: Iterable[SchemaError], *more: str) -> Iterator[SchemaError]:
    return (error for error in errors if error.keyword in (keyword, *more))


def _written(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "a list" if isinstance(value, list) else "a group of fields"
    text = str(value).lower() if isinstance(value, bool) else "nothing" if value is None else str(value)
    text = _LINE_END.sub("⏎", text)  # a message is one line
    shown = _SAID.threshold("shown")
    return f"`{text[:shown]}…`" if len(text) > shown else f"`{text}`"


def _name(field: Field) -> str:
    names = [part for part in field if isinstance(part, str)]
    return f"`{names[-1]}`" if names else "the record"


def _article(kind: str) -> str:
    return ("an " if kind[0] in "aeio" else "a ") + kind.replace("-", " ")


def nearest(word: str, choices: Iterable[str]) -> str:
    """“did you mean …?” with the choice that a typing slip or another word order would explain, or nothing."""
    names = list(choices)
    word = re.sub(r"[\s_]+", "-", word.strip().casefold()) if any("-" in name for name in names) else word
    best = difflib.get_close_matches(word, names, n=1, cutoff=_SAID.threshold("alike"))
    if not best:
        parts = set(re.split(r"[-_ ]", word))
        best = [
            name for name in names if word and (name in word or word in name or parts == set(re.split(r"[-_ ]", name)))
        ][:1]
    return f"did you mean `{best[0]}`?" if best else ""


def certain(word: str, choices: Iterable[str]) -> str:
    """The one choice that is meant, for a repair by a program: very near, and no other near it; else nothing."""
    near = difflib.get_close_matches(word, list(choices), n=2, cutoff=_SAID.threshold("certain"))
    return near[0] if len(near) == 1 and word else ""


@check("SCH001", Severity.ERROR, Scope.SHAPE)
def unknown_field(errors: Iterable[SchemaError]) -> Iterator[Problem]:
    """A field that this kind of record does not have

    The list of fields is closed, so that a slip in a name cannot make its value vanish from the page without a word.

    Bad:
        organisations:
          - organization: digital-promise
    Good:
        organizations:
          - organization: digital-promise
    """
    for error in _named("additionalProperties", errors):
        known = error.schema.get("properties", {})
        for name in error.instance:
            if name not in known:
                message, values = _unknown(name, known)
                yield _SAID.problem(
                    message,
                    (*error.field, name),
                    hint=nearest(name, known) or None,
                    on_key=True,
                    replacement=certain(name, known),
                    name=name[: _SAID.threshold("shown")],
                    where=_name(error.field) if error.field else _article(error.kind),
                    **values,
                )
    for error in _named("propertyNames", errors):
        field = (*error.field, error.instance) if isinstance(error.instance, str) else error.field
        allowed = listed(error.expected)
        yield _SAID.problem("unknown-field.withdrawn", field, on_key=True, name=error.instance, allowed=allowed)


def _unknown(name: str, known: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The message for a field that is not known, by what may be meant: one that stands one level too high, or any other."""
    groups = [group for group, schema in known.items() if name in schema.get("properties", {})]
    if len(groups) == 1:
        return "unknown-field.deeper", {"group": groups[0]}
    if len(known) <= _SAID.threshold("listed"):
        return "unknown-field", {"known": listed(list(known))}
    return "unknown-field.many", {}


@check("SCH002", Severity.ERROR, Scope.SHAPE)
def missing_field(errors: Iterable[SchemaError]) -> Iterator[Problem]:
    """A field that must be there is missing

    Without it the page would have a hole where readers expect an answer.

    Bad:
        - text: Seventeen employees volunteered.
          about: adoption
    Good:
        - id: volunteers
          text: Seventeen employees volunteered.
          about: adoption
    """
    for error in _named("required", errors):
        misspelled = _misspelled(error)
        for name in error.expected:
            if name not in error.instance and name not in misspelled:  # else SCH001 says what to do
                yield _missing(error, name)


def _misspelled(error: SchemaError) -> frozenset[str]:
    """The fields of a group that are there under a name that SCH001 mends."""
    known = error.schema.get("properties", {})
    return frozenset(certain(name, known) for name in error.instance if name not in known)


def _missing(error: SchemaError, name: str) -> Problem:
    described = error.schema.get("properties", {}).get(name, {})
    example = next(iter(described.get("examples", ())), "")
    what = str(described.get("description", "")).partition(". ")[0].rstrip(".")
    short = (
        isinstance(example, (str, int))
        and not isinstance(example, bool)
        and 0 < len(str(example)) <= _SAID.threshold("shown")
    )
    hint = None if short else _SAID.text("missing-field.no-example", name=name, what=what)
    if error.field:
        return _SAID.problem(
            "missing-field.inside", error.field, hint=hint, of=_name(error.field), name=name, example=example, what=what
        )
    kind = _article(error.kind)
    return _SAID.problem("missing-field", error.field, hint=hint, kind=kind, name=name, example=example, what=what)


@check("SCH003", Severity.ERROR, Scope.SHAPE)
def wrong_type(errors: Iterable[SchemaError]) -> Iterator[Problem]:
    """A value of the wrong type

    Numbers, true and false are read as such unless they are quoted, and a single value is not a list.

    Bad:
        published: 2024
    Good:
        published: '2024'
    """
    for error in _named("type", errors):
        expected = [error.expected] if isinstance(error.expected, str) else error.expected
        types = {item["type"]: item["words"] for item in _SAID.terms("types")}
        yield _SAID.problem(
            "wrong-type",
            error.field,
            hint=_type_hint(error, expected),
            name=_name(error.field),
            wanted=" or ".join(types[name] for name in expected),
            given=_what(error.instance),
        )


@check("SCH004", Severity.ERROR, Scope.SHAPE)
def not_in_the_list(errors: Iterable[SchemaError]) -> Iterator[Problem]:
    """A value that is not in its list

    Some fields take only values of a closed list, so that readers can filter by them. The lists of sectors, places, populations and the
    like stand in content/vocabularies; a value can be added there by the same pull request.

    Bad:
        sectors:
          - shops
    Good:
        sectors:
          - retail
    """
    for error in _named("oneOf", errors, "enum", "const"):
        allowed = enumeration(error.schema) if error.keyword == "oneOf" else {}
        choices = list(allowed) or (error.expected if error.keyword == "enum" else [error.expected])
        if error.keyword == "oneOf" and not allowed:
            continue  # alternatives, not a list of values: SCH007
        if not isinstance(error.instance, str):
            continue  # its type is wrong, and SCH003 says so
        names = {
            str(name).casefold(): value
            for value, option in allowed.items()
            for name in (*option.get("x-also", ()), option.get("title", ""))
        }
        meant = names.get(error.instance.casefold().strip())
        hint = f"did you mean `{meant}`?" if meant else nearest(error.instance, choices)
        yield _SAID.problem(
            "not-in-the-list",
            error.field,
            hint=_several_hint(error.instance, choices) or hint or _list_hint(error, choices),
            replacement=meant or certain(error.instance, [str(choice) for choice in choices]),
            value=_written(error.instance),
            name=_name(error.field),
            choices=listed(choices),
        )


def _several_hint(value: str, choices: Iterable[str]) -> str:
    """For several values of a list that stand in one line."""
    parts = [part for part in re.split(r"[,;\s]+(?:and )?", value) if part]
    several = len(parts) > 1 and set(parts) <= set(choices)
    return _SAID.text("not-in-the-list.several", each=", ".join(f"`- {part}`" for part in parts)) if several else ""


def _list_hint(error: SchemaError, choices: Sequence[str]) -> str | None:
    """The values there are; where they are many, the place that lists them."""
    if len(choices) <= _SAID.threshold("listed"):
        return None
    vocabulary = error.schema.get("x-vocabulary")
    return (
        _SAID.text("not-in-the-list.vocabulary", vocabulary=vocabulary)
        if vocabulary
        else _SAID.text("not-in-the-list.many")
    )


@check("SCH005", Severity.ERROR, Scope.SHAPE)
def wrong_form(errors: Iterable[SchemaError]) -> Iterator[Problem]:
    """A value that is not written in the right form

    Ids, dates, addresses and citations have a form by which programs recognize them.

    Bad:
        written: 23 November 2026
    Good:
        written: '2026-11-23'
    """
    seen = set()
    for error in _named("pattern", errors, "format"):
        if error.field not in seen:  # a date fails its pattern and its format
            seen.add(error.field)
            example = next(iter(error.schema.get("examples", ())), "")
            what = _a_title(error.schema, error.field)
            hint = _form_hint(error) or (None if example else "")
            yield _SAID.problem(
                "wrong-form", error.field, hint=hint, value=_written(error.instance), what=what, example=example
            )


@check("SCH006", Severity.ERROR, Scope.SHAPE)
def too_long_or_short(errors: Iterable[SchemaError]) -> Iterator[Problem]:
    """A value that is too long, too short, too large or too small

    Limits keep pages readable and catch text that slipped into the wrong field.

    Bad:
        gaps: []
    Good:
        gaps:
          - id: no-breakdown
            text: No results by race are reported.
            type: breakdown
    """
    for error in errors:
        if error.keyword in _SIZES:
            size = len(error.instance) if isinstance(error.instance, (str, list, dict)) else error.instance
            yield _SAID.problem(
                f"too-long-or-short.{error.keyword}",
                error.field,
                name=_name(error.field),
                size=size,
                limit=error.expected,
            )


@check("SCH007", Severity.ERROR, Scope.SHAPE)
def no_alternative_fits(errors: Iterable[SchemaError]) -> Iterator[Problem]:
    """None or several of the alternatives are given

    A claim cites findings or is marked as reasoning; a harm has a safeguard or is open. One of the two, never both, never neither.

    Bad:
        - id: small-trial
          text: The trial was small.
    Good:
        - id: small-trial
          text: The trial was small.
          findings:
            - my-skills-pocket-ace-hardware#volunteers
    """
    for error in _named("oneOf", errors, "anyOf"):
        alternatives = [option.get("required", []) for option in error.expected]
        if any(alternatives) and isinstance(error.instance, dict):
            given = [names for names in alternatives if all(name in error.instance for name in names)]
            started = [names for names in alternatives if any(name in error.instance for name in names)]
            either = " or ".join(listed(names, "and") for names in alternatives)
            name = _name(error.field)
            if len(given) > 1:
                both = " and ".join(listed(names, "and") for names in given)
                yield _SAID.problem("no-alternative-fits.several", error.field, name=name, given=both)
            elif started:
                lacking = [part for part in started[0] if part not in error.instance]
                there = [part for part in started[0] if part not in lacking]
                yield _SAID.problem(
                    "no-alternative-fits.half",
                    error.field,
                    name=name,
                    started=listed(there, "and"),
                    lacking=listed(lacking, "and"),
                )
            elif _misspelled(error).isdisjoint(name for names in alternatives for name in names):
                neither = either.replace(" or ", " nor ", 1)
                yield _SAID.problem("no-alternative-fits.none", error.field, name=name, neither=neither, either=either)


@check("SCH008", Severity.ERROR, Scope.SHAPE)
def twice_in_a_list(errors: Iterable[SchemaError]) -> Iterator[Problem]:
    """A value stands twice in a list

    The second adds nothing and is often a slip for another value.

    Bad:
        sectors:
          - retail
          - retail
    Good:
        sectors:
          - retail
    """
    for error in _named("uniqueItems", errors):
        for index, item in enumerate(error.instance):
            if item in error.instance[:index]:
                place = (*error.field, index)
                yield _SAID.problem("twice-in-a-list", place, value=_written(item), name=_name(error.field))


@check("SCH009", Severity.ERROR, Scope.BASE)
def vocabularies_out_of_step(base: KnowledgeBase, project: Project) -> Iterator[tuple[str, Problem]]:
    """The schema’s list of vocabulary values is out of step

    Editors explain and complete vocabulary values from `schemas/vocabularies.schema.json`, which is made from the vocabulary files.

    Bad:
        (a value added in content/vocabularies/sectors.yaml alone)
    Good:
        (the same, then `lerkb vocabularies`, and both files in the pull request)
    """
    if project.has_own_schemas:
        file = project.root / "schemas" / VOCABULARIES_FILE
        written = file.read_text(encoding="utf-8") if file.is_file() else ""
        if written != schema_text(base.schemas.documents[VOCABULARIES_FILE]):
            yield f"schemas/{VOCABULARIES_FILE}", _SAID.problem("vocabularies-out-of-step", ())


def _form_hint(error: SchemaError) -> str:
    """What to write where a program must recognize it; another record’s id would only mislead."""
    role = str(error.schema.get("x-role", ""))
    if "identifier" in role or "local-id" in role:
        meant = _kebab(str(error.instance).removesuffix(".yaml").removesuffix(".yml"))
        return _SAID.text("wrong-form.id", id=meant)
    kind = str(error.schema.get("x-kind", "")).replace("-", " ")
    if "citation" in role:
        return _SAID.text("wrong-form.citation", kind=kind)
    if "reference" in role and "local" not in role:
        return _SAID.text("wrong-form.reference", what="the other record" if kind == "same" else f"the {kind} record")
    return ""


@check("SCH010", Severity.ERROR, Scope.RECORD)
def placeholder(record: Record, base: KnowledgeBase) -> Iterator[Problem]:
    """A text that stands for another still to be written

    A published record with “TODO” in it, or with the examples of the template, tells readers nothing and looks as if it did.

    Bad:
        title: TODO
    Good:
        title: The training pin that leaves the store with the worker
    """
    if record.status != "published":
        return
    examples = []
    texts = 0
    for field, value, spec in base.schemas.values(record.kind, record.data, "prose"):
        if isinstance(value, str):
            texts += 1
            if not value.strip() or _SAID.pattern("placeholder").search(value.strip()):
                yield _SAID.problem("placeholder", field, value=_written(value), name=_name(field))
            elif value in spec.schema.get("examples", ()):
                examples.append(field)
    if len(examples) > _SAID.threshold("by-chance") and len(examples) * 2 > texts:
        yield _SAID.problem("placeholder.template", examples[0], count=len(examples))


#: Keywords that bound how much there may be; each has a message of its own.
_SIZES: Final = frozenset(
    {
        "maxLength",
        "minLength",
        "maxItems",
        "minItems",
        "minimum",
        "maximum",
        "minProperties",
        "maxProperties",
    }
)
#: Every keyword some check here puts into words. The reader of errors tells when the validator raises another.
WORDED: Final = frozenset(
    {
        "additionalProperties",
        "propertyNames",
        "required",
        "type",
        "oneOf",
        "anyOf",
        "enum",
        "const",
        "pattern",
        "format",
        "uniqueItems",
        *_SIZES,
    }
)


def _what(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}` (true or false)"
    if isinstance(value, (int, float)):
        return f"the number `{value}`"
    return "a list" if isinstance(value, list) else "a group of fields" if isinstance(value, dict) else "text"


def _type_hint(error: SchemaError, expected: list[str]) -> str:
    value = error.instance
    if value is None:
        return _SAID.text("wrong-type.empty")
    if "string" in expected and isinstance(value, (int, float)):
        return _quotes_hint(error)
    if "array" in expected and not isinstance(value, (list, dict)):
        return _entries_hint(error)
    if "object" in expected and isinstance(value, str):
        known = list(error.schema.get("properties", ()))[:3]
        return _SAID.text("wrong-type.group", known=listed(known)) if known else ""
    if "string" in expected and value:
        return _one_text_hint(error)
    return ""


def _one_text_hint(error: SchemaError) -> str:
    """For a group or a list where text belongs."""
    value = error.instance
    if isinstance(value, dict):
        return _SAID.text("wrong-type.colon-in-text")
    only, field = value[0], error.field[-1]
    one = len(value) == 1 and isinstance(only, str) and len(only) <= _SAID.threshold("shown")
    return (
        _SAID.text("wrong-type.one-text", field=field, value=only)
        if one and isinstance(field, str)
        else _SAID.text("wrong-type.no-list")
    )


def _entries_hint(error: SchemaError) -> str:
    """For a single value where a list belongs: how its entries are written."""
    value = str(error.instance)
    entries = error.schema.get("items", {})
    entry = re.split(r"^[*•–—-] |[,;] | [*•–—-] ", value)
    if _SAID.pattern("list-signs").search(value):
        return _SAID.text("wrong-type.list-signs", value=next((part.strip() for part in entry if part.strip()), ""))
    if len(value) > _SAID.threshold("shown"):
        return _SAID.text("wrong-type.list-of-any")
    if "properties" in entries or "$ref" in entries:
        first = next(iter(entries.get("required", ())), "")
        return (
            _SAID.text("wrong-type.list-of-groups", first=first, value=value)
            if first
            else _SAID.text("wrong-type.list-of-any")
        )
    return _SAID.text("wrong-type.list", value=value)


def _quotes_hint(error: SchemaError) -> str:
    """For a number, true or false where text belongs: quotes, if the text would then be right."""
    pattern, example = error.schema.get("pattern"), next(iter(error.schema.get("examples", ())), "")
    role, kind = str(error.schema.get("x-role", "")), str(error.schema.get("x-kind", ""))
    if "reference" in role and "local" not in role and kind != "same":
        return _SAID.text("wrong-type.reference", kind=kind.replace("-", " "), example=example)
    if pattern and not re.search(pattern, str(error.instance)):
        return _SAID.text("wrong-type.like", example=example) if example else ""
    if enumeration(error.schema):
        return _SAID.text("wrong-type.choose")
    return _SAID.text("wrong-type.quotes")


def _a_title(schema: Mapping[str, Any], field: Field) -> str:
    title = str(schema.get("title", "")).casefold()
    return f"{_name(field)} ({title})" if title and title.replace(" ", "_") not in str(_name(field)) else _name(field)


def listed(names: Iterable[str], last: str = "or") -> str:
    """Names as one reads them out: `a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if quoted else ""


def _kebab(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "a-short-name"
