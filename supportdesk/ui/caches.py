"""A Redis cache for rendered pages whose failure costs speed, never a page."""

import logging
import time
from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PAUSE = 5.0  # seconds in which a dead server is not asked again


class ForgivingRedisCache(RedisCache):
    """Answers as if empty while Redis is away, and leaves it alone for five seconds after each failure."""

    _away_until = 0.0

    def _try(self, method: str, fallback: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < type(self)._away_until:
            return fallback
        try:
            return getattr(super(), method)(*args, **kwargs)
        except (RedisError, OSError) as error:
            type(self)._away_until = time.monotonic() + PAUSE
            logger.warning("The page cache does not answer (%s); pages are rendered without it.", error)
            return fallback

    def _try_to_read(self, method: str, fallback: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return self._try(method, fallback, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - what others wrote under our key can break unpickling in any way
            logger.warning("The page cache holds something that is no page (%s).", type(error).__name__)
            return fallback

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._try_to_read("get", default, key, default, version)

    def get_many(self, keys: Iterable[Any], version: Any = None) -> dict[Any, Any]:
        return dict(self._try_to_read("get_many", {}, keys, version))

    def has_key(self, key: Any, version: Any = None) -> bool:
        return bool(self._try("has_key", False, key, version))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._try("add", False, key, value, timeout, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        self._try("set", None, key, value, timeout, version)

    def set_many(self, data: dict[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> list[Any]:
        """The keys that could not be kept: all of them while Redis is away."""
        return list(self._try("set_many", data, data, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        return bool(self._try("touch", False, key, timeout, version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        """Raises ValueError for a key that is not there, and while Redis is away every key is."""
        number = self._try("incr", None, key, delta, version)
        if number is None:
            raise ValueError(f"Key {key!r} not found")
        return int(number)

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._try("delete", False, key, version))

    def delete_many(self, keys: Iterable[Any], version: Any = None) -> None:
        self._try("delete_many", None, keys, version)

    def clear(self) -> None:
        self._try("clear", None)
