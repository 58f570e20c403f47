"""Postal posts JSON with the raw mail in base64, and signs the body with its own RSA key (SHA-1, as it has it)."""

import base64
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.tickets.channels.hooks import SENDER, Post, in_json


@cache
def _private(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _public() -> str:
    whole = _private("").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return "".join(line for line in whole.splitlines() if not line.startswith("-"))


KEY = _public()  # as it stands in Postal's DKIM record


def _signed(event: Any, key: str | None) -> Post:
    post = in_json(event)
    if key is not None:
        signature = _private("" if key == KEY else key).sign(post.body, padding.PKCS1v15(), SHA1())  # noqa: S303 - Postal signs so
        post.headers["HTTP_X_POSTAL_SIGNATURE"] = base64.b64encode(signature).decode()
    return post


def mail(content: bytes, *, sender: str = SENDER, to: str, key: str | None = KEY) -> Post:
    about = {"id": 12345, "rcpt_to": to, "mail_from": sender, "size": len(content)}
    return _signed({**about, "message": base64.b64encode(content).decode(), "base64": True}, key)


def reports(*, key: str | None = KEY) -> list[Post]:
    message = {"id": 12345, "token": "abcdef", "direction": "outgoing", "to": SENDER, "from": "help@support.example"}
    told = [
        ("MessageSent", {"status": "Sent", "message": message}),
        ("MessageBounced", {"original_message": message, "bounce": {**message, "id": 12347}}),
        ("MessageDelayed", {"status": "SoftFail", "message": message}),
        ("MessageDeliveryFailed", {"status": "HardFail", "message": message}),
    ]
    return [
        _signed({"event": name, "timestamp": 1795189320.5, "payload": payload, "uuid": f"u-{name}"}, key)
        for name, payload in told
    ]
