"""The card of a page: what messengers and social networks show of a link (https://ogp.me/). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from helpcenter.sharing import linked_data
from helpcenter.sharing.linked_data import Node

# Language and territory, as Open Graph writes them; a language that an operator adds has none that we could know.
LOCALES = {
    "en": "en_US",
    "zh-hans": "zh_CN",
    "zh-hant": "zh_TW",
    "ja": "ja_JP",
    "ko": "ko_KR",
    "ru": "ru_RU",
    "es": "es_ES",
    "fr": "fr_FR",
    "pt-br": "pt_BR",
    "tr": "tr_TR",
    "vi": "vi_VN",
    "ar": "ar_AR",
}


@dataclass(frozen=True)
class Image:
    """The picture of a card: absolute address, size in pixels, words for those who cannot see it."""

    url: str
    width: int
    height: int
    description: str


@dataclass(frozen=True)
class Card:
    """What a page says of itself. Without an image of its own it shows the site's."""

    title: str
    description: str
    kind: str = "website"
    image: Image | None = None
    nodes: Sequence[Node] = field(default_factory=tuple)

    @property
    def data(self) -> str:
        """The linked data; empty where there is none."""
        return linked_data.written(self.nodes) if self.nodes else ""


def locales(codes: Iterable[str]) -> list[str]:
    return [LOCALES[code] for code in codes if code in LOCALES]
