"""Photos opened for real and written anew: what is kept is the picture and nothing else."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kipp.lib.late import late

if TYPE_CHECKING:
    from PIL import Image, ImageOps
else:
    Image, ImageOps = late("PIL.Image"), late("PIL.ImageOps")

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MAX_SIDE = 2560
# A camera's JPEG is decoded smaller than it is; anything else needs the memory of all its pixels.
MAX_CAMERA_PIXELS, MAX_PIXELS = 60_000_000, 16_000_000
THUMBNAIL_SIDE = 480


@dataclass(frozen=True, slots=True)
class Photo:
    """The picture upright, without metadata, no side longer than `MAX_SIDE`."""

    content: bytes
    extension: str
    width: int
    height: int
    thumbnail: bytes


def rewrite_photo(content: bytes) -> Photo:
    image, image_format = _open(content)
    upright = _plain_copy(image)
    small = upright.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Photo(
        content=_encode(upright, image_format),
        extension=FORMATS[image_format],
        width=upright.width,
        height=upright.height,
        thumbnail=_encode(small, "WEBP"),
    )


def _open(content: bytes) -> tuple[Image.Image, str]:
    """Check the file's own checksums, then decode every pixel of it."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(FORMATS)) as probe:
            _check_size(probe)
            probe.verify()
        image = Image.open(io.BytesIO(content), formats=tuple(FORMATS))
        image_format = str(image.format)
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(MAX_PIXELS) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ValidationError(
            _("The photo is damaged or cut off. Open it, save it again and send the new file."),
            code="image_broken",
        ) from error
    return image, image_format


def _check_size(image: Image.Image) -> None:
    is_camera = image.format == "JPEG" and not image.info.get("progressive")
    limit = MAX_CAMERA_PIXELS if is_camera else MAX_PIXELS
    if image.width * image.height > limit:
        raise _too_many_pixels(limit)


def _too_many_pixels(limit: int) -> ValidationError:
    return ValidationError(
        _("The photo has more than %(count)d million pixels. Make it smaller and send it again."),
        code="image_pixels",
        params={"count": limit // 1_000_000},
    )


def _plain_copy(image: Image.Image) -> Image.Image:
    """Turn it upright by its own mark, then drop place, time, camera, comments and profiles.

    It is made small first: each copy of a large photo costs as much memory as a worker.
    """
    mode = "RGBA" if image.has_transparency_data else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(plain)
    copy = Image.new(mode, upright.size)
    copy.paste(upright)
    return copy


def _encode(image: Image.Image, image_format: str) -> bytes:
    target = io.BytesIO()
    if image_format == "JPEG":
        image.convert("RGB").save(target, "JPEG", quality=85, optimize=True, progressive=True)
    elif image_format == "PNG":
        image.save(target, "PNG", compress_level=6)
    else:
        image.save(target, "WEBP", quality=80, method=4)
    return target.getvalue()
