"""A web server on this machine that misbehaves in every way that servers do, under as many host names as a test needs.

Names end in ``.test``: they are looked up here, and lead to the server whatever port an address names.
"""

import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lerkb.links.web import Manners, Web

CERTIFICATE = Path(__file__).parent / "links" / "self-signed.pem"
HUGE = 64 * 1024 * 1024
DOCUMENT = "<!doctype html><title>A report on ovens</title><h1>A report on ovens</h1><p>Twelve bakers took a card."
#: Where names lead that lead elsewhere than to the server.
ELSEWHERE = {"inside.test": "10.1.2.3", "metadata.test": "169.254.169.254", "loop.test": "127.0.0.2"}
#: Names that nothing has, and names that cannot be looked up just now.
NO_HOST, NO_ANSWER = "nobody.test", "later.test"


class Handler(BaseHTTPRequestHandler):
    """Answers each path in its own way. What a test needs stands in the server."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        host = self.headers["Host"]
        self.server.asked.append((host, self.path, dict(self.headers)))
        given = self.server.answers.get((host, self.path)) or self.server.answers.get(self.path)
        if given is not None:
            self.say(*given)
            return
        name = self.path.strip("/").partition("?")[0].replace("-", "_").replace(".", "_")
        getattr(self, f"at_{name}", self.at_missing)()

    def say(self, status, body=DOCUMENT, **headers):
        """One answer as it should be."""
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for key, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def raw(self, content):
        """Bytes, and the end of the connection."""
        self.wfile.write(content)
        self.close_connection = True

    def log_message(self, *_):
        pass

    # Right answers

    def at_document(self):
        self.say(200)

    def at_pdf(self):
        self.say(200, b"%PDF-1.7\n" + bytes(5000), Content_Type="application/pdf")

    def at_chunked(self):
        self.raw(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
        )

    def at_odd_charset(self):
        self.say(200, Content_Type="text/html; charset=klingon")

    # Wrong ones

    def at_missing(self):
        self.say(404, "no")

    def at_gone(self):
        self.say(410, "no")

    def at_broken(self):
        self.say(500, "no")

    def at_bad_request(self):
        self.say(400, "no")

    def at_teapot_of_our_own(self):
        self.say(299 + 700, "no")

    def at_soft_404(self):
        self.say(200, "<title>Page not found | Ovens</title><p>Try our search.")

    def at_soft_404_in_words(self):
        self.say(200, "<title>Ovens</title><p>Sorry, the page you asked for could not be found.")

    def at_nothing(self):
        self.say(200, "")

    def at_no_content(self):
        self.raw(b"HTTP/1.1 204 No Content\r\n\r\n")

    # Programs turned away

    def at_forbidden(self):
        self.say(403, "no robots")

    def at_unauthorized(self):
        self.say(401, "no", WWW_Authenticate="Basic")

    def at_too_many(self):
        self.say(429, "no", Retry_After="3600")

    def at_denied(self):
        self.say(999, "no")

    def at_human(self):
        self.say(200, "<title>Just a moment...</title><p>Verifying you are human.")

    def at_sign_in_first(self):
        self.say(302, "", Location="/login?next=/document")

    def at_login(self):
        self.say(200, "<title>Welcome back</title>")

    # Redirects

    def at_moved(self):
        self.say(301, "", Location="/document")

    def at_moved_308(self):
        self.say(308, "", Location="http://docs.test/document")

    def at_moved_and_found(self):
        self.say(301, "", Location="/found")

    def at_found(self):
        self.say(302, "", Location="/document")

    def at_moved_to_nowhere(self):
        self.say(301, "", Location="/missing")

    def at_moved_to_odd_signs(self):
        self.send_response(301)
        self.send_header("Location", "/\u00e9 `x`|<b>?q=\u00fc")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def at_front(self):
        self.say(302, "", Location="/")

    def at_(self):
        self.say(200, "<title>Ovens</title>Welcome")

    def at_circle(self):
        self.say(302, "", Location="/circle_two")

    def at_circle_two(self):
        self.say(302, "", Location="/circle")

    def at_endless(self):
        at = int(self.path.partition("?")[2] or 0)
        self.say(302, "", Location=f"/endless?{at + 1}")

    def at_redirect_without_place(self):
        self.say(302, "")

    def at_to_inside(self):
        self.say(302, "", Location="http://inside.test/secret")

    def at_to_metadata(self):
        self.say(301, "", Location="http://metadata.test/latest")

    def at_to_address(self):
        self.say(302, "", Location="http://127.0.0.2:1/")

    def at_to_ipv6(self):
        self.say(302, "", Location="http://[::ffff:10.0.0.1]/")

    def at_to_file(self):
        self.say(302, "", Location="file:///etc/passwd")

    def at_to_port_zero(self):
        self.say(302, "", Location="http://docs.test:0/")

    def at_to_no_port(self):
        self.say(302, "", Location="http://docs.test:port/")

    def at_to_no_ipv6(self):
        self.say(302, "", Location="http://[::1/")

    def at_to_refusing(self):
        self.say(302, "", Location="http://refusing.test/")

    # Servers that are hardly servers

    def at_hang(self):
        self.server.released.wait()
        self.close_connection = True

    def at_hang_in_body(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        self.wfile.write(DOCUMENT.encode())
        self.wfile.flush()
        self.at_hang()

    def at_hang_before_body(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        self.wfile.flush()
        self.at_hang()

    def at_endless_header(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        self.flood(b"x" * 1024)

    def at_huge(self):
        self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {HUGE}\r\n\r\n".encode())
        self.flood(b"<p>more" * 1000)

    def at_huge_film(self):
        self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: {HUGE}\r\n\r\n".encode())
        self.flood(bytes(8192))

    def flood(self, part):
        """Send until the other side hangs up, or far too much is sent."""
        self.close_connection = True
        sent = 0
        try:
            while sent < HUGE:
                self.wfile.write(part)
                sent += len(part)
        except OSError:
            pass
        self.server.sent = sent
        self.server.flooded.set()

    def at_garbage(self):
        self.raw(b"220 mail.example ESMTP\r\n\r\n")

    def at_many_headers(self):
        self.raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 500 + b"\r\n")

    def at_hang_up(self):
        self.close_connection = True

    def at_reset(self):
        # Closing with data unread and no time to linger makes the system send a reset in place of an end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.rfile.close()
        self.wfile.close()
        self.connection.close()
        self.close_connection = True

    def at_too_short(self):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<title>A rep")

    def at_too_long(self):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>Ovens and much more")

    def at_bad_length(self):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: many\r\n\r\n<p>Ovens")

    def at_bad_chunks(self):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello")


class Server(ThreadingHTTPServer):
    """The server with what tests read and set."""

    daemon_threads = True

    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.sent = 0
        self.flooded = threading.Event()
        self.answers = {"/robots.txt": (404, "")}
        self.released = threading.Event()
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def handle_error(self, *_):
        """Clients that hang up are what this server is for."""

    def paths(self, host=None):
        """What was asked for, in order, but for what robots may do."""
        return [path for at, path, _ in self.asked if path != "/robots.txt" and host in (None, at)]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.shutdown()
        self.server_close()


def tls_for_server():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


class Time:
    """A clock that moves when somebody sleeps, or by ``tick`` each time it is looked at."""

    def __init__(self, tick=0.0):
        self.now = 1000.0
        self.tick = tick
        self.slept = []
        self._lock = threading.Lock()

    def clock(self):
        with self._lock:
            self.now += self.tick
            return self.now

    def sleep(self, seconds):
        with self._lock:
            self.slept.append(seconds)
            self.now += seconds


class Names:
    """Looks names up: those in ``.test`` here, and no others."""

    def __init__(self, server, secure=None):
        self.ports = {80: server.server_port, 443: (secure or server).server_port}
        self.looked_up = []

    def __call__(self, host, port, **_):
        self.looked_up.append(host)
        if host == NO_HOST:
            raise socket.gaierror(socket.EAI_NONAME, "nothing has that name")
        if host == NO_ANSWER:
            raise socket.gaierror(socket.EAI_AGAIN, "not now")
        address = ELSEWHERE.get(host, "127.0.0.1" if host.endswith(".test") else host)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, self.ports.get(port, port)))]


#: Patient with this machine: the clock is shared, and moves when another thread sleeps. A host that hangs is waited for in real time.
BRISK = {
    "timeout": 10.0,
    "deadline": 600.0,
    "delay": 2.0,
    "back_off": 5.0,
    "tries": 1,
    "trusted": frozenset({"127.0.0.1"}),
}


def web_on(server, *, secure=None, time=None, refusing=None, tls=None, **manners):
    """A visitor for whom the server is the whole web, and who never really sleeps."""
    passing = time or Time()
    return Web(
        Manners(**{**BRISK, **manners}),
        {"refusing.test": "it refuses"} if refusing is None else refusing,
        clock=passing.clock,
        sleep=passing.sleep,
        look_up=Names(server, secure),
        tls=tls,
    )
