"""Numbers that nobody can guess, and how people read them."""

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: no i, l, o, u to misread
LENGTH = 15  # 75 random bits


def new_public_id() -> str:
    """A fresh public id: 15 letters and digits, 75 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def reference(public_id: str) -> str:
    """A public id as it is shown and dictated: `4xq7k2mvp9…` -> `4XQ7K-2MVP9-…`."""
    upper = public_id.upper()
    return "-".join(upper[start : start + 5] for start in range(0, len(upper), 5))


def from_typed(text: str) -> str:
    """What somebody copied or typed, as it is stored: blanks and hyphens out, misread letters mended."""
    plain = "".join(text.lower().split()).replace("-", "")
    return plain.translate(str.maketrans("ilo", "110"))
