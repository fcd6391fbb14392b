from __future__ import annotations

import io

import segno

# Any of the eight patterns can be read; weighing all of them takes four times as long as the rest.
MASK = 0


def qr_svg(text: str) -> str:
    """Draw a QR code as SVG without a fixed size; M survives a stamp on a tenth of it."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False, mask=MASK).save(
        target, kind="svg", border=2, xmldecl=False, omitsize=True, dark="#000", light="#fff"
    )
    return target.getvalue().decode()


def qr_data_uri(text: str) -> str:
    """Return the same for the `src` of an image."""
    code = segno.make(text, error="m", micro=False, mask=MASK)
    return code.svg_data_uri(border=2, omitsize=True, dark="#000", light="#fff")
