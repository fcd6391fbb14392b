"""Every form of the portal with what fills it rightly, and who sends it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse

from accounts.models import Invitation, User
from accounts.services.invitations import digest
from competitions.models import Announcement
from judging import services as judging
from tests import make
from tests.judging.field import City, city, closed, opened
from tests.proposals.scene import Scene, city_scene

Data = dict[str, Any]
# Who sends it (nobody: a stranger), where, and what.
Case = tuple[User | None, str, Data]


def url(name: str, *args: object) -> str:
    return reverse(name, args=args)


def accept() -> Case:
    scene = city_scene()
    Invitation.objects.create(
        email="baru@demo.example",
        unit=scene.clinic,
        role="author",
        token_hash=digest("token"),
        created_at=make.NOON,
        expires_at=make.NOON + make.DAY,
    )
    password = "apel-mangga-jeruk-77"
    data = {"full_name": "Siti", "nip": "", "phone": "081234567890", "password": password}
    return (
        None,
        url("accounts:invitation-accept", "token"),
        {**data, "password_again": password},
    )


def of_scene(build: Callable[[Scene], Case]) -> Callable[[], Case]:
    return lambda: build(city_scene())


def of_office(name: str, data: Data) -> Callable[[], Case]:
    """A form about the clinic, sent by the system administrator."""

    def build() -> Case:
        scene = city_scene()
        other = make.unit(parent=scene.city)
        places = {"to": other.pk, "successor": scene.agency.pk}
        filled = {key: places.get(key, value) for key, value in data.items()}
        return make.user(is_staff=True), url(f"accounts:{name}", scene.clinic.pk), filled

    return build


def of_committee(name: str, data: Data, *more: object) -> Callable[[], Case]:
    def build() -> Case:
        scene = city_scene()
        return scene.chair, url(f"competitions:{name}", scene.competition.slug, *more), data

    return build


def of_track(kind: str, data: Data) -> Callable[[], Case]:
    def build() -> Case:
        host = make.unit(level="government")
        competition = make.competition(host=host)
        chair = make.user()
        make.seat(chair, competition, "chair")
        track = make.track(competition)
        address = url("competitions:part-add-below", competition.slug, kind, track.pk)
        return chair, address, data

    return build


def of_round(kind: str, data: Data) -> Callable[[], Case]:
    def build() -> Case:
        scene = city_scene()
        parent = make.round_(scene.competition, "workshop")
        slug = scene.competition.slug
        return (
            scene.chair,
            url("competitions:part-add-below", slug, kind, parent.pk),
            data,
        )

    return build


def of_sheet(name: str, data: Data) -> Callable[[], Case]:
    def build() -> Case:
        field = opened()
        sheet, judge = field.sheet(field.judges[0], 0), field.judges[0]
        if name != "recuse":
            judging.declare_no_conflict(sheet, by=judge, at=make.NOON)
        return judge, url(f"judging:{name}", sheet.pk), {**data, "version": sheet.version}

    return build


def of_stage(name: str, data: Data, *, build_city: Callable[[], City]) -> Callable[[], Case]:
    def build() -> Case:
        field = build_city()
        slug = field.competition.slug
        return field.chair, url(f"judging:{name}", slug, field.stage.key), data

    return build


def news(scene: Scene) -> Case:
    made = Announcement.objects.create(
        competition=scene.competition, title="Kabar", body="Isi", published_at=make.NOON
    )
    address = url("competitions:announcement-change", scene.competition.slug, made.pk)
    return scene.chair, address, {"title": "Kabar", "body": "Isi", "version": 1}


def workshop(name: str, data: Data) -> Callable[[], Case]:
    def build() -> Case:
        scene = city_scene()
        made = make.workshop(scene.competition)
        person = scene.author if name == "workshop-sign-up" else scene.chair
        filled = {**data, "unit": scene.clinic.pk} if "unit" in data else data
        return person, url(f"competitions:{name}", scene.competition.slug, made.pk), filled

    return build


SOON = (make.NOON + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
LATER = (make.NOON + timedelta(days=31)).strftime("%Y-%m-%dT%H:%M")
STAGE_LAW: Data = {
    "name": "Desk",
    "kind": "desk",
    "scored_on": "portal",
    "correction": "none",
    "scale_min": "0",
    "scale_max": "100",
    "scale_step": "1",
    "method": "mean",
    "method_parameter": "",
    "rounding_step": "0.01",
    "min_readings": "1",
    "readings": "",
    "rank_style": "standard",
    "tie_margin": "0",
    "tie_break": "median",
    "at_line": "keep",
    "advance_count": "2",
    "stage_weights": "",
    "version": "1",
    "kriteria-TOTAL_FORMS": "1",
    "kriteria-INITIAL_FORMS": "0",
    "kriteria-0-key": "mutu",
    "kriteria-0-label": "Mutu",
    "kriteria-0-weight": "100",
    "kriteria-0-help_text": "",
    "kriteria-0-section_key": "",
    "kriteria-0-levels": "25 = Kurang",
}
MARKS: Data = {"nilai-signifikansi": "80", "nilai-kebaruan": "70", "catatan-kebaruan": "a"}
DECREE: Data = {
    "decree_number": "188/1",
    "decree_on": "2026-03-02",
    "signer_role": "",
    "signer_name": "",
    "note": "",
}

CASES: dict[str, Callable[[], Case]] = {
    "login": lambda: (None, url("account_login"), {"login": "a@b.example", "password": "x"}),
    "reset": lambda: (None, url("account_reset_password"), {"email": "a@b.example"}),
    "accept": accept,
    "profile": of_scene(
        lambda s: (
            s.author,
            url("accounts:profile-edit"),
            {"full_name": "Siti", "nip": "", "phone": "", "language": "id"},
        )
    ),
    "invite": of_office(
        "member-invite", {"email": "b@demo.example", "full_name": "B", "role": "author"}
    ),
    "unit-below": lambda: (
        make.user(is_staff=True),
        url("accounts:unit-create-below", make.unit(level="government").pk),
        {"name": "Dinas", "abbr": "", "code": "", "kind": "", "level": "agency", "started_on": ""},
    ),
    "unit-change": of_office(
        "unit-change", {"name": "Baru", "abbr": "B", "code": "1", "kind": "x", "version": 1}
    ),
    "unit-move": of_office("unit-move", {"to": ""}),
    "unit-end": of_office("unit-end", {"on": "2026-03-02", "successor": ""}),
    "import": lambda: (
        make.user(is_staff=True),
        url("accounts:import-upload"),
        {"kind": "units", "file": "bukan berkas"},
    ),
    "innovation": of_scene(
        lambda s: (
            s.author,
            url("proposals:innovation-new"),
            {"unit": s.clinic.pk, "title": "J", "expansion": "", "started_on": "2020-01-01"},
        )
    ),
    "start": of_scene(
        lambda s: (
            s.author,
            url("proposals:proposal-start", s.competition.slug),
            {"innovation": make.innovation(s.clinic).pk, "track": s.track.pk},
        )
    ),
    "header": of_scene(
        lambda s: (
            s.author,
            url("proposals:header-edit", s.draft().pk),
            {
                "version": 1,
                "title": "Judul",
                "started_on": "2020-01-01",
                "contact_phone": "081234567890",
                "video_url": "https://youtu.be/abcdefghijk",
                "sdgs": ["3"],
            },
        )
    ),
    "section": of_scene(
        lambda s: (
            s.author,
            url("proposals:section-edit", s.draft().pk, "ringkasan"),
            {"text": "satu", "version": 1},
        )
    ),
    "claim": of_scene(
        lambda s: (
            s.author,
            url("proposals:claim-list", s.draft().pk),
            {
                "indicator": "Waktu tunggu",
                "before": "1.234,5",
                "after": "21",
                "measure": "menit",
                "better": "lower",
                "period": "2019",
                "method": "Buku antrean",
                "source": "",
            },
        )
    ),
    "member": of_scene(
        lambda s: (
            s.author,
            url("proposals:member-list", s.draft().pk),
            {"name": "Siti", "role": "Ketua", "nip": "198001012005012001"},
        )
    ),
    "signer": of_scene(
        lambda s: (
            s.author,
            url("proposals:letter-list", s.draft().pk),
            {
                "version": 1,
                "signer_name": "Siti",
                "signer_position": "Kepala",
                "signer_nip": "198001012005012001",
            },
        )
    ),
    "autosave": of_scene(
        lambda s: (
            s.author,
            url("proposals:section-autosave", s.draft().pk, "ringkasan"),
            {"text": "satu", "version": 1},
        )
    ),
    "upload": of_scene(
        lambda s: (
            s.author,
            url("proposals:attachment-upload", s.draft().pk, "foto"),
            {"file": "x", "end": "1"},
        )
    ),
    "withdraw": of_scene(
        lambda s: (s.author, url("proposals:proposal-withdraw", s.draft().pk), {"reason": "x"})
    ),
    "endorse": of_scene(
        lambda s: (
            s.endorser,
            url("proposals:endorsement-submit", s.sent().pk),
            {"token": str(uuid4()), "statement": "on"},
        )
    ),
    "return": of_scene(
        lambda s: (
            s.endorser,
            url("proposals:endorsement-return", s.sent().pk),
            {"note": "x", "section_ringkasan": "y"},
        )
    ),
    "screen": of_scene(
        lambda s: (
            s.chair,
            url("proposals:screening-page", s.competition.slug, s.submitted().proposal_id),
            {
                "verdict": "completion",
                "reasons": ["incomplete"],
                "note": "x",
                "due_at": SOON[:10],
                "unlocked": ["section:dampak"],
            },
        )
    ),
    "facts": of_committee(
        "setup-facts",
        {
            **dict.fromkeys(("theme", "summary", "guidelines", "contact_name"), "x"),
            "name": "KIPP",
            "year": "2026",
            "time_zone": "Asia/Jakarta",
            "contact_email": "a@b.example",
            "contact_phone": "1",
            "screeners": "1",
            "mend_hours": "24",
            "silence_hours": "48",
            "version": 1,
        },
    ),
    "category": of_committee("part-add", {"name": "Kategori"}, "kategori"),
    "tier": of_committee("part-add", {"name": "Top", "size": "5"}, "jenjang"),
    "round": of_committee(
        "part-add",
        {"kind": "objection", "name": "x", "starts_at": SOON, "ends_at": LATER},
        "tahapan",
    ),
    "section-part": of_track(
        "bagian",
        dict.fromkeys(("label", "help_text", "label_en", "help_text_en"), "x")
        | {"word_limit": "10", "weight": "1"},
    ),
    "slot": of_track(
        "lampiran",
        {"label": "x", "help_text": "x", "kind": "any", "max_mb": "5", "max_count": "1"},
    ),
    "rule": of_track("syarat", {"kind": "min_age", "limit": "24", "tiers": "", "article": "6"}),
    "workshop": of_round(
        "lokakarya",
        dict.fromkeys(("place", "speaker", "agenda"), "x")
        | {"online_url": "", "seats": "10", "seats_per_unit": "2"},
    ),
    "reminder": of_round(
        "pengingat",
        dict.fromkeys(("subject", "text"), "x")
        | {"audience": "invited", "leads": "3 hari", "channel": "chosen"},
    ),
    "extend": of_scene(
        lambda s: (
            s.chair,
            url("judging:round-extend", s.competition.slug, s.submission.pk),
            {"new_ends_at": SOON, "unit": "", "letter_number": "1", "reason": "x"},
        )
    ),
    "announce": of_committee("announcement-add", {"title": "x", "body": "x"}),
    "announcement": of_scene(news),
    "committee-seat": of_committee(
        "seat-add", {"email": "c@demo.example", "full_name": "C", "role": "auditor"}
    ),
    "sign-up": workshop("workshop-sign-up", {"unit": "", "full_name": "S"}),
    "material": workshop("material-add", {"title": "x", "url": "https://demo.example/x"}),
    "clone": of_scene(
        lambda s: (
            s.chair,
            url("edition-clone", s.competition.slug),
            {"name": "K", "year": "2027", "slug": "k-2027", "first_day": "2027-01-01"},
        )
    ),
    "law": of_stage("stage-setup", STAGE_LAW, build_city=city),
    "judge-seat": of_stage(
        "panelist-seat",
        {"email": "j@demo.example", "full_name": "J", "capacity": "3", "kind": "desk"},
        build_city=city,
    ),
    "close": of_stage("stage-close", {"missing": "6", "confirm": "on"}, build_city=opened),
    "reopen": of_stage("stage-reopen", {"reason": "x"}, build_city=lambda: closed()[0]),
    "propose": of_stage("publication-propose", DECREE, build_city=lambda: closed()[0]),
    "recuse": of_sheet("recuse", {"reason": "x"}),
    "sheet": of_sheet("sheet", {**MARKS, "comment": "x"}),
    "sheet-submit": of_sheet("sheet-submit", {**MARKS, "comment": "x"}),
    "sheet-autosave": of_sheet("sheet-autosave", {**MARKS, "comment": "x"}),
}
