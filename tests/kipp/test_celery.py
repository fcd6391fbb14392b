from __future__ import annotations

import os

import pytest
from pytest_django import Settings

from kipp.celery import RefuseRoot, app


def test_worker_refuses_root_outside_the_demo(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    settings.DEMO = False

    with pytest.raises(SystemExit, match="refuses to run as root"):
        RefuseRoot(None)


def test_worker_starts_as_root_in_the_demo(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    settings.DEMO = True

    assert RefuseRoot(None).enabled is True


def test_messages_are_json_and_results_are_not_kept() -> None:
    conf = app.conf

    assert (conf.accept_content, conf.task_serializer, conf.task_ignore_result) == (
        ["json"],
        "json",
        True,
    )


def test_clock_only_ticks_tasks_that_exist() -> None:
    app.loader.import_default_modules()

    ticked = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert ticked <= set(app.tasks)


def test_task_that_hangs_is_asked_to_end_and_then_ended() -> None:
    """Before a beat's own patience is over: what it left is taken up by the next one."""
    conf = app.conf

    assert 0 < conf.task_soft_time_limit < conf.task_time_limit <= 300
