"""What each web process counts of its requests, in files that `manage.py serve_metrics` adds up.

Labels are names of routes, never an address: an address may hold a number or a slug of somebody.
"""

from __future__ import annotations

from prometheus_client import Counter, Histogram

METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "OPTIONS"})
SECONDS = Histogram(
    "kipp_request_seconds",
    "From the arrival of a request to its answer.",
    ["route"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 30),
)
ANSWERS = Counter(
    "kipp_answers",
    "Answers by route and status: account_login POST 200 is a refused login, 409 a conflict.",
    ["route", "method", "status"],
)


def count(route: str, *, method: str, status: int, seconds: float) -> None:
    SECONDS.labels(route).observe(seconds)
    ANSWERS.labels(route, method if method in METHODS else "other", str(status)).inc()
