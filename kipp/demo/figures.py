"""People and things that several scenes share."""

from __future__ import annotations

from kipp.demo.pen import CREAM, SKIN, WHITE, Colour, Palette, Pen, chance, mix

GROUND = 575.0
LEAF: Colour = (74, 140, 84)
RED: Colour = (206, 52, 52)
WOOD: Colour = (150, 100, 62)
INK: Colour = (44, 52, 64)
ROOF: Colour = (176, 78, 58)
HOUSES: tuple[Colour, ...] = (
    (236, 112, 99),
    (244, 190, 80),
    (92, 178, 160),
    (104, 140, 210),
    (226, 140, 184),
    (150, 196, 96),
)


def tree(pen: Pen, x: float, *, tall: float) -> None:
    pen.box(x - 7, GROUND - tall * 0.5, 14, tall * 0.5, fill=WOOD)
    for dx, dy, size in ((-26, 0.55, 38), (26, 0.58, 36), (0, 0.8, 46)):
        pen.disc(x + dx, GROUND - tall * dy, size, fill=mix(LEAF, WHITE, 0.12 if dx > 0 else 0.0))


def person(pen: Pen, x: float, *, tall: float, cloth: Colour, seed: str) -> None:
    """Draw one of three people: with a headscarf, with a peci, or bareheaded."""
    skin = SKIN[int(chance(seed, "skin") * 3)]
    head = tall * 0.13
    top = GROUND + 8 - tall
    kind = int(chance(seed, "kind") * 3)
    pen.round_box(
        x - tall * 0.16, top + head * 1.8, tall * 0.32, tall * 0.5, radius=tall * 0.1, fill=cloth
    )
    pen.box(x - tall * 0.12, top + tall * 0.66, tall * 0.1, tall * 0.34, fill=INK)
    pen.box(x + tall * 0.02, top + tall * 0.66, tall * 0.1, tall * 0.34, fill=INK)
    if kind == 0:
        scarf = mix(cloth, WHITE, 0.45)
        pen.oval(x, top + head * 1.35, head * 1.3, head * 1.7, fill=scarf)
    pen.disc(x, top + head, head * (0.78 if kind == 0 else 1), fill=skin)
    if kind == 1:
        pen.half(x, top + head * 0.9, head * 1.05, head * 1.1, fill=INK)
    if kind == 2:
        pen.round_box(x - head, top - head * 0.3, head * 2, head * 0.85, radius=4, fill=INK)


def fish(pen: Pen, x: float, y: float) -> None:
    silver = (196, 206, 214)
    pen.shape((x - 44, y), (x - 84, y - 26), (x - 76, y + 26), fill=mix(silver, INK, 0.2))
    pen.oval(x, y, 54, 25, fill=silver)
    pen.shape((x - 10, y - 22), (x + 22, y - 40), (x + 24, y - 18), fill=mix(silver, INK, 0.2))
    pen.disc(x + 34, y - 5, 5, fill=INK)
    for dx, dy in ((-30, 62), (8, 56), (40, 66)):
        pen.oval(x + dx, y + dy, 5, 8, fill=(150, 208, 222))


def cross(pen: Pen, x: float, y: float, *, size: float) -> None:
    pen.disc(x, y, size, fill=WHITE)
    pen.box(x - size * 0.26, y - size * 0.65, size * 0.52, size * 1.3, fill=RED)
    pen.box(x - size * 0.65, y - size * 0.26, size * 1.3, size * 0.52, fill=RED)


def ambulance(pen: Pen, palette: Palette, x: float) -> None:
    pen.round_box(x, 462, 190, 96, radius=12, fill=WHITE)
    pen.round_box(x + 150, 492, 86, 66, radius=12, fill=WHITE)
    pen.shape((x + 192, 500), (x + 222, 500), (x + 232, 528), (x + 192, 528), fill=palette.sky)
    pen.box(x, 524, 236, 10, fill=palette.accent)
    pen.round_box(x + 96, 448, 36, 16, radius=6, fill=RED)
    cross(pen, x + 76, 496, size=22)
    for wheel in (48, 186):
        pen.disc(x + wheel, 560, 22, fill=INK)
        pen.disc(x + wheel, 560, 9, fill=CREAM)


def waiting(pen: Pen, palette: Palette, seed: str, *, spots: tuple[float, ...]) -> None:
    clothes = (palette.second, palette.accent, palette.dark, HOUSES[1], HOUSES[4])
    for index, x in enumerate(spots):
        cloth = clothes[(index + int(chance(seed, "cloth") * 5)) % 5]
        tall = 128 + chance(seed, "tall", str(index)) * 34
        person(
            pen,
            x + chance(seed, "at", str(index)) * 20,
            tall=tall,
            cloth=cloth,
            seed=f"{seed}w{index}",
        )
