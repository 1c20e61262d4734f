"""``lerkb checks``."""

import json
import re

from lerkb.checks import all_checks


def test_every_check_stands_under_its_family(run_lerkb):
    run = run_lerkb("checks")
    assert (run.code, run.err) == (0, "")
    family = ""
    listed = []
    for line in run.out.splitlines():
        head = re.fullmatch(r"([a-z]+) \(([A-Z]{3})\)", line)
        family = head[1] if head else family
        if not head:
            code, _, rest = line.strip().partition(" ")
            listed.append((family, code, rest.lstrip().startswith("*")))
    assert listed == [(check.family_name, check.code, check.waivable) for check in all_checks()]


def test_for_programs_it_is_one_object(run_lerkb):
    listed = json.loads(run_lerkb("checks", "--format", "json").out)
    assert listed["version"] == 1
    assert [item["code"] for item in listed["checks"]] == [check.code for check in all_checks()]
    reference = next(item for item in listed["checks"] if item["code"] == "REF001")
    assert reference == {
        "code": "REF001",
        "name": "unknown-reference",
        "family": "references",
        "severity": "error",
        "waivable": True,
        "title": "A record is named that does not exist",
        "url": "checks/REF001/",
    }
