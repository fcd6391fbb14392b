"""The operator's commands that no other test runs as a process, in the order of a first day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from django.core.management import get_commands
from django.utils import timezone

from accounts.models import Message
from accounts.services import create_unit
from judging import services
from judging.models import Assignment
from kipp.retention import apply_retention
from proposals.receipts import proof_of
from tests import make
from tests.judging.test_matrix_pages import on_paper, sheet
from tests.kipp.commands import manage
from tests.proposals.scene import city_scene

OWN = {"accounts", "competitions", "proposals", "judging", "kipp"}
TESTS = Path(__file__).resolve().parent.parent
HERE, BACKUP, PRIVACY = "kipp/test_commands.py", "kipp/test_backup.py", "kipp/test_privacy.py"
RUN_IN = {
    "backup": BACKUP,
    "check_invariants": HERE,
    "compile_catalogs": HERE,
    "doctor": "kipp/test_doctor.py",
    "dump_edition": HERE,
    "erase_person": PRIVACY,
    "export_person": PRIVACY,
    "import_scores": HERE,
    "incident": PRIVACY,
    "load_edition": HERE,
    "mail": "background/test_holding.py",
    "maintenance": "kipp/test_maintenance.py",
    "rank": HERE,
    "rehearse": "kipp/test_rehearse.py",
    "restore": BACKUP,
    "seed_demo": "demo/test_seeding.py",
    "send_test_mail": "kipp/test_doctor.py",
    "serve_metrics": "kipp/test_metrics.py",
    "sweep_retention": HERE,
    "sweep_storage": HERE,
    "verify_audit": HERE,
    "verify_receipt": HERE,
}


@pytest.mark.django_db(transaction=True)
def test_commands_of_a_first_day_run_as_processes() -> None:
    now = timezone.now()
    create_unit(name="Kota Malang", parent=None, level="government", by=make.user(), at=now)
    old = now - timedelta(days=400)
    Message.objects.create(
        dedupe_key="a", status="sent", text="Isi", created_at=old, due_at=old, sent_at=old
    )

    loaded = manage("load_edition", "kipp-kota", "--slug", "kipp-2026")
    dumped = manage("dump_edition", "kipp-2026")
    swept = manage("sweep_retention")
    files = manage("sweep_storage")
    held = manage("check_invariants")
    chain = manage("verify_audit")

    done = [loaded, dumped, swept, files, held, chain]
    assert [(each.returncode, each.stderr) for each in done] == [(0, "")] * 6
    assert loaded.stdout.startswith("kipp-2026: ")
    assert 'slug = "kipp-2026"' in dumped.stdout
    assert swept.stdout == "1 rows wiped or removed.\n"
    assert Message.objects.get().text == ""
    assert apply_retention(at=timezone.now()) == 0
    assert held.stdout.endswith(" invariants hold.\n")
    assert chain.stdout.startswith("The chain holds.")


@pytest.mark.django_db(transaction=True)
def test_commands_of_a_stage_on_paper_run_as_processes(tmp_path: Path) -> None:
    """Each with what it takes; two refuse by an exit code, as any would. Two at a time."""
    made = on_paper(entries=1, name="Kota Kediri")
    stage = f"{made.competition.slug}/{made.stage.key}"
    matrix, receipt, forged = (tmp_path / name for name in ("matriks.csv", "a.json", "b.json"))
    matrix.write_bytes(sheet(made, ("80,0", "70")))
    submission = city_scene().submitted()
    proof = proof_of(submission)
    receipt.write_bytes(proof)
    forged.write_bytes(proof.replace(b'"number":1', b'"number":2'))
    entered = ("import_scores", stage, str(matrix))

    genuine, false = together(("verify_receipt", str(receipt)), ("verify_receipt", str(forged)))
    assert [each.returncode for each in (genuine, false)] == [0, 1]
    assert genuine.stdout.startswith(f"VALID: {submission.receipt}, received")
    assert "INVALID: the signature does not fit" in false.stderr
    assert not Assignment.objects.exclude(total=None).exists()

    done, in_use = together(entered, ("seed_demo",))
    services.close_stage(made.stage, by=made.chair, at=timezone.now())
    ranked, catalogs = together(("rank", stage), ("compile_catalogs",), **catalogs_in(tmp_path))

    assert [each.returncode for each in (done, in_use, ranked, catalogs)] == [0, 1, 0, 0]
    assert done.stdout.endswith("2 totals, 0 corrections.\n")
    assert "The demonstration needs an empty one." in in_use.stderr
    assert ranked.stdout.splitlines()[1].split()[:5] == ["*", "1", "1", "75", "2"]
    assert catalogs.stdout == "1 catalogues compiled.\n"
    assert (tmp_path / "id" / "LC_MESSAGES" / "django.mo").stat().st_size


def together(*commands: tuple[str, ...], **variables: str) -> list[CompletedProcess[str]]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda words: manage(*words, **variables), commands))


def catalogs_in(folder: Path) -> dict[str, str]:
    """Settings that differ in one line: those of the checkout may be read by others just now."""
    (folder / "elsewhere.py").write_text(
        f"from kipp.settings import *\n\nLOCALE_PATHS = [BASE_DIR / {str(folder)!r}]\n"
    )
    messages = folder / "id" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    (messages / "django.po").write_text('msgid ""\nmsgstr ""\n\nmsgid "Yes"\nmsgstr "Ya"\n')
    return {"DJANGO_SETTINGS_MODULE": "elsewhere", "PYTHONPATH": str(folder)}


def test_every_command_of_the_portal_is_run_as_a_process_somewhere() -> None:
    own = {name for name, app in get_commands().items() if str(app) in OWN}

    assert set(RUN_IN) == own
    assert [name for name, file in RUN_IN.items() if not is_run_in(file, name)] == []


def is_run_in(file: str, name: str) -> bool:
    text = (TESTS / file).read_text()
    return f'"{name}"' in text and "from tests.kipp.commands import" in text
