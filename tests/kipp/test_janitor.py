"""What belongs to nothing goes; what any row names stays, whoever uploads the same meanwhile."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from kipp.janitor import files_in_use, sweep_files
from kipp.lib.files import has_file, key_of, store_file
from kipp.lib.parts import store_part
from kipp.lib.sweeping import list_orphans, remove_orphans
from kipp.tasks import sweep_storage
from proposals import services
from proposals.models import Attachment, Proposal, Upload
from proposals.services.attaching import check_file, record_file, store_checked
from tests import make
from tests.lib.samples import pdf_file
from tests.proposals.scene import Scene, city_scene


@pytest.fixture
def scene(db: None) -> Scene:
    return city_scene()


DAY_AND_MORE = timedelta(hours=25)


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def age(key: str) -> None:
    """As if nothing had touched it for a day."""
    before = (timezone.now() - DAY_AND_MORE).timestamp()
    os.utime(default_storage.path(key), (before, before))


def attach(scene: Scene, proposal: Proposal, content: bytes) -> Attachment:
    slot, _created = scene.track.slots.get_or_create(
        key="bukti", defaults={"label": "Bukti", "kind": "pdf", "max_count": 9}
    )
    file = BytesIO(content)
    by, at = scene.author, timezone.now()
    return services.attach_file(proposal, slot=slot, file=file, name="a.pdf", by=by, at=at)


def test_only_old_files_without_a_row_go(scene: Scene, at: datetime) -> None:
    kept = attach(scene, scene.draft(), pdf_file())
    young, orphan = store_file(BytesIO(b"young")), store_file(BytesIO(b"orphan"))
    for key in (key_of(kept.sha256), orphan.key):
        age(key)

    assert sweep_files(at=at) == 1
    assert [has_file(each) for each in (kept.sha256, young.sha256, orphan.sha256)] == [
        True,
        True,
        False,
    ]


def test_frozen_submission_keeps_its_files(scene: Scene, at: datetime) -> None:
    submission = scene.submitted()
    stored = store_file(BytesIO(b"bukti"))
    submission.content["files"] = [{"sha256": stored.sha256, "thumbnail_sha256": ""}]
    submission.save(update_fields=["content"])
    age(stored.key)

    assert (sweep_files(at=at), has_file(stored.sha256)) == (0, True)


def test_leftovers_of_staging_and_of_parts_go(scene: Scene, at: datetime) -> None:
    upload = begun(scene, at=at)
    mine, nobodys = store_part(upload.folder, b"part"), store_part("0" * 32, b"part")
    staged = default_storage.save("staging/half", BytesIO(b"half"))
    for key in (f"partial/{upload.folder}/{mine}", f"partial/{'0' * 32}/{nobodys}", staged):
        age(key)

    assert sweep_files(at=at) == 2
    assert default_storage.listdir("partial")[0] == [upload.folder]


def begun(scene: Scene, *, at: datetime) -> Upload:
    return services.begin_upload(
        scene.draft(), slot=scene.photo, name="a.jpg", size=9, sha256="", by=scene.author, at=at
    )


def test_command_and_task_do_the_same(scene: Scene) -> None:
    out = StringIO()
    age(store_file(BytesIO(b"orphan")).key)
    call_command("sweep_storage", stdout=out)
    age(store_file(BytesIO(b"orphan")).key)

    assert (out.getvalue(), sweep_storage(), sweep_storage()) == ("1 removed.\n", 1, 0)


def test_every_model_that_names_a_file_is_asked() -> None:
    """A new field for a hash: let `files_in_use` know its files, then add it here."""
    fields = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if "sha256" in field.name or field.get_internal_type() in {"FileField", "ImageField"}
    }

    asked = {
        "Attachment.sha256",
        "Attachment.thumbnail_sha256",
        "Job.sha256",
        "JobPart.sha256",
        "Material.sha256",
        "Objection.evidence_sha256",
        "SignedMinutes.sha256",
        "VisitPhoto.sha256",
        "VisitPhoto.thumbnail_sha256",
    }
    no_files = {
        "Import.sha256",
        "MinutesSignature.minutes_sha256",
        "Submission.sha256",
        "Upload.expected_sha256",
    }
    assert fields - no_files == asked


@pytest.mark.django_db(transaction=True)
class TestUploadOfTheSameContent:
    """An old orphan has just the content that somebody uploads while the sweep runs."""

    content = pdf_file(pages=2)

    def prepared(self) -> tuple[Scene, Callable[[], Attachment], str]:
        scene = city_scene()
        slot, proposal = make.slot(scene.track, "bukti", kind="pdf"), scene.draft()
        checked = check_file(BytesIO(self.content), slot=slot, name="a.pdf")
        by, at = scene.author, timezone.now()
        row = store_checked(checked, proposal=proposal, slot=slot, by=by, at=at)
        age(key_of(row.sha256))
        return scene, lambda: record_file(row, checked=checked), row.sha256

    def test_taken_before_the_row_is_stored_again(self) -> None:
        _scene, record, sha256 = self.prepared()

        assert sweep_files(at=timezone.now()) == 1
        record()

        assert has_file(sha256)

    def test_held_until_the_row_can_be_seen(self) -> None:
        _scene, record, sha256 = self.prepared()
        with transaction.atomic():
            record()  # seen by nobody else yet
            removed = elsewhere(lambda: sweep_files(at=timezone.now()))

        assert (removed, has_file(sha256)) == ([0], True)
        assert sweep_files(at=timezone.now()) == 0

    def test_row_that_appears_while_the_sweep_looks_keeps_its_file(self) -> None:
        _scene, record, sha256 = self.prepared()
        found = list(list_orphans(files_in_use(), before=timezone.now()))
        record()

        assert (found, remove_orphans(found, in_use=files_in_use)) == ([key_of(sha256)], 0)
        assert has_file(sha256)

    def test_many_uploads_and_removals_beside_a_sweep_that_spares_nothing(self) -> None:
        scene = city_scene()
        proposals = [scene.draft() for _ in range(4)]
        attach(scene, proposals[0], self.content)
        stop = threading.Event()
        key = key_of(Attachment.objects.get().sha256)

        def sweep() -> int:
            removed = 0
            while not stop.is_set():
                removed += remove_orphans([key], in_use=files_in_use)
            return removed

        def come_and_go(proposal: Proposal) -> None:
            for _ in range(12):
                for found in proposal.attachments.select_related("slot", "proposal"):
                    services.detach_file(found, by=scene.author, at=timezone.now())
                attach(scene, proposal, self.content)
                assert default_storage.exists(key)

        sweeper = Elsewhere(sweep)
        goers = [Elsewhere(lambda each=each: come_and_go(each)) for each in proposals]  # type: ignore[misc]  # a default binds
        problems = [goer.wait() for goer in goers]
        stop.set()

        assert isinstance(sweeper.wait(), int)
        assert problems == [None] * 4
        assert Attachment.objects.count() == 4
        assert has_file(Attachment.objects.earliest("pk").sha256)


class Elsewhere(threading.Thread):
    """A verb on a connection of its own; what it gave, or what it raised."""

    def __init__(self, verb: Callable[[], object]) -> None:
        super().__init__()
        self.verb = verb
        self.found: object = None
        self.start()

    def run(self) -> None:
        try:
            self.found = self.verb()
        except (AssertionError, ValidationError, OSError) as error:
            self.found = error
        finally:
            connection.close()

    def wait(self) -> object:
        self.join(timeout=120)
        return self.found


def elsewhere(verb: Callable[[], object]) -> list[object]:
    return [Elsewhere(verb).wait()]
