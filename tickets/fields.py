"""One check for each kind of field. Pure: a text as somebody typed or pasted it, and what is kept of it.

People copy from explorers, chats and apps in every script: blanks, full-width letters and digits of any language are
mended; what cannot be what was asked for is refused in a sentence that says what to do. Texts stay texts.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit

from django.utils.translation import gettext

from helpcenter.contracts import numbers
from helpcenter.errors import RefusedInput
from supportdesk.ui.zones import zone_name
from tickets.enums import FieldKind

LONGEST = 500  # characters; as in `actions.wording`
LONGEST_LINE = 200
OFFSETS = tuple(
    sorted({*(60 * hours for hours in range(-12, 15)), -570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765})
)  # minutes from UTC that clocks of the world show


class Refused(Exception):
    """What somebody entered is not what the field asks for; the message says what to do."""


def check(kind: str, text: str, choices: Collection[str] = ()) -> str:
    """What is kept of an answer; empty where nothing was said. `choices` are the values that may be chosen, where the
    field has any. Raises Refused."""
    said = text.strip()
    if not said:
        return ""
    if choices:
        return _choice(said, choices)
    if len(said) > LONGEST:
        message = gettext("At most %(limit)d characters fit here. Put the rest under “What happened?”.")
        raise Refused(message % {"limit": LONGEST})
    return CHECKS[FieldKind(kind)](said)


def _choice(text: str, choices: Collection[str]) -> str:
    if text not in choices:
        raise Refused(gettext("Choose one of the answers in the list."))
    return text


def _plain(text: str) -> str:
    """The same in usual letters and digits: no marks of direction or of width, one kind of blank."""
    folded = unicodedata.normalize("NFKC", text)
    shown = "".join(letter for letter in folded if unicodedata.category(letter) not in ("Cf", "Cc") or letter in "\n\t")
    return " ".join(shown.split())


def _line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > LONGEST_LINE:
        message = gettext("At most %(limit)d characters fit here. Put the rest under “What happened?”.")
        raise Refused(message % {"limit": LONGEST_LINE})
    return line


def _long(text: str) -> str:
    return text


_ORDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{3,79}")


def _order_id(text: str) -> str:
    """An order's id: of our books (UUID) or the trader's own (clOrdID)."""
    plain = _plain(text).replace(" ", "").strip("#№\"'“”")
    if not _ORDER.fullmatch(plain) or not any(letter.isdigit() for letter in plain):
        raise Refused(
            gettext("This is not an order ID. Copy it from the order history; it has letters and digits, and no words.")
        )
    return plain


_SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9._-]{1,29}")


def _symbol(text: str) -> str:
    """A contract or a coin, as the trading screens write it."""
    plain = re.sub(r"[\s/]+", "", _plain(text).upper())
    if not _SYMBOL.fullmatch(plain):
        raise Refused(gettext("This is not a symbol. Write it as the trading screen shows it, such as XBTUSD."))
    return plain


# Transaction ids, all bounded, so that a search through a pasted address stays linear.
_HEX = r"(?:0x)?[0-9a-fA-F]{64}"  # Bitcoin and its kin, Tron, Ethereum and its kin, XRP, Stellar, TON, Aptos
_TX_IDS = (
    re.compile(rf"(?<![0-9a-zA-Z]){_HEX}(?![0-9a-zA-Z])"),
    re.compile(r"(?<![0-9a-zA-Z])[1-9A-HJ-NP-Za-km-z]{86,88}(?![0-9a-zA-Z])"),  # Solana
    re.compile(r"(?<![0-9a-zA-Z])0\.0\.\d{1,12}[@-]\d{9,11}[.-]\d{1,9}(?![0-9a-zA-Z])"),  # Hedera
    re.compile(r"(?<![0-9a-zA-Z])[A-Z2-7]{52}(?![0-9a-zA-Z])"),  # Algorand
    re.compile(r"(?<![0-9a-zA-Z])[1-9A-HJ-NP-Za-km-z]{43,44}(?![0-9a-zA-Z])"),  # NEAR
    re.compile(r"(?<![0-9a-zA-Z+/=_-])[A-Za-z0-9+/_-]{43}=(?![0-9a-zA-Z+/=])"),  # TON in base64
)
_ANY_TX_ID = re.compile(r"[A-Za-z0-9+/=@._:-]{8,120}")
_WALLETS = (
    re.compile(r"0x[0-9a-fA-F]{40}"),
    re.compile(r"T[1-9A-HJ-NP-Za-km-z]{33}"),
    re.compile(r"(?:bc1|tb1|ltc1|addr1)[0-9a-z]{20,100}"),
    re.compile(r"[13][1-9A-HJ-NP-Za-km-z]{25,34}"),
    re.compile(r"r[1-9A-HJ-NP-Za-km-z]{24,34}"),
)


def _tx_id(text: str) -> str:
    """The id of a transfer on a chain, also out of the address of an explorer; ids of other shapes stay as they are,
    since an exchange may number its own transfers."""
    plain = _plain(text).strip("\"'“”")
    joined = plain.replace(" ", "")
    if "…" in text or "..." in plain:
        raise Refused(gettext("This transaction ID is shortened. Copy the whole ID from your wallet or the explorer."))
    for shape in _TX_IDS:
        found = shape.search(joined) or shape.search(plain)
        if found:
            return found[0]
    if any(wallet.fullmatch(joined) for wallet in _WALLETS):
        raise Refused(
            gettext("This is the address of a wallet. The transaction ID is the longer one, in the transfer’s details.")
        )
    if not _ANY_TX_ID.fullmatch(joined) or not any(letter.isdigit() for letter in joined) or " " in plain:
        raise Refused(
            gettext("This is not a transaction ID. Copy it from your wallet or from the exchange that sent the coins.")
        )
    return joined


_AMOUNT = re.compile(r"(?P<before>[^\d٠-٩۰-۹+\-−.,٫]{0,20})(?P<number>.*?)(?P<after>[^\d٠-٩۰-۹.,٫]{0,20})", re.DOTALL)
_UNIT = re.compile(r"[A-Za-z]{2,10}|[$€£¥₩₽₺₫₮₿]")


def _amount(text: str) -> str:
    """An amount in any of our languages' ways of writing, with a coin before or after it. Kept with a point and without
    dividers."""
    plain = unicodedata.normalize("NFKC", text).strip()
    parts = _AMOUNT.fullmatch(plain[:100])
    if parts is None or len(plain) > 100:
        raise Refused(gettext("This is not an amount. Write it with digits, such as 2500.5 USDT."))
    unit = _unit(parts["after"]) or _unit(parts["before"])
    try:
        number = numbers.parse(parts["number"].strip())
    except RefusedInput as error:
        raise Refused(str(error)) from error
    return f"{numbers.unmistakable(number)} {unit}".strip()


def _unit(text: str) -> str:
    word = text.strip(" \t\n~≈:()")
    if not word:
        return ""
    if not _UNIT.fullmatch(word):
        raise Refused(gettext("This is not an amount. Write it with digits, such as 2500.5 USDT."))
    return word.upper()


def _address(text: str) -> str:
    """The address of a web page: what people saw, never followed by us."""
    plain = "".join(_plain(text).split())
    whole = plain if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", plain) else f"https://{plain}"
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
    except ValueError:
        host = ""
    if not host or "." not in host or parts.scheme.lower() not in ("http", "https"):
        raise Refused(gettext("This is not a web address. Copy it from the address bar, such as https://example.com/."))
    return whole


# A moment: date and time by the clock on somebody's wall, and how far that clock is from UTC.

_DATES = (
    re.compile(r"(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})"),  # 2026-11-21, 2026年11月21日
    re.compile(r"(?P<d>\d{1,2})[.](?P<m>\d{1,2})[.](?P<y>\d{4})"),  # 21.11.2026
    re.compile(r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})[/-](?P<y>\d{4})"),  # 21/11/2026; see below for the other order
)
_TIME = re.compile(r"(?P<h>\d{1,2})\s{0,2}(?:[:.hH時时시點点]|giờ)\s{0,2}(?P<i>\d{1,2})?(?:\D|$)")
_AFTERNOON = re.compile(r"(?:^|[\s\d])(?:p\.?\s?m\.?)|下午|晚上|午後|오후|مساء", re.IGNORECASE)
_MORNING = re.compile(r"(?:^|[\s\d])(?:a\.?\s?m\.?)|上午|凌晨|午前|오전|صباح", re.IGNORECASE)
_EARLIEST = datetime(2009, 1, 3, tzinfo=UTC)  # the first block of Bitcoin


def moment(text: str, offset: str, now: datetime) -> str:
    """A local time and its distance from UTC in minutes (`480`), as it is kept: `2026-11-21 21:40 UTC+8 (13:40 UTC)`.

    Raises Refused for what is no moment, lies in the future or before there were coins.
    """
    plain = _plain("".join(str(unicodedata.decimal(letter, letter)) for letter in text))
    if not plain:
        return ""
    minutes = int(offset) if re.fullmatch(r"-?[0-9]{1,3}", offset) else 0
    if minutes not in OFFSETS:
        raise Refused(gettext("Choose the time zone of this time from the list."))
    local = _local(plain).replace(tzinfo=timezone(timedelta(minutes=minutes)))
    if not _EARLIEST < local <= now + timedelta(hours=1):
        raise Refused(gettext("This time has not come yet, or lies too far back. Check the date and the time zone."))
    utc = local.astimezone(UTC)
    same_day = utc.date() == local.date()
    return f"{local:%Y-%m-%d %H:%M} {zone_name(minutes)} ({utc:%H:%M} UTC)" if same_day else (
        f"{local:%Y-%m-%d %H:%M} {zone_name(minutes)} ({utc:%Y-%m-%d %H:%M} UTC)"
    )  # fmt: skip


def written_moment(text: str, now: datetime) -> str:
    """A moment as programs write it (ISO 8601 with its distance from UTC), kept as by `moment`. Raises Refused."""
    try:
        told = datetime.fromisoformat(text.strip())
    except ValueError:
        told = None
    if told is None or told.tzinfo is None:
        raise Refused(gettext("Write date, time and the distance from UTC, such as 2026-11-21T21:40+08:00."))
    offset = told.utcoffset() or timedelta()
    return moment(f"{told:%Y-%m-%d %H:%M}", str(int(offset.total_seconds() // 60)), now)


def _local(plain: str) -> datetime:
    """Raises Refused."""
    refused = Refused(gettext("Write date and time in full, such as 2026-11-21 21:40."))
    found = next((match for shape in _DATES if (match := shape.search(plain))), None)
    if found is None:
        raise refused
    rest = plain[: found.start()] + " " + plain[found.end() :].lstrip("日일Tt,، ")
    clock = _TIME.search(rest + " ")
    if clock is None:
        raise refused
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    if month > 12 >= day and "/" in found[0]:  # 11/21/2026
        month, day = day, month
    try:
        return datetime(year, month, day, _hour(int(clock["h"]), rest), int(clock["i"] or 0))  # noqa: DTZ001
    except ValueError as error:
        raise refused from error


def _hour(hour: int, rest: str) -> int:
    if _AFTERNOON.search(rest) and hour < 12:
        return hour + 12
    return 0 if hour == 12 and _MORNING.search(rest) else hour


CHECKS: dict[FieldKind, Callable[[str], str]] = {
    FieldKind.TEXT: _line,
    FieldKind.LONG_TEXT: _long,
    FieldKind.ORDER_ID: _order_id,
    FieldKind.SYMBOL: _symbol,
    FieldKind.TX_ID: _tx_id,
    FieldKind.NETWORK: _line,
    FieldKind.AMOUNT: _amount,
    FieldKind.TIME: _line,  # with its zone: `moment`
    FieldKind.CHOICE: _line,
    FieldKind.ADDRESS: _address,
}
