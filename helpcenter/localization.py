"""Which text a reader gets when the one in their language is missing. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

# Scripts of one language: readers of one read the other more easily than English.
VARIANTS = {"zh-hans": "zh-hant", "zh-hant": "zh-hans"}
COMMON = "en"


@dataclass(frozen=True)
class Shown:
    """The language that a reader asked for and the one that is shown."""

    asked: str
    language: str

    @property
    def is_fallback(self) -> bool:
        return self.asked != self.language


def chain(language: str, fallbacks: Mapping[str, Sequence[str]], source: str = COMMON) -> tuple[str, ...]:
    """The languages to try in order: the reader's, its variant, the site's fallbacks, English, the source language."""
    tried = [language, VARIANTS.get(language), *fallbacks.get(language, ()), COMMON, source]
    return tuple(dict.fromkeys(code for code in tried if code))


def preference(first: Iterable[str], source: str, public: Sequence[str], written: Sequence[str]) -> list[str]:
    """All languages that content is written in, as a reader takes them: those of the chain (`first`), the source
    language, the others. One that is switched off comes after all that are on: its own pages lead elsewhere."""
    tried = [code for code in dict.fromkeys([*first, source, *public, *written]) if code in written]
    return sorted(tried, key=lambda code: code not in public)


def choose(asked: str, order: Iterable[str], published: Collection[str]) -> Shown | None:
    """The first language of `order` that is published, else any that is, else None."""
    for code in order:
        if code in published:
            return Shown(asked, code)
    return Shown(asked, min(published)) if published else None


def first_with(languages: Iterable[str], has: Callable[[str], bool]) -> str | None:
    """The first of the languages for which `has` holds."""
    return next((code for code in languages if has(code)), None)
