"""The form's checks are the command line's: on every record that the tests know, both say the same, word for word."""

import copy
import difflib
import json
import random
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from stdnum import iban

from conftest import SAMPLE, unmeasured
from lerkb.catalogue import FOLDER, Catalogue
from lerkb.checks import privacy
from lerkb.project import KIND_FOLDERS, Project
from lerkb.schemas import Schemas
from lerkb.site.assembly import assemble
from lerkb.site.form_data import known_records, rules
from lerkb.site.form_numbers import number_tables
from lerkb.site.site import FORM_KINDS, SiteSettings
from lerkb.site.theme_settings import ASSETS
from lerkb.text import reading
from lerkb.text.strings import strings
from lerkb.validation import load_sources, validate, validate_sources
from lerkb.yaml_source import parse_source
from mutations import as_yaml, at, mutations
from test_cases import case_files, cases, read_case
from test_editor import node

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "tests" / "node" / "record-checks.js"
#: The day on which the command line runs its checks here, by SOURCE_DATE_EPOCH of conftest.py.
TODAY = "2025-11-25"


def run_node(script, task, *args):
    """What a script of tests/node answers."""
    run = subprocess.run(
        [node(), str(script), str(ASSETS), *args],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def given(validation):
    """What the site hands the form."""
    return rules(assemble(validation, SiteSettings("Sample"))) | {"today": TODAY}


def told(validation):
    """The records of a knowledge base that could be read, with what the command line says of each."""
    by_path = {}
    for item in validation.diagnostics:
        by_path.setdefault(item.path, []).append([item.code, item.field, item.message, item.hint])
    there = {record.path for record in validation.base}
    others = known_records(validation.base)
    for source in validation.sources.values():
        if source.data is not None:
            record = {
                "kind": source.kind,
                "stem": source.stem,
                "data": source.data,
                "records": others,
                "failed": sorted(validation.base.failed),
                "existing": source.path in there,
                "alike": [],
            }
            yield source.path, record, by_path.get(source.path, [])


def compare(make_project_of):
    found = []
    records = []
    rule_set = None
    for number, case in enumerate([case for folder in ("fail", "pass", "hostile") for case in cases(folder)]):
        read = [read_case(text) for text in case_files(case)]
        if any(
            not path.endswith((".yaml", ".yml")) or "/pages/" in path or "vocabularies" in path for path, _, _ in read
        ):
            continue
        validation = validate(Project.at(make_project_of({path: text for path, text, _ in read}, f"base-{number}")))
        rule_set = rule_set or given(validation)
        named = {path for path, _, _ in read}
        for path, record, said in told(validation):
            if path in named or number == 0:
                found.append((case.name, path, said))
                records.append(record)
    answers = run_node(SCRIPT, {"given": rule_set, "numbers": number_tables(), "records": records})
    return [(case, path, said, answer) for (case, path, said), answer in zip(found, answers, strict=True)]


@pytest.fixture(scope="module")
def compared(make_project_of):
    """Every readable record of every case, with what both say of it."""
    with unmeasured():
        return compare(make_project_of)


@pytest.fixture(scope="module")
def make_project_of(tmp_path_factory):
    """As make_project, for a whole module."""
    folder = tmp_path_factory.mktemp("cases")

    def make(files, name):
        root = folder / name
        shutil.copytree(SAMPLE, root)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
        return root

    return make


#: Records alike are looked for when a record is to be sent, on either side of the pair.
BY_ANOTHER_WAY = {"LIF003", "LIF004"}


def not_of_the_file(item):
    """Whether something said of a record is said of its data: a form writes no remarks, and meets records alike by another way."""
    code, field, *_ = item
    return code not in BY_ANOTHER_WAY and (field or not code.startswith("PRV"))


def test_the_form_says_what_the_command_line_says(compared):
    differences = []
    folders = tuple(f"{KIND_FOLDERS[kind]}/" for kind in FORM_KINDS)
    for case, path, said, answer in compared:
        if not path.startswith(folders):
            continue  # no form makes such a record
        ours = sorted(item for item in said if item[0] in answer["codes"] and not_of_the_file(item))
        theirs = sorted(answer["problems"])
        assert answer["unreadable"] == []
        if ours != theirs:
            differences.append((case, path, [x for x in ours if x not in theirs], [x for x in theirs if x not in ours]))
    assert differences == [], "\n".join(map(str, differences))


def test_each_check_of_the_form_has_a_case_that_fails(compared):
    codes = set(compared[0][3]["codes"]) - BY_ANOTHER_WAY
    assert codes - {code for *_, answer in compared for code, *_ in answer["problems"]} == set()


@pytest.fixture(scope="module")
def library():
    """The real records as files."""
    return load_sources(Project.at(ROOT))


SEED = 20261201
COUNT = 160


@pytest.mark.unmeasured
def test_slips_in_real_records_are_told_in_the_same_words(library):
    """Beside each record with a slip stand only the kinds that are few: what else it names is then unknown, and must be told alike."""
    project = Project.at(ROOT)
    few = [source for source in library if source.kind in ("principle", "vocabulary")]
    rule_set, found, records = None, [], []
    for mutation in mutations([(source.kind, source.data) for source in library if source not in few], COUNT, SEED):
        path = f"slips/{mutation.data.get('id') or 'slip'}.yaml"
        text = as_yaml(mutation.data).encode("utf-8", "surrogatepass")
        source = parse_source(mutation.kind, path, Path(path).stem, text)
        validation = validate_sources(project, [source, *few], named={path})
        rule_set = rule_set or given(validation)
        for seen, record, said in told(validation):
            if seen == path:
                found.append((mutation, said))
                records.append(record)
    answers = run_node(SCRIPT, {"given": rule_set, "numbers": number_tables(), "records": records})
    differences = [
        f"{mutation.kind}: {mutation.what} at {mutation.field}\n  here: {ours}\n  form: {theirs}"
        for (mutation, said), answer in zip(found, answers, strict=True)
        if (ours := sorted(item for item in said if item[0] in answer["codes"] and not_of_the_file(item)))
        != (theirs := sorted(answer["problems"]))
    ]
    assert len(found) > COUNT * 0.9
    assert differences == [], "\n".join(differences)


#: Words that checks take up, put into texts of real records: strong ones, letters nobody explains, details of people, and signs of other
#: scripts beside them.
PUT_IN = [
    "The pilot proves that it helps.", "No study has proven that it helps. Studies show that it helps.", "The data demonstrated it.",
    "It clearly works, undoubtedly.", "Nobody knows whether research shows that it helps.", "It guarantees better pay.",
    "The WXYZ board (WXYZ) met.", "The QZJ asked the QZJs.", "Éclair ÉQZJ, QZJé and VTX.", "ALL OF THIS IS SHOUTED QZJ", "QZJ-KLM and KLM/VTX",
    "Call 212-555-0143.", "Call (415) 867-5309 or +44 20 7946 0018.", "Call +4532123456.", "From 555-0100 on, 55-50143.", "Ring \u0662\u0661\u0662-\u0665\u0665\u0665-\u0660\u0661\u0664\u0663.",
    "See https://example.org/212-555-0143.", "+999 123 456 789 or 011-44-2079", "His number is 123-45-6789, and hers 078-05-1120.",
    "The card 4111 1111 1111 1111, not 4111 1111 1111 1112.", "GB29 NWBK 6016 1331 9268 19", "GB28 NWBK 6016 1331 9268 19",
    "MT84MALT011000012345MTLCAST001S", "BE83138811735115", "Passport no. X1234567",
]  # fmt: skip


@pytest.mark.unmeasured
def test_words_put_into_the_records_of_the_library_are_told_alike(library):
    """All records stand beside one another, so that the strength of what a claim cites, and letters explained elsewhere, are known."""
    rng = random.Random(SEED)  # noqa: S311 - chance that can be repeated
    project, changed = Project.at(ROOT), []
    schemas = Schemas.load(project.schemas_folder)
    chosen = {source.path for source in library if source.kind in ("use-case", "principle")}
    chosen |= set(rng.sample([source.path for source in library if source.kind in ("pilot", "source", "term")], 60))
    for source in library:
        if source.path not in chosen:
            changed.append(source)
            continue
        data = copy.deepcopy(source.data)
        texts = [field for field, value, _ in schemas.values(source.kind, data, "prose") if isinstance(value, str)]
        for *place, last in rng.sample(texts, min(4, len(texts))):
            holder = at(data, place)
            holder[last] = f"{holder[last]} {rng.choice(PUT_IN)}"
        for claim in rng.sample(data.get("claims", []), min(2, len(data.get("claims", [])))):
            if "findings" in claim:
                claim["bearing"] = "analogy"
        if source.kind == "pilot" and data.get("findings"):
            data["findings"][0]["id"] = rng.choice(["sources", "gaps", "a-name"])
        if rng.random() < 0.2:
            data["waivers"] = [
                {
                    "check": rng.choice(["LAN004", "EVI012", "IDN001", "LIF004", "REF008", "PRV002"]),
                    "reason": "It is meant.",
                }
            ]
        changed.append(parse_source(source.kind, source.path, source.stem, as_yaml(data).encode()))
    validation = validate_sources(project, changed)
    found = [item for item in told(validation) if item[0] in chosen]
    everything = given(validation) | {"records": known_records(validation.base)}
    task = [{name: value for name, value in record.items() if name != "records"} for _, record, _ in found]
    answers = run_node(SCRIPT, {"given": everything, "numbers": number_tables(), "records": task})
    seen, differences = Counter(), []
    for (path, _, said), answer in zip(found, answers, strict=True):
        ours = sorted(item for item in said if item[0] in answer["codes"] and not_of_the_file(item))
        theirs = sorted(answer["problems"])
        seen.update(code for code, *_ in theirs)
        if ours != theirs:
            differences.append((path, [x for x in ours if x not in theirs], [x for x in theirs if x not in ours]))
    assert differences == [], "\n".join(map(str, differences))
    assert set(seen) >= {"EVI007", "EVI012", "IDN007", "LAN004", "PRV002", "PRV004", "WAI001", "WAI002"}


NUMBERS = ROOT / "tests" / "node" / "numbers.js"


def test_the_form_knows_a_telephone_number_as_the_command_line_does():
    """Examples of every country and kind, in every way of writing them, and with slips; all as the pattern of the check finds them."""
    rng = random.Random(SEED)  # noqa: S311 - chance that can be repeated
    ways = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL)
    examples = sorted(
        phonenumbers.format_number(number, way)
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in PhoneNumberType.values()
        if (number := phonenumbers.example_number_for_type(region, kind)) is not None
        for way in ways
    )
    texts = [slip(rng, text, "0123456789") for text in examples for _ in range(3)] + examples
    for start in ("", "+1 ", "+44 ", "011-", "1-", "+800 ", "+", "+0"):
        for form in ("{}-{}-{}", "({}) {}-{}", "{}.{}.{}", "{} {}{}"):
            texts += [
                start
                + form.format(
                    *("".join(rng.choices("0123456789", k=rng.choice(size))) for size in ((2, 3, 4),) * 2 + ((3, 4),))
                )
                for _ in range(60)
            ]
    texts += [text.translate(other) for other in (ARABIC, WIDE) for text in texts[:: len(texts) // 200]]
    pattern = Catalogue("privacy").pattern("phone")
    found = sorted({match[0] for text in texts for match in pattern.finditer(text)})
    told_of = run_node(NUMBERS, {"tables": number_tables(), "phones": found})["phones"]
    expected = [privacy._is_phone(text) for text in found]
    assert [(text, one) for text, one, other in zip(found, expected, told_of, strict=True) if one != other] == []
    assert 1000 < sum(expected) < len(found) - 1000


def test_the_form_knows_an_account_number_as_the_command_line_does():
    rng = random.Random(SEED)  # noqa: S311 - chance that can be repeated
    tables, texts = number_tables(), []
    signs = {"n": "0123456789", "a": "ABCXYZ", "c": "0123456789ABCXYZ"}
    for country, form in tables["accounts"].items():
        for _ in range(6):
            parts = re.findall(r"(\d+)!([nac])", form)
            rest = "".join("".join(rng.choices(signs[kind], k=int(size))) for size, kind in parts)
            whole = f"{country}{iban.calc_check_digits(country + '00' + rest)}{rest}"
            texts += [whole, iban.format(whole), slip(rng, whole, "0123456789ABC"), whole[:-1], whole.translate(ARABIC)]
    pattern = Catalogue("privacy").pattern("bank-account")
    found = sorted({match[0] for text in texts for match in pattern.finditer(text)})
    told_of = run_node(NUMBERS, {"tables": tables, "accounts": found})["accounts"]
    expected = [privacy._is_bank_account(text) for text in found]
    assert [(text, one) for text, one, other in zip(found, expected, told_of, strict=True) if one != other] == []
    assert 500 < sum(expected) < len(found) - 500


ARABIC = {ord("0") + digit: 0x660 + digit for digit in range(10)}
WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}


def slip(rng, text, signs):
    """A text with a sign changed, put in or left out."""
    place, new = rng.randrange(len(text)), rng.choice(signs)
    return text[:place] + rng.choice(["", new, new + text[place]]) + text[place + 1 :]


READING = ROOT / "tests" / "node" / "reading.js"


def test_patterns_find_in_the_form_what_they_find_on_the_command_line(library):
    """Letters, digits, spaces and edges of words are those of every script, in either language."""
    rng = random.Random(SEED)  # noqa: S311 - chance that can be repeated
    patterns = {
        f"{file.stem} {name}": pattern
        for file in FOLDER.glob("*.yaml")
        for name, pattern in Catalogue(file.stem).data.get("patterns", {}).items()
    }
    patterns |= {item["what"]: item["pattern"] for item in Catalogue("privacy").terms("secrets")}
    pieces = [
        *"éßŁдΩا٣\uff15\U0001d7d7²½_\u2011\u2013—’“”…·",
        "\u00a0",
        "\u2003",
        "\u0085",
        "\x1c",
        "\ufeff",
        "\u200d",
        "\n",
        "\t",
        " ",
    ]
    texts = [value for source in library for _, value in strings(source.data)]
    texts = rng.sample(texts, 1500) + PUT_IN * 4
    for number, text in enumerate(texts):
        for _ in range(number % 4):
            place = rng.randrange(len(text) + 1)
            text = text[:place] + rng.choice(pieces) + text[place:]  # noqa: PLW2901 - slip upon slip
        texts[number] = text
    expected = [[[match[0] for match in re.finditer(pattern, text)] for text in texts] for pattern in patterns.values()]
    answers = run_node(READING, {"patterns": [*patterns.values()], "texts": texts})["found"]
    differences = [
        (name, text, ours, theirs)
        for name, in_python, in_form in zip(patterns, expected, answers, strict=True)
        for text, ours, theirs in zip(texts, in_python, in_form, strict=True)
        if ours != theirs
    ]
    assert differences == [], "\n".join(map(str, differences[:20]))
    assert sum(any(found) for found in expected) >= 25


def test_the_form_counts_how_hard_a_text_is_as_the_command_line_does(library):
    texts = [value for source in library for _, value in strings(source.data) if len(value) > 40]
    assert len(texts) > 1000
    answers = run_node(READING, {"texts": texts})
    for text, answer in zip(texts, answers["texts"], strict=True):
        assert answer == [len(reading.words(text)), len(reading.sentences(text)), reading.grade(text)], text


def test_the_form_knows_how_alike_two_names_are_as_the_command_line_does(library):
    names = sorted(source.stem for source in library)
    rng = random.Random(SEED)  # noqa: S311 - chance that can be repeated
    pairs = [tuple(rng.sample(names, 2)) for _ in range(2000)]
    pairs += [(name, name[::-1]) for name in names[:50]] + [("a" * 300, "ab" * 150), ("", ""), ("é", "e")]
    answers = run_node(READING, {"pairs": pairs})
    assert answers["ratios"] == [difflib.SequenceMatcher(None, one, other).ratio() for one, other in pairs]
