"""The signature by which a receiver knows that a webhook is ours, and when it was sent. Pure."""

import hashlib
import hmac

TOLERANCE = 300  # seconds that a receiver should allow


def header(body: bytes, secret: str, at: int) -> str:
    """`t=<Unix time>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>`."""
    signed = hmac.new(secret.encode(), str(at).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def is_genuine(signature: str, body: bytes, secret: str, now: int) -> bool:
    """What a receiver does: the same computation, compared in constant time, and not too old."""
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    written = parts.get("t", "")
    if not (written.isascii() and written.isdigit()) or abs(now - int(written[:12])) > TOLERANCE:
        return False
    return hmac.compare_digest(header(body, secret, int(written)), signature)
