"""A portal with something on every page: a running competition and one whose winners are out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import Job, Unit, User
from accounts.services import ask_job
from competitions.models import Announcement, CommitteeSeat, ReminderRule, Tier, Workshop
from judging import services as judging
from judging.models import Assignment, Award, Publication, Stage
from proposals import services as proposals
from proposals.models import Claim, Proposal, Submission, TeamMember
from tests import make
from tests.judging import field as cities
from tests.proposals.scene import Scene, city_scene
from tests.proposals.test_ledger import claim_of

GUIDELINES = (
    "# Petunjuk teknis\n\nIsi.\n\n## Bab I. Umum\n\n### Pasal 1\n\nSatu.\n\n## Bab II\n\nDua."
)


@dataclass
class Portal:
    """`pages`: the addresses that each role walks."""

    people: dict[str, User | None]
    pages: dict[str, list[str]]


def build() -> Portal:
    scene = city_scene()
    stage, judge = judged(scene)
    workshop = furnish(scene)
    open_now(scene)
    over = finished()
    decider, decisions = deciding()
    return Portal(
        people={
            "visitor": None,
            "author": scene.author,
            "endorser": scene.endorser,
            "chair": scene.chair,
            "judge": judge,
            "winners": over.released_by,
            "decider": decider,
            "administrator": make.user("Admin", is_staff=True, is_superuser=True),
        },
        pages={
            "visitor": visitor_pages(scene, workshop, over),
            "author": author_pages(scene),
            "endorser": endorser_pages(scene),
            "chair": chair_pages(scene, workshop, stage),
            "judge": judge_pages(stage, judge),
            "winners": winner_pages(over),
            "decider": decisions,
            "administrator": administrator_pages(scene),
        },
    )


def furnish(scene: Scene) -> Workshop:
    """Words for the public, a workshop with an attendee, and proposals in every hand."""
    competition = scene.competition
    Unit.objects.filter(pk=scene.city.pk).update(name="Kota Batu")
    competition.guidelines, competition.contact_email = GUIDELINES, "panitia@kota.example"
    competition.theme, competition.summary = "Layanan yang dekat", "Ringkas."
    competition.save(update_fields=["guidelines", "contact_email", "theme", "summary"])
    Tier.objects.create(competition=competition, key="top2", name="Top 2", size=2)
    for number in range(2):
        Announcement.objects.create(
            competition=competition,
            title=f"Pengumuman {number}",
            body="Isi *pengumuman*.",
            published_at=make.NOON + timedelta(hours=number),
        )
    workshop = make.workshop(competition)
    make.attendee(workshop, unit=scene.clinic)
    lines_of(scene.draft("Draf yang lengkap"), by=scene.author)
    make.proposal(scene.clinic, scene.track, "Draf kosong", created_by=scene.author)
    scene.sent("Menunggu pengesahan")
    scene.submitted("Menunggu seleksi")
    return workshop


def lines_of(proposal: Proposal, *, by: User) -> None:
    """A claim, a member and a letter to sign."""
    make.slot(proposal.track, "surat", kind="pdf", statement="Kami:\n{penandatangan}\n{tim}")
    proposals.add_line(claim_of(proposal), by=by, at=make.NOON)
    member = TeamMember(proposal=proposal, name="Dr. Hj. Siti Aminah, S.Kep.", role="Ketua")
    proposals.add_line(member, by=by, at=make.NOON)


def judged(scene: Scene) -> tuple[Stage, User]:
    """An open stage with one judge, who has declared on one of two entries."""
    stage = make.stage(scene.competition, min_readings=1)
    for key, weight in cities.WEIGHTS.items():
        make.criterion(stage, key, weight)
    judge = make.user("Juri")
    judging.seat_panelist(stage, user=judge, by=scene.chair, at=make.NOON)
    for name in ("Lolos pertama", "Lolos kedua"):
        make.submission(scene.agency, scene.track, name, text="Satu dua tiga.")
    opened = judging.open_stage(stage, by=scene.chair, at=make.NOON, seed=7)
    judging.declare_no_conflict(sheets_of(opened, judge)[0], by=judge, at=make.NOON)
    return opened, judge


def open_now(scene: Scene) -> None:
    """The pages go by the real clock."""
    now = timezone.now()
    scene.competition.rounds.update(starts_at=now - make.DAY, ends_at=now + 5 * make.DAY)


def finished() -> Publication:
    made, _ranking = cities.closed()
    publication = judging.propose_publication(
        made.stage,
        decree_number="188/1",
        decree_on=make.NOON.date(),
        by=made.organizer,
        at=make.NOON,
    )
    judging.release_publication(publication, by=made.chair, at=make.NOON)
    publication.refresh_from_db()
    Unit.objects.filter(pk=made.competition.host_id).update(name="Kota Kediri")
    return publication


def deciding() -> tuple[User, list[str]]:
    """A chair with a vote to record, results to propose and others to release."""
    tied, _ranking = cities.tied()
    Unit.objects.filter(pk=tied.competition.host_id).update(name="Kota Blitar")
    waiting, _ranking = cities.closed()
    make.seat(tied.chair, waiting.competition, CommitteeSeat.Role.CHAIR)
    number = cities.propose(waiting).number
    before = ["second-look", "panel-vote", "publication-propose", "stage-reopen", "results"]
    after = ["publication", "publication-release", "publication-withdraw"]
    return tied.chair, [
        *urls([f"judging:{name}" for name in before], tied.competition.slug, tied.stage.key),
        *urls([f"judging:{name}" for name in after], waiting.competition.slug, number),
    ]


def sheets_of(stage: Stage, judge: User) -> list[Assignment]:
    own = Assignment.objects.filter(entry__stage=stage, panelist__user=judge)
    return list(own.select_related("entry__stage", "panelist").order_by("pk"))


JUDGED = ("queue", "own-scores", "offline-upload")


def urls(names: list[str], *args: object) -> list[str]:
    return [reverse(name, args=args) for name in names]


def visitor_pages(scene: Scene, workshop: Workshop, over: Publication) -> list[str]:
    slug = scene.competition.slug
    receipt = Submission.objects.filter(proposal__title="Menunggu seleksi").get().receipt
    award = Award.objects.filter(publication=over).first()
    assert award is not None
    return [
        *urls(["home", "account_login", "account_reset_password", "proposals:receipt-ask"]),
        reverse("proposals:register"),
        reverse("proposals:register-entry", args=[award.proposal.innovation_id]),
        reverse("proposals:receipt-keys"),
        reverse("proposals:receipt-verify", args=[receipt]),
        reverse("proposals:receipt-verify", args=["TIDAK-ADA"]),
        "/tidak-ada/",
        *urls(["competitions:competition-page", "judging:public-results"], slug),
        reverse("competitions:workshop-page", args=[slug, workshop.pk]),
        *urls(["judging:public-results", "judging:public-proof"], over.competition.slug),
        reverse("judging:certificate", args=[award.code]),
    ]


def author_pages(scene: Scene) -> list[str]:
    draft = Proposal.objects.get(title="Draf yang lengkap").pk
    started = Proposal.objects.get(title="Draf kosong").pk
    sent = Proposal.objects.get(title="Menunggu pengesahan").pk
    received = Proposal.objects.get(title="Menunggu seleksi").pk
    names = ["dashboard", "proposals:innovation-list", "proposals:innovation-new"]
    account = ["accounts:account-show", "accounts:profile-edit", "mfa_index", "usersessions_list"]
    account += ["accounts:inbox", "accounts:reception-edit"]
    writing = ["proposal-page", "header-edit", "attachment-list", "proposal-check"]
    return [
        *urls([*names, *account]),
        *urls(["proposals:proposal-start", "proposals:innovation-enter"], scene.competition.slug),
        *urls([f"proposals:{name}" for name in writing], draft),
        *urls([f"proposals:section-{name}" for name in ("edit", "history")], draft, "dampak"),
        reverse("proposals:section-revision", args=[draft, "dampak", 1]),
        *urls(["proposals:proposal-page", "proposals:proposal-check"], started),
        reverse("proposals:similar", args=[draft]),
        reverse("next-level", args=[draft]),
        *urls([f"proposals:{name}-list" for name in ("claim", "member", "letter")], draft),
        reverse("proposals:claim-edit", args=[draft, Claim.objects.earliest("pk").pk]),
        reverse("proposals:member-remove", args=[draft, TeamMember.objects.earliest("pk").pk]),
        *urls(["proposals:proposal-page", "proposals:proposal-recall"], sent),
        *urls(["proposals:endorsement-return"], sent),
        *urls(["proposals:proposal-page", "proposals:proposal-withdraw"], received),
        reverse("proposals:receipt", args=[received]),
    ]


def endorser_pages(scene: Scene) -> list[str]:
    sent = Proposal.objects.get(title="Menunggu pengesahan").pk
    unit = ["unit-show", "member-invite", "unit-create-below"]
    return [
        *urls(["dashboard", "proposals:endorsement-queue"]),
        *urls(["proposals:endorsement-page", "proposals:endorsement-return"], sent),
        *urls(["accounts:unit-list", "accounts:person-list"]),
        reverse("accounts:unit-deputies", args=[scene.agency.pk]),
        reverse("proposals:import-upload", args=[scene.competition.slug]),
        reverse("proposals:proposal-page", args=[sent]),
        *urls([f"accounts:{name}" for name in unit], scene.agency.pk),
    ]


def chair_pages(scene: Scene, workshop: Workshop, stage: Stage) -> list[str]:
    slug = scene.competition.slug
    received = Proposal.objects.get(title="Menunggu seleksi").pk
    passed = Proposal.objects.get(title="Lolos pertama").pk
    news = Announcement.objects.filter(competition=scene.competition)[0].pk
    setup = [
        "setup-overview",
        "setup-form",
        "setup-facts",
        "seat-list",
        "workshop-list",
        "reminder-list",
        "hook",
        "hook-remove",
    ]
    lists = ["announcement-list", "announcement-add", "competition-archive"]
    judging_pages = [
        "stage",
        "entry-list",
        "draft-list",
        "conflict-list",
        "readings-fill",
        "stage-close",
    ]
    lineup = ["stage-list", "stage-add", "competition-publish", "publication-list"]
    return [
        *urls(["dashboard", "job-list"]),
        *urls(["job"], waiting_job(scene).pk),
        *urls([f"competitions:{name}" for name in [*setup, *lists]], slug),
        *urls(["competitions:announcement-change"], slug, news),
        *urls(["competitions:announcement-remove"], slug, news),
        *urls(["competitions:part-add"], slug, "kategori"),
        *urls(["reminder-preview"], slug, reminder_rule(scene).pk),
        *urls(["competitions:part-change"], slug, "tahapan", scene.submission.pk),
        *urls(["judging:round-extend"], slug, scene.submission.pk),
        *urls(["competitions:attendance-list"], slug, workshop.pk),
        *urls(["competitions:material-add"], slug, workshop.pk),
        *urls(["mail-log", "edition-clone", "proposals:board", "proposals:screening-queue"], slug),
        *urls(["proposals:board-journey", "proposals:screening-outcome"], slug),
        *urls(["proposals:import-upload"], slug),
        *urls(["proposals:history-import", "proposals:register"]),
        *urls(["next-level"], received),
        *urls(["proposals:screening-page"], slug, received),
        *urls(["proposals:screening-page"], slug, passed),
        *urls([f"judging:{name}" for name in lineup], slug),
        reverse("proposals:submission-compare", args=[slug, received, passed]),
        *urls([f"judging:{name}" for name in judging_pages], slug, stage.key),
    ]


def waiting_job(scene: Scene) -> Job:
    competition = scene.competition
    subject = {"competition": competition.pk}
    at = competition.created_at
    return ask_job("letters", subject, about=competition.name, by=scene.chair, at=at)


def reminder_rule(scene: Scene) -> ReminderRule:
    """In the organiser's own words, so that the page shows all that it has."""
    return ReminderRule.objects.create(
        round=scene.submission,
        audience=ReminderRule.Audience.AUTHORS,
        leads=[4320, 180],
        subject="Kirim proposal: {kompetisi}",
        text="Yth. {nama},\n\nmasih ada **{jumlah}** sampai {batas}.",
    )


def judge_pages(stage: Stage, judge: User) -> list[str]:
    declared, waiting = (sheet.pk for sheet in sheets_of(stage, judge))
    return [
        *urls(["dashboard", "judging:desk"]),
        *[reverse(f"judging:{name}", args=[stage.pk]) for name in JUDGED],
        reverse("judging:declaration", args=[waiting]),
        reverse("judging:sheet", args=[declared]),
    ]


RELEASED = ("publication", "publication-withdraw", "feedback-review")


def winner_pages(over: Publication) -> list[str]:
    slug, stage = over.competition.slug, over.ranking.stage
    names = ["stage", "results", "minutes", "control-room", "plenary"]
    stage_pages = [f"judging:{name}" for name in names]
    return [
        *urls(["judging:stage-list", "judging:publication-list"], slug),
        *urls(stage_pages, slug, stage.key),
        *urls([f"judging:{name}" for name in RELEASED], slug, over.number),
        *urls(["judging:award-nominate"], slug, over.number, over.awards.all()[0].pk),
    ]


def administrator_pages(scene: Scene) -> list[str]:
    names = ["unit-list", "unit-create", "person-list", "import-upload"]
    person = ["show", "deactivate", "reset-factor"]
    return [
        *urls(["dashboard", *(f"accounts:{name}" for name in names)]),
        *urls(["accounts:unit-change", "accounts:unit-end"], scene.agency.pk),
        *urls([f"accounts:person-{verb}" for verb in person], scene.author.pk),
    ]
