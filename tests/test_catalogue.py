"""What can be derived is derived, and these tests notice what is missing."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from lerkb.checks import all_checks
from lerkb.cli import cli
from lerkb.project import KIND_FOLDERS
from lerkb.reporters import reporters
from lerkb.schemas import Schemas
from lerkb.site.messages import Messages

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
    assert named or check.code in (Path(__file__).parent / "test_cases.py").read_text(encoding="utf-8")


def test_the_checks_of_a_family_stand_in_one_file():
    families = {check.family: check.family_name for check in all_checks()}
    assert len(set(families.values())) == len(families)
    assert all(families[check.family] == check.family_name for check in all_checks())


def properties(schema, name=""):
    """Every property of a schema with its name, wherever it stands."""
    if isinstance(schema, dict):
        for key, value in schema.get("properties", {}).items() if isinstance(schema.get("properties"), dict) else ():
            yield f"{name}/{key}", value
        for key, value in schema.items():
            yield from properties(value, f"{name}/{key}")
    elif isinstance(schema, list):
        for index, value in enumerate(schema):
            yield from properties(value, f"{name}/{index}")


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


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_example_is_a_valid_value(name):
    from referencing import Registry, Resource

    registry = Registry().with_resources((other, Resource.from_contents(schema)) for other, schema in SCHEMAS.items())
    base = registry.resolver(name)
    for place, field in properties(SCHEMAS[name]):
        if "const" in field or not isinstance(field, dict):
            continue
        validator = Draft202012Validator({"$id": name + "#example", **field} if False else field, registry=registry, _resolver=base)
        for example in field.get("examples", ()):
            assert validator.is_valid(example), f"{place}: {example!r}"


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


#: Keys put together at run time: what stands before the variable part, and the values it takes where they are few.
USED = re.compile(r"""\bt\(\s*f?['"]([a-z_.-]+(?:\{[^}]*\}[a-z_.-]*)*)['"]""")
SITE_TEXTS = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html")]


def used_keys():
    """Message keys that code and templates ask for, with ``*`` for what is filled in at run time."""
    keys = set()
    for file in SITE_TEXTS:
        text = file.read_text(encoding="utf-8")
        keys |= {re.sub(r"\{[^}]*\}", "*", key) for key in USED.findall(text)}
        keys |= {key + "*" for key in re.findall(r"""\bt\('([a-z_.-]+\.)' ~""", text)}
        keys |= set(re.findall(r"""messages\("([a-z_.-]+)"\)""", text))
        keys |= set(re.findall(r"""t\("([a-z_.-]+)" if""", text)) | set(re.findall(r"""if [^"]* else "([a-z_]+\.[a-z_.-]+)\"""", text))
    return keys


def test_every_message_that_is_asked_for_exists():
    texts = Messages.load("en").texts
    for key in used_keys():
        pattern = re.compile(re.escape(key).replace(r"\*", "[a-z_.-]+"))
        assert any(pattern.fullmatch(known) for known in texts), key


def test_every_message_is_asked_for():
    patterns = [re.compile(re.escape(key).replace(r"\*", "[a-z_.-]+") + r"(\.(one|other))?") for key in used_keys()]
    unused = [known for known in Messages.load("en").texts if not any(pattern.fullmatch(known) for pattern in patterns)]
    assert unused == []


def test_every_page_template_is_used():
    code = "".join(file.read_text(encoding="utf-8") for file in (PACKAGE / "site").rglob("*.py"))
    for template in (PACKAGE / "site" / "templates" / "pages").glob("*.html"):
        assert f"pages/{template.name}" in code


def test_every_command_and_option_has_help():
    context = cli.make_context("lerkb", ["--help"], resilient_parsing=True)
    names = cli.list_commands(context)
    assert {"build", "export", "explain", "serve", "validate", "vocabularies"} <= set(names)
    for name in names:
        command = cli.get_command(context, name)
        assert command.help, name
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, f"{name} {parameter.name}"


def test_the_formats_are_documented():
    assert {"text", "json"} <= set(reporters())
    for report in reporters().values():
        assert report.__doc__
