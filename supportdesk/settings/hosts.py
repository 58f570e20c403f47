"""Hosts of the environment, which may be written in letters outside of ASCII: mail is compared with them in ASCII."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured


def in_ascii(env: Any, name: str) -> str:
    """A host in small letters and in ASCII (IDNA 2008); empty where the environment has none. Raises
    ImproperlyConfigured where it is no host."""
    text: str = env.str(name, default="").strip().lower()
    if text.isascii():
        return text
    import idna  # has large tables, and most hosts do not need them

    try:
        return idna.encode(text, uts46=True).decode()
    except UnicodeError:
        raise ImproperlyConfigured(f"{name} is “{text}”. Give a host, such as support.example.com.") from None
