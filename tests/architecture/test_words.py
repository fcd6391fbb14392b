"""The Indonesian catalogue: it wins over the libraries' own, and no English word is left in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext
from pytest_django import Settings

from accounts import history
from competitions.queries import history as of_competitions
from judging.queries import trail as of_stages
from kipp.borrowed import ALLAUTH, DJANGO
from kipp.demo.catalogs import compile_catalogs
from proposals.queries import history as of_proposals
from tests.architecture.sources import PACKAGES, ROOT, modules

CATALOG = ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
ENGLISH = re.compile(
    r"\b(?:the|and|of|with|e-?mail|link|upload|download|files?|draft|password|log ?in|sign|error"
    r"|user|browser|cookies?|submit|update|website|deadline|online|offline|workshop|dashboard)\b",
    re.IGNORECASE,
)


@pytest.fixture
def indonesian(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Our catalogue as a running server has it; the suite itself speaks in msgids."""
    folder = tmp_path / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / CATALOG.name).write_text(CATALOG.read_text())
    compile_catalogs(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]
    with translation.override("id"):
        yield


def said(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def said_by(package: str) -> set[str]:
    catalogs = Path(package).parent.rglob("locale/id/LC_MESSAGES/django.po")
    return {entry.msgid for catalog in catalogs for entry in polib.pofile(str(catalog))}


@pytest.mark.usefixtures("indonesian")
def test_our_catalogue_wins_over_those_of_the_libraries() -> None:
    ours = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOG)) if entry.msgstr}
    borrowed = [*ALLAUTH, *DJANGO]

    shown = {sentence: gettext(sentence) for sentence in borrowed}

    assert shown == {sentence: ours[sentence] for sentence in borrowed}


@pytest.mark.usefixtures("indonesian")
def test_one_and_many_have_the_same_words_in_indonesian() -> None:
    shown = {ngettext("%(count)d file", "%(count)d files", count) for count in (0, 1, 2)}

    assert shown == {"%(count)d berkas"}


@pytest.mark.parametrize(("sentences", "package"), [(ALLAUTH, allauth), (DJANGO, django)])
def test_borrowed_sentences_are_still_said_by_their_library(
    sentences: tuple[str, ...], package: object
) -> None:
    silent = set(sentences) - said_by(str(vars(package)["__file__"]))

    assert silent == set()


def test_no_english_word_is_left_in_indonesian() -> None:
    left = {
        text
        for entry in polib.pofile(str(CATALOG))
        for text in said(entry)
        if ENGLISH.search(PLACEHOLDER.sub("", text))
    }

    assert left == set()


def test_indonesian_keeps_every_placeholder() -> None:
    """A field's label already says which model Django means, so its name may go."""
    lost = {
        entry.msgid
        for entry in polib.pofile(str(CATALOG))
        for text in said(entry)
        if set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        - set(PLACEHOLDER.findall(text))
        - {"%(model_name)s"}
    }

    assert lost == set()


TRAILS = (history, of_competitions, of_proposals, of_stages)
# Their objects have no page with a history, or the act is the committee's alone.
UNTOLD = {
    *("mail.paused", "mail.resumed"),
    *("portal.closed", "portal.reopened", "proposal.claim_checked", "proposal.opinion_given"),
}


def test_every_act_of_the_trail_has_words() -> None:
    """Without them the history shows the act's name in the code."""
    recorded = {
        call.args[1].value
        for module in modules(*PACKAGES)
        for call in module.calls()
        if ast.unparse(call.func) in ("record", "audit.record")
        and isinstance(call.args[1], ast.Constant)
    }

    assert recorded - {act for trail in TRAILS for act in trail.WORDS} == UNTOLD
