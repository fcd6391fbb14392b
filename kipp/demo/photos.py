"""Posters for the demonstration: drawn, never photographed, and the same on every run."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kipp.demo.content import DemoProposal, innovation_of, load_units
from kipp.demo.figures import GROUND
from kipp.demo.pen import CREAM, HEIGHT, WHITE, WIDTH, Colour, Palette, Pen, chance, mix
from kipp.demo.scenes import SCENES

PALETTES = {
    "Kesehatan": Palette(
        (126, 200, 206),
        (236, 248, 236),
        (112, 172, 178),
        (84, 148, 150),
        (164, 206, 160),
        (14, 66, 78),
        (22, 134, 140),
        (240, 164, 90),
    ),
    "Pertumbuhan Ekonomi dan Kesempatan Kerja": Palette(
        (250, 196, 120),
        (255, 240, 206),
        (214, 150, 110),
        (178, 112, 88),
        (222, 184, 132),
        (86, 40, 34),
        (206, 84, 56),
        (34, 132, 128),
    ),
    "Ketahanan Pangan": Palette(
        (150, 208, 226),
        (248, 246, 206),
        (128, 176, 140),
        (92, 148, 104),
        (168, 198, 112),
        (28, 66, 48),
        (56, 124, 86),
        (238, 170, 60),
    ),
    "Inklusi Sosial": Palette(
        (190, 176, 226),
        (252, 234, 240),
        (156, 142, 196),
        (122, 108, 168),
        (192, 190, 214),
        (54, 38, 88),
        (118, 84, 168),
        (240, 150, 112),
    ),
    "Tata Kelola Pemerintahan": Palette(
        (140, 186, 228),
        (236, 242, 248),
        (122, 154, 192),
        (88, 120, 162),
        (176, 192, 186),
        (18, 48, 84),
        (34, 98, 156),
        (226, 172, 66),
    ),
    "Ketahanan Bencana": Palette(
        (150, 164, 186),
        (250, 214, 176),
        (116, 124, 146),
        (86, 92, 116),
        (170, 168, 156),
        (46, 40, 52),
        (208, 106, 52),
        (60, 128, 150),
    ),
    "Pendidikan": Palette(
        (132, 196, 240),
        (255, 246, 214),
        (120, 168, 186),
        (88, 138, 152),
        (170, 206, 134),
        (24, 56, 92),
        (232, 132, 60),
        (58, 120, 190),
    ),
    "Pengentasan Kemiskinan": Palette(
        (246, 184, 150),
        (255, 238, 214),
        (206, 142, 128),
        (168, 106, 104),
        (214, 186, 150),
        (84, 34, 46),
        (184, 70, 78),
        (44, 130, 120),
    ),
    "Pemberdayaan Masyarakat": Palette(
        (120, 202, 220),
        (255, 240, 220),
        (128, 168, 196),
        (98, 132, 168),
        (178, 200, 160),
        (66, 34, 84),
        (196, 72, 130),
        (246, 178, 66),
    ),
    "Energi dan Lingkungan Hidup": Palette(
        (158, 216, 190),
        (246, 250, 220),
        (118, 176, 146),
        (82, 142, 112),
        (160, 202, 128),
        (20, 62, 50),
        (44, 132, 96),
        (236, 172, 66),
    ),
    "Penegakan Hukum": Palette(
        (176, 190, 214),
        (246, 238, 222),
        (142, 150, 178),
        (108, 114, 146),
        (190, 188, 178),
        (38, 40, 72),
        (96, 74, 130),
        (210, 162, 76),
    ),
}
SCENE_OF = {
    "jarik-masiti": "care",
    "si-cantik-hamil": "care",
    "anc-hipnoterapi": "care",
    "sejiwa-dengan-jempol": "care",
    "singo": "phone",
    "laskar-perencana": "crowd",
    "si-kawan-duduk": "crowd",
    "simpadu-pmi": "office",
    "ojol-berlian": "phone",
    "rumah-diapers": "waste",
    "kopi-tubruk": "phone",
    "sepakat-22": "kitchen",
    "tabung-beras": "kampung",
    "sipil-doyan-jalan": "phone",
    "lapo-bra": "library",
    "saber-ats": "kampung",
    "sambat-online": "phone",
    "siapel": "phone",
    "twuin": "water",
    "persada": "market",
    "validasi-data": "kampung",
    "centing-pelekor": "kitchen",
    "si-ikan-nila": "pond",
    "rantang-kasih": "kitchen",
    "super-keren": "crowd",
    "puskesmas-janti-care": "phone",
    "nasi-tiga-beras": "kitchen",
    "terpana": "clinic",
    "simba-asia": "school",
    "brexit": "clinic",
    "bank-sampah-malang": "waste",
}
SCENE_OF_CATEGORY = {
    "Kesehatan": "clinic",
    "Pendidikan": "school",
    "Ketahanan Pangan": "field",
    "Pertumbuhan Ekonomi dan Kesempatan Kerja": "market",
    "Energi dan Lingkungan Hidup": "waste",
    "Pemberdayaan Masyarakat": "kampung",
}
PANEL = 606.0
MARGIN = 56.0


@dataclass(frozen=True, slots=True)
class DemoPhoto:
    name: str
    caption: str
    content: bytes


def photo_for(proposal: DemoProposal) -> DemoPhoto:
    """Draw the scene that the proposal is about."""
    scene = SCENE_OF.get(proposal.key) or SCENE_OF_CATEGORY.get(proposal.category, "office")
    return _photo(proposal, scene)


def team_photo_for(proposal: DemoProposal) -> DemoPhoto:
    """The people who stand behind it."""
    return _photo(proposal, "crowd")


def _photo(proposal: DemoProposal, scene: str) -> DemoPhoto:
    title = innovation_of(proposal).title
    unit = next(unit for unit in load_units() if unit.key == proposal.unit)
    caption = "Tim dan warga" if scene == "crowd" else "Suasana layanan"
    return DemoPhoto(
        name=f"{proposal.key}-{scene}.jpg",
        caption=f"{caption} {title} (gambar contoh)",
        content=draw_poster(
            seed=f"{proposal.key}|{scene}",
            title=title,
            subtitle=unit.name if len(unit.name) < 48 else unit.abbr,
            category=proposal.category,
            scene=scene,
        ),
    )


def draw_poster(*, seed: str, title: str, subtitle: str, category: str, scene: str) -> bytes:
    pen, palette = Pen(), PALETTES[category]
    _draw_sky(pen, palette, seed)
    _draw_mountains(pen, palette, seed)
    pen.box(0, GROUND - 18, WIDTH, PANEL - GROUND + 20, fill=palette.ground)
    SCENES[scene](pen, palette, seed)
    _draw_panel(pen, palette)
    _draw_words(pen, palette, title=title, subtitle=f"{subtitle}  /  {category}")
    return pen.jpeg()


def _draw_sky(pen: Pen, palette: Palette, seed: str) -> None:
    evening = chance(seed, "hour") > 0.6
    top = mix(palette.sky, (255, 190, 150), 0.35) if evening else palette.sky
    pen.gradient(top, palette.glow, bottom=GROUND)
    x = 160 + chance(seed, "sun") * 900
    y = 300.0 if evening else 170.0
    for radius, share in ((120, 0.25), (92, 0.5), (66, 0.95)):
        sky = mix(top, palette.glow, y / GROUND)
        pen.disc(x, y, radius, fill=mix(sky, (255, 226, 150), share))
    for index in range(3):
        left = chance(seed, "cloud", str(index)) * 1100
        high = 80 + index * 56 + chance(seed, "high", str(index)) * 30
        cloud = mix(palette.glow, WHITE, 0.6)
        for dx, size in ((0, 24), (34, 34), (74, 26)):
            pen.oval(left + dx, high, size * 1.4, size * 0.75, fill=cloud)


def _draw_mountains(pen: Pen, palette: Palette, seed: str) -> None:
    """Put Malang's volcanoes on the horizon: two cones behind, soft hills before them."""
    for name, colour, peak, spread in (
        ("arjuno", mix(palette.far, palette.glow, 0.45), 215.0, 420.0),
        ("semeru", palette.far, 285.0, 330.0),
    ):
        x = 120 + chance(seed, name) * 1000
        slope = [(x + step * spread / 12, _cone(step / 12, peak=peak)) for step in range(-12, 13)]
        pen.shape((x - spread, GROUND), *slope, (x + spread, GROUND), fill=colour)
    waves = [
        (x, 455 + 26 * math.sin(x / 170 + chance(seed, "hill") * 6) + 12 * math.sin(x / 61))
        for x in range(0, WIDTH + 20, 20)
    ]
    pen.shape((0, GROUND), *waves, (WIDTH, GROUND), fill=palette.near)


def _cone(offset: float, *, peak: float) -> float:
    return (
        GROUND
        - (GROUND - peak) * math.pow(1 - abs(offset), 1.5)
        + (14 if abs(offset) < 0.05 else 0)
    )


def _draw_panel(pen: Pen, palette: Palette) -> None:
    pen.box(0, PANEL, WIDTH, HEIGHT - PANEL, fill=palette.dark)
    pen.box(0, PANEL, WIDTH, 6, fill=palette.second)
    motif = mix(palette.dark, palette.accent, 0.22)
    for row in range(4):
        for column in range(9):
            x = WIDTH - 34 - column * 52 + (row % 2) * 26
            _draw_kawung(pen, x, PANEL + 34 + row * 52, back=palette.dark, fill=motif)


def _draw_kawung(pen: Pen, x: float, y: float, *, back: Colour, fill: Colour) -> None:
    for side in (-1, 1):
        pen.oval(x + side * 13, y, 12, 7, fill=fill)
        pen.oval(x, y + side * 13, 7, 12, fill=fill)
        pen.oval(x + side * 14, y, 5, 2, fill=back)
        pen.oval(x, y + side * 14, 2, 5, fill=back)


def _draw_words(pen: Pen, palette: Palette, *, title: str, subtitle: str) -> None:
    size = _fitting(pen, title, wanted=66.0)
    pen.box(MARGIN, PANEL + 36, 10, 122, fill=palette.second)
    pen.bold(MARGIN + 30, PANEL + 34 + (66 - size) / 2, title, size=size, fill=CREAM)
    small = _fitting(pen, subtitle, wanted=26.0)
    pen.text(MARGIN + 31, PANEL + 124, subtitle, size=small, fill=mix(CREAM, palette.dark, 0.18))
    pen.round_box(WIDTH - 232, 30, 200, 44, radius=22, fill=palette.dark)
    pen.text(WIDTH - 213, 39, "Gambar contoh", size=23, fill=CREAM)


def _fitting(pen: Pen, words: str, *, wanted: float) -> float:
    room = WIDTH - 2 * MARGIN - 40
    return min(wanted, math.floor(wanted * room / pen.text_width(words, size=wanted)))
