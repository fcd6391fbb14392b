from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone, translation
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker, Settings

from bench.chromium import FLAGS, program
from kipp.demo.privileges import private_home
from kipp.demo.servers import throwaway_servers
from tests.browser import stranger
from tests.settings import NOWHERE

SERVERS = pytest.StashKey[ExitStack]()
NUMBERS = count(1)

# A shared machine is slow at times; what a property costs is no promise. Each run draws others.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")


def pytest_configure(config: pytest.Config) -> None:
    """Real servers for this session, unless the environment names some; workers share them."""
    stack = config.stash[SERVERS] = ExitStack()
    if os.environ["DATABASE_URL"] == NOWHERE:
        del os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
        variables = stack.enter_context(throwaway_servers())
        os.environ.update(variables)
        database = urlsplit(variables["DATABASE_URL"])
        settings.DATABASES["default"].update(
            HOST=variables["DATABASE_SOCKETS"], PORT=database.port, PASSWORD=database.password
        )
        use_redis(variables["REDIS_URL"])
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        number = int(worker.removeprefix("gw")) + 1
        use_redis(f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}")


def use_redis(url: str) -> None:
    os.environ["REDIS_URL"] = url
    settings.CACHES["default"]["LOCATION"] = url
    settings.REDIS_URL = settings.CELERY_BROKER_URL = url


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[SERVERS].close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files come first, so that no worker ends with one while the other has nothing to do.

    The browser's event loop runs beside Django's synchronous code.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if any(item.get_closest_marker("e2e") for item in items):
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: a collector that looks at them less saves a twentieth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(autouse=True)
def _nothing_left_over(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> None:
    """Each test has its own uploads; rate limits, language and zone of the last one are gone.

    A folder that is made when a file comes: most tests have none.
    """
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / f"media-{next(NUMBERS)}"
    cache.clear()
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A thread that outlived its test keeps no connection when the database is dropped."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
def server_home() -> Iterator[Path]:
    """Where a server of the test's own keeps its data, also when root runs the tests."""
    folder = private_home(Path(tempfile.mkdtemp(prefix="kipp-test-")))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, live_server: object) -> Iterator[BrowserContext]:
    with stranger(browser, live_server) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
