from __future__ import annotations

import pytest

from kipp.lib.devices import device_name

ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/124.0.0.0 Mobile Safari/537.36"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0"
)


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (ANDROID, "Chrome, Android"),
        (EDGE, "Edge, Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Linux",
        ),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_device_has_the_name_a_person_would_use(user_agent: str, expected: str) -> None:
    assert device_name(user_agent) == expected
