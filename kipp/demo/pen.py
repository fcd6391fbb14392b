"""A drawing surface in the units of the finished picture, drawn at twice its size."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
Point = tuple[float, float]
WIDTH, HEIGHT, SCALE = 1280, 800, 2
WHITE: Colour = (255, 255, 255)
CREAM: Colour = (255, 246, 226)
SKIN: tuple[Colour, ...] = ((222, 172, 128), (198, 142, 98), (176, 120, 80))


@dataclass(frozen=True, slots=True)
class Palette:
    sky: Colour
    glow: Colour
    far: Colour
    near: Colour
    ground: Colour
    dark: Colour
    accent: Colour
    second: Colour


class Pen:
    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE))
        self._draw = ImageDraw.Draw(self.image)

    def gradient(self, top: Colour, low: Colour, *, bottom: float) -> None:
        height = round(bottom * SCALE)
        for y in range(height):
            self._draw.line((0, y, WIDTH * SCALE, y), fill=mix(top, low, y / height))

    def box(self, x: float, y: float, w: float, h: float, *, fill: Colour) -> None:
        self._draw.rectangle(_scaled((x, y), (x + w, y + h)), fill=fill)

    def round_box(
        self, x: float, y: float, w: float, h: float, *, radius: float, fill: Colour
    ) -> None:
        corners = _scaled((x, y), (x + w, y + h))
        self._draw.rounded_rectangle(corners, radius=radius * SCALE, fill=fill)

    def oval(self, x: float, y: float, rx: float, ry: float, *, fill: Colour) -> None:
        self._draw.ellipse(_scaled((x - rx, y - ry), (x + rx, y + ry)), fill=fill)

    def disc(self, x: float, y: float, radius: float, *, fill: Colour) -> None:
        self.oval(x, y, radius, radius, fill=fill)

    def shape(self, *points: Point, fill: Colour) -> None:
        self._draw.polygon(_scaled(*points), fill=fill)

    def line(self, *points: Point, width: float, fill: Colour) -> None:
        self._draw.line(_scaled(*points), fill=fill, width=round(width * SCALE), joint="curve")

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        turn: tuple[float, float],
        width: float,
        fill: Colour,
    ) -> None:
        corners = _scaled((x - radius, y - radius), (x + radius, y + radius))
        self._draw.arc(corners, *turn, fill=fill, width=round(width * SCALE))

    def half(self, x: float, y: float, rx: float, ry: float, *, fill: Colour) -> None:
        """Fill the upper half of an oval."""
        self._draw.pieslice(_scaled((x - rx, y - ry), (x + rx, y + ry)), 180, 360, fill=fill)

    def text(self, x: float, y: float, words: str, *, size: float, fill: Colour) -> None:
        self._draw.text((x * SCALE, y * SCALE), words, font=_font(size), fill=fill)

    def bold(self, x: float, y: float, words: str, *, size: float, fill: Colour) -> None:
        self._draw.text(
            (x * SCALE, y * SCALE),
            words,
            font=_font(size),
            fill=fill,
            stroke_width=max(1, round(size / 28)),
            stroke_fill=fill,
        )

    def text_width(self, words: str, *, size: float) -> float:
        return self._draw.textlength(words, font=_font(size)) / SCALE

    def jpeg(self) -> bytes:
        out = BytesIO()
        self.image.reduce(SCALE).save(out, "JPEG", quality=84, optimize=True)
        return out.getvalue()


def chance(*parts: str) -> float:
    """Give a number from 0 to 1 that never changes for the same words."""
    digest = hashlib.sha256("|".join(parts).encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32


def mix(first: Colour, second: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


@cache
def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size * SCALE)


def _scaled(*points: Point) -> list[tuple[float, float]]:
    return [(x * SCALE, y * SCALE) for x, y in points]
