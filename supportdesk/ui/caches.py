"""A Redis cache for rendered pages whose failure costs speed, never a page."""

import logging
import time
from typing import Any

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

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._try("get", default, key, default, version)

    def set(self, key: Any, value: Any, timeout: Any = 300, version: Any = None) -> None:
        self._try("set", None, key, value, timeout, version)

    def delete(self, key: Any, version: Any = None) -> bool:
        return bool(self._try("delete", False, key, version))

    def clear(self) -> None:
        self._try("clear", None)
