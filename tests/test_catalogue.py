"""What can be derived is derived, and these tests notice what is missing."""

import ast
import functools
import itertools
import json
import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from lerkb import strength
from lerkb.catalogue import Catalogue
from lerkb.checks import all_checks
from lerkb.cli import cli
from lerkb.diagnostics import Severity, json_pointer
from lerkb.project import KIND_FOLDERS
from lerkb.reporters import format_names, reporters
from lerkb.schemas import Schemas, enumeration, schema_text
from lerkb.site.messages import Messages
from lerkb.site.pages.listings import BROWSED
from lerkb.site.site import FORM_KINDS

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "scripts" / "lerkb"
CASES = Path(__file__).parent / "cases"
SCHEMAS = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in (ROOT / "schemas").glob("*.json")}


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.code)
def test_each_check_explains_itself(check):
    page = check.page
    assert re.fullmatch("[A-Z]{3}[0-9]{3}", check.code)
    assert page.title, "the first line of the docstring is the title"
    assert not page.title.endswith(".")
    assert page.why
    assert page.bad
    assert page.good
    assert page.bad != page.good


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.code)
def test_each_check_has_a_failing_case(check):
    named = any(case.name.startswith(check.code) for case in (CASES / "fail").iterdir())
    told = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("test_cases.py", "test_hostile.py")]
    assert named or any(check.code in text for text in told)


def test_the_checks_of_a_family_stand_in_one_file():
    families = {check.family: check.family_name for check in all_checks()}
    assert len(set(families.values())) == len(families)
    assert all(families[check.family] == check.family_name for check in all_checks())


def test_each_family_is_introduced():
    for check in all_checks():
        assert check.family_about.endswith("."), (
            f"the docstring of checks/{check.family_name}.py begins with what its checks are for"
        )
        assert "``" not in check.family_about


CATALOGUES = [file.stem for file in (PACKAGE / "catalogue").glob("*.yaml")]


@pytest.mark.parametrize("family", CATALOGUES)
def test_a_catalogue_belongs_to_a_family_and_says_what_its_checks_say(family):
    catalogue = Catalogue(family)
    assert set(catalogue.data) <= {"messages", "thresholds", "patterns", "terms"}
    checks = {check.name for check in all_checks() if check.family_name == family}
    assert checks, f"no family of checks is called {family}"
    said = catalogue.data["messages"]
    assert {name.partition(".")[0] for name in said} <= checks
    files = [PACKAGE / "checks" / f"{family}.py", PACKAGE / "misreadings.py", PACKAGE / "yaml_source.py"]
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    unsaid = [name for name in said if f'"{name}"' not in code and f'"{name.partition(".")[2]}"' not in code]
    assert unsaid == [], "every message is said somewhere"
    for texts in said.values():
        assert set(texts) <= {"message", "hint"}
        for text in texts.values():
            assert re.sub(r"\{[a-z_]+\}", "", text).count("{") == 0, "placeholders are plain names"


@pytest.mark.parametrize("family", CATALOGUES)
def test_patterns_of_a_catalogue_compile(family):
    for name in Catalogue(family).data.get("patterns", {}):
        assert Catalogue(family).pattern(name)


def examples(value, pointer=""):
    """Every example in a schema, with the JSON Pointer of the schema that gives it."""
    if isinstance(value, dict):
        if isinstance(value.get("examples"), list):
            yield from ((pointer, example) for example in value["examples"])
        for key, child in value.items():
            if key != "examples":
                yield from examples(child, pointer + json_pointer((key,)))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from examples(child, f"{pointer}/{index}")


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_schema_is_a_valid_schema(name):
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMAS[name]["$id"] == name


@pytest.mark.parametrize("kind", sorted(KIND_FOLDERS))
def test_each_field_has_a_title_a_description_and_an_example(kind):
    schemas = Schemas(SCHEMAS)
    for spec in schemas.specs(kind):
        if spec.pattern[-1] != "*":
            for word in ("title", "description", "examples"):
                assert spec.schema.get(word), f"{'/'.join(spec.pattern)} has no {word}"


@pytest.mark.parametrize("kind", FORM_KINDS)
def test_each_part_of_a_form_begins_with_a_question(kind):
    schemas = Schemas(SCHEMAS)
    silent = [spec.pattern[0] for spec in schemas.specs(kind) if len(spec.pattern) == 1 and not asks(spec.schema)]
    assert silent == []


def asks(schema):
    return re.fullmatch(r"[A-Z].{5,118}[?.]", schema.get("x-question", ""))


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_example_is_a_valid_value(name):
    registry = Registry().with_resources((other, Resource.from_contents(schema)) for other, schema in SCHEMAS.items())
    found = list(examples(SCHEMAS[name]))
    assert found
    for pointer, example in found:
        # The validator is pointed at the part in its own file, so that the part's references are taken from there.
        validator = Draft202012Validator(
            {"$ref": f"{name}#{pointer}"}, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        assert [error.message for error in validator.iter_errors(example)] == [], f"{name}#{pointer}"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_schema_file_is_laid_out_as_we_write_it(name):
    assert (ROOT / "schemas" / name).read_text(encoding="utf-8") == schema_text(SCHEMAS[name])


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_schemas_are_closed_and_refer_only_to_one_another(name):
    text = json.dumps(SCHEMAS[name])
    for target in re.findall(r'"\$ref": "([^"]*)"', text):
        document, _, pointer = target.partition("#")
        assert document in ("", *SCHEMAS)
        assert pointer.startswith("/$defs/")

    def walk(value, *, inside_condition=False):
        if isinstance(value, dict):
            if value.get("type") == "object" and "properties" in value and not inside_condition:
                assert value.get("additionalProperties") is False, value.get("title")
            for key, child in value.items():
                walk(child, inside_condition=inside_condition or key in ("if", "then", "else"))
        elif isinstance(value, list):
            for child in value:
                walk(child, inside_condition=inside_condition)

    walk(SCHEMAS[name])


def test_one_word_stands_for_one_thing_in_every_kind():
    fields = {kind: set(Schemas(SCHEMAS).of(kind)["properties"]) for kind in KIND_FOLDERS}
    assert all("title" in names and "status" in names for names in fields.values())
    for forbidden in ("name", "kind", "about", "organisations", "thin_spots", "plain", "voices"):
        assert all(forbidden not in names for names in fields.values()), forbidden


#: Keys that are put together at run time and share their group with others: what may stand in the place of ``*``.
#: A pattern that is not named here may take any key of its group.
FILLED = {
    "find.kind.*": {"page", "term", "topic"},
    "find.order.*": {"fit", "strength", "newest", "title"},
    "pilot.*": {"from", "to"},
    "checks.*": {severity.value for severity in Severity},
    "checks.level.*": {severity.value for severity in Severity} - {"error"},
    "took_part.*": {"some", "nobody", "not-reported"},
    "vocabulary.*": set(BROWSED),
    "why.effect.*": {*strength.EFFECTS} - {strength.NOT_KNOWN},
}


def python_keys(node: ast.expr) -> set[str]:
    """The keys that an expression of Python can become, with ``*`` for what only a run can tell."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return python_keys(node.body) | python_keys(node.orelse)
    if isinstance(node, ast.JoinedStr):
        parts = [python_keys(part.value if isinstance(part, ast.FormattedValue) else part) for part in node.values]
        return {"".join(chosen) for chosen in itertools.product(*parts)}
    return {"*"}


def template_keys(node: nodes.Expr) -> set[str]:
    """The same of an expression of Jinja."""
    if isinstance(node, nodes.Const):
        return {str(node.value)}
    if isinstance(node, nodes.CondExpr):
        return template_keys(node.expr1) | template_keys(node.expr2)
    if isinstance(node, nodes.Concat):
        return {"".join(chosen) for chosen in itertools.product(*map(template_keys, node.nodes))}
    return {"*"}


@functools.cache
def used_keys() -> frozenset[str]:
    """Message keys that code and templates ask for."""
    keys = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))  # t(…), viewer.t(…), site.messages(…)
                keys |= python_keys(node.args[0]) if name in ("t", "messages") else set()
    for file in PACKAGE.rglob("*.html"):
        for call in Environment(autoescape=True).parse(file.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                keys |= template_keys(call.args[0])
    for file in (PACKAGE / "site" / "assets").glob("*.js"):
        for said in re.findall(r"\btext\(([^()]*)\)", file.read_text(encoding="utf-8")):
            keys |= {f"find.js.{name}" for name in re.findall(r'"([a-z_]+)"', said)}
        # Scripts that are handed their words by the page they stand on, each function its own.
        start, *rest = re.split(r"\n  function (assess|vendors)\(", file.read_text(encoding="utf-8"))
        for group, part in zip((file.stem, *rest[::2]), (start, *rest[1::2]), strict=True):
            keys |= {f"{group}.script.{name}" for name in re.findall(r"\bsay\.([a-z_]+)", part)}
    filled = {key.replace("*", value) for key in keys & set(FILLED) for value in FILLED[key]}
    return frozenset(keys - set(FILLED) | filled)


def asked_for(key: str, known: str) -> bool:
    """Whether a key, or a pattern of keys, means the known one: a part of a plural stands for the whole and the other way round."""
    pattern = re.compile(re.escape(key).replace(r"\*", "[^.]+"))
    return any(pattern.fullmatch(name) for name in (known, known.removesuffix(".one"), known.removesuffix(".other")))


def test_no_message_is_asked_for_by_a_name_that_only_a_run_can_tell():
    assert "*" not in used_keys()


def test_every_message_that_is_asked_for_exists():
    known = Messages.load("en").texts
    assert [key for key in sorted(used_keys()) if not any(asked_for(key, name) for name in known)] == []


def test_every_message_is_asked_for():
    texts = Messages.load("en").texts
    leaves = [key for key, text in texts.items() if not isinstance(text, dict)]
    assert [known for known in leaves if not any(asked_for(key, known) for key in used_keys())] == []


#: Values of closed lists that the site shows in words of its own: the group of messages, the kind and the field.
WORDED = {
    "reads_as": ("use-case", ("reads_as",)),
    "how": ("use-case", ("principles", 0, "how")),
    "in_place": ("use-case", ("harms", 0, "in_place")),
    "nearness": ("pilot", ("nearness",)),
    "state": ("pilot", ("findings", 0, "state")),
    "counted_by": ("pilot", ("findings", 0, "counted_by")),
    "effect": ("pilot", ("findings", 0, "disparity")),
    "checked": ("pilot", ("findings", 0, "checked", "outcome")),
    "took_part": ("pilot", ("took_part", "reported")),
    "read": ("source", ("read",)),
    "interest": ("source", ("interest",)),
    "review.lived": ("use-case", ("review", "lived_experience")),
    "review.subject": ("use-case", ("review", "subject")),
}


@pytest.mark.parametrize("group", WORDED)
def test_each_value_of_a_closed_list_has_its_words(group):
    kind, field = WORDED[group]
    values = enumeration(Schemas(SCHEMAS).described(kind, field))
    assert values
    assert {f"{group}.{value}" for value in values} <= set(Messages.load("en").texts)


def test_each_rung_and_each_effect_has_its_words():
    texts = Messages.load("en").texts
    for rung in strength.LADDER:
        assert {f"strength.{rung.name}", f"rung.{rung.name}", f"evidence.rung.{rung.name}"} <= set(texts)
    for effect in strength.EFFECTS:
        assert {f"effect.{effect}", f"evidence.effect.{effect}"} <= set(texts)
        assert effect == strength.NOT_KNOWN or f"why.effect.{effect}" in texts


def test_each_rung_effect_and_way_of_keeping_a_principle_has_its_shape():
    styles = (PACKAGE / "site" / "assets" / "kb.css").read_text(encoding="utf-8")
    ways = enumeration(Schemas(SCHEMAS).described("use-case", ("principles", 0, "how")))
    names = [f"s{rung.level}" for rung in strength.LADDER] + [*strength.EFFECTS] + [f"how-{way}" for way in ways]
    drawn = {}
    for name in names:
        drawn[name] = re.search(rf"^\.kb-{name}\{{--shape:url\((\S.*)\)\}}$", styles, re.MULTILINE)[1]
    assert len(set(drawn.values())) == len(names), "no two look alike"


def test_every_page_template_is_used():
    code = "".join(file.read_text(encoding="utf-8") for file in (PACKAGE / "site").rglob("*.py"))
    for template in (PACKAGE / "site" / "templates" / "pages").glob("*.html"):
        assert f"pages/{template.name}" in code


def test_every_command_and_option_has_help():
    context = cli.make_context("lerkb", ["--help"], resilient_parsing=True)
    names = cli.list_commands(context)
    assert {"build", "checks", "export", "explain", "serve", "validate", "vocabularies"} <= set(names)
    for name in names:
        command = cli.get_command(context, name)
        assert command.help, name
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, f"{name} {parameter.name}"


def test_the_formats_are_documented():
    assert set(reporters()) == set(format_names()) == {"text", "json", "gcc", "github", "sarif", "junit"}
    for report in reporters().values():
        assert report.__doc__


def test_no_reader_sees_a_placeholder():
    messages = Messages("en", {"greeting": "Hello {name}", "count": {"one": "{n} thing", "other": "{n} things"}})
    assert messages("greeting", name="you") == "Hello you"
    assert messages("count", n=1) == "1 thing"
    with pytest.raises(KeyError, match="name"):
        messages("greeting")
