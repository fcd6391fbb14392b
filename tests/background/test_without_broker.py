"""Redis is gone, and no worker hears anything: the clock does the sweeps by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from accounts.heartbeat import is_alive
from accounts.services import ask_job
from kipp.celery import app
from kipp.demo.servers import free_port
from kipp.tasks import beat_heart, make_jobs, sweep_outbox
from kipp.ticking import Ticker
from tests import make
from tests.background.conftest import Sink
from tests.background.test_delivery import promise, status_of

CALLS = {each.name for each in (sweep_outbox, beat_heart, make_jobs)}


@pytest.mark.django_db(transaction=True)
def test_mail_goes_out_and_long_work_waits(
    tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", f"redis://127.0.0.1:{free_port()}/0")
    ticker = Ticker(app=app, schedule_filename=str(tmp_path / "beat"))
    mail = promise()
    job = ask_job("work", {}, about="Uji", by=make.user(), at=make.NOON)

    ticker.tick()
    for entry in ticker.schedule.values():
        if entry.task in CALLS:
            entry.last_run_at = app.now() - timedelta(hours=1)
    ticker.populate_heap()
    for _call in CALLS:
        ticker.tick()
    ticker.close()

    assert (status_of(mail), sink.subjects) == ("sent", [mail.subject])
    job.refresh_from_db()
    assert job.status == "waiting"
    assert not is_alive("worker", at=app.now())
