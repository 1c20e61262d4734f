"""A built site on a local server that does what a real host does: compressed text, the headers of the README, its own page for what is missing."""

import contextlib
import gzip
import http.server
import mimetypes
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: What travels compressed; fonts and pictures are compressed already.
COMPRESSED = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")
#: What README.md tells hosts to send.
HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Sent:
    """One answer."""

    path: str
    status: int
    size: int  #: bytes of head and body, as they went over the wire


@dataclass
class Host:
    """A running server."""

    address: str
    sent: list[Sent] = field(default_factory=list)

    def weight(self) -> int:
        """Bytes sent since this was last asked."""
        size = sum(answer.size for answer in self.sent)
        self.sent.clear()
        return size


@cache
def compressed(content: bytes) -> bytes:
    """As hosts compress while they answer, with no clock in it."""
    return gzip.compress(content, 6, mtime=0)


def content_type(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    kind = "text/javascript" if kind == "application/javascript" else kind
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind == "application/json" else kind


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Host]:
    """Serve a folder on 127.0.0.1 while the block runs."""
    root = folder.resolve()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).lstrip("/")
            file = (root / path / "index.html" if not path or path.endswith("/") else root / path).resolve()
            found = file.is_file() and file.is_relative_to(root)
            if not found:
                file = root / "404.html"
            body = file.read_bytes()
            kind = content_type(file)
            headers = {"Content-Type": kind, "Cache-Control": "max-age=600", **HEADERS}
            if kind.startswith(COMPRESSED):
                headers["Vary"] = "Accept-Encoding"
                if "gzip" in self.headers.get("Accept-Encoding", ""):
                    headers["Content-Encoding"] = "gzip"
                    body = compressed(body)
            self.send_response(200 if found else 404)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            head = sum(map(len, self._headers_buffer)) + len(b"\r\n")
            self.end_headers()
            self.wfile.write(body)
            host.sent.append(Sent(self.path, 200 if found else 404, head + len(body)))

        def log_message(self, *args: object) -> None:
            """Nothing is logged."""

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A browser that leaves a page drops what is still on its way."""

    server = Server(("127.0.0.1", 0), Handler)
    host = Host(f"http://127.0.0.1:{server.server_address[1]}/")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
