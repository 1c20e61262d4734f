"""Audits the real site, every page type, and publishes what it finds on the accessibility page. Run by hand; see README.md beside it."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
sys.path.insert(0, str(TESTS))

from checkers import (  # noqa: E402 - the tests' modules are no package
    Slip,
    check_accessibility,
    check_forced_colors,
    check_html,
    check_keyboard,
    check_motion,
    check_spacing,
    check_width,
    run_vnu,
)
from lerkb.cli import main as lerkb  # noqa: E402
from lerkb.files import write_text  # noqa: E402
from page_types import PAGE_TYPES, READ_TYPES, chosen_pages, page_name  # noqa: E402
from serving import Host, serve  # noqa: E402
from states import DESK, PHONE, SCHEMES, STATES, open_everything  # noqa: E402

RESULTS = ROOT / "content" / "pages" / "accessibility-results.json"
PAGE = ROOT / "content" / "pages" / "accessibility.md"
BEGIN, END = "<!-- results: written by tests/audit/audit.py -->", "<!-- end of results -->"
#: What is looked for, as the accessibility page calls it.
CHECKS = {
    "axe": "Rules of axe-core: WCAG 2.2 A and AA, best practice",
    "html": "Sound HTML, CSS and SVG",
    "console": "No error in the browser’s console",
    "requests": "Nothing asked of another host",
    "keyboard": "All of it by keyboard, with visible focus",
    "reflow": "Fits 320 pixels (zoom of 400 percent)",
    "spacing": "Nothing lost with spaced-out text",
    "motion": "Nothing moves where less motion is asked for",
    "forced colors": "Forced colors are kept",
    "weight": "First view within its limit",
}
#: Bytes over the wire that the first view of a page may take.
LIMITS = {"use_case": 150_000, "explorer": 250_000}
LIGHTHOUSE_TYPES = ("home", "explorer", "use_case")
#: Lighthouse’s categories, as the accessibility page calls them, and the least score that will do.
CATEGORIES = {
    "performance": ("Speed", 95),
    "accessibility": ("Accessibility", 100),
    "best-practices": ("Best practices", 100),
    "seo": ("Search engines", 95),
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Listener:
    """What a page says and asks while it is looked at."""

    def __init__(self, page: Page, own: Sequence[str]) -> None:
        self.slips: list[tuple[str, Slip]] = []
        page.on("console", lambda message: self._said(page, message.type, message.text))
        page.on("pageerror", lambda error: self._said(page, "error", str(error)))
        page.on("request", lambda request: self._asked(page, request.url, own))

    def _said(self, page: Page, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.slips.append(("console", Slip("console", page.url, text)))

    def _asked(self, page: Page, url: str, own: Sequence[str]) -> None:
        if not url.startswith((*own, "data:", "blob:")):
            self.slips.append(("requests", Slip("another-host", page.url, url)))


class Auditor:
    """Looks at the pages of two running sites."""

    def __init__(self, browser: Browser, hosts: Sequence[Host]) -> None:
        self.browser = browser
        self.own = [host.address for host in hosts]

    def _open(self, address: str, width: int = DESK, **options: Any) -> tuple[Page, Listener]:
        page = self.browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
        listener = Listener(page, self.own)
        page.goto(address)
        page.wait_for_load_state("networkidle")
        return page, listener

    def page(self, address: str, *, walk: bool) -> list[tuple[str, Slip]]:
        """Every check of one page; ``walk``: the keyboard’s, too."""
        slips: list[tuple[str, Slip]] = []
        for width in (DESK, PHONE):
            page, listener = self._open(address, width)
            found = check_accessibility(page, SCHEMES[:1])
            if walk:
                slips += [("keyboard", slip) for slip in check_keyboard(page)]
            open_everything(page)
            slips += [("axe", slip) for slip in found + check_accessibility(page)] + listener.slips
            page.context.close()
        page, listener = self._open(address, bypass_csp=True)
        slips += [("motion", slip) for slip in check_motion(page)]
        slips += [("forced colors", slip) for slip in check_forced_colors(page)]
        open_everything(page)
        slips += [("reflow", slip) for slip in check_width(page)]
        slips += [("spacing", slip) for slip in check_spacing(page)] + listener.slips
        page.context.close()
        return slips

    def state(self, name: str, address: str) -> list[tuple[str, Slip]]:
        """The checks of a page that has been used."""
        slips: list[tuple[str, Slip]] = []
        for width in (DESK, PHONE):
            if width == PHONE and STATES[name].needs_field:
                continue
            page, listener = self._open(address, width)
            STATES[name].act(page)
            slips += [("axe", slip) for slip in check_accessibility(page)] + listener.slips
            page.context.close()
        return slips


def weigh(playwright: Playwright, path: str, folder: Path, urls: Iterable[str]) -> dict[str, int]:
    """Bytes over the wire for the first view of each page, by somebody who was never there."""
    weights = {}
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    with serve(folder) as host:
        for url in urls:
            context = browser.new_context(viewport={"width": DESK, "height": 900})
            page = context.new_page()
            page.goto(host.address + url)
            page.wait_for_load_state("networkidle")
            context.close()
            weights[url] = host.weight()
    browser.close()
    return weights


def lighthouse(tool: Path, browser: str, address: str, runs: int) -> dict[str, int]:
    """The scores of a page for a phone: of each category the median."""
    scores: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        for _ in range(runs):
            subprocess.run(
                [
                    "node",
                    str(tool / "node_modules" / "lighthouse" / "cli" / "index.js"),
                    address,
                    "--quiet",
                    "--chrome-flags=--headless --no-sandbox",
                    "--output=json",
                    f"--output-path={report}",
                ],
                check=True,
                env={**os.environ, "CHROME_PATH": browser},
            )
            for name, category in json.loads(report.read_text(encoding="utf-8"))["categories"].items():
                scores.setdefault(name, []).append(round(category["score"] * 100))
    return {name: round(statistics.median(found)) for name, found in scores.items()}


# ---- what is published


def relative(slip: Slip, hosts: Mapping[str, str]) -> dict[str, str]:
    """A finding with the page’s address on the site, whatever port it was served from."""
    told = asdict(slip)
    for address, shown in hosts.items():
        told = {name: value.replace(address, shown) for name, value in told.items()}
    return told


def failing(entry: Mapping[str, Any]) -> int:
    return sum(map(len, entry["fails"].values()))


def wrongs(fails: Mapping[str, Sequence[Mapping[str, str]]]) -> list[str]:
    """What fails, a line for each rule and page: how often, and the first case."""
    cases: dict[tuple[str, str, str], list[str]] = {}
    for check, slips in fails.items():
        for slip in slips:
            shown = " ".join(slip["text"].replace("`", "'").split())
            cases.setdefault((check, slip["page"], slip["rule"]), []).append(shown)
    return [
        f"- {CHECKS[check]}, page {page or '/'}: {rule}, {'once' if len(texts) == 1 else f'{len(texts)} times, first'}: `{texts[0]}`"
        for (check, page, rule), texts in cases.items()
    ]


def spoken(number: int) -> str:
    return "none" if number == 0 else str(number)


def block(results: Mapping[str, Any]) -> str:
    """The results as the accessibility page shows them."""
    entries = [*results["page_types"], *results["states"], results["whole_site"]]
    tools = ", ".join(f"{name} {version}" for name, version in results["tools"].items())
    lines = [
        BEGIN,
        "",
        f"Last run on {results['date']}, with {tools}. All that the tools found is there [as data](accessibility-results.json).",
        "",
        "| Looked for | Found wrong |",
        "|---|---|",
    ]
    for check, title in CHECKS.items():
        lines.append(f"| {title} | {spoken(sum(len(entry['fails'].get(check, ())) for entry in entries))} |")
    lines += [
        "",
        f"The HTML checker read all {results['whole_site']['pages']} pages. The others looked at as many of each type as show every kind of part it has.",
        "",
        "| Type of page | Pages | Found wrong | First view, KB |",
        "|---|---|---|---|",
    ]
    for entry in results["page_types"]:
        when = "" if entry["date"] == results["date"] else f" ({entry['date']})"
        weight = round(max(entry["weight"].values()) / 1000) if entry["weight"] else ""
        lines.append(f"| {entry['name']}{when} | {len(entry['pages'])} | {spoken(failing(entry))} | {weight} |")
    lines += [f"| {entry['name']} | 1 | {spoken(failing(entry))} | |" for entry in results["states"]]
    wrong = [line for entry in entries for line in wrongs(entry["fails"])]
    if wrong:
        lines += ["", "What was wrong:", "", *wrong]
    if results["by_hand"]:
        titles = [title for title, _ in CATEGORIES.values()]
        lines += [
            "",
            "Speed depends on the machine that measures, so Lighthouse was run by hand, for a phone on a slow line. Scores go to 100.",
            "",
            f"| Page | {' | '.join(titles)} |",
            "|---" * (len(titles) + 1) + "|",
        ]
        for entry in results["by_hand"]:
            scores = " | ".join(
                f"{entry['scores'][name]}{'' if entry['scores'][name] >= least else f' (aim: {least})'}"
                for name, (_, least) in CATEGORIES.items()
            )
            lines.append(f"| {entry['name']}, {entry['date']} | {scores} |")
    return "\n".join([*lines, "", END])


def with_block(text: str, results: Mapping[str, Any]) -> str:
    """The accessibility page with these results in it."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{block(results)}{after}"


# ---- the run


def tools(browser: Browser) -> dict[str, str]:
    """The programs that look, with their versions."""
    import axe_playwright_python

    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    return {
        "axe-core": axe.split("axe v", 1)[1].split(maxsplit=1)[0],
        "the Nu HTML checker": run_vnu("--version").split()[0],
        "Chromium": browser.version,
    }


def collected(slips: Iterable[tuple[str, Slip]], hosts: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """Findings by check, each once."""
    found: dict[str, list[dict[str, str]]] = {}
    for check, slip in slips:
        told = relative(slip, hosts)
        if told not in found.setdefault(check, []):
            found[check].append(told)
    return found


def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Build the sites and look at them."""
    with tempfile.TemporaryDirectory() as folder:
        library, sample = Path(folder) / "library", Path(folder) / "sample"
        for root, target in ((ROOT, library), (TESTS / "sample", sample)):
            if lerkb(["--root", str(root), "build", "--site-dir", str(target)]):
                raise SystemExit(1)
        with serve(library) as host, serve(sample) as sample_host, sync_playwright() as playwright:
            hosts = {host.address: "", sample_host.address: "sample: "}
            own, others = chosen_pages(ROOT, library), chosen_pages(TESTS / "sample", sample)
            places = {
                name: [host.address + url for url in own[name]]
                if name in own
                else [sample_host.address + url for url in others.get(name, ())]
                for name in PAGE_TYPES
            }
            browser = playwright.chromium.launch(executable_path=arguments.browser, args=FLAGS)
            versions = tools(browser)
            browser.close()
            weights = weigh(
                playwright, arguments.browser, library, [url for name in READ_TYPES for url in own.get(name, ())]
            )

            def look(job: tuple[str, str]) -> list[tuple[str, Slip]]:
                with sync_playwright() as here:  # one for each thread: it serves no other
                    chromium = here.chromium.launch(executable_path=arguments.browser, args=FLAGS)
                    auditor = Auditor(chromium, (host, sample_host))
                    kind, address = job
                    walk = address in walked
                    found = auditor.page(address, walk=walk) if not kind else auditor.state(kind, address)
                    chromium.close()
                sys.stderr.write(
                    f"{kind or 'page'} {relative(Slip('', address, ''), hosts)['page'] or '/'}: {len(found)}\n"
                )
                return found

            walked = {addresses[0] for addresses in places.values() if addresses}
            asked = arguments.types or READ_TYPES
            states = {name: state for name, state in STATES.items() if state.page_type in asked}
            jobs = [("", address) for name in asked for address in places[name]]
            jobs += [(name, places[state.page_type][0]) for name, state in states.items()]
            with ThreadPoolExecutor(arguments.jobs) as pool:
                found = dict(zip(jobs, pool.map(look, jobs), strict=True))
            html = [
                host.address + (file.parent.relative_to(library).as_posix() + "/").removeprefix("./")
                for file in sorted(library.rglob("index.html"))
            ]
            assets = [file for file in sorted((library / "assets").iterdir()) if file.suffix in (".css", ".svg")]
            whole = [("html", slip) for slip in check_html([*html, f"{host.address}404.html", *assets])]
            from_sample = [
                address for address in places["gone"] + places["redirect"] if address.startswith(sample_host.address)
            ]
            whole += [("html", slip) for slip in check_html(from_sample)] if from_sample else []
            return {
                "version": 1,
                "date": arguments.date.isoformat(),
                "tools": versions,
                "checks": CHECKS,
                "page_types": [
                    {"date": arguments.date.isoformat(), **page_type_entry(name, places[name], found, weights, hosts)}
                    for name in asked
                    if places[name]
                ],
                "states": [
                    {
                        "date": arguments.date.isoformat(),
                        "id": name,
                        "name": f"{page_name(state.page_type)}: {name}",
                        "fails": collected(found[name, places[state.page_type][0]], hosts),
                    }
                    for name, state in states.items()
                ],
                "whole_site": {"pages": len(html) + 1, "fails": collected(whole, hosts)},
            }


def page_type_entry(
    name: str,
    addresses: Sequence[str],
    found: Mapping[tuple[str, str], list[tuple[str, Slip]]],
    weights: Mapping[str, int],
    hosts: Mapping[str, str],
) -> dict[str, Any]:
    """What was found on the pages of a type."""
    urls = [relative(Slip("", address, ""), hosts)["page"] for address in addresses]
    slips = [pair for address in addresses for pair in found["", address]]
    limit = LIMITS.get(name)
    slips += [
        ("weight", Slip("weight", url, f"{weights[url]} bytes, where {limit} are the most"))
        for url in urls
        if limit and weights[url] > limit
    ]
    return {
        "id": name,
        "name": page_name(name),
        "pages": urls,
        "weight": {url: weights[url] for url in urls if url in weights},
        "fails": collected(slips, hosts),
    }


def merged(now: dict[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    """The results of a run, and the earlier ones of what it left out."""
    for part, order in (("page_types", READ_TYPES), ("states", tuple(STATES))):
        found = {entry["id"]: entry for entry in (*earlier.get(part, ()), *now[part])}
        now[part] = [found[name] for name in order if name in found]
    return now


def measure_speed(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """Lighthouse’s scores of the pages people come to first."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        if lerkb(["--root", str(ROOT), "build", "--site-dir", str(library)]):
            raise SystemExit(1)
        chosen = chosen_pages(ROOT, library)
        with serve(library) as host:
            return [
                {
                    "tool": "Lighthouse",
                    "version": json.loads(
                        (arguments.lighthouse / "node_modules" / "lighthouse" / "package.json").read_text(
                            encoding="utf-8"
                        )
                    )["version"],
                    "name": page_name(name),
                    "page": chosen[name][0],
                    "date": arguments.date.isoformat(),
                    "runs": arguments.runs,
                    "scores": lighthouse(
                        arguments.lighthouse, arguments.browser, host.address + chosen[name][0], arguments.runs
                    ),
                }
                for name in LIGHTHOUSE_TYPES
            ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--date", type=date.fromisoformat, help="the day of the run, as 2026-12-31")
    parser.add_argument("--browser", default=os.environ.get("LERKB_BROWSER"), help="path of Chromium, Chrome or Edge")
    parser.add_argument(
        "--types",
        nargs="+",
        choices=READ_TYPES,
        metavar="TYPE",
        help="only these page types; the others keep their results",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="pages looked at at once")
    parser.add_argument("--lighthouse", type=Path, help="folder into which npm has installed Lighthouse")
    parser.add_argument("--runs", type=int, default=3, help="runs of Lighthouse a page; the median counts")
    parser.add_argument(
        "--keep", action="store_true", help="keep the results there are; measure no more than is asked for"
    )
    arguments = parser.parse_args()
    if (not arguments.keep or arguments.lighthouse) and not (arguments.date and arguments.browser):
        parser.error(
            "say the day of the run (--date 2026-12-31) and the path of a browser (--browser or LERKB_BROWSER)"
        )
    earlier = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {"by_hand": []}
    results = earlier if arguments.keep else {**merged(run(arguments), earlier), "by_hand": earlier["by_hand"]}
    if arguments.lighthouse:
        results["by_hand"] = measure_speed(arguments)
    write_text(RESULTS, json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    write_text(PAGE, with_block(PAGE.read_text(encoding="utf-8"), results))


if __name__ == "__main__":
    main()
