"""What a detector reports."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    PEM = "pem"
    OTPAUTH = "otpauth"
    TOKEN = "jwt"  # noqa: S105 - the name of a kind, not a secret
    SEED_PHRASE = "mnemonic"
    PRIVATE_KEY = "private_key"
    API_SECRET = "api_secret"  # noqa: S105
    CODE = "otp"
    PASSWORD = "password"  # noqa: S105
    CARD = "card"
    IBAN = "iban"
    SESSION = "session"


class Asked(StrEnum):
    """What a text of ours asks a person for."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind, not a secret
    API_KEY = "api_key"
    PRIVATE_KEY = "private_key"
    SEED_PHRASE = "seed_phrase"
    CODE = "code"
    REMOTE_ACCESS = "remote_access"
    OTHER_CHANNEL = "other_channel"
    CARD = "card"
    UNSAFE_TRANSFER = "unsafe_transfer"
    TEST_TRANSFER = "test_transfer"
    IDENTITY_DOCUMENT = "identity_document"


PLACEHOLDERS = {
    Kind.PEM: _("[private key removed]"),
    Kind.OTPAUTH: _("[two-factor secret removed]"),
    Kind.TOKEN: _("[access token removed]"),
    Kind.SEED_PHRASE: _("[seed phrase removed]"),
    Kind.PRIVATE_KEY: _("[private key removed]"),
    Kind.API_SECRET: _("[API secret removed]"),
    Kind.CODE: _("[code removed]"),
    Kind.PASSWORD: _("[password removed]"),
    Kind.CARD: _("[card number removed]"),
    Kind.IBAN: _("[account number removed]"),
    Kind.SESSION: _("[session cookie removed]"),
}


K = TypeVar("K", Kind, Asked)


@dataclass(frozen=True, order=True)
class Finding(Generic[K]):
    """A secret in a text, or the name of one that the text asks for: characters `start` up to, not including, `end` of
    the text that was given."""

    start: int
    end: int
    kind: K
