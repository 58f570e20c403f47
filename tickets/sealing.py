"""Sealing what lies in the storage: AES-256-GCM, a key per file derived from the site's key and the file's id.

A file that is put in another's place, or changed by one bit, does not open.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 12  # bytes


class Broken(Exception):
    """A sealed file that was changed, swapped, or sealed with another key."""


def _key(purpose: str, name: str) -> bytes:
    secret = (settings.SEALING_KEYS[purpose] or settings.SECRET_KEY).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"{purpose}/{name}".encode()).derive(secret)


def seal(data: bytes, name: str, *, purpose: str = "attachment") -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_key(purpose, name)).encrypt(nonce, data, name.encode())


def unseal(sealed: bytes, name: str, *, purpose: str = "attachment") -> bytes:
    """Raises Broken."""
    try:
        return AESGCM(_key(purpose, name)).decrypt(sealed[:NONCE], sealed[NONCE:], name.encode())
    except (InvalidTag, ValueError) as error:
        raise Broken(name) from error
