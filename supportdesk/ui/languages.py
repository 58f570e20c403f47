"""What a page needs to know of a language: its tag, its direction, its own name."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext

CJK = frozenset({"zh-hans", "zh-hant", "ja", "ko"})


BETWEEN_WORDS = {"zh-hans": "、", "zh-hant": "、", "ja": "、", "ar": "، "}  # of a list; elsewhere a comma and a blank


@dataclass(frozen=True)
class Language:
    """`code` as in addresses (`zh-hans`), `tag` as BCP 47 writes it (`zh-Hans`), `name` as its readers call it."""

    code: str
    tag: str
    name: str
    direction: str


def tag(code: str) -> str:
    """BCP 47 form of a language code: `zh-hans` -> `zh-Hans`, `pt-br` -> `pt-BR`."""
    first, *rest = code.split("-")
    return "-".join([first.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])


@cache
def language(code: str) -> Language:
    """The language of a code of `LANGUAGES`. Raises KeyError for another."""
    name = dict(settings.LANGUAGES)[code]
    bidi = LANG_INFO.get(code, {}).get("bidi", False)
    return Language(code, tag(code), name, "rtl" if bidi else "ltr")


def name_in_words(code: str) -> str:
    """What a language is called in the active language, as in a sentence; its own name where Django has no other."""
    name = LANG_INFO.get(code, {}).get("name")
    return gettext(name) if name else language(code).name


def is_known(code: str) -> bool:
    return any(code == known for known, _ in settings.LANGUAGES)


def column(field: str, code: str) -> str:
    """Name of the translated column that holds `field` in a language: `title`, `zh-hans` -> `title_zh_hans`."""
    return f"{field}_{code.replace('-', '_')}"


def content_languages() -> tuple[str, ...]:
    """Codes of the languages that articles can be written in."""
    return tuple(settings.MODELTRANSLATION_LANGUAGES)
