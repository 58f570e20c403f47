"""What to do now that a secret was sent to us: it was taken out, but whoever typed it must take it for lost."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Advice:
    """What we took out, and what its owner does at once."""

    found: str | Promise
    then: str | Promise


_KEY = Advice(
    _("We took a private key out of your message. It was not stored."),
    _("Move the funds of that wallet to a new one now. A key that was sent to anybody is not safe any more."),
)
_SEED = Advice(
    _("We took a seed phrase out of your message. It was not stored."),
    _("Move the funds of that wallet to a new one now, with a new seed phrase. Never type the old one anywhere again."),
)
_CODES = Advice(
    _("We took the secret of your two-factor app out of your message. It was not stored."),
    _("Switch two-factor authentication off and on again, so that your app gets a new secret."),
)
_TOKEN = Advice(
    _("We took an access token out of your message. It was not stored."),
    _("Sign out of all sessions, and revoke the API key that it belongs to."),
)
_API = Advice(
    _("We took an API secret out of your message. It was not stored."),
    _("Delete that API key now and create a new one."),
)
_PASSWORD = Advice(
    _("We took a password out of your message. It was not stored."),
    _("Change that password now, wherever you use it."),
)
_CARD = Advice(
    _("We took the number of a card or an account out of your message. It was not stored."),
    _("We do not need it. If you sent it to anybody else, tell your bank."),
)
_OTHER = Advice(
    _("We took something out of your message that must stay secret. It was not stored."),
    _("Change it now. We never need a password, a key, a code or a seed phrase."),
)
ADVICE = {
    "pem": _KEY,
    "private_key": _KEY,
    "wif": _KEY,
    "extended_key": _KEY,
    "mnemonic": _SEED,
    "otpauth": _CODES,
    "totp": _CODES,
    "otp": _CODES,
    "jwt": _TOKEN,
    "session": _TOKEN,
    "api_secret": _API,
    "api_key": _API,
    "password": _PASSWORD,
    "card": _CARD,
    "iban": _CARD,
}


def advice(kinds: Iterable[str]) -> list[Advice]:
    """What to say about kinds of secrets, each thing once."""
    return list(dict.fromkeys(ADVICE.get(kind, _OTHER) for kind in kinds))
