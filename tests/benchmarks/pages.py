# ruff: noqa: T201 - a table on the terminal is what it makes
"""Measures what readers wait for: bytes of a first view, a click on a filter until it is painted, search. See README.md."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from bench import BIN, ROOT, make_library, run  # noqa: E402 - scripts and the tests' modules are no package

from conftest import BROWSER_FLAGS  # noqa: E402
from serving import Host, serve  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes over the wire of a first view, and milliseconds from a click on a filter to the painted result.
LIMITS = {"use case": 150_000, "explorer": 250_000, "click": 100.0}
#: What people type: a word, a word half written, a slip, several words, a word of a synonym, words of a claim.
QUERIES = ("nurse", "certif", "aprentices", "prison certificate", "accreditation", "passed off a twin’s charges")

#: Milliseconds from an action to the moment after the frame that shows what it did. A task posted in the frame runs once it is painted.
_TIMED = """async ([selector, action, text]) => {
  const element = document.querySelector(selector);
  await new Promise((resolve) => setTimeout(resolve, 60));  // what earlier actions left to do is done
  performance.mark("start");
  if (action === "click") element.click();
  else {
    element.value = text;
    element.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  await new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  }));
  performance.mark("painted");
  return performance.measure("wait", "start", "painted").duration;
}"""
#: Resolves once the explorer can search all it has; the list then shows results of the query.
_FOUND = "() => document.querySelector('#kb-results mark') && document.querySelector('#kb-count').textContent"


@dataclass(frozen=True)
class Wait:
    """How long something took, several times over, and how long the page's thread worked for it: the rest is other programs' work."""

    times: tuple[float, ...]
    work: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        """What half of the times are under."""
        return statistics.median(self.times)

    def __str__(self) -> str:
        worst = sorted(self.times)[max(0, round(len(self.times) * 0.95) - 1)]
        work = f"   thread {statistics.median(self.work):6.1f} ms" if self.work else ""
        return f"median {self.median:6.1f} ms   95 of 100 within {worst:6.1f} ms{work}   (n={len(self.times)})"


class Clock:
    """Times what is done on a page, by the wall and by the time its thread worked."""

    def __init__(self, page: Page) -> None:
        """Nothing is measured yet."""
        self.page = page
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.times: list[float] = []
        self.work: list[float] = []

    def worked(self) -> float:
        """Seconds that the thread has worked."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))

    def do(self, selector: str, action: str, text: str = "") -> None:
        """Click on an element or type into it, and wait until what that does is painted."""
        before = self.worked()
        self.times.append(float(self.page.evaluate(_TIMED, [selector, action, text])))
        self.work.append((self.worked() - before) * 1000)

    def wait(self) -> Wait:
        """What was measured."""
        return Wait(tuple(self.times), tuple(self.work))


class Lab:
    """A browser on a served site."""

    def __init__(self, browser: Browser, host: Host) -> None:
        """Nothing is kept from one visit to the next."""
        self.browser = browser
        self.host = host

    def open(self, url: str, slower: int = 1) -> Page:
        """A page in a browser that has seen nothing before, its processor that many times slower."""
        page = self.browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        if slower > 1:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(self.host.address + url, wait_until="networkidle")
        return page

    def weight(self, url: str) -> tuple[int, int]:
        """Bytes over the wire of a first view, heads of answers included, and the number of files."""
        self.host.weight()
        page = self.open(url)
        files = len(self.host.sent)
        size = self.host.weight()
        page.context.close()
        return size, files

    def clicks(self, times: int, slower: int) -> Wait:
        """Filters of the explorer chosen and given up again, one after another, each until its result is painted."""
        page = self.open("explore/", slower)
        page.wait_for_selector("#kb-results li")
        names = page.eval_on_selector_all(
            "#kb-explorer input[type=checkbox]:enabled",
            "all => all.map((one) => `#kb-explorer input[name='${one.name}'][value='${one.value}']`)",
        )
        clock = Clock(page)
        for number in range(times):
            name = names[number * 7 % len(names)]
            clock.do(name, "click")
            page.evaluate(_TIMED, [name, "click", ""])
        page.context.close()
        return clock.wait()

    def first_search(self, times: int, slower: int) -> Wait:
        """From the first word typed into the explorer to its first results: all that is searched is put into the index meanwhile."""
        taken = []
        for number in range(times):
            page = self.open("explore/", slower)
            start = page.evaluate("performance.now()")
            page.fill("#kb-explore-query", QUERIES[number % len(QUERIES)])
            page.wait_for_function(_FOUND, polling="raf")
            taken.append(page.evaluate("performance.now()") - start)
            page.context.close()
        return Wait(tuple(taken))

    def searches(self, times: int, slower: int) -> Wait:
        """Queries typed once everything is in the index, each until its results are painted."""
        page = self.open("explore/", slower)
        page.fill("#kb-explore-query", "zzzz")
        page.wait_for_load_state("networkidle")
        page.fill("#kb-explore-query", QUERIES[0])
        page.wait_for_function(_FOUND)
        page.wait_for_timeout(3000)  # documents and claims join the index
        clock = Clock(page)
        for number in range(times):
            clock.do("#kb-explore-query", "type", QUERIES[number % len(QUERIES)])
        page.context.close()
        return clock.wait()


def first_views(site: Path) -> Iterator[tuple[str, str]]:
    """What is weighed: the home page, the explorer, and of each kind of record the page with the most bytes."""
    yield "home", ""
    yield "explorer", "explore/"
    for name, folder in (("use case", "use-cases"), ("principle", "principles"), ("pilot", "pilots")):
        biggest = max((site / folder).glob("*/index.html"), key=lambda file: (file.stat().st_size, str(file)))
        yield name, f"{folder}/{biggest.parent.name}/"


def measure(browser: Browser, site: Path, what: str, times: int) -> bool:
    """Print the table of one site. Whether all is within the limits."""
    kept = True

    def row(name: str, value: object, limit: float | None = None, measured: float = 0.0) -> None:
        nonlocal kept
        missed = limit is not None and measured > limit
        kept = kept and not missed
        told = "" if limit is None else f"   {'MISSES' if missed else 'within'} {limit:,.0f}"
        print(f"{what:>8}  {name:34} {value}{told}", flush=True)

    with serve(site) as host:
        lab = Lab(browser, host)
        for name, url in first_views(site):
            size, files = lab.weight(url)
            row(f"first view: {name}", f"{size / 1000:7.1f} KB in {files} files   {url}", LIMITS.get(name), size)
        for slower in (1, 4):
            clicks = lab.clicks(times, slower)
            limit = LIMITS["click"] if slower == 1 else None
            row(f"click on a filter, CPU 1/{slower}", clicks, limit, clicks.median)
            row(f"search, CPU 1/{slower}", lab.searches(times, slower))
            row(f"first search, CPU 1/{slower}", lab.first_search(max(3, times // 4), slower))
    return kept


def build(root: Path, site: Path, what: str) -> None:
    """Build a site in a process of its own, and say what that took."""
    cost = run([str(BIN / "lerkb"), "--root", str(root), "build", "--site-dir", str(site)], ROOT)
    pages = sum(1 for _ in site.rglob("*.html"))
    print(
        f"{what:>8}  build of {pages:,} pages   CPU {cost.cpu:.1f} s   wall {cost.wall:.1f} s   peak {cost.memory:.0f} MB",
        flush=True,
    )


def browser_path() -> str:
    """The browser that the tests take."""
    found = os.environ.get("LERKB_BROWSER")
    if not found:
        sys.exit("set LERKB_BROWSER to the path of Chromium, Chrome or Edge")
    return found


def main() -> int:
    """Measure the library and libraries of made records."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "counts", nargs="*", type=int, default=[1000], help="made records; the library is always measured"
    )
    parser.add_argument("--library", type=Path, default=ROOT, help="knowledge base whose records are multiplied")
    parser.add_argument("--times", type=int, default=20, help="how often each click and query is timed")
    chosen = parser.parse_args()
    kept = True
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as name:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=BROWSER_FLAGS)
        for count in (0, *chosen.counts):
            root, site, what = chosen.library, Path(name) / f"site-{count}", str(count or "library")
            if count:
                root = Path(name) / f"base-{count}"
                root.mkdir()
                make_library(chosen.library, root, count)
            build(root, site, what)
            kept = measure(browser, site, what, chosen.times) and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
