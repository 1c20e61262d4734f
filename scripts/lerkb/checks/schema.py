"""Whether a record has the fields that its kind has, and each is filled in the right form.

The schema says so, and its validator finds what is wrong; the functions here part its errors by what the contributor did and say it plainly.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lerkb.checks import Problem, Scope, Severity, check
from lerkb.schemas import VOCABULARIES_FILE, enumeration, schema_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lerkb.diagnostics import Field
    from lerkb.knowledge_base import KnowledgeBase
    from lerkb.project import Project
    from lerkb.records import Record

_SHOWN: Final = 60  # characters of a value repeated in a message
_LISTED: Final = 12  # values of a list repeated in a hint
_LINE_END: Final = re.compile("[\n\r\x85\u2028\u2029]")
_A_TYPE: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "array": "a list",
    "object": "a group of fields",
    "null": "nothing",
}


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
    return f"`{text[:_SHOWN]}…`" if len(text) > _SHOWN else f"`{text}`"


def _name(field: Field) -> str:
    names = [part for part in field if isinstance(part, str)]
    return f"`{names[-1]}`" if names else "the record"


def _article(kind: str) -> str:
    return ("an " if kind[0] in "aeio" else "a ") + kind.replace("-", " ")


def nearest(word: str, choices: Iterable[str]) -> str:
    """“did you mean …?” with the choice that a typing slip or another word order would explain, or nothing."""
    names = list(choices)
    best = difflib.get_close_matches(word, names, n=1, cutoff=0.7)
    if not best:
        parts = set(re.split(r"[-_ ]", word))
        best = [
            name for name in names if word and (name in word or word in name or parts == set(re.split(r"[-_ ]", name)))
        ][:1]
    return f"did you mean `{best[0]}`?" if best else ""


def certain(word: str, choices: Iterable[str]) -> str:
    """The one choice that is meant, for a repair by a program: very near, and no other near it; else nothing."""
    near = difflib.get_close_matches(word, list(choices), n=2, cutoff=0.8)
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
                where = f"a field of {_article(error.kind)}" if not error.field else f"a field of {_name(error.field)}"
                yield Problem(
                    (*error.field, name),
                    f"`{name[:_SHOWN]}` is not {where}",
                    nearest(name, known) or _belongs_hint(name, known) or _fields_hint(known),
                    on_key=True,
                    replacement=certain(name, known),
                )
    for error in _named("propertyNames", errors):
        allowed = error.expected
        yield Problem(
            (*error.field, error.instance) if isinstance(error.instance, str) else error.field,
            f"`{error.instance}` stands in a withdrawn account",
            f"a withdrawn account keeps only {_listed(allowed)}",
            on_key=True,
        )


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
        known = error.schema.get("properties", {})
        misspelled = {certain(name, known) for name in error.instance if name not in known}
        for name in error.expected:
            if name not in error.instance and name not in misspelled:  # else SCH001 says what to do
                described = error.schema.get("properties", {}).get(name, {})
                of = f"{_name(error.field)} has" if error.field else f"{_article(error.kind)} must have"
                verb = "no" if error.field else "a field"
                yield Problem(error.field, f"{of} {verb} `{name}`", _example_hint(name, described))


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
        wanted = " or ".join(_A_TYPE[name] for name in expected)
        yield Problem(
            error.field,
            f"{_name(error.field)} should be {wanted}, not {_what(error.instance)}",
            _type_hint(error, expected),
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
        yield Problem(
            error.field,
            f"{_written(error.instance)} is not a value that {_name(error.field)} may have",
            hint or (f"it may be {_listed(choices)}" if len(choices) <= _LISTED else _long_list_hint(error)),
            replacement=meant or certain(error.instance, [str(choice) for choice in choices]),
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
            hint = _form_hint(error) or (f"write it like `{example}`" if example else "")
            yield Problem(
                error.field,
                f"{_written(error.instance)} is not the form of {_a_title(error.schema, error.field)}",
                hint,
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
        words = _SIZES.get(error.keyword)
        if words:
            size = len(error.instance) if isinstance(error.instance, (str, list, dict)) else error.instance
            message, hint = words
            yield Problem(error.field, message.format(name=_name(error.field), size=size, limit=error.expected), hint)


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
            either = " or ".join(_listed(names, "and") for names in alternatives)
            if len(given) > 1:
                yield Problem(
                    error.field,
                    f"{_name(error.field)} has both {' and '.join(_listed(n, 'and') for n in given)}",
                    "keep one of them",
                )
            elif started:
                lacking = [name for name in started[0] if name not in error.instance]
                yield Problem(
                    error.field,
                    f"{_name(error.field)} has {_listed([n for n in started[0] if n not in lacking], 'and')} but no {_listed(lacking, 'and')}",
                    f"add {_listed(lacking, 'and')}",
                )
            else:
                yield Problem(
                    error.field,
                    f"{_name(error.field)} has neither {either.replace(' or ', ' nor ', 1)}",
                    f"add {either}",
                )


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
                yield Problem(
                    (*error.field, index),
                    f"{_written(item)} stands twice in {_name(error.field)}",
                    "delete one of the two",
                )


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
            yield (
                f"schemas/{VOCABULARIES_FILE}",
                Problem(
                    (),
                    "this file is out of step with content/vocabularies",
                    "run `lerkb vocabularies` and commit the file",
                ),
            )


def _form_hint(error: SchemaError) -> str:
    """What to write where a program must recognize it; another record’s id would only mislead."""
    role = str(error.schema.get("x-role", ""))
    if "identifier" in role or "local-id" in role:
        return f"did you mean `{_kebab(str(error.instance).removesuffix('.yaml').removesuffix('.yml'))}`?"
    kind = str(error.schema.get("x-kind", "")).replace("-", " ")
    if "citation" in role:
        return f"name the {kind} record and its part: `record-id#part-id`"
    if "reference" in role and "local" not in role:
        what = "the other record" if kind == "same" else f"the {kind} record"
        return f"write the id of {what}: the name of its file, without `.yaml`"
    return ""


def _belongs_hint(name: str, known: Mapping[str, Any]) -> str:
    """For a field that stands one level too high: the group it belongs to."""
    groups = [group for group, schema in known.items() if name in schema.get("properties", {})]
    return f"it belongs under `{groups[0]}:`, indented by two more spaces" if len(groups) == 1 else ""


#: What people write where they mean to write later.
_PLACEHOLDER: Final = re.compile(
    r"(?:to ?do|tbd|tba|n/?a|xxx+|test|foo|lorem ipsum\b.*|fill (?:me|this) in|your text here|[?.…_-]+)[.!]*",
    re.IGNORECASE,
)
#: Texts of a template that a record may share with it by chance.
_BY_CHANCE: Final = 2


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
            if not value.strip() or _PLACEHOLDER.fullmatch(value.strip()):
                yield Problem(
                    field,
                    f"{_written(value)} stands where {_name(field)} is to be",
                    "write it, or make the record a draft",
                )
            elif value in spec.schema.get("examples", ()):
                examples.append(field)
    if len(examples) > _BY_CHANCE and len(examples) * 2 > texts:
        message = f"{len(examples)} texts here are the examples of the template"
        yield Problem(examples[0], message, "write your own, or make the record a draft")


_SIZES: Final = {
    "maxLength": (
        "{name} has {size} characters; the limit is {limit}",
        "shorten it, or move part of it to another field",
    ),
    "minLength": ("{name} is too short", "write it out, or delete the field"),
    "maxItems": ("{name} has {size} entries; the limit is {limit}", ""),
    "minItems": ("{name} has {size} entries; it needs {limit}", "add one, or delete the field"),
    "minimum": ("{name} is {size}; it is at least {limit}", ""),
    "maximum": ("{name} is {size}; it is at most {limit}", ""),
    "minProperties": ("{name} has no fields", "add one, or delete the field"),
    "maxProperties": ("{name} has {size} fields; the limit is {limit}", ""),
}
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
        return "write a value after the colon, or delete the line"
    if "string" in expected and isinstance(value, (int, float)):
        return _quotes_hint(error)
    if "array" in expected and not isinstance(value, (list, dict)):
        return "write it as a list: the value on a line of its own after `- `"
    if "object" in expected and isinstance(value, str):
        known = list(error.schema.get("properties", ()))[:3]
        return f"write its fields below it, indented: {_listed(known)}, …" if known else ""
    if "string" in expected and isinstance(value, dict):
        return "if the text holds `: `, put it in single quotes"
    return ""


def _quotes_hint(error: SchemaError) -> str:
    """For a number, true or false where text belongs: quotes, if the text would then be right."""
    pattern, example = error.schema.get("pattern"), next(iter(error.schema.get("examples", ())), "")
    if pattern and not re.search(pattern, str(error.instance)):
        return f"write it like `{example}`, in quotes" if example else ""
    if enumeration(error.schema):
        return "choose a value of its list"
    return "put it in quotes: `'…'`, exactly as it should read"


def _example_hint(name: str, described: Mapping[str, Any]) -> str:
    what = str(described.get("description", "")).partition(". ")[0].rstrip(".")
    examples = described.get("examples")
    if (
        examples
        and isinstance(examples[0], (str, int))
        and not isinstance(examples[0], bool)
        and len(str(examples[0])) <= _SHOWN
    ):
        return (
            f"add it, for example `{name}: {examples[0]}` ({what})"
            if what
            else f"add it, for example `{name}: {examples[0]}`"
        )
    return f"add `{name}:` ({what})" if what else f"add `{name}:`"


def _a_title(schema: Mapping[str, Any], field: Field) -> str:
    title = str(schema.get("title", "")).casefold()
    return f"{_name(field)} ({title})" if title and title.replace(" ", "_") not in str(_name(field)) else _name(field)


def _fields_hint(known: Mapping[str, Any]) -> str:
    return (
        f"its fields are {_listed(list(known))}"
        if len(known) <= _LISTED
        else "see its fields on the page “Fields”, or let your editor complete them"
    )


def _long_list_hint(error: SchemaError) -> str:
    vocabulary = error.schema.get("x-vocabulary")
    return (
        f"see content/vocabularies/{vocabulary}.yaml; a value can be added there"
        if vocabulary
        else "see the list of its values"
    )


def _listed(names: Iterable[str], last: str = "or") -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}" if quoted else ""


def _kebab(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "a-short-name"
