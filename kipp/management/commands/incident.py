from __future__ import annotations

from argparse import ArgumentParser, FileType
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from judging.models import Assignment
from kipp.incident import Seen, concerns, read_log
from kipp.lib.sheets import csv_lines

HEADS = ("at", "person", "ip", "method", "path", "status", "request_id")


class Command(BaseCommand):
    help = "Who saw what, as CSV, from the JSON log of the web processes."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("log", type=FileType(), help="a file, or - for standard input")
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--person", metavar="EMAIL", help="all that this person opened")
        whose.add_argument("--proposal", type=int, metavar="NUMBER", help="all who opened it")

    def handle(self, **options: Any) -> None:
        with options["log"] as lines:
            self.tell(read_log(lines), **options)

    def tell(self, seen: Iterable[Seen], **options: Any) -> None:
        if options["person"]:
            wanted = _of_person(seen, email=options["person"])
        else:
            wanted = _of_proposal(seen, pk=options["proposal"])
        names = dict(User.objects.values_list("pk", "email"))
        for line in csv_lines(HEADS, (_row(each, names=names) for each in wanted)):
            self.stdout.write(line.decode("utf-8-sig"), ending="")


def _row(each: Seen, *, names: Mapping[int, str]) -> tuple[object, ...]:
    person = names.get(each.user_id, "") if each.user_id else ""
    row = (each.at.isoformat(), person, each.ip, each.method, each.path)
    return (*row, each.code, each.request_id)


def _of_person(seen: Iterable[Seen], *, email: str) -> Iterable[Seen]:
    person = User.objects.filter(email__iexact=email).first()
    if person is None:
        raise CommandError(f"Nobody here has the address {email}.")
    return (each for each in seen if each.user_id == person.pk)


def _of_proposal(seen: Iterable[Seen], *, pk: int) -> Iterable[Seen]:
    entries = Assignment.objects.filter(entry__proposal=pk)
    sheets = frozenset(entries.values_list("pk", flat=True))
    return (each for each in seen if concerns(each, proposal=pk, sheets=sheets))
