from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from kipp.lib import probing
from kipp.lib.probing import Answer, is_public, probe

LOOK_UPS: list[str] = []
CUT = Event()


class Site(BaseHTTPRequestHandler):
    """/404 answers 404; /to?URL sends there; /loop sends to itself; /drip never ends its header."""

    def do_GET(self) -> None:
        LOOK_UPS.append(self.path)
        if self.path.startswith("/to?"):
            self.answer(302, {"Location": self.path.removeprefix("/to?")})
        elif self.path == "/drip":
            self.drip()
        elif self.path == "/loop":
            self.answer(302, {"Location": "/loop"})
        else:
            self.answer(int(self.path.strip("/") or "200"), {})

    def answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def drip(self) -> None:
        """A header without end, byte by byte, never slow enough for a timeout."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        with suppress(OSError):
            while not CUT.wait(0.05):
                self.wfile.write(b"x")

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def site() -> Iterator[str]:
    LOOK_UPS.clear()
    with serving() as address:
        yield address


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/200", Answer.ALIVE),
        ("/404", Answer.DEAD),
        ("/410", Answer.DEAD),
        ("/403", Answer.UNKNOWN),
        ("/500", Answer.UNKNOWN),
        ("/to?/404", Answer.DEAD),
        ("/to?/200", Answer.ALIVE),
        ("/loop", Answer.UNKNOWN),
    ],
)
def test_status_says_whether_it_is_there(site: str, path: str, answer: Answer) -> None:
    assert probe(f"http://{site}{path}", local=frozenset({site})) is answer


def test_own_statuses_may_mean_dead(site: str) -> None:
    gone = frozenset({403})

    assert probe(f"http://{site}/403", gone=gone, local=frozenset({site})) is Answer.DEAD


def test_private_server_is_not_even_asked(site: str) -> None:
    port = site.partition(":")[2]
    addresses = [
        f"http://{site}/200",
        f"https://{site}/200",
        f"https://localhost:{port}/200",
        f"https://[::1]:{port}/200",
        f"http://0x7f000001:{port}/200",
        "https://127.0.0.1/200",
        "https://2130706433/200",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "https://",
        "",
    ]

    assert {probe(address) for address in addresses} == {Answer.UNKNOWN}
    assert LOOK_UPS == []


def test_redirect_into_a_private_network_is_not_followed(site: str) -> None:
    with serving() as inner:
        target = f"http://{site}/to?http://{inner}/200"

        assert probe(target, local=frozenset({site})) is Answer.UNKNOWN

    assert [path for path in LOOK_UPS if path == "/200"] == []


def test_nobody_listens_or_answers() -> None:
    with closed_port() as silent:
        assert probe(f"http://{silent}/200", local=frozenset({silent})) is Answer.UNKNOWN
    assert probe("https://tidak-ada.invalid/1") is Answer.UNKNOWN


def test_slow_server_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "SECONDS", 0.2)
    with closed_port(is_listening=True) as silent:
        assert probe(f"http://{silent}/200", local=frozenset({silent})) is Answer.UNKNOWN


def test_server_that_drips_is_cut_off(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probing, "SECONDS_IN_ALL", 0.4)
    asked = Thread(target=probe, args=[f"http://{site}/drip"], kwargs={"local": frozenset({site})})
    asked.start()
    asked.join(timeout=20)
    is_over = not asked.is_alive()
    CUT.set()

    assert is_over


@contextmanager
def closed_port(*, is_listening: bool = False) -> Iterator[str]:
    """A port where nothing answers; listening means that connections wait for ever."""
    with socket.socket() as waiting:
        waiting.bind(("127.0.0.1", 0))
        if is_listening:
            waiting.listen()
        yield f"127.0.0.1:{waiting.getsockname()[1]}"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("10.0.0.1", False),
        ("172.16.5.4", False),
        ("192.168.1.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - not bound, looked at
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("2001:0:a00:1::", False),
    ],
)
def test_only_public_addresses(address: str, *, expected: bool) -> None:
    assert is_public(address) is expected
