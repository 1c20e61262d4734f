"""The polite visitor, on a server that misbehaves in every way that servers do."""

import socket
import ssl

import pytest

from lerkb.links.answers import Outcome, judge, judge_failure
from lerkb.links.web import Hitch, Manners, VisitError, Web, is_public
from unruly import CERTIFICATE, HUGE, NO_ANSWER, NO_HOST, Server, Time, tls_for_server, web_on

TITLE = "A study of something else"


@pytest.fixture
def server():
    with Server() as made:
        yield made


@pytest.fixture
def secure():
    with Server(tls_for_server()) as made:
        yield made


def verdict(web, url):
    try:
        return judge(web.visit(url), url, TITLE)
    except VisitError as error:
        return judge_failure(error)


OUTCOMES = {
    "document": ("ok", ""),
    "pdf": ("ok", ""),
    "chunked": ("ok", ""),
    "odd-charset": ("ok", ""),
    "found": ("ok", ""),
    "huge": ("ok", ""),
    "huge-film": ("ok", ""),
    "too-long": ("ok", ""),
    "bad-length": ("ok", ""),
    "moved": ("moved", "moved for good"),
    "moved-308": ("moved", "moved for good"),
    "moved-and-found": ("moved", "moved for good"),
    "missing": ("gone", "(404 Not Found)"),
    "gone": ("gone", "(410 Gone)"),
    "moved-to-nowhere": ("gone", "(404 Not Found)"),
    "soft-404": ("gone", "soft 404"),
    "soft-404-in-words": ("gone", "soft 404"),
    "front": ("gone", "front page"),
    "forbidden": ("refused", "(403 Forbidden)"),
    "unauthorized": ("refused", "(401 Unauthorized)"),
    "too-many": ("refused", "(429 Too Many Requests)"),
    "denied": ("refused", "(999)"),
    "human": ("refused", "a test for people"),
    "sign-in-first": ("refused", "sign in"),
    "to-refusing": ("refused", "not asked: it refuses"),
    "broken": ("unreachable", "(500 Internal Server Error)"),
    "circle": ("unreachable", "in a circle"),
    "endless": ("unreachable", "more than 10 times"),
    "garbage": ("unreachable", "no HTTP"),
    "many-headers": ("unreachable", "no HTTP"),
    "hang-up": ("unreachable", "hung up"),
    "reset": ("unreachable", "broke off"),
    "too-short": ("unreachable", "its answer broke off"),
    "bad-chunks": ("unreachable", "its answer broke off"),
    "bad-request": ("not-known", "(400 Bad Request)"),
    "redirect-without-place": ("not-known", "(302 Found)"),
    "nothing": ("not-known", "nothing"),
    "no-content": ("not-known", "nothing"),
    "to-inside": ("not-known", "private network"),
    "to-metadata": ("not-known", "private network"),
    "to-address": ("not-known", "private network"),
    "to-ipv6": ("not-known", "private network"),
    "to-file": ("not-known", "no address of a page"),
    "to-port-zero": ("not-known", "no address of a page"),
    "to-no-port": ("not-known", "no address of a page"),
    "to-no-ipv6": ("not-known", "no address of a page"),
}


@pytest.mark.parametrize("path", OUTCOMES)
def test_what_a_server_does_and_what_it_says_of_the_document(server, path):
    outcome, reason = OUTCOMES[path]
    found = verdict(web_on(server), f"http://docs.test/{path}")
    assert (found.outcome, bool(found.reason)) == (outcome, bool(reason)), found.reason
    assert reason in found.reason


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("moved", "http://docs.test/document"),
        ("moved-308", "http://docs.test/document"),
        ("moved-and-found", "http://docs.test/found"),  # what a passing redirect adds is no new address
        ("moved#part", "http://docs.test/document#part"),
        ("found", ""),
        ("moved-to-nowhere", ""),
    ],
)
def test_a_new_address_is_what_permanent_redirects_name(server, path, to):
    assert verdict(web_on(server), f"http://docs.test/{path}").moved_to == to


def test_odd_signs_in_a_new_address_are_written_out(server):
    visit = web_on(server).visit("http://docs.test/moved-to-odd-signs")
    assert visit.arrived == "http://docs.test/%E9%20%60x%60%7C%3Cb%3E?q=%FC"
    assert server.paths()[-1] == "/%E9%20%60x%60%7C%3Cb%3E?q=%FC"


@pytest.mark.parametrize(
    ("url", "outcome", "reason"),
    [
        (f"http://{NO_HOST}/a", "gone", "no host of that name"),
        (f"http://{NO_ANSWER}/a", "unreachable", "could not be looked up"),
        ("http://inside.test/a", "not-known", "private network"),
        ("http://10.0.0.1/a", "not-known", "private network"),
        ("http://refusing.test/a", "refused", "not asked: it refuses"),
        ("http://deep.refusing.test/a", "refused", "not asked: it refuses"),
        ("ftp://docs.test/a", "not-known", "no address of a page"),
        ("http:///a", "not-known", "no address of a page"),
    ],
)
def test_addresses_that_are_never_called(server, url, outcome, reason):
    web = web_on(server)
    found = verdict(web, url)
    assert (found.outcome, reason in found.reason) == (outcome, True), found.reason
    assert server.asked == []
    assert web.answered == set()


def test_a_name_that_cannot_be_looked_up_at_all(server):
    def look_up(host, *rest, **named):
        raise UnicodeError("label too long")

    web = Web(Manners(), look_up=look_up)
    assert verdict(web, "http://docs.test/").outcome is Outcome.NOT_KNOWN


def test_a_host_that_takes_no_calls(server):
    free = Server()
    free.server_close()
    web = web_on(server)
    assert "takes no calls" in verdict(web, f"http://127.0.0.1:{free.server_port}/document").reason


# Time


@pytest.mark.parametrize("path", ["hang", "hang-before-body"])
def test_a_host_that_is_silent_is_given_up(server, path):
    found = verdict(web_on(server, timeout=0.2), f"http://docs.test/{path}")
    assert (found.outcome, found.reason) == ("unreachable", "it did not answer in time")


def test_a_document_that_comes_too_slowly_is_there_all_the_same(server):
    assert verdict(web_on(server, timeout=0.2), "http://docs.test/hang-in-body").outcome is Outcome.OK


@pytest.mark.parametrize(("path", "outcome"), [("endless-header", "unreachable"), ("huge", "ok")])
def test_a_host_cannot_hold_us_with_a_byte_now_and_then(server, path, outcome):
    # Each look at the clock takes ten seconds, so the time for an answer is up after six of them.
    web = web_on(server, time=Time(tick=10.0), deadline=60.0, most_bytes=10_000_000)
    assert verdict(web, f"http://docs.test/{path}").outcome == outcome


def test_no_time_left_to_call(server):
    web = web_on(server, time=Time(tick=100.0), deadline=60.0)
    assert verdict(web, "http://docs.test/document").reason == "it did not answer in time"
    assert server.asked == []


@pytest.mark.parametrize(("path", "most"), [("huge", 5000), ("huge-film", 1024)])
def test_of_a_huge_answer_little_is_read(server, path, most):
    visit = web_on(server, most_bytes=5000).visit(f"http://docs.test/{path}")
    assert len(visit.answer.body) == most
    assert server.flooded.wait(60), "the flood ends when we hang up"
    assert server.sent < HUGE


# Trying again


def flaky(server, path, *answers):
    """Answers in turn; the last one stays."""
    waiting = list(answers)

    def answer(self):
        self.say(*(waiting.pop(0) if len(waiting) > 1 else waiting[0]))

    server.RequestHandlerClass = type("Flaky", (server.RequestHandlerClass,), {f"at_{path}": answer})


def test_what_may_pass_is_tried_again_later_and_later(server):
    flaky(server, "shaky", (503, "no"), (502, "no"), (200,))
    time = Time()
    assert verdict(web_on(server, time=time, tries=3), "http://docs.test/shaky").outcome is Outcome.OK
    assert server.paths() == ["/shaky"] * 3
    assert [pause for pause in time.slept if pause >= 5.0] == [5.0, 10.0]


@pytest.mark.parametrize("path", ["broken", "hang-up", "garbage", "too-short"])
def test_what_does_not_pass_is_given_up(server, path):
    assert verdict(web_on(server, tries=3), f"http://docs.test/{path}").outcome is Outcome.UNREACHABLE
    assert server.paths() == [f"/{path}"] * 3


@pytest.mark.parametrize("path", ["missing", "gone", "forbidden", "too-many", "bad-request", "circle-two"])
def test_a_plain_answer_is_not_asked_for_again(server, path):
    verdict(web_on(server, tries=3), f"http://docs.test/{path}")
    assert server.paths().count(f"/{path}") == 1


def test_a_host_may_say_how_long_to_wait(server):
    class Handler(server.RequestHandlerClass):
        def at_shaky(self):
            if server.paths() == ["/shaky"]:
                self.say(503, "no", Retry_After="30")
            else:
                self.say(200)

    server.RequestHandlerClass = Handler
    time = Time()
    assert verdict(web_on(server, time=time, tries=2), "http://docs.test/shaky").outcome is Outcome.OK
    assert 30 in time.slept


@pytest.mark.parametrize("wish", ["3600", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_host_that_wants_to_be_left_alone_for_long_is(server, wish):
    class Handler(server.RequestHandlerClass):
        def at_closed(self):
            self.say(503, "no", Retry_After=wish)

    server.RequestHandlerClass = Handler
    assert verdict(web_on(server, tries=3), "http://docs.test/closed").outcome is Outcome.UNREACHABLE
    assert server.paths() == ["/closed"]


# Politeness


def test_it_says_who_it_is_and_nothing_else(server):
    web_on(server, agent="lerkb-links/1 (+https://example.org/)").visit("http://docs.test/document?a=1#part")
    host, path, headers = server.asked[-1]
    assert (host, path) == ("docs.test", "/document?a=1")
    assert headers["User-Agent"] == "lerkb-links/1 (+https://example.org/)"
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_two_questions_to_a_host_are_apart_and_other_hosts_need_not_wait(server):
    time = Time()
    web = web_on(server, time=time)
    web.visit("http://docs.test/document")
    assert time.slept == [2.0]  # between what robots may do and the page
    web.visit("http://other.test/document")
    assert time.slept == [2.0, 2.0]
    web.visit("http://docs.test/pdf")
    assert time.slept == [2.0, 2.0]  # it had waited while the other host was asked
    web.visit("http://docs.test/document")
    assert time.slept == [2.0, 2.0, 2.0]


def test_a_redirect_is_a_question_to_its_host(server):
    time = Time()
    web_on(server, time=time).visit("http://docs.test/found")
    assert server.paths() == ["/found", "/document"]
    assert time.slept == [2.0, 2.0]


def robots(server, text):
    class Handler(server.RequestHandlerClass):
        def at_robots_txt(self):
            self.say(200, text, Content_Type="text/plain")

    del server.answers["/robots.txt"]
    server.RequestHandlerClass = Handler


ROBOTS = "User-agent: *\nDisallow: /private\n\nUser-agent: lerkb-links\nDisallow: /ours\n"


@pytest.mark.parametrize(
    ("agent", "path", "asked"),
    [("other/1", "/private/a", False), ("other/1", "/ours", True), ("lerkb-links/1", "/ours", False)],
)
def test_what_robots_may_not_read_is_not_asked_for(server, agent, path, asked):
    robots(server, ROBOTS)
    found = verdict(web_on(server, agent=agent), f"http://docs.test{path}")
    assert (server.paths() == [path]) is asked
    assert asked or (found.outcome, found.reason) == ("refused", "its robots.txt asks programs not to read this")


def test_a_host_may_wish_for_a_longer_pause(server):
    robots(server, "User-agent: *\nCrawl-delay: 7\n")
    time = Time()
    web = web_on(server, time=time)
    web.visit("http://docs.test/document")
    web.visit("http://docs.test/document")
    assert time.slept == [2.0, 7.0]
    assert [path for _, path, _ in server.asked] == ["/robots.txt", "/document", "/document"]


def test_a_host_that_wishes_for_too_long_a_pause_is_left_alone(server):
    robots(server, "User-agent: *\nCrawl-delay: 86400\n")
    found = verdict(web_on(server), "http://docs.test/document")
    assert (found.outcome, "wait 86400 seconds" in found.reason) == ("refused", True)
    assert server.paths() == []


def test_a_page_in_place_of_robots_txt_forbids_nothing(server):
    server.answers["/robots.txt"] = (200, "<p>User-agent: *\nDisallow: /")
    assert verdict(web_on(server), "http://docs.test/document").outcome is Outcome.OK


def test_a_host_that_fails_at_robots_txt_is_asked_nothing_more(server):
    server.answers["/robots.txt"] = (500, "")
    web = web_on(server, tries=2)
    for path in ("document", "pdf"):
        found = verdict(web, f"http://docs.test/{path}")
        assert (found.outcome, "robots.txt" in found.reason) == ("unreachable", True)
    assert [path for _, path, _ in server.asked] == ["/robots.txt"] * 2


def test_robots_txt_may_lie_elsewhere(server):
    class Handler(server.RequestHandlerClass):
        def at_robots_txt(self):
            self.say(301, "", Location="http://other.test/rules")

        def at_rules(self):
            self.say(200, "User-agent: *\nDisallow: /document", Content_Type="text/plain")

    del server.answers["/robots.txt"]
    server.RequestHandlerClass = Handler
    assert verdict(web_on(server), "http://docs.test/document").outcome is Outcome.REFUSED


@pytest.mark.parametrize("to", ["http://inside.test/robots.txt", "file:///etc/passwd", "http://[::1/", "/robots.txt"])
def test_robots_txt_that_leads_nowhere_is_as_none(server, to):
    class Handler(server.RequestHandlerClass):
        def at_robots_txt(self):
            self.say(302, "", Location=to)

    del server.answers["/robots.txt"]
    server.RequestHandlerClass = Handler
    assert verdict(web_on(server), "http://docs.test/document").outcome is Outcome.OK


def test_a_host_that_says_too_many_is_left_alone_from_then_on(server):
    web = web_on(server)
    assert verdict(web, "http://docs.test/too-many").outcome is Outcome.REFUSED
    assert verdict(web, "http://docs.test/document").reason == "its host says that we ask too much (429)"
    assert verdict(web, "http://other.test/document").outcome is Outcome.OK
    assert server.paths("docs.test") == ["/too-many"]


# Safety


@pytest.mark.parametrize("path", ["to-inside", "to-metadata", "to-address", "to-ipv6", "to-file"])
def test_no_redirect_leads_inside(server, monkeypatch, path):
    called = []
    connect = socket.socket.connect

    def record(self, address):
        called.append(address[0])
        return connect(self, address)

    monkeypatch.setattr("socket.socket.connect", record)
    verdict(web_on(server), f"http://docs.test/{path}")
    assert set(called) == {"127.0.0.1"}


def test_a_name_is_looked_up_once_for_a_call_and_only_public_addresses_are_called(server):
    asked = []

    def look_up(host, port, **named):
        asked.append(host)
        family, kind = socket.AF_INET, socket.SOCK_STREAM
        return [(family, kind, 6, "", (address, server.server_port)) for address in ("10.0.0.1", "127.0.0.1")]

    time = Time()
    web = Web(Manners(tries=1, trusted=frozenset({"127.0.0.1"})), look_up=look_up, clock=time.clock, sleep=time.sleep)
    assert web.visit("http://docs.test/document").answer.status == 200
    assert asked == ["docs.test"] * 2  # robots.txt and the page


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - nothing is bound
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "no address",
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


# Secure connections


def trusting():
    context = ssl.create_default_context()
    context.load_verify_locations(CERTIFICATE)
    return context


def test_a_secure_page(server, secure):
    web = web_on(server, secure=secure, tls=trusting())
    assert verdict(web, "https://docs.test/document").outcome is Outcome.OK
    assert secure.asked[-1][0] == "docs.test", "without a port"


def test_a_certificate_that_cannot_be_verified_says_nothing_of_the_document(server, secure):
    found = verdict(web_on(server, secure=secure, tries=3), "https://docs.test/document")
    assert found.outcome is Outcome.NOT_KNOWN
    assert "certificate could not be verified here (self-signed certificate)" in found.reason
    assert secure.asked == []


def test_a_certificate_of_another_host(server, secure):
    found = verdict(web_on(server, secure=secure, tls=trusting()), "https://other.test/document")
    assert (found.outcome, "other.test" in found.reason) == ("not-known", True)


def test_a_host_that_speaks_no_tls(server):
    found = verdict(web_on(server), "https://docs.test/document")
    assert (found.outcome, found.reason) == ("unreachable", "no secure connection could be made")


def test_every_hitch_has_its_outcome():
    assert {judge_failure(VisitError(hitch, "because")).reason for hitch in Hitch} == {"because"}
