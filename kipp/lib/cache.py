from __future__ import annotations

import time
from typing import Any

import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

RETRY_AFTER_SECONDS = 5
log = structlog.get_logger(__name__)


class KeptClient(RedisCacheClient):
    """Django's makes a client anew for each command: a quarter of what an autosave computes."""

    def __init__(self, servers: Any, **options: Any) -> None:
        super().__init__(servers, **options)
        self._kept: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._kept:
            self._kept[write] = super().get_client(key, write=write)
        return self._kept[write]


class DegradingRedisCache(RedisCache):
    """While Redis is away this process remembers for itself: limits hold, no page fails.

    After a failure Redis is left alone for some seconds, or a frozen one would cost every
    request its timeout.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient
        self._memory = LocMemCache("while-redis-is-away", {**params, "OPTIONS": {}})
        self._retry_at = 0.0

    @property
    def is_degraded(self) -> bool:
        return time.monotonic() < self._retry_at

    def _ask(self, verb: str, *arguments: Any) -> Any:
        if not self.is_degraded:
            try:
                return getattr(super(), verb)(*arguments)
            except RedisError as error:
                self._retry_at = time.monotonic() + RETRY_AFTER_SECONDS
                log.warning("cache_degraded", error=type(error).__name__)
        return getattr(self._memory, verb)(*arguments)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask("add", key, value, timeout, version)

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._ask("get", key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask("set", key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask("touch", key, timeout, version)

    def delete(self, key: Any, version: Any = None) -> Any:
        return self._ask("delete", key, version)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._ask("get_many", keys, version)

    def has_key(self, key: Any, version: Any = None) -> Any:
        return self._ask("has_key", key, version)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        return self._ask("incr", key, delta, version)

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        return self._ask("set_many", data, timeout, version)

    def delete_many(self, keys: Any, version: Any = None) -> Any:
        return self._ask("delete_many", keys, version)

    def clear(self) -> Any:
        return self._ask("clear")
