"""What stands in the middle of a demonstration picture; every scene ends on the ground line."""

from __future__ import annotations

import math
from collections.abc import Callable

from kipp.demo.figures import (
    GROUND,
    HOUSES,
    INK,
    LEAF,
    RED,
    ROOF,
    WOOD,
    ambulance,
    cross,
    fish,
    person,
    tree,
    waiting,
)
from kipp.demo.pen import CREAM, SKIN, WHITE, Palette, Pen, chance, mix

Scene = Callable[[Pen, Palette, str], None]


def crowd(pen: Pen, palette: Palette, seed: str) -> None:
    clothes = (palette.accent, palette.second, palette.dark, CREAM, palette.far)
    flags = [(x, 150 + ((x - 640) / 640) ** 2 * -60 + 60) for x in range(0, 1281, 40)]
    pen.line(*flags, width=3, fill=palette.dark)
    for index, (x, y) in enumerate(flags[:-1]):
        flag = (palette.accent, palette.second, CREAM)[(index + int(chance(seed, "f") * 3)) % 3]
        pen.shape((x + 4, y + 1), (x + 36, y + 1), (x + 20, y + 40), fill=flag)
    for index in range(7):
        where = 300 + index * 115 + chance(seed, "x", str(index)) * 40
        cloth = clothes[(index + int(chance(seed, "c") * 5)) % 5]
        person(
            pen,
            where,
            tall=170 + chance(seed, "t", str(index)) * 60,
            cloth=cloth,
            seed=f"{seed}{index}",
        )


def clinic(pen: Pen, palette: Palette, seed: str) -> None:
    left = 290 + chance(seed, "left") * 120
    roof = (palette.accent, palette.second, ROOF, palette.dark)[int(chance(seed, "roof") * 4)]
    tree(pen, left - 110, tall=190 + chance(seed, "tree") * 50)
    pen.box(left, 310, 560, GROUND - 310, fill=CREAM)
    pen.shape((left - 30, 316), (left + 280, 205), (left + 590, 316), fill=roof)
    pen.box(left, 505, 560, 14, fill=mix(CREAM, roof, 0.5))
    cross(pen, left + 280, 268, size=34)
    for x in (40, 140, 366, 466):
        pen.round_box(left + x, 360, 66, 84, radius=6, fill=mix(palette.sky, WHITE, 0.3))
        pen.box(left + x + 31, 360, 4, 84, fill=CREAM)
    pen.round_box(left + 228, 400, 104, GROUND - 400, radius=8, fill=palette.dark)
    pen.box(left + 278, 400, 4, GROUND - 400, fill=CREAM)
    if chance(seed, "ambulance") > 0.45:
        ambulance(pen, palette, left + 610)
    waiting(pen, palette, seed, spots=(left - 40, left + 120, left + 590))


def care(pen: Pen, palette: Palette, seed: str) -> None:
    pen.disc(560, 262, 92, fill=RED)
    pen.disc(720, 262, 92, fill=RED)
    pen.shape((478, 304), (802, 304), (640, 484), fill=RED)
    pen.box(560, 250, 160, 60, fill=RED)
    beat = ((480, 300), (570, 300), (600, 240), (640, 370), (676, 270), (700, 300), (800, 300))
    pen.line(*beat, width=9, fill=WHITE)
    for side, cloth in ((-1, palette.accent), (1, palette.second)):
        x = 640 + side * (220 + chance(seed, str(side)) * 50)
        person(pen, x, tall=250, cloth=cloth, seed=f"{seed}{side}")
        pen.oval(x - side * 18, 474, 34, 22, fill=CREAM)
        pen.disc(x - side * 44, 466, 16, fill=SKIN[1])
    tree(pen, 200, tall=200)
    tree(pen, 1090, tall=180 + chance(seed, "tree") * 50)


def school(pen: Pen, palette: Palette, seed: str) -> None:
    pen.box(280, 330, 720, GROUND - 330, fill=CREAM)
    pen.shape((250, 336), (330, 250), (950, 250), (1030, 336), fill=ROOF)
    for index in range(6):
        x = 310 + index * 116
        pen.box(x, 372, 78, 74, fill=mix(palette.sky, WHITE, 0.35))
        pen.box(x + 37, 372, 4, 74, fill=WOOD)
        pen.box(x - 22, 336, 9, GROUND - 336, fill=palette.accent)
    pen.box(280, 500, 720, 12, fill=palette.accent)
    pen.box(1096, 190, 7, GROUND - 190, fill=INK)
    pen.box(1103, 192, 92, 30, fill=RED)
    pen.box(1103, 222, 92, 30, fill=WHITE)
    tree(pen, 190, tall=230)
    waiting(pen, palette, seed, spots=(420, 500, 790, 870, 1010))


def market(pen: Pen, palette: Palette, seed: str) -> None:
    goods = ((232, 92, 70), (244, 176, 66), (106, 168, 84), (150, 88, 150))
    for stall in range(3):
        x = 220 + stall * 290
        for index in range(8):
            stripe = palette.accent if index % 2 else CREAM
            pen.box(x + index * 31, 300, 31, 62, fill=stripe)
            pen.disc(x + 15.5 + index * 31, 362, 15.5, fill=stripe)
        pen.box(x + 6, 362, 9, GROUND - 362, fill=WOOD)
        pen.box(x + 233, 362, 9, GROUND - 362, fill=WOOD)
        person(pen, x + 124, tall=205, cloth=HOUSES[(stall * 2) % 6], seed=f"{seed}s{stall}")
        pen.box(x - 4, 492, 256, GROUND - 480, fill=mix(WOOD, palette.dark, 0.25))
        for index in range(12):
            fruit = goods[(stall + index // 4) % 4]
            pen.disc(x + 16 + index * 20.5, 484 - (index % 2) * 9, 13, fill=fruit)


def pond(pen: Pen, palette: Palette, seed: str) -> None:
    tree(pen, 180, tall=200)
    water = (86, 170, 190)
    for index, x in enumerate((360, 660, 960)):
        low = 530 + (index % 2) * 22
        pen.box(x - 132, low - 70, 264, 78, fill=palette.accent)
        pen.oval(x, low + 8, 132, 34, fill=palette.accent)
        pen.oval(x, low - 70, 132, 34, fill=mix(palette.accent, WHITE, 0.4))
        pen.oval(x, low - 68, 120, 28, fill=water)
        pen.oval(x + 20, low - 62, 60, 9, fill=mix(water, WHITE, 0.35))
        fish(pen, x - 20 + chance(seed, str(index)) * 50, low - 150 - (index % 2) * 34)
    person(pen, 1130, tall=215, cloth=palette.second, seed=seed)


def waste(pen: Pen, palette: Palette, seed: str) -> None:
    pen.arc(640, 300, 112, turn=(100, 205), width=28, fill=LEAF)
    pen.arc(640, 300, 112, turn=(220, 325), width=28, fill=palette.accent)
    pen.arc(640, 300, 112, turn=(340, 445), width=28, fill=palette.second)
    pen.shape((640, 205), (612, 300), (640, 370), (668, 300), fill=LEAF)
    pen.line((640, 250), (640, 392), width=5, fill=CREAM)
    for index, colour in enumerate(((70, 140, 86), (232, 176, 60), (76, 122, 190))):
        x = 420 + index * 160
        pen.shape((x, 458), (x + 120, 458), (x + 106, GROUND), (x + 14, GROUND), fill=colour)
        pen.round_box(x - 10, 440, 140, 22, radius=8, fill=mix(colour, INK, 0.25))
        pen.disc(x + 60, 515, 24, fill=mix(colour, WHITE, 0.55))
    tree(pen, 190, tall=190)
    tree(pen, 1120, tall=230)
    waiting(pen, palette, seed, spots=(300, 360, 960, 1030))


def office(pen: Pen, palette: Palette, seed: str) -> None:
    pen.box(300, 340, 680, GROUND - 340, fill=CREAM)
    pen.shape((260, 346), (400, 262), (880, 262), (1020, 346), fill=ROOF)
    pen.shape((480, 268), (640, 168), (800, 268), fill=mix(ROOF, INK, 0.2))
    pen.box(636, 110, 7, 66, fill=INK)
    pen.box(643, 112, 52, 15, fill=RED)
    pen.box(643, 127, 52, 15, fill=WHITE)
    for index in range(7):
        pen.box(330 + index * 100, 346, 24, GROUND - 346, fill=mix(CREAM, palette.dark, 0.12))
        pen.box(326 + index * 100, 346, 32, 12, fill=palette.accent)
    for index in range(6):
        pen.round_box(
            367 + index * 100, 392, 50, 90, radius=24, fill=mix(palette.sky, palette.dark, 0.25)
        )
    pen.box(280, 556, 720, 20, fill=mix(CREAM, palette.dark, 0.3))
    tree(pen, 200, tall=200)
    tree(pen, 1090, tall=210)
    waiting(pen, palette, seed, spots=(440, 640, 712))


def kampung(pen: Pen, palette: Palette, seed: str) -> None:
    shift = int(chance(seed, "houses") * 6)
    for row, (base, size, count) in enumerate(((430, 106, 9), (505, 122, 8), (GROUND, 142, 7))):
        for index in range(count):
            x = 120 + index * (1050 / count) + (row % 2) * 34
            wall = HOUSES[(index * 2 + row + shift) % 6]
            tall = size * (0.86 + chance(seed, str(row), str(index)) * 0.3)
            pen.box(x, base - tall, size, tall + 4, fill=wall)
            pen.shape(
                (x - 10, base - tall + 2),
                (x + size / 2, base - tall - 38),
                (x + size + 10, base - tall + 2),
                fill=mix(wall, INK, 0.35),
            )
            pen.box(x + size * 0.2, base - tall * 0.72, size * 0.22, size * 0.24, fill=CREAM)
            pen.box(
                x + size * 0.58,
                base - tall * 0.58,
                size * 0.24,
                tall * 0.6,
                fill=mix(wall, INK, 0.5),
            )
    waiting(pen, palette, seed, spots=(330, 700, 980))


def field(pen: Pen, palette: Palette, seed: str) -> None:
    green = (122, 178, 84)
    for index in range(7):
        y = 400 + index * 26
        pen.oval(640, y + 150, 760 - index * 16, 150, fill=mix(green, palette.dark, 0.06 * index))
    for row in range(4):
        for index in range(16):
            x, y = 150 + index * 66 + (row % 2) * 30, 470 + row * 32
            for lean in (-11, 0, 11):
                pen.line((x, y), (x + lean, y - 30), width=5, fill=mix(LEAF, WHITE, 0.05 * row))
    pen.box(1052, 290, 9, 270, fill=WOOD)
    pen.box(1020, 260, 74, 66, fill=mix(WOOD, CREAM, 0.25))
    pen.shape((1008, 264), (1057, 222), (1106, 264), fill=ROOF)
    pen.disc(1057, 296, 17, fill=INK)
    person(pen, 330, tall=215, cloth=palette.accent, seed=seed)
    pen.shape((276, 388), (330, 350), (384, 388), fill=(226, 190, 110))


def library(pen: Pen, palette: Palette, seed: str) -> None:
    pen.round_box(260, 190, 620, GROUND - 190, radius=12, fill=WOOD)
    for shelf in range(3):
        top = 210 + shelf * 122
        pen.box(280, top, 580, 106, fill=mix(WOOD, INK, 0.45))
        x, index = 290.0, 0
        while x < 830:
            wide = 20 + chance(seed, str(shelf), str(index)) * 20
            tall = 66 + chance(seed, "t", str(shelf), str(index)) * 32
            book = (*HOUSES, palette.accent, palette.second)[(index + shelf * 3) % 8]
            pen.box(x, top + 106 - tall, wide, tall, fill=book)
            pen.box(x + 4, top + 106 - tall + 12, wide - 8, 5, fill=CREAM)
            x, index = x + wide + 3, index + 1
    pen.round_box(930, 250, 210, 150, radius=16, fill=CREAM)
    for column in range(4):
        for row in range(3):
            raised = chance(seed, "dot", str(column), str(row)) > 0.4
            shade = palette.dark if raised else mix(CREAM, palette.dark, 0.18)
            pen.disc(966 + column * 46, 285 + row * 40, 12, fill=shade)
    waiting(pen, palette, seed, spots=(960, 1040, 1110))


def phone(pen: Pen, palette: Palette, seed: str) -> None:
    pen.round_box(520, 140, 240, 440, radius=32, fill=INK)
    pen.round_box(534, 160, 212, 400, radius=20, fill=CREAM)
    pen.box(534, 196, 212, 42, fill=palette.accent)
    for index, (x, wide) in enumerate(((548, 130), (602, 128), (548, 154), (634, 96), (548, 110))):
        y = 256 + index * 54
        tone = mix(palette.accent, WHITE, 0.6) if x == 548 else mix(palette.second, WHITE, 0.35)
        pen.round_box(x, y, wide, 40, radius=14, fill=tone)
        pen.box(x + 14, y + 17, wide - 28, 6, fill=mix(tone, INK, 0.45))
    for x, y, colour in ((330, 260, palette.second), (850, 200, palette.accent), (880, 350, LEAF)):
        pen.round_box(x, y, 130, 92, radius=24, fill=colour)
        pen.shape((x + 30, y + 86), (x + 62, y + 86), (x + 34, y + 116), fill=colour)
        pen.line((x + 40, y + 48), (x + 58, y + 66), (x + 94, y + 28), width=10, fill=WHITE)
    waiting(pen, palette, seed, spots=(250, 330, 410, 880, 960, 1040))


def kitchen(pen: Pen, palette: Palette, seed: str) -> None:
    pen.box(200, 520, 880, GROUND - 520, fill=mix(WOOD, CREAM, 0.15))
    for level, colour in enumerate((palette.accent, palette.second, palette.accent)):
        pen.round_box(300, 300 + level * 72, 170, 70, radius=14, fill=colour)
        pen.box(300, 318 + level * 72, 170, 8, fill=CREAM)
    pen.arc(385, 300, 62, turn=(180, 360), width=12, fill=INK)
    pen.oval(690, 440, 150, 34, fill=CREAM)
    pen.shape((540, 440), (840, 440), (780, 522), (600, 522), fill=CREAM)
    pen.oval(690, 440, 132, 26, fill=(234, 170, 90))
    for x, y in ((620, 436), (676, 446), (738, 434), (706, 428)):
        pen.disc(x, y, 16, fill=(196, 112, 70))
    for index in range(3):
        x = 630 + index * 60
        steam = [(x + 10 * math.sin(y / 16), y) for y in range(392, 288, -4)]
        pen.line(*steam, width=7, fill=WHITE)
    for index in range(7):
        pen.oval(
            930 + (index % 3) * 34,
            500 - (index // 3) * 34,
            22,
            12,
            fill=mix(LEAF, WHITE, 0.1 * (index % 2)),
        )
    waiting(pen, palette, seed, spots=(1080, 1150, 230))


def water(pen: Pen, palette: Palette, seed: str) -> None:
    steel, blue = (134, 150, 164), (74, 152, 206)
    pen.box(300, 300, 330, 54, fill=steel)
    pen.box(576, 300, 54, 110, fill=steel)
    pen.round_box(564, 398, 78, 24, radius=8, fill=mix(steel, INK, 0.3))
    pen.box(440, 250, 16, 56, fill=mix(steel, INK, 0.3))
    pen.round_box(396, 228, 104, 26, radius=13, fill=palette.accent)
    for x, y, size in ((603, 470, 20), (603, 528, 26)):
        pen.disc(x, y, size, fill=blue)
        pen.shape(
            (x - size * 0.86, y - size * 0.5),
            (x, y - size * 2),
            (x + size * 0.86, y - size * 0.5),
            fill=blue,
        )
    pen.disc(860, 330, 110, fill=INK)
    pen.disc(860, 330, 96, fill=CREAM)
    for index in range(6):
        pen.box(790 + index * 24, 352, 20, 32, fill=palette.dark if index < 4 else RED)
    pen.line((860, 322), (912, 272), width=8, fill=RED)
    pen.disc(860, 322, 10, fill=INK)
    waiting(pen, palette, seed, spots=(250, 1030, 1110))


SCENES: dict[str, Scene] = {
    "care": care,
    "clinic": clinic,
    "crowd": crowd,
    "field": field,
    "kampung": kampung,
    "kitchen": kitchen,
    "library": library,
    "market": market,
    "office": office,
    "phone": phone,
    "pond": pond,
    "school": school,
    "waste": waste,
    "water": water,
}
