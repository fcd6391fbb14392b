"""A person's browser, as far as the portal can tell: cookies, forms and one try at each door."""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import urlencode

CSRF = "chaos" * 6 + "ok"
PATIENCE = 40


@dataclass
class Doors:
    """The ports at which the portal answers now, as a balancer in front would know them."""

    ports: list[int] = field(default_factory=list)
    # How many are inside, by port.
    inside: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def entered(self, port: int) -> Iterator[None]:
        with self.lock:
            self.inside[port] += 1
        try:
            yield
        finally:
            with self.lock:
                self.inside[port] -= 1


@dataclass(frozen=True)
class Answer:
    """Status 0: none came. `sent` and `answered` are of the monotonic clock."""

    status: int
    location: str
    body: bytes
    sent: float
    answered: float


@dataclass
class Browser:
    doors: Doors
    rng: Random
    cookies: dict[str, str] = field(default_factory=lambda: {"csrftoken": CSRF})

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", {})

    def post(self, path: str, form: Mapping[str, str], *, accept: str = "text/html") -> Answer:
        body = urlencode({**form, "csrfmiddlewaretoken": CSRF}).encode()
        kind = "application/x-www-form-urlencoded"
        return self._ask("POST", path, body, {"Content-Type": kind, "Accept": accept})

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        boundary = secrets.token_hex(16)
        fields = f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"'
        fields += f"\r\n\r\n{CSRF}\r\n--{boundary}\r\nContent-Disposition: form-data;"
        fields += f' name="end"\r\n\r\n1\r\n--{boundary}\r\nContent-Disposition: form-data;'
        fields += f' name="file"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
        body = fields.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return self._ask(
            "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        )

    def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """A door that does not open is passed by; one that broke off in the middle is not."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = time.monotonic()
        for port in self.rng.sample(self.doors.ports, len(self.doors.ports)):
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            try:
                connection.connect()
            except OSError:
                continue
            try:
                with self.doors.entered(port):
                    connection.request(method, path, body or None, {**headers, "Cookie": cookie})
                    answer = connection.getresponse()
                    content = answer.read()
            except (OSError, HTTPException):
                break
            finally:
                connection.close()
            self._learn(answer.headers.get_all("Set-Cookie") or [])
            location = answer.headers.get("Location", "")
            return Answer(answer.status, location, content, sent, time.monotonic())
        return Answer(0, "", b"", sent, time.monotonic())

    def _learn(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if name != "csrftoken":
                    self.cookies[name] = morsel.value
