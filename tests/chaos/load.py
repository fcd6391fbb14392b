"""Real people all along: they log in, save, send, upload and read, and keep a log of their own."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from uuid import uuid4

from tests.chaos.browser import Answer, Browser, Doors
from tests.chaos.cast import PASSWORD, SECTIONS, Desk, Scene
from tests.lib.samples import jpg_file

ACTS = ("login", "read", "save", "send", "upload")
LOGIN = "/akun/masuk/"
VERSION = re.compile(rb'name="version" value="(\d+)"')
# What a person may be told when an earlier try went through without an answer, or a disk is full.
SENTENCES = frozenset({409, 422})
# Seconds between what one person does.
PACE = (0.2, 0.8)
TRIES = 60
SERVED_SECONDS = 60


@dataclass(frozen=True)
class Entry:
    """One line of a client's log. `key` is what was promised if `is_promised`."""

    who: str
    act: str
    key: str
    status: int
    is_promised: bool
    is_expected: bool
    sent: float
    answered: float


class Load:
    """Threads that go on until they are told to stop."""

    def __init__(self, scene: Scene, doors: Doors, *, seed: int) -> None:
        self.scene, self.doors, self.seed = scene, doors, seed
        self.log: list[Entry] = []
        self.over = threading.Event()
        writers = [Writer(self, desk) for desk in scene.writers]
        crowd: list[Callable[[], None]] = [writer.work for writer in writers[1:]]
        crowd.append(Sender(self, writers[0].desk).work)
        crowd += [Endorser(self, desk).work for desk in scene.endorsers]
        crowd += [Reader(self).work, Newcomer(self, scene.writers[-1]).work]
        self.threads = [threading.Thread(target=work, daemon=True) for work in crowd]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def wait_until_served(self) -> None:
        """Until each act succeeded once: on a busy machine a fault may be over before."""
        deadline = time.monotonic() + SERVED_SECONDS
        while not all(self.promised(act) for act in ACTS) and time.monotonic() < deadline:
            time.sleep(0.1)

    def stop(self) -> None:
        """Whoever left by an error of our own proves nothing."""
        gone = [thread.name for thread in self.threads if not thread.is_alive()]
        if gone:
            raise RuntimeError(f"{len(gone)} of {len(self.threads)} people broke off: {gone}")
        self.over.set()
        for thread in self.threads:
            thread.join()

    def promised(self, act: str) -> set[str]:
        return {entry.key for entry in self.log if entry.act == act and entry.is_promised}

    def write(self, path: Path) -> None:
        path.write_text("".join(f"{json.dumps(asdict(entry))}\n" for entry in self.log))


class Person:
    def __init__(self, load: Load, desk: Desk) -> None:
        self.load, self.desk = load, desk
        self.rng = Random(f"{load.seed} {desk.email} {type(self).__name__}")
        self.browser = Browser(load.doors, self.rng)
        self.count = 0

    def work(self) -> None:
        self.begin()
        while not self.load.over.is_set():
            self.act()
            self.load.over.wait(self.rng.uniform(*PACE))

    def begin(self) -> None:
        for _try in range(TRIES):
            if self.login().status == 302 or self.load.over.wait(0.5):
                return

    def login(self) -> Answer:
        answer = self.browser.post(LOGIN, {"login": self.desk.email, "password": PASSWORD})
        key = self.browser.cookies.get("sessionid", "")
        self.note("login", answer, key=key, good={302})
        return answer

    def act(self) -> None:
        raise NotImplementedError

    def note(
        self,
        act: str,
        answer: Answer,
        *,
        good: Iterable[int],
        key: str = "",
        fair: Iterable[int] = (),
    ) -> bool:
        """Whether the promise was made. Being sent to the login page is never expected."""
        is_good = answer.status in set(good) and (act == "login" or LOGIN not in answer.location)
        self.load.log.append(
            Entry(
                who=self.desk.email,
                act=act,
                key=key,
                status=answer.status,
                is_promised=is_good,
                is_expected=is_good or answer.status in set(fair),
                sent=answer.sent,
                answered=answer.answered,
            )
        )
        return is_good


class Writer(Person):
    """Saves a text that nobody else writes, by script or by the page's button."""

    def act(self) -> None:
        [pk], section = self.desk.proposals, self.rng.choice(SECTIONS)
        page = f"/proposal/{pk}/bagian/{section}/"
        shown = self.browser.get(page)
        found = VERSION.search(shown.body)
        if not self.note("read", shown, good={200}) or not found:
            return
        self.count += 1
        text = f"{self.desk.email} menulis naskah {self.count}"
        form = {"version": found[1].decode(), "text": text}
        if self.rng.random() < 0.5:
            saved = self.browser.post(f"{page}simpan/", form, accept="application/json")
            self.note("save", saved, key=text, good={200}, fair=SENTENCES)
        else:
            saved = self.browser.post(page, form)
            self.note("save", saved, key=text, good={302}, fair=SENTENCES)


class Sender(Person):
    """Uploads pictures; no two have the same name."""

    def act(self) -> None:
        [pk] = self.desk.proposals
        self.count += 1
        name = f"foto-{self.load.seed}-{self.count}.jpg"
        picture = jpg_file(width=20 + self.count, height=20 + self.rng.randrange(40))
        sent = self.browser.upload(f"/proposal/{pk}/lampiran/unggah/foto/", name, picture)
        self.note("upload", sent, key=name, good={302}, fair=SENTENCES)


class Endorser(Person):
    """Sends one proposal after the other; asks again with the same token until it is answered."""

    def __init__(self, load: Load, desk: Desk) -> None:
        super().__init__(load, desk)
        self.waiting = [(pk, str(uuid4())) for pk in desk.proposals]

    def act(self) -> None:
        if not self.waiting:
            self.note("read", self.browser.get("/proposal/pengesahan/"), good={200})
            return
        pk, token = self.waiting[0]
        form = {"token": token, "statement": "on"}
        sent = self.browser.post(f"/proposal/{pk}/pengesahan/sahkan/", form)
        if self.note("send", sent, key=str(pk), good={302}):
            self.waiting.pop(0)
        self.load.over.wait(self.rng.uniform(0.2, 1.2))


class Reader(Person):
    """A stranger on the public pages."""

    def __init__(self, load: Load) -> None:
        super().__init__(load, Desk("stranger", []))
        self.pages = ("/", f"/kompetisi/{load.scene.slug}/", "/inovasi-daerah/", "/healthz")

    def begin(self) -> None:
        return

    def act(self) -> None:
        self.note("read", self.browser.get(self.rng.choice(self.pages)), good={200})


class Newcomer(Person):
    """Logs in again and again."""

    def act(self) -> None:
        self.browser = Browser(self.load.doors, self.rng)
        if self.login().status == 302:
            self.note("read", self.browser.get("/inovasi/"), good={200})
