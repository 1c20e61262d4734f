"""One polite visitor: asks an address for what is there, slowly and briefly, and never inside a private network.

Politeness: it says who it is; leaves a pause between two questions to a host, as long as the host’s ``robots.txt`` wishes; asks nothing that
``robots.txt`` asks programs not to; tries again only what can pass, each time later; and leaves a host alone that says “too many”.
It asks with GET and not with HEAD, which many servers answer wrongly or not at all, and hangs up as soon as it has read enough.

Safety: addresses are written by strangers. A host name is looked up once, its addresses are checked, and the connection is made to a
checked one, so that no name can lead inside between the look and the call. Each redirect is checked in the same way.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
#: Redirects that say that the new address is to be used from now on.
PERMANENT: Final = frozenset({301, 308})
_TOO_MANY: Final = 429
#: Answers that a second question may change: the server is overloaded, being mended, or waits for another.
_PASSING: Final = frozenset({408, 425, *range(500, 600)})
_SUCCESS: Final = range(200, 300)
_SERVER_ERRORS: Final = range(500, 600)
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
#: Of what is no page, only whether there is anything at all is of interest.
_GLIMPSE: Final = 1024
#: As many as RFC 9309 wishes to be followed.
_ROBOTS_REDIRECTS: Final = 5
#: What may stand in an address as it is; all else is written in percent signs.
_WRITTEN_OUT: Final = "%/:?#[]@!$&'()*+,;=~"
#: IPv6 addresses in which a network hides IPv4 ones. https://www.rfc-editor.org/rfc/rfc6052
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Manners:
    """How the visitor behaves. Times in seconds."""

    agent: str = "lerkb-links"  #: who it says it is; ``robots.txt`` may call it by what stands before the slash
    delay: float = 2.0  #: between two questions to one host
    longest_delay: float = 60.0  #: no wish of a host is followed beyond this: it is then not asked again
    timeout: float = 20.0  #: without a sign from the host
    deadline: float = 60.0  #: for one answer as a whole
    most_bytes: int = 96 * 1024  #: read of one answer
    most_redirects: int = 10
    tries: int = 3
    back_off: float = 5.0  #: before the second try; twice as long before each further one
    #: Addresses that may be called although they are not public: for tests with a server of their own.
    trusted: frozenset[str] = frozenset()


class Hitch(Enum):
    """Why there was no answer."""

    NO_HOST = auto()  #: nothing has that name
    UNREACHABLE = auto()  #: the host did not answer, or answered with something that is no HTTP
    UNTRUSTED = auto()  #: the host could not show that it is the one meant
    FORBIDDEN = auto()  #: programs are asked to stay away
    UNASKED = auto()  #: the address is not one that may be called


class VisitError(Exception):
    """An address that gave no answer. ``passing``: whether a second try may help."""

    def __init__(self, hitch: Hitch, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.hitch = hitch
        self.reason = reason
        self.passing = passing


@dataclass(frozen=True)
class Answer:
    """What a host answered, as far as it was read."""

    status: int
    location: str = ""
    media_type: str = ""
    charset: str = ""
    retry_after: str = ""
    body: bytes = b""

    @property
    def is_page(self) -> bool:
        """Whether it is HTML."""
        return self.media_type in _HTML

    @property
    def text(self) -> str:
        """The body as text, as well as it can be read."""
        with contextlib.suppress(LookupError):
            return self.body.decode(self.charset or "utf-8", "replace")
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class Visit:
    """The way from an address to the last answer."""

    asked: str
    answer: Answer
    #: Each redirect on the way: its status and where it led.
    hops: tuple[tuple[int, str], ...] = ()

    @property
    def arrived(self) -> str:
        """The address that gave the last answer."""
        return self.hops[-1][1] if self.hops else self.asked


class Web:
    """A visitor with a memory: of when it may ask which host again, and of what each host asked it not to do.

    May be used by several threads at once.
    """

    def __init__(  # noqa: PLR0913 - what a test puts in the place of the world
        self,
        manners: Manners,
        refusing: Mapping[str, str] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
        look_up: Callable[..., list[Any]] = socket.getaddrinfo,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """``refusing``: hosts that turn programs away, each with the reason; they are not asked."""
        self.manners = manners
        #: Hosts that answered, whatever they said: while there is none, there may be no network.
        self.answered: set[str] = set()
        self._refusing = dict(refusing or {})
        self._clock = clock
        self._sleep = sleep
        self._look_up = look_up
        self._tls = tls or ssl.create_default_context()
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}
        self._delays: dict[str, float] = {}
        self._closed: dict[str, str] = {}
        self._robots: dict[str, RobotFileParser | VisitError] = {}

    def visit(self, url: str) -> Visit:
        """Ask an address and follow where it leads.

        Raises:
            VisitError: there was no answer, or the question may not be asked.
        """
        asked = urldefrag(url).url
        hops: list[tuple[int, str]] = []
        current = asked
        while True:
            self._heed(current)
            answer = self._ask(current)
            if answer.status not in _REDIRECTS or not answer.location:
                return Visit(asked, answer, tuple(hops))
            current = _joined(current, answer.location)
            if current in {asked, *(to for _, to in hops)}:
                raise VisitError(Hitch.UNREACHABLE, "it sends visitors in a circle")
            hops.append((answer.status, current))
            if len(hops) > self.manners.most_redirects:
                raise VisitError(
                    Hitch.UNREACHABLE, f"it sends visitors on more than {self.manners.most_redirects} times"
                )

    def _heed(self, url: str) -> None:
        """Whether a question may be asked.

        Raises:
            VisitError: it may not.
        """
        host = _parts(url).hostname
        refusing = next((name for name in self._refusing if host == name or host.endswith("." + name)), None)
        if refusing:
            raise VisitError(Hitch.FORBIDDEN, f"not asked: {self._refusing[refusing]}")
        self._heed_robots(url, host)
        if host in self._closed:
            raise VisitError(Hitch.FORBIDDEN, self._closed[host])

    def _heed_robots(self, url: str, host: str) -> None:
        parts = _parts(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._robots.get(origin)
        if known is None:
            known = self._robots[origin] = self._read_robots(origin, host)
        if isinstance(known, VisitError):
            raise VisitError(known.hitch, known.reason)
        if not known.can_fetch(self.manners.agent, url):
            raise VisitError(Hitch.FORBIDDEN, "its robots.txt asks programs not to read this")

    def _read_robots(self, origin: str, host: str) -> RobotFileParser | VisitError:
        """What a host asks of programs, or why it can say nothing at all: then nothing else is asked of it either.

        Python’s reader takes the first rule that fits, where RFC 9309 takes the longest, and knows no wildcards. So it may keep away from
        what is allowed, which leaves a source unknown, or ask once what was not meant to be asked.
        """
        rules = RobotFileParser()
        url = origin + "/robots.txt"
        try:
            answer = self._ask(url)
        except VisitError as error:
            return error
        with contextlib.suppress(VisitError):  # a redirect to nowhere is as a file that is not there
            for _ in range(_ROBOTS_REDIRECTS):
                if answer.status not in _REDIRECTS or not answer.location:
                    break
                url = _joined(url, answer.location)
                answer = self._ask(url)
        if answer.status in _SERVER_ERRORS:
            return VisitError(
                Hitch.UNREACHABLE, f"its server fails ({answer.status}) even at robots.txt, where programs ask first"
            )
        rules.parse(answer.text.splitlines() if answer.status in _SUCCESS and not answer.is_page else [])
        wish = rules.crawl_delay(self.manners.agent)
        if wish is not None and float(wish) > self.manners.longest_delay:
            return VisitError(
                Hitch.FORBIDDEN, f"its robots.txt wants programs to wait {wish} seconds between questions"
            )
        if wish is not None:
            self._delays[host] = max(self.manners.delay, float(wish))
        return rules

    def _ask(self, url: str) -> Answer:
        """Ask one address, again where that may help."""
        pause = self.manners.back_off
        for left in reversed(range(self.manners.tries)):
            try:
                answer = self._ask_once(url)
            except VisitError as error:
                if not error.passing or not left:
                    raise
            else:
                if answer.status not in _PASSING or not left:
                    return answer
                wish = answer.retry_after
                if wish and (not wish.isdecimal() or int(wish) > self.manners.longest_delay):
                    return answer  # it wants to be left alone for longer than a run lasts, or until a day it names
                pause = max(pause, int(wish or 0))
            self._sleep(pause)
            pause *= 2
        raise AssertionError("the last try returns or raises")

    def _ask_once(self, url: str) -> Answer:
        parts = _parts(url)
        host, secure = parts.hostname, parts.scheme == "https"
        port = parts.port or (http.client.HTTPS_PORT if secure else http.client.HTTP_PORT)
        addresses = self._addresses(host, port)
        self._take_turn(host)
        call = _Call(host, port, addresses, self._tls if secure else None, self._until(self.manners.timeout))
        try:
            call.request("GET", _target(parts), headers=self._headers())
            with call.getresponse() as response:
                self.answered.add(host)
                answer = self._read(response)
        except ssl.SSLCertVerificationError as error:
            raise VisitError(
                Hitch.UNTRUSTED, f"its certificate could not be verified here ({error.verify_message.lower()})"
            ) from error
        except ssl.SSLError as error:
            raise VisitError(Hitch.UNREACHABLE, "no secure connection could be made", passing=True) from error
        except TimeoutError as error:
            raise VisitError(Hitch.UNREACHABLE, "it did not answer in time", passing=True) from error
        except ConnectionRefusedError as error:
            raise VisitError(Hitch.UNREACHABLE, "its host takes no calls", passing=True) from error
        except http.client.RemoteDisconnected as error:
            raise VisitError(Hitch.UNREACHABLE, "its host hung up without an answer", passing=True) from error
        except http.client.IncompleteRead as error:
            raise VisitError(Hitch.UNREACHABLE, "its answer broke off", passing=True) from error
        except (http.client.HTTPException, ValueError) as error:
            raise VisitError(
                Hitch.UNREACHABLE, "its host answered with something that is no HTTP", passing=True
            ) from error
        except OSError as error:
            raise VisitError(Hitch.UNREACHABLE, "the connection broke off", passing=True) from error
        finally:
            call.close()
        if answer.status == _TOO_MANY:
            self._closed[host] = "its host says that we ask too much (429)"
        return answer

    def _headers(self) -> dict[str, str]:
        return {
            "User-Agent": self.manners.agent,
            "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
            "Accept-Language": "en",
            "Accept-Encoding": "identity",
            "Connection": "close",
        }

    def _addresses(self, host: str, port: int) -> list[tuple[socket.AddressFamily, Any]]:
        """The addresses of a host that may be called.

        Raises:
            VisitError: there are none.
        """
        try:
            found = self._look_up(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            if error.errno in _NO_SUCH_NAME:
                raise VisitError(Hitch.NO_HOST, "there is no host of that name") from error
            raise VisitError(Hitch.UNREACHABLE, "its host could not be looked up", passing=True) from error
        except ValueError as error:
            raise VisitError(Hitch.UNASKED, "the name of its host is none that can be looked up") from error
        public = [
            (family, address)
            for family, _, _, _, address in found
            if str(address[0]) in self.manners.trusted or is_public(str(address[0]))
        ]
        if not public:
            raise VisitError(Hitch.UNASKED, "its host is in a private network, which is never called")
        return public

    def _take_turn(self, host: str) -> None:
        """Wait until the host may be asked again."""
        with self._lock:
            now = self._clock()
            at = max(now, self._next.get(host, now))
            self._next[host] = at + self._delays.get(host, self.manners.delay)
        if at > now:
            self._sleep(at - now)

    def _until(self, timeout: float) -> Callable[[], float]:
        """What tells how long a sign from the host may be waited for: no longer than is left for the answer as a whole."""
        end = self._clock() + self.manners.deadline
        return lambda: min(timeout, end - self._clock())

    def _read(self, response: http.client.HTTPResponse) -> Answer:
        """What is of use of an answer.

        Raises:
            VisitError: it broke off.
        """
        kind = response.headers.get_content_type() if response.headers.get("Content-Type") else ""
        answer = Answer(
            status=response.status,
            location=response.headers.get("Location", "").strip(),
            media_type=kind,
            charset=response.headers.get_content_charset() or "",
            retry_after=response.headers.get("Retry-After", "").strip(),
        )
        if answer.status not in _SUCCESS:
            return answer
        most = self.manners.most_bytes if answer.is_page or kind in ("", "text/plain") else _GLIMPSE
        body = bytearray()
        try:
            while len(body) < most and (part := response.read1(most - len(body))):
                body += part
        except TimeoutError:
            if not body:  # some of it came: the document is there, and its host is slow
                raise
        else:
            if len(body) < most and response.length:
                raise http.client.IncompleteRead(bytes(body), response.length)
        return Answer(answer.status, "", kind, answer.charset, "", bytes(body))


#: What the look-up of a name answers when nothing has that name, on the systems we know.
_NO_SUCH_NAME: Final = frozenset(
    code for name in ("EAI_NONAME", "EAI_NODATA") if (code := getattr(socket, name, None)) is not None
)


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the internet can call."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = None
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        elif ip.is_site_local:
            return False
    called = inner or ip
    return called.is_global and not called.is_multicast and not called.is_reserved


def _parts(url: str) -> Any:
    """The parts of the address of a page.

    Raises:
        VisitError: it is none.
    """
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    raise VisitError(Hitch.UNASKED, "it leads to something that is no address of a page")


def _target(parts: Any) -> str:
    path = quote(parts.path or "/", safe=_WRITTEN_OUT)
    return f"{path}?{quote(parts.query, safe=_WRITTEN_OUT)}" if parts.query else path


def _joined(base: str, location: str) -> str:
    """Where a redirect leads, its odd signs written out; headers come as Latin-1, whatever was meant."""
    written = quote(location.encode("latin-1", "replace"), safe=_WRITTEN_OUT)
    try:
        return urldefrag(urljoin(base, written)).url
    except ValueError as error:
        raise VisitError(Hitch.UNASKED, "it leads to something that is no address of a page") from error


class _Timed(io.RawIOBase):
    """What comes from a socket, until the time for the whole answer is up: a host may not hold us with a byte now and then."""

    def __init__(self, sock: socket.socket, patience: Callable[[], float]) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._patience = patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        patience = self._patience()
        if patience <= 0:
            raise TimeoutError
        self._sock.settimeout(patience)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Call(http.client.HTTPConnection):
    """A connection to one of the checked addresses of a host, and to no other."""

    def __init__(
        self,
        host: str,
        port: int,
        addresses: list[tuple[socket.AddressFamily, Any]],
        tls: ssl.SSLContext | None,
        patience: Callable[[], float],
    ) -> None:
        super().__init__(host, port)
        self.default_port = http.client.HTTPS_PORT if tls else http.client.HTTP_PORT
        self._addresses = addresses
        self._tls = tls
        self._patience = patience
        # As the parent class calls it; the answer is then read against the clock.
        self.response_class = self._timed_response  # type: ignore[assignment]

    def connect(self) -> None:
        failed = OSError()
        for family, address in self._addresses:
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                patience = self._patience()
                if patience <= 0:
                    raise TimeoutError
                sock.settimeout(patience)
                sock.connect(address)
                self.sock = self._tls.wrap_socket(sock, server_hostname=self.host) if self._tls else sock
            except OSError as error:
                sock.close()
                failed = error
            else:
                return
        raise failed

    def _timed_response(self, sock: socket.socket, **rest: Any) -> http.client.HTTPResponse:
        response = http.client.HTTPResponse(sock, **rest)
        response.fp.close()
        response.fp = io.BufferedReader(_Timed(sock, self._patience))
        return response
