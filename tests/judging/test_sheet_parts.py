"""What stands on a scorecard: levels, numbers, files, and the way to the next one."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.urls import reverse

from kipp.lib.files import store_file
from tests.clients import signed_in
from tests.judging.field import opened
from tests.judging.test_desk import declared, typed, url

pytestmark = pytest.mark.django_db


def test_levels_that_are_the_whole_scale_are_offered_as_choices() -> None:
    made = opened(scale_min=25, scale_max=75, scale_step=50)
    made.stage.criteria.filter(key="kebaruan").update(
        levels=[{"value": "25", "label": "Kurang"}, {"value": "75", "label": "Baik"}]
    )
    client, sheet = declared(made)

    page = client.get(url("sheet", sheet)).content.decode()
    client.post(url("sheet", sheet), typed(sheet, "25", "75"))

    assert 'type="radio" name="nilai-kebaruan" value="25"' in page
    assert sheet.scores.get(criterion__key="kebaruan").value == Decimal(75)
    again = client.get(url("sheet", sheet)).content.decode()
    (chosen,) = [line for line in again.splitlines() if " checked>" in line]
    assert 'name="nilai-kebaruan" value="75"' in chosen


def test_levels_on_a_finer_scale_guide_a_number_and_lose_none() -> None:
    made = opened()
    made.stage.criteria.filter(key="kebaruan").update(levels=[{"value": "75", "label": "Baik"}])
    client, sheet = declared(made)

    client.post(url("sheet", sheet), typed(sheet, "80", "83"))
    page = client.get(url("sheet", sheet)).content.decode()

    assert 'type="radio"' not in page
    assert 'value="83"' in page
    assert "Baik" in page


def test_files_are_served_to_the_judge_who_declared_and_to_nobody_else() -> None:
    made = opened()
    stored = store_file(io.BytesIO(b"%PDF-1.7 bukti"))
    sent = made.sheet(made.judges[0], 0).entry.submission
    sent.content["files"] = [
        {
            "slot": "bukti",
            "label": "Bukti",
            "name": "bukti.pdf",
            "media_type": "application/pdf",
            "sha256": stored.sha256,
            "size": stored.size,
            "thumbnail_sha256": "",
        }
    ]
    sent.save(update_fields=["content"])
    sheet = made.sheet(made.judges[0], 0)
    address = reverse("judging:sheet-attachment", args=[sheet.pk, stored.sha256])
    unknown = reverse("judging:sheet-attachment", args=[sheet.pk, "0" * 64])
    odd = reverse("judging:sheet-attachment", args=[sheet.pk, ".."])

    before = signed_in(made.judges[0]).get(address)
    client, _sheet = declared(made)
    served = client.get(address)

    assert before.status_code == 404
    assert served.getvalue() == b"%PDF-1.7 bukti"
    assert served.headers["Content-Type"] == "application/pdf"
    assert [client.get(each).status_code for each in (unknown, odd)] == [404, 404]
    assert signed_in(made.judges[1]).get(address).status_code == 404
    assert signed_in(made.chair).get(address).status_code == 404


def test_save_and_next_keeps_the_sheet_open_and_goes_on() -> None:
    made = opened(judges=1, entries=2)
    client, sheet = declared(made)

    reply = client.post(url("sheet-save-next", sheet), typed(sheet, "80", ""))

    sheet.refresh_from_db()
    assert reply.headers["Location"] == url("sheet", made.sheet(made.judges[0], 1))
    assert (sheet.status, sheet.started_at is not None) == ("pending", True)
