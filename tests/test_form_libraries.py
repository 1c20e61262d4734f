"""The two libraries that the form ships are the packages as their makers give them out, and neither makes code of text."""

import re
import subprocess

import pytest

from lerkb.site.theme_settings import ASSETS
from test_editor import ROOT, node

MODULES = ROOT / "tests" / "node" / "node_modules"


def test_the_shipped_schema_validator_is_the_packaged_one():
    made = subprocess.run(
        [node(), str(ROOT / "tests" / "node" / "json-schema.js")], capture_output=True, check=True, timeout=60
    )
    assert (ASSETS / "json-schema.js").read_bytes() == made.stdout


def test_the_shipped_yaml_reader_is_the_packaged_one():
    packaged = MODULES / "js-yaml" / "dist" / "browser" / "js-yaml.umd.min.js"
    assert (ASSETS / "js-yaml.js").read_bytes() == packaged.read_bytes()
    assert (ASSETS / "LICENSE-js-yaml.txt").read_bytes() == (MODULES / "js-yaml" / "LICENSE").read_bytes()


@pytest.mark.parametrize("name", ["json-schema.js", "js-yaml.js", "record-checks.js", "record-yaml.js"])
def test_no_script_of_the_form_makes_code_of_text(name):
    text = (ASSETS / name).read_text(encoding="utf-8")
    assert re.findall(r"\beval\s*\(|\bnew Function\b|\bFunction\s*\(", text) == []
