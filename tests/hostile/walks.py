"""Pages that hold every form of the portal, and who opens them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.exports import write_example
from accounts.models import Import, User
from accounts.topics import Topic
from accounts.unsubscribing import unsubscribe_url
from judging import services as judging
from judging.models import Objection, Panelist, Stage
from judging.panels import PanelKind
from proposals import services as proposals
from proposals.models import Proposal, Screening
from tests import make, small_year
from tests.judging import plenaries, timetables
from tests.judging.field import City, at, city, opened
from tests.judging.test_drafts import drafted
from tests.judging.test_feedback import commented
from tests.judging.test_filling import recuse_first
from tests.judging.test_matrix_pages import on_paper, sheet
from tests.judging.test_matrix_pages import send as send_matrix
from tests.judging.test_namesakes import namesake, pair
from tests.judging.test_objections import contested, objected, open_now
from tests.judging.test_offline_pages import HALF, filled, ready
from tests.judging.test_offline_pages import at as at_offline
from tests.judging.test_offline_pages import send as send_offline
from tests.judging.test_reading import CLAIM
from tests.judging.test_seating import invited
from tests.judging.test_second_look import first_close
from tests.judging.test_visits import WHOLE
from tests.look import portal
from tests.look.further import further_addresses
from tests.proposals.scene import Scene, city_scene
from tests.proposals.test_importing import GOOD, sheet_of, upload, upload_history
from tests.proposals.test_ledger import claim_of
from tests.test_urls import APPS

Walk = tuple[User | None, list[str]]
WON = "Bank Sampah;;;;KIPP;nasional;2015;Top 25\n"

EARLY = {
    "author": "accounts:inbox competitions:workshop-page proposals:claim-remove"
    " proposals:member-list proposals:member-edit proposals:attachment-remove",
    "endorser": "accounts:unit-show",
    "chair": "judging:stage-list judging:stage judging:panel-setup judging:stage-setup"
    " judging:stage-remove judging:timetable-setup judging:panelist-seat",
    "judge": "judging:seat-answer",
}
LATER = {
    "chair": "proposals:claim-check proposals:screening-outcome proposals:screening-reopen"
    " judging:panelist-relieve judging:law-change",
}


def whole_portal() -> Iterator[Walk]:
    world = portal.build()
    yield from ((world.people[role], urls) for role, urls in world.pages.items())
    yield from ((person, urls) for _role, person, urls in further_addresses(world))


def early_year() -> Iterator[Walk]:
    year = small_year.writing(at=timezone.now())
    yield from pages_of(year, EARLY)
    address = unsubscribe_url(year.people["author"].pk, topic=Topic.DEADLINES)
    yield None, [address[address.index("/", 8) :]]


def later_year() -> Iterator[Walk]:
    yield from pages_of(small_year.judged(at=timezone.now()), LATER)


def pages_of(year: small_year.Year, named: dict[str, str]) -> Iterator[Walk]:
    known = {name: values for app in APPS for name, values in app.arguments(year).items()}
    for role, names in named.items():
        pages = [reverse(name, args=known.get(name, [])) for name in names.split()]
        yield year.people[role], pages


def of_stage(made: City, *names: str) -> list[str]:
    return [at(made, name) for name in names]


def setting_up() -> Iterator[Walk]:
    """Nothing is public, open or shared out yet."""
    made = namesake()
    slug = made.competition.slug
    make.round_(made.competition, "judging")
    made.competition.status = "draft"
    made.competition.save(update_fields=["status"])
    lineup = [
        reverse(f"judging:{name}", args=[slug]) for name in ("stage-add", "competition-publish")
    ]
    panelist, submission = pair(made)
    apart = at(made, "namesake-dismiss", panelist.pk, submission.receipt)
    yield made.chair, [*lineup, *of_stage(made, "stage", "stage-open"), apart]
    judging.dismiss_namesake(
        made.stage,
        panelist=panelist,
        submission=submission,
        reason="Bukan orang yang sama.",
        by=made.chair,
        at=make.NOON,
    )
    yield made.chair, [at(made, "namesake-restore", panelist.pk, submission.receipt)]
    seat = invited(city(judges=1, entries=1, name="Kota Lain"))
    yield seat.user, [reverse("judging:seat-answer", args=[seat.pk])]


def sharing_out() -> Iterator[Walk]:
    made = city(judges=3, entries=3)
    draft = drafted(made)
    judge, entry, _reason = draft.pairs[0]
    busy = {reader for reader, read, _reason in draft.pairs if read == entry}
    free = next(each.pk for each in made.stage.panel.all() if str(each.pk) not in busy)
    move = at(made, "draft-move", 1, entry)
    pages = [at(made, "draft", 1), at(made, "draft-release", 1), move]
    yield made.chair, [*pages, f"{move}?dari={judge}&kepada={free}"]


def reading() -> Iterator[Walk]:
    made, judge = ready()
    number = made.judges[0]
    done = made.score(number, 0, "80", "70")
    for sheet_url in ("sheet", "sheet-revise"):
        yield number, [reverse(f"judging:{sheet_url}", args=[done.pk])]
    yield number, [reverse("judging:queue", args=[made.stage.pk])]
    unscored = made.sheet(number, 1).position + 1  # the rows stand in an order that was drawn
    send_offline(made, judge, filled(made, judge, {unscored: HALF}))
    yield number, [at_offline(made, "confirm", Import.objects.latest("pk").pk)]
    yield made.chair, of_stage(made, "forecast")


def handing_on() -> Iterator[Walk]:
    """A reading that fell free and that another judge could take."""
    made = opened(judges=3, entries=2, readings=2)
    recuse_first(made, made.judges[0])
    yield made.chair, of_stage(made, "readings-fill")


def on_the_spot() -> Iterator[Walk]:
    """A field stage: before it opens, and its judge at the door."""
    made = city(judges=1, entries=1, kind=Stage.Kind.FIELD)
    Panelist.objects.update(kind=PanelKind.FIELD)
    yield made.chair, of_stage(made, "checklist")
    judging.set_questions(
        made.stage,
        labels=["Apakah ada loket?", "Apakah ada catatan?"],
        version=made.stage.version,
        by=made.organizer,
        at=make.NOON,
    )
    judging.open_stage(made.stage, by=made.chair, at=make.NOON, seed=7)
    seen = made.sheet(made.judges[0], 0)
    judging.declare_no_conflict(seen, by=made.judges[0], at=make.NOON)
    sent = seen.entry.submission
    sent.content["claims"] = [{**CLAIM, "key": 4}]
    sent.save(update_fields=["content"])
    yield made.judges[0], [reverse("judging:visit", args=[seen.pk])]
    yield made.judges[0], [reverse("judging:visit-claim", args=[seen.pk, 4])]
    judging.hand_in_visit(seen, findings=WHOLE, version=0, by=made.judges[0], at=make.NOON)
    yield made.judges[0], [reverse("judging:visit-take-back", args=[seen.pk])]


def in_plenary() -> Iterator[Walk]:
    made, plenary = plenaries.sitting()
    judging.call_item(plenary, position=1, by=made.chair, at=make.NOON)
    yield made.chair, [at(made, "plenary"), at(made, "plenary-move", 1)]
    plenaries.wish(made, plenary, 2, 1)
    yield made.chair, of_stage(made, "plenary")
    yield made.organizer, of_stage(made, "plenary")


def presenting() -> Iterator[Walk]:
    made = timetables.presenting()
    author = User.objects.get(full_name="Penulis Dinas 00")
    proposal = made.competition.proposals.get(unit=made.agencies[0])
    timetables.framed(made)
    yield author, [reverse("judging:appearance", args=[proposal.pk])]
    made.stage.timetable.delete()
    table = timetables.drafted(made)
    first, second, *_others = timetables.slots_of(table)
    yield made.organizer, of_stage(made, "timetable", "timetable-setup", "timetable-release")
    yield made.organizer, [f"{at(made, 'timetable-swap')}?first={first.pk}&second={second.pk}"]
    judging.release_timetable(table, version=table.version, by=made.chair, at=make.NOON)
    yield made.organizer, of_stage(made, "timetable", "timetable-recall")
    judging.call_team(first, version=first.version, by=made.organizer, at=make.NOON)
    yield made.organizer, of_stage(made, "timetable")


def on_paper_totals() -> Iterator[Walk]:
    made = on_paper()
    client = Client()
    client.force_login(made.organizer)
    send_matrix(made, client, sheet(made, ["80", "70"], ["60", "50"]))
    given = Import.objects.latest("pk").pk
    yield made.organizer, [at(made, "matrix-upload"), at(made, "matrix-confirm", given)]


def looking_twice() -> Iterator[Walk]:
    made, _frozen = first_close()
    yield made.chair, of_stage(made, "second-look", "minutes")
    signing = Client()
    signing.force_login(made.judges[0])
    signing.post(reverse("judging:minutes-code", args=[made.stage.pk]))
    yield made.judges[0], [reverse("judging:minutes-sign", args=[made.stage.pk])]


def told_back() -> Iterator[Walk]:
    made, publication = commented()
    where = [made.competition.slug, publication.number]
    judging.prepare_feedback(publication, by=made.chair, at=make.NOON)
    yield made.chair, [reverse("judging:feedback-review", args=where)]


def disputing() -> Iterator[Walk]:
    disputed, results, auditor = contested()
    objection = objected(disputed, results)
    disputed.competition.objections_public = True
    disputed.competition.save(update_fields=["objections_public"])
    open_now(disputed)
    slug = disputed.competition.slug
    yield None, [reverse("judging:objection-make", args=[slug])]
    page = reverse("judging:objection", args=[slug, objection.pk])
    yield disputed.organizer, [page]
    Objection.objects.update(officer=auditor)
    yield auditor, [page]


def of_the_unit() -> Iterator[Walk]:
    """What a unit does that its year does not come to."""
    scene = city_scene()
    innovation = make.innovation(scene.clinic)
    waiting, returned = scene.sent(), returned_for_completion(scene)
    changed = scene.draft()
    for number in (1, 2):
        proposals.save_answer(
            changed,
            section=scene.summary,
            text="satu " * number,
            version=number,
            by=scene.author,
            at=make.NOON + number * make.DAY,
        )
    portal.lines_of(changed, by=scene.author)
    proposals.add_line(claim_of(changed, "Biaya"), by=scene.author, at=make.NOON)
    portal.open_now(scene)
    start = reverse("proposals:proposal-start", args=[scene.competition.slug])
    lists = [
        reverse(f"proposals:{name}", args=[changed.pk]) for name in ("claim-list", "member-list")
    ]
    of_summary = [changed.pk, "ringkasan"]
    history = reverse("proposals:section-history", args=of_summary)
    older = reverse("proposals:section-revision", args=[*of_summary, 2])
    own = [
        reverse("proposals:proposal-page", args=[each.pk]) for each in (waiting, returned, changed)
    ]
    yield scene.author, [f"{start}?inovasi={innovation.pk}", history, older, *lists, *own]
    checks = [reverse("proposals:proposal-check", args=[each.pk]) for each in (returned, changed)]
    yield scene.author, checks
    yield scene.endorser, [reverse("proposals:endorsement-queue"), own[0]]
    slug = scene.competition.slug
    preview = urlencode({"name": "K", "year": "2027", "slug": "k-2027", "first_day": "2027-01-01"})
    clone = reverse("edition-clone-preview", args=[slug])
    soon = timezone.localtime(timezone.now() + 9 * make.DAY).strftime("%Y-%m-%dT%H:%M")
    longer = urlencode({"new_ends_at": soon, "letter_number": "1", "reason": "x"})
    extend = reverse("judging:round-extend", args=[slug, scene.submission.pk])
    yield scene.chair, [f"{clone}?{preview}", extend, f"{extend}periksa/?{longer}"]
    yield scene.organizer, [kept_for(scene.organizer, lambda sent: upload_proposals(sent, scene))]


def returned_for_completion(scene: Scene) -> Proposal:
    sent = scene.submitted()
    proposals.screen_submission(
        sent,
        verdict=Screening.Verdict.COMPLETION,
        reasons=["incomplete"],
        note="Lengkapi.",
        due_at=timezone.now() + make.DAY,
        unlocked=["section:dampak"],
        by=scene.chair,
        at=make.NOON,
    )
    return sent.proposal


def tables_of_others() -> Iterator[Walk]:
    """Sheets that were sent and wait for a yes; each takes the place of the one before it."""
    office = make.user(is_staff=True)
    make.unit("Pemerintah Kota Contoh", level="government")
    yield office, [kept_for(office, upload_units)]
    yield office, [kept_for(office, lambda client: upload_history(client, WON))]


def kept_for(person: User, upload: Callable[[Client], Any]) -> str:
    """Where the person says yes to the sheet."""
    client = Client()
    client.force_login(person)
    return str(upload(client)["Location"])


def upload_units(client: Client) -> Any:
    table = SimpleUploadedFile("unit.xlsx", write_example("units", "xlsx"))
    return client.post(reverse("accounts:import-upload"), {"kind": "units", "file": table})


def upload_proposals(client: Client, scene: Scene) -> Any:
    return upload(client, scene.track, sheet_of(scene.track, GOOD))


WALKS: tuple[Callable[[], Iterator[Walk]], ...] = (
    whole_portal,
    early_year,
    later_year,
    setting_up,
    sharing_out,
    reading,
    handing_on,
    on_the_spot,
    in_plenary,
    presenting,
    on_paper_totals,
    looking_twice,
    told_back,
    disputing,
    of_the_unit,
    tables_of_others,
)
