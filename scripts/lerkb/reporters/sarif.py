"""For code scanning: the Static Analysis Results Interchange Format, 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

import hashlib
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from lerkb import __version__
from lerkb.checks import all_checks
from lerkb.diagnostics import Severity
from lerkb.edits import edit_for
from lerkb.reporters import Report, reporter
from lerkb.reporters.json import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lerkb.checks import Check
    from lerkb.diagnostics import Diagnostic

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_ROOT: Final = "%SRCROOT%"


@reporter("sarif")
def report_sarif(report: Report) -> str:
    """SARIF 2.1.0 for code scanning: every check with its help, and each problem with its place."""
    checks = all_checks()
    index = {check.code: number for number, check in enumerate(checks)}
    driver: dict[str, Any] = {
        "name": "lerkb",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(check, report.site) for check in checks],
    }
    if report.site:
        driver["informationUri"] = report.site
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "invocations": [{"executionSuccessful": True}],
        "results": [
            _result(item, fingerprint, index[item.code], report)
            for item, fingerprint in _fingerprinted(report.diagnostics)
        ],
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(check: Check, site: str) -> dict[str, Any]:
    page = check.page
    waiver = "A record may waive it with a written reason." if check.waivable else "It cannot be waived."
    rule: dict[str, Any] = {
        "id": check.code,
        "name": check.name,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": " ".join(page.why.split())},
        "help": {
            "text": f"{page.why}\n\nWhat it finds:\n{textwrap.indent(page.bad, '    ')}\n\n"
            f"What to write instead:\n{textwrap.indent(page.good, '    ')}\n\n{waiver}",
            "markdown": f"{page.why}\n\n**What it finds**\n\n{_code(page.bad)}\n\n"
            f"**What to write instead**\n\n{_code(page.good)}\n\n{waiver}",
        },
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
        "properties": {"tags": [check.family_name]},
    }
    if site:
        rule["helpUri"] = site.rstrip("/") + "/" + check.url
    return rule


def _code(example: str) -> str:
    fence = "~~~" if "```" in example else "```"
    return f"{fence}yaml\n{example}\n{fence}"


def _result(item: Diagnostic, fingerprint: str, rule: int, report: Report) -> dict[str, Any]:
    file = {"uri": quote(report.folder + item.path, errors="surrogateescape"), "uriBaseId": _ROOT}
    source = report.sources.get(item.path)
    edit = edit_for(source, item) if source else None
    result: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": rule,
        "level": _LEVELS[item.severity],
        # What a contributor wrote may look like a link, `[…](…)`, which a viewer would show as one.
        "message": {"text": "\n".join(filter(None, (item.message, item.hint))).replace("](", "] (")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": file,
                    "region": {"startLine": item.line, "startColumn": item.column},
                },
                **({"logicalLocations": [{"fullyQualifiedName": item.field, "kind": "member"}]} if item.field else {}),
            }
        ],
        # Not GitHub’s own `primaryLocationLineHash`, which its upload computes from the file and warns about if it differs.
        "partialFingerprints": {"lerkb/v1": fingerprint},
    }
    if edit is not None:
        region = {"startLine": edit.line, "startColumn": edit.column, "endColumn": edit.end_column}
        replacement = {"deletedRegion": region, "insertedContent": {"text": edit.text}}
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": file, "replacements": [replacement]}]}]
        if item.hint:
            result["fixes"][0]["description"] = {"text": item.hint}
    return result


def _fingerprinted(diagnostics: tuple[Diagnostic, ...]) -> Iterator[tuple[Diagnostic, str]]:
    """Each with what stays the same when its line, or its place in a list, moves: check, field and message, and which of equal ones.

    The file is left out: who matches results counts it in, and so can tell a file that was renamed.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    for item in diagnostics:
        field = "/".join(part for part in item.field.split("/") if not part.isdigit())
        identity = (item.code, field, item.message)
        seen[item.path, *identity] += 1
        text = "\0".join((*identity, str(seen[item.path, *identity])))
        yield item, hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
