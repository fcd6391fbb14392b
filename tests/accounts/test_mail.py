from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from accounts import mail
from accounts.models import Message
from tests import make

pytestmark = pytest.mark.django_db
FACTS = {"timestamp": make.NOON, "ip": "127.0.0.1", "user_agent": "Firefox"}
NOTICES = sorted(
    path.stem
    for path in Path(settings.BASE_DIR, "templates", "mail").glob("account_*.md")
    if path.stem not in {"account_invitation", "account_password_reset_key"}
)

# What a subject may begin with: what is to be done.
ACTIONS = {
    "Answer", "Appoint", "Ask", "Bring", "Check", "Choose", "Complete", "Decide", "Disregard",
    "Endorse", "Finish", "Judge",
    "Keep", "Mend", "Note", "Open", "Prepare", "Read", "Score", "See", "Send", "Set", "Sign",
    "Wait",
}  # fmt: skip
SENTENCE = re.compile(r'{% translate "([^"]+)"|{% blocktranslate[^%]*%}([^{]*)|{% plural %}([^{]*)')


@pytest.mark.parametrize(
    "path",
    sorted(Path(settings.BASE_DIR, "templates", "mail").glob("[a-z]*.md")),
    ids=lambda path: path.stem,
)
def test_every_subject_begins_with_what_is_to_be_done(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    sentences = ["".join(found) for found in SENTENCE.findall(first)]

    assert sentences or first == "{{ own_subject }}"
    assert {sentence.split()[0].rstrip(":") for sentence in sentences} <= ACTIONS


@pytest.mark.parametrize("kind", NOTICES)
def test_each_notice_says_when_and_what_to_do(kind: str) -> None:
    with translation.override("en"):
        subject, text, html = mail.compose(kind, {"user": make.user("Siti"), **FACTS})

    assert subject.startswith("Check: ")
    assert text.startswith("Dear Siti,")
    assert "Time: 2 March 2026, 12.00 WIB. Address: 127.0.0.1. Browser: Firefox" in text
    assert f'href="{settings.SITE_URL}/akun/sandi/lupa/"' in html


def test_withdraw_holds_back_what_has_not_gone_out() -> None:
    unit, other = make.unit(), make.unit()
    for about in (unit, other):
        mail.send_later(
            "account_password_changed",
            make.user(),
            dedupe_key=str(about.pk),
            at=make.NOON,
            context={"user": make.user(), **FACTS},
            about=about,
            is_secret=True,
        )

    mail.withdraw(unit, kind="account_password_changed")

    left = Message.objects.order_by("pk").values_list("status", "text")
    assert left[0] == ("expired", "")
    assert left[1][0] == "queued"
    assert left[1][1].startswith("Dear") or left[1][1].startswith("Yth")
