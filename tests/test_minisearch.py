"""The minified search library that the site ships is the one its makers give out: the same index and the same answers."""

import json
import subprocess
from pathlib import Path

from lerkb.project import Project
from lerkb.site.theme_settings import ASSETS
from lerkb.validation import validate
from test_editor import node

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "tests" / "node" / "minisearch.js"
QUESTIONS = [
    ("worker", {}),
    ("wrkr badge", {"fuzzy": 0.2}),
    ("cred", {"prefix": True}),
    ("learning record", {"combineWith": "AND", "boost": {"title": 3}}),
    ("no such word anywhere zzz", {"fuzzy": 0.4, "prefix": True}),
]


def test_the_shipped_search_library_is_the_packaged_one():
    package = json.loads((ROOT / "tests/node/node_modules/minisearch/package.json").read_text(encoding="utf-8"))
    file = ASSETS / "minisearch.js"
    assert f"MiniSearch {package['version']}," in file.read_text(encoding="utf-8")[:200]
    base = validate(Project.at(ROOT)).base
    documents = [
        {"id": number, "title": record.title, "text": str(record.data.get("summary", ""))}
        for number, record in enumerate(base)
    ]
    task = {"documents": documents, "questions": QUESTIONS, "options": {"fields": ["title", "text"]}}
    run = subprocess.run(
        [node(), str(SCRIPT), str(file)],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    packaged, own = json.loads(run.stdout)
    assert own == packaged
    assert packaged["answers"][0][0], "the question finds something"
