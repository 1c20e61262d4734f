# ruff: noqa: T201 - a table on the terminal is what it makes
"""Times validation and build on N realistic records, beside check-jsonschema and plain MkDocs. See README.md."""

from __future__ import annotations

import argparse
import copy
import functools
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from lerkb.checks import Check, all_checks
from lerkb.project import KIND_FOLDERS, Project
from lerkb.validation import validate

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
#: Principles have numbers of two digits at most.
MOST = {"principle": 90}
#: Above this many records each program that takes minutes is run once.
MANY = 1000
#: The families that say whether a file is a record, and one of these records.
SHAPE = ("SYN", "SCH", "IDN", "REF")
MIXED = ("use-case", "principle", "pilot", "source", "overview", "term")


@dataclass(frozen=True)
class Cost:
    """What one run of a process took."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    memory: float  # MB


def run(command: list[str], cwd: Path, *, wrong: bool = False) -> Cost:
    """Run a command to its end and measure it as the system does. ``wrong``: whether it may find something wrong in the records."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in ({0, 1} if wrong else {0}):
        sys.exit(f"{' '.join(command[:4])} … failed:\n{errors.decode()[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss / 1024)


def median(command: list[str], cwd: Path, runs: int, *, wrong: bool = False) -> Cost:
    """The median of several runs after one that is not counted; a single run is the only one."""
    if runs > 1:
        run(command, cwd, wrong=wrong)
    costs = [run(command, cwd, wrong=wrong) for _ in range(runs)]
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in ("cpu", "wall", "memory")))


def make_library(library: Path, folder: Path, count: int) -> None:
    """``count`` records with the real library's proportions of kinds, each a real record under a new id."""
    base = validate(Project.at(library)).base
    for part in ("schemas", "content/pages"):
        shutil.copytree(library / part, folder / part)
    shutil.copyfile(library / "mkdocs.yml", folder / "mkdocs.yml")
    total = sum(len(base.of(kind)) for kind in MIXED)
    numbers = {kind: max(1, min(round(len(base.of(kind)) * count / total), MOST.get(kind, count))) for kind in MIXED}
    numbers["source"] += count - sum(numbers.values())
    new = {
        kind: [new_record(base.of(kind)[i % len(base.of(kind))].data, i) for i in range(number)]
        for kind, number in numbers.items()
    }
    vocabularies = [copy.deepcopy(dict(record.data)) for record in base.of("vocabulary")]
    for kind, records in [*new.items(), ("vocabulary", vocabularies)]:
        for index, data in enumerate(records):
            if kind == "principle":
                data["number"] = index + 1
            point_elsewhere(base.schemas, kind, data, new, index)
            target = folder / KIND_FOLDERS[kind] / f"{data['id']}.yaml"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(
                yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=120),
                encoding="utf-8",
            )


def new_record(data: Any, index: int) -> dict[str, Any]:
    """A copy under another id and title."""
    made = copy.deepcopy(dict(data))
    made["id"] = f"{data['id'][:70]}-{index}".replace("--", "-")
    made["title"] = f"{data['title'][:110]} {index}"
    return made


def point_elsewhere(
    schemas: Any, kind: str, data: dict[str, Any], new: dict[str, list[dict[str, Any]]], index: int
) -> None:
    """Let every reference name a record of the new library."""
    for role in ("reference", "citation"):
        for number, (place, _, spec) in enumerate(list(schemas.values(kind, data, role))):
            others = new[kind if spec.schema["x-kind"] == "same" else spec.schema["x-kind"]]
            other = others[(index * 7 + number) % len(others)]
            if other is data:
                other = others[(index * 7 + number + 1) % len(others)]
            value = other["id"]
            if role == "citation":
                parts = other.get(spec.schema["x-part"]) or other["findings"]
                value += f"#{parts[number % len(parts)]['id']}"
            parent: Any = data
            for part in place[:-1]:
                parent = parent[part]
            parent[place[-1]] = value
            if isinstance(parent, list) and parent.count(value) > 1:
                parent[place[-1]] = unused(parent, others, spec.schema.get("x-part", ""))
    for gap in data.get("gaps", ()):
        gap.pop("from", None)


def unused(taken: list[str], others: list[dict[str, Any]], part: str) -> str:
    """A reference that the list does not hold yet."""
    for other in others:
        for item in other[part] if part else [other]:
            value = f"{other['id']}#{item['id']}" if part else other["id"]
            if value not in taken:
                return value
    return taken[0]


def edit_to_served(folder: Path, runs: int) -> float:
    """Median seconds from saving one record to its new text being served."""
    record = min((folder / "use_cases").glob("*.yaml"))
    text = record.read_text(encoding="utf-8")
    port = "8765"
    server = subprocess.Popen(
        [str(BIN / "lerkb"), "--root", str(folder), "serve", "--port", port], stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/use-cases/{record.stem}/"
    try:
        while not fetched(url):
            time.sleep(0.2)
        times = []
        for number in range(runs):
            title = f"Edited {number}"
            start = time.perf_counter()
            record.write_text(
                re.sub(r"^title: .*(\n  .*)*", f"title: {title}", text, count=1, flags=re.MULTILINE), encoding="utf-8"
            )
            while f"<h1>{title}</h1>" not in fetched(url):
                time.sleep(0.005)
            times.append(time.perf_counter() - start)
            time.sleep(0.3)
        return statistics.median(times)
    finally:
        record.write_text(text, encoding="utf-8")
        server.terminate()
        server.wait()


def fetched(url: str) -> str:
    """The page, or nothing while the server is not there yet."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - an address of our own making
            return str(answer.read().decode())
    except OSError:
        return ""


def measure(library: Path, count: int, options: argparse.Namespace) -> None:
    """Measure one size and print its lines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "base"
        folder.mkdir()
        make_library(library, folder, count)
        runs = 1 if count > MANY else options.runs
        measure_validate(folder, count, runs)
        if options.families:
            show_families(folder, count)
        if not options.validate:
            measure_build(folder, count, runs)
        if options.edit:
            print(f"{count:>6}  edit to served page: {edit_to_served(folder, 5):.3f} s")


def measure_validate(folder: Path, count: int, runs: int) -> None:
    """All families, the four that say whether a file is a record among records, and one file, beside check-jsonschema."""
    lerkb = [str(BIN / "lerkb"), "--root", str(folder), "validate"]
    whole = median(lerkb, folder, max(runs, 3), wrong=True)
    chosen = median([*lerkb, "--select", ",".join(SHAPE)], folder, max(runs, 3), wrong=True)
    one = median([*lerkb, str(min((folder / "use_cases").glob("*.yaml")))], folder, max(runs, 3), wrong=True)
    show(count, "validate", whole)
    show(count, "  four families", chosen)
    show(count, "  one file", one)
    if (BIN / "check-jsonschema").exists():
        other = check_jsonschema(folder, runs)
        show(count, "check-jsonschema", other)
        print(
            f"{count:>6}  CPU a record: {whole.cpu / count * 1000:.3f} ms, four families {chosen.cpu / count * 1000:.3f} ms, "
            f"check-jsonschema {other.cpu / count * 1000:.3f} ms: {other.cpu / whole.cpu:.1f} × and "
            f"{other.cpu / chosen.cpu:.1f} × less",
            flush=True,
        )


def check_jsonschema(folder: Path, runs: int) -> Cost:
    """What check-jsonschema takes for the same records: one process a kind, since it takes one schema."""
    per_kind = [
        median(
            [
                str(BIN / "check-jsonschema"),
                "--schemafile",
                f"{kind}.schema.json",
                *map(str, sorted((folder / KIND_FOLDERS[kind]).glob("*.yaml"))),
            ],
            folder / "schemas",  # its relative references are resolved from there
            runs,
        )
        for kind in MIXED
    ]
    return Cost(sum(c.cpu for c in per_kind), sum(c.wall for c in per_kind), max(c.memory for c in per_kind))


def show_families(folder: Path, count: int) -> None:
    """CPU of each family of checks and of the dearest checks, and what they found, in one run in this process."""
    spent: Counter[str] = Counter()

    def timed(check: Check) -> Check:
        @functools.wraps(check.run)
        def run(*given: Any) -> list[Any]:
            start = time.process_time()
            found = list(check.run(*given))
            spent[check.code] += time.process_time() - start
            return found

        return replace(check, run=run)

    every = tuple(timed(check) for check in all_checks())
    start = time.process_time()
    with mock.patch("lerkb.validation.all_checks", return_value=every):
        found = Counter(item.code for item in validate(Project.at(folder)).diagnostics)
    total = time.process_time() - start
    families: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    for check in every:
        families[check.family_name] += spent[check.code]
        problems[check.family_name] += found[check.code]
    print(
        f"{count:>6}  {total:.2f} s in this process, {total - spent.total():.2f} s of it reading, gating and gathering"
    )
    for family, seconds in families.most_common():
        print(f"{'':6}  {family:12} {seconds / count * 1000:7.3f} ms a record   {problems[family]:,} problems")
    for code, seconds in spent.most_common(8):
        print(f"{'':6}  {code:12} {seconds / count * 1000:7.3f} ms a record   {found[code]:,} problems")


def measure_build(folder: Path, count: int, runs: int) -> None:
    """The site, beside MkDocs with Material rendering the same pages from disk."""
    lerkb = [str(BIN / "lerkb"), "--root", str(folder)]
    show(count, "build", median([*lerkb, "build"], folder, runs))
    sizes = {
        kind: [f.stat().st_size for f in (folder / "site").glob(f"{part}/*/index.html")]
        for kind, part in (
            ("use case", "use-cases"),
            ("pilot", "pilots"),
            ("principle", "principles"),
            ("source", "sources"),
        )
    }
    everything = [size for found in sizes.values() for size in found]
    print(
        f"{count:>6}  page KB: "
        + ", ".join(
            f"{kind} {sum(found) / len(found) / 1024:.1f} (max {max(found) / 1024:.1f})"
            for kind, found in sizes.items()
            if found
        )
        + f"; average {sum(everything) / len(everything) / 1024:.1f}; site {sum(f.stat().st_size for f in (folder / 'site').rglob('*') if f.is_file()) / 1e6:.1f} MB"
    )
    with tempfile.TemporaryDirectory() as name:
        run([*lerkb, "export", "docs-tree", "-o", str(Path(name) / "tree")], folder)
        mkdocs = [str(BIN / "mkdocs"), "build", "-q", "-d", str(Path(name) / "plain")]
        show(count, "plain MkDocs", median(mkdocs, Path(name) / "tree", runs))


def show(count: int, what: str, cost: Cost) -> None:
    """Print one line of the table."""
    print(
        f"{count:>6}  {what:18} CPU {cost.cpu:8.2f} s   wall {cost.wall:8.2f} s   peak {cost.memory:7.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=[100, 1000, 5000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--library", type=Path, default=ROOT, help="knowledge base whose records are multiplied")
    parser.add_argument("--validate", action="store_true", help="only validation")
    parser.add_argument("--families", action="store_true", help="also the CPU of each family of checks")
    parser.add_argument("--edit", action="store_true", help="also an edit until it is served")
    chosen = parser.parse_args()
    chosen.library = chosen.library.absolute()
    for size in chosen.counts:
        measure(chosen.library, size, chosen)
