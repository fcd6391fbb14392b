"""Backups: of one moment, checked before they have a name, restored only where nothing is."""

from __future__ import annotations

import tarfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO, StringIO
from pathlib import Path

import psycopg2
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.heartbeat import last_beat
from accounts.models import Job, Message, User
from accounts.services import ask_job, update_profile
from kipp.backup.postgres import count_rows
from kipp.janitor import stored_files, sweep_files
from kipp.lib.files import key_of, store_file
from kipp.lib.sweeping import keeping_files
from proposals import services
from tests import make
from tests.buckets import S3Server, collect_buffers, use_bucket
from tests.disks import small_disk
from tests.kipp.commands import address_of, manage
from tests.lib.samples import jpg_file
from tests.proposals.scene import Scene, city_scene

EMPTY = "kipp_restored"
RELEASED = "Due again, because whoever was at work on them is gone: mails 1, jobs 1."
WELL = "All invariants hold. Mail is paused: manage.py mail resume lets it go."


@contextmanager
def server() -> Iterator[psycopg2.extensions.cursor]:
    with closing(psycopg2.connect(address_of("postgres"))) as other:
        other.autocommit = True
        with other.cursor() as cursor:
            yield cursor


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of a database with nothing in it."""
    with server() as cursor:
        cursor.execute(f"CREATE DATABASE {EMPTY} TEMPLATE template0")
        yield address_of(EMPTY)
        cursor.execute(f"DROP DATABASE {EMPTY} WITH (FORCE)")


@contextmanager
def working_on(database: str) -> Iterator[None]:
    """Our own models look at that database."""
    kept = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kept


def in_hand(owner: User) -> tuple[Message, Job]:
    """A mail and a job whose sender and worker have been gone for days."""
    long_ago = timezone.now() - 3 * make.DAY
    Message.objects.update(created_at=long_ago, due_at=long_ago)
    mail = Message.objects.earliest("pk")
    held = Message.objects.filter(pk=mail.pk)
    held.update(status="sending", lease_until=long_ago, attempts=1)
    job = ask_job("letters", {}, about="Surat", by=owner, at=long_ago)
    Job.objects.filter(pk=job.pk).update(status="running", lease_until=long_ago, attempts=1)
    return mail, job


def with_photo(scene: Scene) -> None:
    proposal = scene.draft()
    services.attach_file(
        proposal,
        slot=scene.photo,
        file=BytesIO(jpg_file(width=20 + proposal.pk % 500)),
        name="foto.jpg",
        by=scene.author,
        at=make.NOON,
    )


def back_up(folder: Path, **options: object) -> Path:
    out = StringIO()
    call_command("backup", to=folder, stdout=out, **options)
    return Path(out.getvalue().strip())


def restore(path: Path, **options: object) -> str:
    out = StringIO()
    call_command("restore", str(path), "--into", "empty", stdout=out, **options)
    return out.getvalue()


def new_key(path: Path) -> str:
    out = StringIO()
    call_command("backup", new_key=path, stdout=out)
    return out.getvalue().strip()


class Writer(threading.Thread):
    """Somebody who goes on working: texts, files, and what the trail says of them."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.scene = scene
        self.is_over = threading.Event()
        self.written = 0
        self.error: Exception | None = None

    def run(self) -> None:
        with closing(connection):
            try:
                while not self.is_over.is_set():
                    self.write()
                    self.written += 1
            except Exception as error:  # noqa: BLE001 - told by the thread that waits for us
                self.error = error

    def write(self) -> None:
        with_photo(self.scene)
        update_profile(
            self.scene.author,
            full_name=f"Penulis {self.written}",
            nip="",
            phone="",
            language="id",
            by=self.scene.author,
            at=timezone.now(),
        )


@pytest.mark.django_db(transaction=True)
def test_backup_taken_while_people_write_restores_whole(tmp_path: Path, empty: str) -> None:
    """Two processes, as an operator starts them, and a key that only the second one has."""
    scene = city_scene()
    scene.submitted()
    with_photo(scene)
    key, restored = tmp_path / "key", tmp_path / "restored"
    public = new_key(key)
    mail, job = in_hand(scene.author)
    writer = Writer(scene)
    writer.start()

    made = manage("backup", "--to", str(tmp_path / "kept"), "--recipient", public)

    writer.is_over.set()
    writer.join()
    assert (made.returncode, writer.error) == (0, None), made.stderr
    assert writer.written > 2
    again = manage(
        "restore", made.stdout.strip(), "--into", "empty", "--identity", str(key),
        DATABASE_URL=empty, MEDIA_ROOT=str(restored),
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert again.stdout.endswith(f"files.\n{RELEASED}\n{WELL}\n"), again.stdout
    assert last_beat("backup") is not None
    with working_on(EMPTY):
        names = stored_files()
        assert Message.objects.due_at(timezone.now()).get(pk=mail.pk).attempts == 1
        assert Job.objects.due_at(timezone.now()).get(pk=job.pk).attempts == 0
    kept = {path.name: path.read_bytes() for path in restored.rglob("*") if path.is_file()}
    assert kept == {name: Path(default_storage.path(key_of(name))).read_bytes() for name in names}


@pytest.mark.django_db(transaction=True)
def test_restore_touches_nothing_before_all_is_checked(tmp_path: Path, empty: str) -> None:
    scene = city_scene()
    with_photo(scene)
    whole = back_up(tmp_path)
    content = whole.read_bytes()
    spot = content.index(jpg_file_in(whole))
    damaged = {
        "flipped": content[:spot] + bytes([content[spot] ^ 1]) + content[spot + 1 :],
        "cut": content[: len(content) // 2],
        "no end": content[: spot + 5],
        "nothing": b"",
    }

    with pytest.raises(CommandError, match="The database is not empty"):
        restore(whole)
    for name, spoilt in damaged.items():
        bad = tmp_path / name.replace(" ", "-")
        bad.write_bytes(spoilt)
        with working_on(EMPTY), pytest.raises(CommandError, match=r"damaged|not complete"):
            restore(bad)
    with working_on(EMPTY):
        assert connection.introspection.table_names() == []
        assert WELL in restore(whole)


def jpg_file_in(archive: Path) -> bytes:
    """The first bytes of a file that lies in the archive as it is."""
    with tarfile.open(archive) as content:
        name = next(name for name in content.getnames() if name.startswith("files/"))
        stream = content.extractfile(name)
        assert stream
        return stream.read(64)


@pytest.mark.django_db(transaction=True)
def test_encrypted_backup_opens_with_its_key_alone(tmp_path: Path, empty: str) -> None:
    scene = city_scene()
    with_photo(scene)
    keys = [tmp_path / "right", tmp_path / "wrong"]
    public = [new_key(key) for key in keys]
    sealed = back_up(tmp_path, recipient=public[:1])
    short = tmp_path / "short.tar.age"
    short.write_bytes(sealed.read_bytes()[:-100])

    with working_on(EMPTY):
        with pytest.raises(CommandError, match="is encrypted"):
            restore(sealed)
        with pytest.raises(CommandError, match="another key"):
            restore(sealed, identity=keys[1])
        with pytest.raises(CommandError, match="damaged"):
            restore(short, identity=keys[0])
        assert WELL in restore(sealed, identity=keys[0])
    assert sealed.stat().st_mode & 0o777 == keys[0].stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="A recipient looks like age1"):
        back_up(tmp_path, recipient=["age1nonsense"])


@pytest.mark.django_db(transaction=True)
def test_backup_says_which_file_the_storage_lost(tmp_path: Path, empty: str) -> None:
    scene = city_scene()
    with_photo(scene)
    lost = min(stored_files())
    default_storage.delete(key_of(lost))

    with pytest.raises(CommandError, match=f"lacks 1 files that rows name, {lost}"):
        back_up(tmp_path)

    (made,) = tmp_path.glob("kipp-*.tar")
    with working_on(EMPTY), pytest.raises(CommandError, match="files_are_there"):
        restore(made)


@pytest.mark.django_db(transaction=True)
def test_bucket_is_backed_up_and_filled_again(
    tmp_path: Path, empty: str, settings: Settings
) -> None:
    s3 = S3Server()
    use_bucket("sebelum", at=s3.address, settings=settings)
    with_photo(city_scene())
    names = stored_files()
    made = back_up(tmp_path)

    use_bucket("sesudah", at=s3.address, settings=settings)
    with working_on(EMPTY):
        told = restore(made)
        assert stored_files() == names

    assert told.endswith(f"and {len(names)} files.\n{WELL}\n")
    assert all(default_storage.exists(key_of(name)) for name in names)
    s3.stop()
    collect_buffers()


@pytest.mark.django_db(transaction=True)
def test_full_disk_leaves_no_half_backup(tmp_path: Path) -> None:
    make.user()
    with small_disk(tmp_path / "disk") as disk:
        disk.fill(free=100_000)
        with pytest.raises(CommandError, match="No backup was made"):
            back_up(tmp_path / "disk")
        assert list((tmp_path / "disk").glob("kipp-*")) == []

    assert last_beat("backup") is None


@pytest.mark.django_db(transaction=True)
def test_no_file_is_swept_while_a_backup_copies(settings: Settings) -> None:
    orphan = store_file(BytesIO(b"yatim"))
    later = timezone.now() + 2 * make.DAY
    swept: list[int] = []

    def sweep() -> None:
        with closing(connection):
            swept.append(sweep_files(at=later))

    with keeping_files():
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join()
        assert default_storage.exists(orphan.key)

    assert (swept, sweep_files(at=later)) == ([0], 1)


@pytest.mark.django_db
def test_rows_are_counted_in_every_table_of_ours() -> None:
    make.user()

    counts = count_rows()

    assert counts["accounts_user"] == 1
    assert "proposals_submission" in counts
