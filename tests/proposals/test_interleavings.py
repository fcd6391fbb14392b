"""Two editors at once on the real database: no accepted text is ever lost from the history."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count, pairwise

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from competitions.models import Section
from proposals import invariants, services
from proposals.models import Proposal, Revision
from proposals.services import StaleAnswer
from tests import make
from tests.proposals.scene import Scene, city_scene

pytestmark = pytest.mark.django_db(transaction=True)

NUMBERS = count(1)
# What one editor does next: look at the section again, write, write the same once more (a retry
# after a lost answer), or put the first text back.
STEPS = st.lists(st.sampled_from(["look", "write", "retry", "restore"]), min_size=1, max_size=25)
SECTIONS = st.lists(st.booleans(), min_size=25, max_size=25)


@dataclass
class Editor:
    """Knows only what a browser knows: the versions it has seen and the texts it has typed."""

    name: str
    person: User
    proposal: Proposal
    seen: dict[int, int] = field(default_factory=dict)
    typed: dict[int, str] = field(default_factory=dict)
    accepted: list[tuple[int, int, str]] = field(default_factory=list)
    refused: int = 0

    def run(self, steps: list[tuple[str, Section]], barrier: threading.Barrier) -> None:
        try:
            barrier.wait(timeout=20)
            for step, section in steps:
                getattr(self, step)(section)
        finally:
            connection.close()

    def look(self, section: Section) -> None:
        latest = Revision.objects.filter(
            answer__proposal=self.proposal, answer__section=section
        ).first()
        self.seen[section.pk] = latest.version if latest else 0

    def write(self, section: Section) -> None:
        self.typed[section.pk] = f"{self.name} {next(NUMBERS)}"
        self.send(section, self.typed[section.pk])

    def retry(self, section: Section) -> None:
        self.send(section, self.typed.get(section.pk, self.name))

    def restore(self, section: Section) -> None:
        first = Revision.objects.filter(
            answer__proposal=self.proposal, answer__section=section, version=1
        ).first()
        if first:
            self.send(section, first.text)

    def send(self, section: Section, text: str) -> None:
        try:
            answer = services.save_answer(
                self.proposal,
                section=section,
                text=text,
                version=self.seen.get(section.pk, 0),
                by=self.person,
                at=make.NOON,
            )
        except StaleAnswer as error:
            self.refused += 1
            self.seen[section.pk] = error.theirs.version
            return
        self.seen[section.pk] = answer.version
        self.accepted.append((section.pk, answer.version, text))


@pytest.fixture
def race_scene() -> Scene:
    return city_scene()


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(one=STEPS, other=STEPS, places=SECTIONS)
def test_no_interleaving_loses_an_accepted_text(
    race_scene: Scene, one: list[str], other: list[str], places: list[bool]
) -> None:
    proposal = make.proposal(race_scene.clinic, race_scene.track)
    editors = [
        Editor("rina", race_scene.author, proposal),
        Editor("budi", race_scene.endorser, proposal),
    ]
    where = [race_scene.summary if place else race_scene.impact for place in places]
    barrier = threading.Barrier(2)
    threads = [
        threading.Thread(target=editor.run, args=(list(zip(steps, where, strict=False)), barrier))
        for editor, steps in zip(editors, [one, other], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    kept = history(proposal)
    for section, version, text in editors[0].accepted + editors[1].accepted:
        assert kept[section][version - 1] == (version, text)
    for rows in kept.values():
        assert [version for version, _text in rows] == list(range(1, len(rows) + 1))
        assert all(a[1] != b[1] for a, b in pairwise(rows))
    acknowledged = {(s, v) for editor in editors for s, v, _text in editor.accepted}
    assert acknowledged >= {(s, v) for s, rows in kept.items() for v, _text in rows}
    assert list(invariants.revisions_count_up_to_the_text(make.NOON)) == []


def history(proposal: Proposal) -> dict[int, list[tuple[int, str]]]:
    found: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    revisions = Revision.objects.filter(answer__proposal=proposal).order_by("version")
    for section, version, text in revisions.values_list("answer__section", "version", "text"):
        found[section].append((version, text))
    return found
