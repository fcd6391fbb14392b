"""Minutes signed by a one-time code: bound, single, counted, and gone with a new version."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Message, User
from judging import services
from judging.minutes import minutes_sha256, signature_blocks
from judging.models import MinutesSignature, Ranking
from judging.queries.minutes import minutes_of, signatures_of
from judging.services.signing import MOST_MISSES, PAUSE, VALID
from tests import make
from tests.clients import signed_in
from tests.judging.field import at, closed, code_of

pytestmark = pytest.mark.django_db


def asked(ranking: Ranking, judge: User, *, at: object = make.NOON) -> str:
    services.ask_code(ranking, digest=digest_of(ranking), by=judge, at=at)  # type: ignore[arg-type]
    mail = Message.objects.filter(kind="minutes_code", recipient=judge).latest("pk")
    assert mail.is_secret
    found = re.search(r"^(\d{8})$", mail.text, re.MULTILINE)
    assert found
    return found[1]


def digest_of(ranking: Ranking) -> str:
    return minutes_sha256(minutes_of(ranking))


def refused(
    ranking: Ranking, code: str, judge: User, *, at: object = make.NOON, digest: str = ""
) -> str:
    with pytest.raises(ValidationError) as error:
        services.sign_minutes(
            ranking,
            code=code,
            digest=digest or digest_of(ranking),
            by=judge,
            at=at,  # type: ignore[arg-type]
        )
    return code_of(error)


def test_judge_signs_once_with_the_code_from_the_mail() -> None:
    made, ranking = closed(judges=2, entries=2)
    first, second = made.judges
    before = digest_of(ranking)
    code = asked(ranking, first)

    assert refused(ranking, "00000000" if code != "00000000" else "1", first) == "code"
    assert refused(ranking, code, second) == "code"  # nothing was asked for by that judge
    assert refused(ranking, code, made.chair) == "seat"
    assert refused(ranking, code, first, digest="0" * 64) == "code"
    signature = services.sign_minutes(
        ranking, code=f" {code[:4]} {code[4:]}", digest=before, by=first, at=make.NOON
    )

    assert (signature.misses, signature.code_hmac, signature.signed_at) == (2, "", make.NOON)
    assert refused(ranking, code, first) == "not_now"
    assert digest_of(ranking) == before  # a signature does not change what is signed
    blocks = signature_blocks(signatures_of(ranking), ranking=ranking)
    assert blocks[2]["rows"][0][::2] == [first.full_name, before[:16]]  # type: ignore[index]
    page = signed_in(made.chair).get(at(made, "minutes")).content.decode()
    assert before[:16] in page


def test_code_ends_by_time_by_misses_and_by_a_new_one() -> None:
    made, ranking = closed(judges=1, entries=2)
    (judge,) = made.judges
    code = asked(ranking, judge)
    assert refused(ranking, code, judge, at=make.NOON + VALID) == "code"
    with pytest.raises(ValidationError) as error:
        services.ask_code(ranking, digest="x", by=judge, at=make.NOON + PAUSE / 2)
    assert code_of(error) == "often"

    newer = asked(ranking, judge, at=make.NOON + PAUSE)
    if newer != code:
        assert refused(ranking, code, judge, at=make.NOON + PAUSE) == "code"
    for _attempt in range(MOST_MISSES):
        refused(ranking, "salah", judge, at=make.NOON + PAUSE)
    assert refused(ranking, newer, judge, at=make.NOON + PAUSE) == "code"
    assert MinutesSignature.objects.get().misses == MOST_MISSES


def test_new_version_of_the_minutes_ends_codes_and_keeps_old_signatures_apart() -> None:
    made, ranking = closed(judges=2, entries=2)
    first, second = made.judges
    services.sign_minutes(
        ranking, code=asked(ranking, first), digest=digest_of(ranking), by=first, at=make.NOON
    )
    code = asked(ranking, second)
    services.reopen_stage(made.stage, reason="Ulang", by=made.chair, at=make.NOON)
    assert refused(ranking, code, second) == "not_now"
    newer = services.close_stage(made.stage, by=made.chair, at=make.NOON)

    assert refused(ranking, code, second) == "not_now"
    assert signatures_of(newer) == []
    assert len(signatures_of(ranking)) == 1


def test_judge_reads_asks_and_signs_in_the_browser() -> None:
    made, _ranking = closed(judges=1, entries=2)
    (judge,) = made.judges
    client = signed_in(judge)
    page = reverse("judging:minutes-sign", args=[made.stage.pk])

    empty = client.post(page, {"code": ""})
    client.post(reverse("judging:minutes-code", args=[made.stage.pk]))
    again = client.post(reverse("judging:minutes-code", args=[made.stage.pk]))
    mail = Message.objects.get(kind="minutes_code")
    wrong = client.post(page, {"code": "x"})
    found = re.search(r"^(\d{8})$", mail.text, re.MULTILINE)
    assert found
    done = client.post(page, {"code": found[1]})
    paper = client.get(reverse("judging:minutes-read", args=[made.stage.pk]))

    assert (empty.status_code, again.status_code, wrong.status_code) == (422, 422, 422)
    assert done.status_code == 302
    assert paper.content.startswith(b"%PDF")
    assert signed_in(made.chair).get(page).status_code == 404
    services.reopen_stage(made.stage, reason="x", by=made.chair, at=make.NOON + timedelta(hours=1))
    assert client.get(page).status_code == 404
