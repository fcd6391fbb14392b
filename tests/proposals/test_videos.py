from __future__ import annotations

import pytest

from proposals.videos import VideoFault, video_fault, youtube_id

MALFORMED, FOREIGN = VideoFault.MALFORMED, VideoFault.FOREIGN_HOST


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://www.youtube.com/watch?v=abcdefghijk", "abcdefghijk"),
        ("https://youtube.com/watch/?t=3&v=abc-efgh_jk", "abc-efgh_jk"),
        ("https://m.youtube.com/watch?v=abcdefghijk&feature=share", "abcdefghijk"),
        ("https://youtu.be/abcdefghijk?si=x", "abcdefghijk"),
        ("https://www.youtube.com/shorts/abcdefghijk", "abcdefghijk"),
        ("  https://youtu.be/abcdefghijk ", "abcdefghijk"),
        ("http://youtu.be/abcdefghijk", ""),
        ("https://youtu.be/abcdefghij", ""),
        ("https://youtu.be/", ""),
        ("https://www.youtube.com/watch", ""),
        ("https://www.youtube.com/@kota", ""),
        ("https://youtube.com.evil.example/watch?v=abcdefghijk", ""),
        ("javascript://youtu.be/abcdefghijk", ""),
        ("https://[::1/watch?v=abcdefghijk", ""),
        ("abcdefghijk", ""),
    ],
)
def test_youtube_addresses(url: str, found: str) -> None:
    assert youtube_id(url) == found


@pytest.mark.parametrize(
    ("url", "fault", "among_hosts"),
    [
        ("https://youtu.be/abcdefghijk", None, None),
        ("https://www.youtube.com/watch?v=abcdefghijk", None, None),
        ("https://www.youtube.com/watch?v=short", MALFORMED, MALFORMED),
        ("https://video.malangkota.go.id/inovasi/1", None, None),
        ("https://vimeo.com/1", None, FOREIGN),
        ("https://notyoutube.com/watch?v=abcdefghijk", None, FOREIGN),
        ("http://vimeo.com/1", MALFORMED, MALFORMED),
        ("https://user@vimeo.com/1", MALFORMED, MALFORMED),
        ("https://vimeo.com:8443/1", MALFORMED, MALFORMED),
        ("https://vimeo.com:port/1", MALFORMED, MALFORMED),
        ("https://127.0.0.1/1", MALFORMED, MALFORMED),
        ("https://[::1]/1", MALFORMED, MALFORMED),
        ("https://localhost/1", MALFORMED, MALFORMED),
        ("https://vimeo.com/a b", MALFORMED, MALFORMED),
        ("", MALFORMED, MALFORMED),
        ("video kami di YouTube", MALFORMED, MALFORMED),
    ],
)
def test_faults(url: str, fault: VideoFault | None, among_hosts: VideoFault | None) -> None:
    hosts = ("youtube.com", "youtu.be", "malangkota.go.id")

    assert video_fault(url) is fault
    assert video_fault(url, hosts=hosts) is among_hosts
