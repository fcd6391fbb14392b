from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from kipp.demo.servers import Server, start_valkey
from kipp.lib.cache import DegradingRedisCache


@pytest.fixture
def valkey(server_home: Path) -> Iterator[Server]:
    server = start_valkey(server_home)
    yield server
    server.stop()


@pytest.fixture
def cache(valkey: Server) -> DegradingRedisCache:
    cache = DegradingRedisCache(valkey.url, settings.CACHES["default"])
    cache._memory.clear()
    return cache


def test_cache_lives_in_redis(cache: DegradingRedisCache) -> None:
    cache.set("a", 1)

    assert (cache.get("a"), cache._memory.get("a"), cache.is_degraded) == (1, None, False)


def test_cache_remembers_for_itself_while_redis_is_away(
    cache: DegradingRedisCache, valkey: Server
) -> None:
    valkey.stop()

    cache.set_many({"a": 1, "b": 2})
    cache.add("a", 9)
    cache.incr("b")

    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 3}
    assert (cache.has_key("c"), cache.touch("a"), cache.delete("a")) == (False, True, True)
    assert cache.is_degraded is True


def test_frozen_redis_costs_one_timeout_and_not_one_each(
    cache: DegradingRedisCache, valkey: Server
) -> None:
    cache.get("warm")
    valkey.process.send_signal(19)  # SIGSTOP

    begun = time.monotonic()
    for number in range(50):
        cache.set(f"key{number}", number)
    seconds = time.monotonic() - begun
    valkey.process.send_signal(18)  # SIGCONT

    assert cache.get("key49") == 49
    assert seconds < 4
