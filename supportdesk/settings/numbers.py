"""Numbers of the environment. One that is none is refused by the name of its setting, with what may stand there."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured


def whole(env: Any, name: str, default: int) -> int:
    """A whole number; `default` where the environment has none. Raises ImproperlyConfigured."""
    text = env.str(name, default=str(default)).strip()
    try:
        return int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is “{text}”. Give a whole number, such as {default}.") from None


def limits(env: Any, name: str) -> dict[str, int]:
    """Whole numbers from 0 on by their names: `ticket=600, upload=7`. Raises ImproperlyConfigured."""
    entries = [entry.strip() for entry in env.str(name, default="").split(",")]
    return dict(_limit(name, entry) for entry in entries if entry)


def _limit(name: str, entry: str) -> tuple[str, int]:
    door, _, uses = (part.strip() for part in entry.partition("="))
    if not (door and uses.isascii() and uses.isdecimal() and len(uses) < 10):
        message = f"{name} has “{entry}”. Give each limit as a name and a whole number from 0 on, such as ticket=600."
        raise ImproperlyConfigured(message)
    return door, int(uses)
