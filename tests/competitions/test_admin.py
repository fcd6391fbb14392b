from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.admin import ReadOnlyAdmin
from tests import make
from tests.competitions import world as worlds

pytestmark = pytest.mark.django_db

OURS = {
    model: shown
    for model, shown in admin.site._registry.items()
    if model._meta.app_label == "competitions"
}


@pytest.mark.parametrize("name", [str(model._meta.model_name) for model in OURS])
def test_support_reads_and_changes_nothing(client: Client, name: str) -> None:
    world = worlds.build()
    make.extension(world.round)
    worlds.arguments(world)
    client.force_login(world.people["sysadmin"])

    assert client.get(reverse(f"admin:competitions_{name}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:competitions_{name}_add")).status_code == 403


def test_all_are_read_only() -> None:
    assert len(OURS) == 9
    assert all(isinstance(shown, ReadOnlyAdmin) for shown in OURS.values())
