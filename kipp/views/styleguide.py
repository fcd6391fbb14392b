"""Every component with plausible words, for those who build pages; only in development and demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from competitions.queries import Countdown, countdown_to
from judging.queries.results import TierShown, Winner
from kipp.context import NavLink
from kipp.lib import charts
from kipp.lib.forms import DateInput, Form

ROUNDS = (
    ("Lokakarya", -30, -28, ""),
    ("Pengiriman proposal", -20, -4, ""),
    ("Seleksi administrasi", -3, 4, "Diperpanjang dengan surat 005/112/2026"),
    ("Penilaian juri", 6, 16, ""),
    ("Pengumuman", 25, 26, ""),
)
TITLES = (
    ("Brexit: Berobat Tanpa Antre", "Puskesmas Dinoyo", "ok", "Lolos", "87,50"),
    ("Jempol Ijo", "Dinas Lingkungan Hidup", "wait", "Menunggu pengesahan", ""),
    ("Sistem Antar Surat Kelurahan", "Kecamatan Lowokwaru", "info", "Sedang dinilai", "81,25"),
    ("Rumah Data Posyandu", "Dinas Kesehatan", "danger", "Dikembalikan", ""),
    ("Pasar Pintar", "Dinas Koperasi dan UKM", "award", "Top 10", "91,75"),
)
NAV = ("Beranda", "Proposal", "Penilaian", "Pemenang", "Unit", "Panitia")
FUNNEL = (
    ("Draf", 46),
    ("Lengkap", 41),
    ("Dikirim", 38),
    ("Lolos administrasi", 30),
    ("Dinilai", 12),
)
SPREAD = (
    ("Pasar Pintar", ("88", "91", "96"), "91.75"),
    ("Brexit", ("80", "88", "94"), "87.50"),
    ("Antar Surat", ("70", "82", "91"), "81.25"),
)
TASKS = (
    ("Ringkasan", "Lengkap", "", "198 dari 200 kata"),
    ("Latar belakang dan masalah", "Sedang diisi", "info", "40 dari 300 kata"),
    ("Bukti dan foto", "Ada masalah", "danger", "Satu berkas tidak dapat dibuka"),
    ("Pernyataan pimpinan", "Belum diisi", "muted", ""),
)

WORDS = {
    "name": "Style guide",
    "owner": "Pemerintah Kota Malang",
    "competition": "Kompetisi Inovasi Pelayanan Publik 2026",
    "theme": "Pelayanan cepat, adil, dan dekat dengan warga.",
    "start": "Daftarkan inovasi",
    "schedule": "Lihat jadwal",
    "numbers": "Angka",
    "saved": "Tersimpan di server pukul 10.42 WIB",
    "next": "Simpan dan lanjutkan",
    "status": "Status",
    "tasks": "Tasks",
    "table": "Table",
    "form": "Form",
    "facts": "Facts, files, history",
    "confirm": "Confirm",
    "primary": "Utama",
    "secondary": "Kedua",
    "quiet": "Tenang",
    "withdraw": "Tarik",
    "withdraw_all": "Tarik proposal",
    "timeline": "Timeline",
    "charts": "Charts",
    "winners": "Winners",
    "empty": "Empty",
}


class SampleForm(Form):
    title = forms.CharField(
        label="Judul inovasi", max_length=120, help_text="Paling banyak 120 huruf."
    )
    problem = forms.CharField(
        label="Masalah yang dijawab", widget=forms.Textarea(attrs={"rows": 4})
    )
    category = forms.ChoiceField(
        label="Kategori", choices=[("", "Pilih satu"), ("k", "Kesehatan"), ("p", "Pendidikan")]
    )
    kind = forms.ChoiceField(
        label="Jenis", widget=forms.RadioSelect, choices=[("b", "Baru"), ("r", "Replikasi")]
    )
    started_on = forms.DateField(label="Mulai berjalan", widget=DateInput())
    photo = forms.FileField(
        label="Foto",
        required=False,
        help_text="JPG atau PNG, paling besar 5 MB.",
        widget=forms.FileInput(
            {
                "accept": ".jpg,.jpeg,.png",
                "data-max-bytes": 5 * 1024 * 1024,
                "data-too-large": "Pilih berkas yang lebih kecil dari 5 MB.",
                "data-wrong-type": "Pilih foto JPG atau PNG.",
            }
        ),
    )
    agreed = forms.BooleanField(label="Data ini benar dan dapat dipertanggungjawabkan")


class FilterForm(Form):
    q = forms.CharField(label="Cari", required=False)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Semua")])


def steps(at: datetime) -> list[charts.Step]:
    periods = [
        charts.Period(
            name,
            at + timedelta(days=start),
            at + timedelta(days=end),
            dates=" – ".join(date_format(at + timedelta(days=d), "j F Y") for d in (start, end)),
            note=note,
        )
        for name, start, end, note in ROUNDS
    ]
    return charts.timeline_steps(periods, at=at)


def sample_lists() -> dict[str, Any]:
    keys = ("title", "unit", "tone", "label", "total")
    task_keys = ("title", "label", "tone", "note")
    return {
        "rows": [dict(zip(keys, row, strict=True)) for row in TITLES],
        "tasks": [{**dict(zip(task_keys, task, strict=True)), "url": "#"} for task in TASKS],
        "tiers": [sample_tier("Top 3", step=1), sample_tier("Top 6", step=2)],
        "page": Paginator(range(120), 25).page(2),
    }


def sample_tier(name: str, *, step: int) -> TierShown:
    winners = [
        Winner(
            pk=None,
            standing=0,
            place=place,
            title=title,
            unit=unit,
            score=Decimal("91.75"),
            sentence="Antrean turun dari 3 jam ke 20 menit.",
            code="ABCD-EFGH-JKLM",
            has_photo=False,
        )
        for place, (title, unit, *_state) in enumerate(TITLES[:3], start=1)
    ]
    return TierShown(name=name, size=len(winners), step=step, winners=tuple(winners))


def sample_charts() -> dict[str, Any]:
    spread_rows = [(name, [Decimal(v) for v in values], Decimal(m)) for name, values, m in SPREAD]
    return {
        "funnel": charts.funnel(FUNNEL),
        "bars": charts.bars([("Kesehatan", 18), ("Pendidikan", 11), ("Tata kelola", 9)]),
        "spread": charts.spread(spread_rows, low=60, high=100),
    }


def sample_countdown(at: datetime) -> Countdown:
    label = "Pengiriman proposal ditutup dalam"
    ends_at = at + timedelta(days=3, hours=4)
    return countdown_to(ends_at, earlier=[at], label=label, zone="Asia/Jakarta", at=at)


def sample_history(at: datetime) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            text="Proposal dikembalikan untuk dilengkapi",
            at=at - timedelta(hours=5),
            by="Dra. Sri Wahyuni, M.AP.",
            note="Lampirkan surat yang sudah ditandatangani.",
        ),
        SimpleNamespace(text="Proposal dikirim", at=at - timedelta(days=2), by="Ahmad Fauzi"),
    ]


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    context = {
        **sample_lists(),
        **sample_charts(),
        "words": WORDS,
        "nav": [NavLink(label, "#", active=label == "Proposal") for label in NAV],
        "steps": steps(at),
        "entries": sample_history(at),
        "facts": [
            ("Judul inovasi", "Pasar Pintar", "#"),
            ("Alamat video", "", "#"),
            ("Unit", "Dinas Koperasi"),
        ],
        "countdown": sample_countdown(at),
        "links": [("Beranda", "/"), ("KIPP Kota Malang", "#")],
        "sample_form": SampleForm({"title": "Pasar Pintar", "kind": "b", "category": "k"}),
        "filter_form": FilterForm(),
    }
    return render(request, "kipp/styleguide.html", context)
