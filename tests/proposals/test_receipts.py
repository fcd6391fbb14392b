"""A receipt proves itself: to us, and to whoever has only the file and the public key."""

from __future__ import annotations

import hashlib
import html
import json
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from kipp.lib import signing
from kipp.lib.qr import qr_data_uri, qr_svg
from proposals import services
from proposals.content import canonical
from proposals.exports import receipt_data, receipt_pdf
from proposals.models import Proposal, Submission
from proposals.receipts import GENESIS, proof_of, verify_url
from tests import make
from tests.clients import signed_in
from tests.proposals.scene import Scene

OTHER_KEY = signing.derive_key("another portal")


def verify(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    out = StringIO()
    call_command("verify_receipt", str(path), stdout=out)
    return out.getvalue()


def invalid(path: Path, content: bytes) -> str:
    with pytest.raises(CommandError) as error:
        verify(path, content)
    return str(error.value)


def changed(submission: Submission, **values: object) -> bytes:
    proof = json.loads(proof_of(submission))
    return json.dumps({**proof, "payload": {**proof["payload"], **values}}).encode()


def test_receipts_form_a_chain_per_competition(scene: Scene) -> None:
    first, second = scene.submitted(), scene.submitted()

    assert (first.previous, second.previous) == (GENESIS, first.link)


def test_command_believes_the_file_however_it_is_laid_out(scene: Scene, tmp_path: Path) -> None:
    submission = scene.submitted()
    told = (
        f"VALID: KIPP-2020-0001, received {make.NOON.isoformat(timespec='microseconds')}, current."
    )
    pretty = json.dumps(json.loads(proof_of(submission)), indent=4).encode()

    assert verify(tmp_path / "a.json", proof_of(submission)).strip() == told
    assert verify(tmp_path / "b.json", pretty).strip() == told


def test_command_reads_the_proof_out_of_the_pdf(scene: Scene, tmp_path: Path) -> None:
    pdf = receipt_pdf(scene.submitted(), verify_url="https://kipp.example/verifikasi/X/")

    assert verify(tmp_path / "a.pdf", pdf).startswith("VALID: KIPP-2020-0001")
    assert invalid(tmp_path / "b.pdf", pdf[:900]) == "INVALID: the PDF cannot be read."


@pytest.mark.parametrize(
    "change",
    [
        {"receipt": "KIPP-2020-0002"},
        {"received_at": "2020-01-01T00:00:00.000000+00:00"},
        {"sha256": "0" * 64},
        {"previous": "1" * 64},
        {"number": 2},
        {"extra": 1},
    ],
)
def test_command_refuses_a_changed_file(
    scene: Scene, tmp_path: Path, change: dict[str, object]
) -> None:
    told = invalid(tmp_path / "a.json", changed(scene.submitted(), **change))

    assert told == "INVALID: the signature does not fit: the file was changed or made up."


def test_command_refuses_what_is_no_receipt(scene: Scene, tmp_path: Path) -> None:
    submission = scene.submitted()
    broken = [b"", b"[]", b"\xff", b'{"payload": 1, "signature": "x"}', proof_of(submission)[:80]]

    told = {invalid(tmp_path / "a.json", content) for content in broken}

    assert told == {"INVALID: it is not the JSON file of a receipt."}
    assert invalid(tmp_path / "a.json", changed(submission, key="0" * 16)) == (
        "INVALID: the portal has no key 0000000000000000."
    )
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_receipt", str(tmp_path / "nowhere"))


def test_command_compares_with_the_register(scene: Scene, tmp_path: Path) -> None:
    submission = scene.submitted()
    proof = proof_of(submission)

    Submission.objects.update(sha256="0" * 64)
    told = invalid(tmp_path / "a.json", proof)
    Submission.objects.update(receipt="KIPP-2020-0099")

    assert told == "INVALID: the portal signed it, but its register says something else."
    assert invalid(tmp_path / "a.json", proof) == (
        "INVALID: the portal signed it, but its register has no such receipt."
    )


def test_findings_of_the_rules_are_under_the_signature(scene: Scene, tmp_path: Path) -> None:
    make.rule(scene.track, "min_age", limit=24, severity="warns")
    submission = scene.submitted()
    kept = submission.content["findings"]
    assert [finding["code"] for finding in kept] == ["started_on_missing"]

    Submission.objects.update(content={**submission.content, "findings": []})
    told = invalid(tmp_path / "a.json", proof_of(submission))

    assert told == "INVALID: the portal signed it, but its register says something else."


def test_receipt_of_a_replaced_key_stays_valid(
    scene: Scene, tmp_path: Path, settings: Settings
) -> None:
    first = scene.submitted()
    old = signing.public_key(settings.SIGNING_KEY)
    settings.SIGNING_KEY = OTHER_KEY
    second = scene.submitted()

    told = invalid(tmp_path / "a.json", proof_of(first))
    settings.EARLIER_SIGNING_KEYS = [old]

    assert told == f"INVALID: the portal has no key {first.key_id}."
    assert verify(tmp_path / "a.json", proof_of(first)).startswith("VALID")
    assert verify(tmp_path / "b.json", proof_of(second)).startswith("VALID")
    assert second.previous == first.link
    page = Client().get(reverse("proposals:receipt-keys")).content.decode()
    assert [key in page for key in (first.key_id, second.key_id, old)] == [True] * 3


def take(client: Client, name: str, *arguments: object) -> bytes:
    answer = client.get(reverse(f"proposals:{name}", args=arguments))
    assert answer.status_code == 200
    return answer.content


@pytest.fixture
def kept(scene: Scene, tmp_path: Path) -> Path:
    """A folder with what a person saved from the portal, and the page's recipes as programs."""
    submission = scene.submitted()
    reader = signed_in(scene.author)
    page = take(Client(), "receipt-keys").decode()
    shell, program = re.findall(r"<pre><code[^>]*>(.*?)</code></pre>", page, re.DOTALL)
    (tmp_path / "tanda-terima.json").write_bytes(
        take(reader, "receipt-proof", submission.proposal_id)
    )
    (tmp_path / "kunci.pem").write_bytes(take(Client(), "receipt-key", submission.key_id))
    (tmp_path / "periksa.sh").write_text(html.unescape(shell))
    (tmp_path / "periksa.py").write_text(html.unescape(program))
    return tmp_path


RECIPES = {
    "openssl": (["sh", "periksa.sh"], "Signature Verified Successfully"),
    "python": (
        [sys.executable, "-I", "periksa.py", "tanda-terima.json", "kunci.pem"],
        "ASLI KIPP-2020-0001",
    ),
}


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_recipe_on_the_page_works_without_our_software(kept: Path, recipe: str) -> None:
    command, answer = RECIPES[recipe]

    done = subprocess.run(command, cwd=kept, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout[: len(answer)]) == (0, answer)


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_recipe_on_the_page_finds_the_change(kept: Path, recipe: str) -> None:
    proof = kept / "tanda-terima.json"
    proof.write_text(proof.read_text().replace("KIPP-2020-0001", "KIPP-2020-0002"))

    done = subprocess.run(RECIPES[recipe][0], cwd=kept, capture_output=True, text=True, check=False)

    assert done.returncode == 1


def test_what_was_sent_has_the_hash_on_the_receipt(scene: Scene) -> None:
    submission = scene.submitted("Judul “é”")

    content = take(signed_in(scene.author), "receipt-content", submission.proposal_id)

    assert content == canonical(submission.content)
    assert hashlib.sha256(content).hexdigest() == submission.sha256


def test_receipt_page_shows_the_proof(scene: Scene) -> None:
    submission = scene.submitted()

    page = take(signed_in(scene.author), "receipt", submission.proposal_id).decode()

    shown = (submission.signature, submission.key_id, submission.content["form_sha256"], "WITA")
    assert [text in html.unescape(page) for text in shown] == [True] * 4


def test_code_on_the_receipt_leads_to_its_public_proof(scene: Scene, settings: Settings) -> None:
    submission = scene.submitted()
    proof = reverse("proposals:receipt-verify", args=[submission.receipt])
    address = f"{settings.SITE_URL}{proof}"

    page = take(signed_in(scene.author), "receipt", submission.proposal_id).decode()
    printed = receipt_data(submission, verify_url=verify_url(submission))

    assert qr_data_uri(address) in html.unescape(page)
    assert (printed["verify_url"], printed["qr"]) == (address, qr_svg(address))
    assert Client().get(proof).status_code == 200


def unknown_key(client: Client) -> int:
    return client.get(reverse("proposals:receipt-key", args=["0" * 16])).status_code


def test_unknown_key_is_not_found(client: Client) -> None:
    assert unknown_key(client) == 404


def withdraw(scene: Scene, submission: Submission) -> None:
    services.withdraw_proposal(submission.proposal, reason="x", by=scene.author, at=make.NOON)


def tamper(scene: Scene, submission: Submission) -> None:
    Submission.objects.update(received_at=make.NOON + make.DAY)


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda _scene, _submission: None, "This is the current version."),
        (withdraw, "It is genuine, but the proposal was withdrawn after it was received."),
        (tamper, "What the register holds is no longer what the portal signed."),
    ],
)
def test_verify_page_says_where_the_receipt_stands(
    scene: Scene, act: Callable[[Scene, Submission], None], sentence: str
) -> None:
    submission = scene.submitted()
    act(scene, submission)

    page = take(Client(), "receipt-verify", submission.receipt).decode()

    assert sentence in page


def test_verify_page_says_that_a_completion_replaced_it(scene: Scene) -> None:
    submission = scene.submitted()
    Submission.objects.update(superseded_at=make.NOON)
    Proposal.objects.update(status="submitted")

    page = take(Client(), "receipt-verify", submission.receipt).decode()

    assert "the proposal was completed with a new receipt" in page
