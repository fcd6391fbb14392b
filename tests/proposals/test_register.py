"""The public register: what it holds, what it finds, and what it never tells."""

from __future__ import annotations

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from proposals import services
from proposals.models import EarlierAward, Innovation, RegisterEntry
from proposals.services import Past
from tests import make
from tests.lib.samples import jpg_file
from tests.proposals.scene import Scene

pytestmark = pytest.mark.django_db

CLOCK = re.compile(rb'<meta name="server-time"[^>]*>')
URL = "/inovasi-daerah/"
WON = [Past("KIPP Kota Malang", "kota", 2019, "Top 45")]


def entered(
    title: str = "Bank Sampah Malang", *, expansion: str = "", sector: str = ""
) -> Innovation:
    by = User.objects.first() or make.user("Pencatat")
    return services.register_past_innovation(
        None, title=title, expansion=expansion, sector=sector, awards=WON, by=by, at=make.NOON
    )


def found(client: Client, **asked: str | int) -> list[str]:
    page = client.get(URL, asked)
    assert page.status_code == 200
    return ["".join(piece.text for piece in each.title) for each in page.context["found"]]


def as_seen(path: str) -> bytes:
    """By a stranger; without the one line that says what time it is."""
    return CLOCK.sub(b"", Client().get(path).content)


def won_by(scene: Scene, title: str, *, text: str) -> Innovation:
    """Submitted with a photo, and entered as a release does."""
    proposal = scene.draft(title)
    photo = BytesIO(jpg_file(640, 480))
    services.attach_file(
        proposal, slot=scene.photo, file=photo, name="foto.jpg", by=scene.author, at=make.NOON
    )
    proposal.answers.filter(section=scene.summary).update(text=text)
    services.send_for_endorsement(proposal, by=scene.author, at=make.NOON)
    submission = services.submit_proposal(proposal, token=uuid4(), by=scene.endorser, at=make.NOON)
    past = Past(scene.competition.name, "kota", 2026, "Top 2", submission.pk)
    services.keep_awards({proposal.innovation_id: [past]})
    return proposal.innovation


@pytest.mark.parametrize(
    "asked",
    [
        "sampah",
        "BANK   sampah",
        '"bank sampah"',
        "bank smapah malang",
        "persampahan",
        "emas hitam",
        "lingkungan",
    ],
)
def test_search_finds_by_word_root_phrase_and_slip(client: Client, asked: str) -> None:
    entered(expansion="Emas Hitam di Balik Tumpukan Sampah", sector="lingkungan")
    entered("LAPO BRA", expansion="Layanan Pojok Braille")

    assert found(client, text=asked) == ["Bank Sampah Malang"]


def test_search_by_number_and_root_both_ways(client: Client) -> None:
    innovation = entered("Belajar Bersama", expansion="Pembelajaran jarak jauh")
    entered("Mengajar di Desa")
    entered("Air Bersih")

    assert found(client, text=innovation.number) == ["Belajar Bersama"]
    assert set(found(client, text="ajar")) == {"Belajar Bersama", "Mengajar di Desa"}
    assert set(found(client, text="pengajaran")) == {"Belajar Bersama", "Mengajar di Desa"}


@pytest.mark.parametrize(
    "hostile",
    [
        "'; DROP TABLE proposals_innovation; --",
        "a & | ! ( ) : * <-> \\",
        '"""',
        "-----",
        "%_%",
        "🙂\u202e",
        "\x00",
        "x" * 5000,
        "<script>alert(1)</script>",
        "INOV-99999999999999999999",
        "INOV-²",
        "or and not -",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "me" * 50,
    ],
)
def test_hostile_words_get_a_page(client: Client, hostile: str) -> None:
    entered()

    page = client.get(URL, {"text": hostile})

    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_bad_filters_filter_nothing(client: Client) -> None:
    entered()

    asked: dict[str, str | int] = {
        "year": "999999999999",
        "goal": "x",
        "kind": "?",
        "tier": "'",
        "page": "-7",
    }
    assert found(client, **asked) == ["Bank Sampah Malang"]


def test_filters_narrow(scene: Scene, client: Client) -> None:
    entered()
    innovation = won_by(scene, "Antre Cerdas", text="Warga mengantre dari rumah.")

    RegisterEntry.objects.filter(pk=innovation.pk).update(sdgs=[3], categories=["Kesehatan"])

    expected = ["Antre Cerdas"]
    assert found(client, year=2026) == expected
    assert found(client, tier="Top 2") == expected
    assert found(client, goal=3) == expected
    assert found(client, category="Kesehatan") == expected
    assert found(client, kind=scene.clinic.kind or "-") == ["Antre Cerdas", "Bank Sampah Malang"]
    type(scene.clinic).objects.filter(pk=scene.clinic.pk).update(kind="Puskesmas")
    assert found(client, kind="Puskesmas") == expected
    assert found(client, year=2019, tier="Top 2") == []


def test_snippet_marks_the_match_and_escapes(scene: Scene, client: Client) -> None:
    won_by(scene, "Antre Cerdas", text="Dulu warga <b>mengantre</b> berjam-jam di loket.")

    page = client.get(URL, {"text": "antrean"}).content.decode()

    assert "<mark>mengantre</mark>" in page
    assert "&lt;b&gt;<mark>" in page


@pytest.mark.parametrize("asked", [{"text": "inovasi"}, {"page": "1"}])
def test_list_costs_the_same_at_any_length(client: Client, asked: dict[str, str]) -> None:
    entered("Inovasi 000")
    counts = []
    for upto in (1, 30):
        for number in range(1, upto):
            entered(f"Inovasi {number:03}")
        client.get(URL)  # reads the filters' choices, once after each write
        with CaptureQueriesContext(connection) as captured:
            found(client, **asked)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 12


def test_pages_of_everything_go_on_where_the_first_ends(client: Client) -> None:
    titles = [f"Inovasi {number:03}" for number in range(30)]
    for title in titles:
        entered(title)

    assert [found(client), found(client, page=2)] == [titles[:25], titles[25:]]
    assert found(client, text="inovasi", page=2) == titles[25:]


def test_page_tells_number_years_and_pictures(scene: Scene, client: Client) -> None:
    innovation = won_by(scene, "Antre Cerdas", text="Warga mengantre dari rumah.")
    services.keep_awards({innovation.pk: [Past("Kovablik", "provinsi", 2027, "Finalis")]})

    page = client.get(reverse("proposals:register-entry", args=[innovation.pk]))
    body = page.content.decode()

    assert [(win.year, win.tiers) for win in page.context["wins"]] == [
        (2027, ("Finalis",)),
        (2026, ("Top 2",)),
    ]
    assert innovation.number in body
    submission = innovation.proposals.get().submissions.get()
    address = f"{URL}{innovation.number}/foto/{submission.pk}/"
    assert f'<img src="{address}"' in client.get(URL).content.decode()
    photo = client.get(address)
    photo.close()
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/webp")
    assert photo.get("Cache-Control") == "public, max-age=3600"
    assert innovation.number == f"INOV-{innovation.pk:06d}"


def test_number_is_never_given_twice() -> None:
    first = entered("Pertama")
    number = first.number
    RegisterEntry.objects.all().delete()
    EarlierAward.objects.all().delete()
    first.delete()

    assert entered("Kedua").number != number


def test_unpublished_things_change_no_byte(scene: Scene, client: Client) -> None:
    winner = won_by(scene, "Antre Cerdas", text="Warga mengantre dari rumah.")
    paths = [URL, f"{URL}?text=rahasia", f"{URL}?text=antre", f"{URL}{winner.number}/"]
    before = [as_seen(path) for path in paths]

    secret = scene.submitted("Rahasia Antre Besar")
    make.proposal(scene.clinic, scene.track, "Rahasia Kedua")
    hidden = secret.proposal.innovation

    assert [as_seen(path) for path in paths] == before
    assert Client().get(f"{URL}{hidden.number}/").status_code == 404
    assert Client().get(f"{URL}{winner.number}/foto/{secret.pk}/").status_code == 404
    assert Client().get(f"{URL}{hidden.number}/foto/{secret.pk}/").status_code == 404


def test_withdrawal_takes_the_entry_away_but_not_a_record(scene: Scene, client: Client) -> None:
    innovation = won_by(scene, "Antre Cerdas", text="Warga mengantre dari rumah.")
    services.drop_awards([innovation.pk], contest=scene.competition.name, year=2026)
    assert found(client) == []
    assert client.get(f"{URL}{innovation.number}/").status_code == 404

    recorded = entered()
    services.drop_awards([recorded.pk], contest="KIPP Kota Malang", year=2019)
    assert found(client) == ["Bank Sampah Malang"]


def test_own_proposals_are_linked_for_who_may_open_them(scene: Scene) -> None:
    innovation = won_by(scene, "Antre Cerdas", text="Warga mengantre dari rumah.")
    author, stranger = Client(), Client()
    author.force_login(scene.author)
    stranger.force_login(make.user("Orang lain"))
    path = f"{URL}{innovation.number}/"

    assert [each.innovation for each in author.get(path).context["own"]] == [innovation]
    assert list(stranger.get(path).context["own"]) == []
