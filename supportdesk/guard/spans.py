"""What a detector reports."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    PEM = "pem"
    OTPAUTH = "otpauth"
    TOKEN = "jwt"  # noqa: S105 - the name of a kind, not a secret
    SEED_PHRASE = "mnemonic"
    PRIVATE_KEY = "private_key"


PLACEHOLDERS = {
    Kind.PEM: _("[private key removed]"),
    Kind.OTPAUTH: _("[two-factor secret removed]"),
    Kind.TOKEN: _("[access token removed]"),
    Kind.SEED_PHRASE: _("[seed phrase removed]"),
    Kind.PRIVATE_KEY: _("[private key removed]"),
}


@dataclass(frozen=True, order=True)
class Finding:
    """A secret in a text: characters `start` up to, not including, `end` of the text that was given."""

    start: int
    end: int
    kind: Kind
