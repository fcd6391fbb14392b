"""`python -m bench.filling portal|floor ROWS PLAN`: fill one database and say what to ask for."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client as TestClient
from django.test.utils import CaptureQueriesContext

from bench.plan import CSRF_TOKEN, Client, Page, go_on, write_plan


def main(arguments: Sequence[str]) -> None:
    side, rows, target = arguments
    os.environ["DJANGO_SETTINGS_MODULE"] = f"bench.{side}.settings"
    django.setup()
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    pages: list[Page] = importlib.import_module(f"bench.{side}.data").fill(int(rows))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    counted = [replace(page, statements=count_statements(page.clients[-1])) for page in pages]
    write_plan(Path(target), counted)


def count_statements(asked: Client) -> int:
    """Of the second request: the first one fills what the process keeps."""
    browser = TestClient(headers={"host": "localhost", "x-csrftoken": CSRF_TOKEN})
    form = dict(asked.form or {})
    for _look in range(2):
        browser.cookies.clear()
        browser.cookies["csrftoken"] = CSRF_TOKEN
        if asked.session:
            browser.cookies["sessionid"] = asked.session
        with CaptureQueriesContext(connection) as captured:
            if asked.form is None:
                answer = browser.get(asked.path)
            else:
                answer = browser.post(asked.path, form)
        if answer.get("Content-Type") == "application/json":
            form = go_on(asked, version=str(answer.json().get("version", form.get("version"))))
    return len(captured)


if __name__ == "__main__":
    main(sys.argv[1:])
