"""Editing one language at a time: which one, and the tabs that lead to the others."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.functional import Promise

from supportdesk.ui import languages
from supportdesk.ui.languages import Language, content_languages


@dataclass(frozen=True)
class Tab:
    """A language with a word on where its text stands; `tone` colours the word."""

    language: Language
    query: str
    is_current: bool
    word: str | Promise = ""
    tone: str = ""


def language_choices() -> list[tuple[str, str]]:
    """The languages that a text can be written in, for a field of a form."""
    return [(code, languages.language(code).name) for code in content_languages()]


def mark_language(form: BaseForm, names: Iterable[str]) -> None:
    """Give the fields that hold a text its language and direction, for spelling, fonts and the caret."""
    code = form.initial.get("text_language") or form.data.get("text_language")
    if code in content_languages():
        shown = languages.language(code)
        for name in names:
            if name in form.fields:
                form.fields[name].widget.attrs |= {"lang": shown.tag, "dir": shown.direction}


def edited_language(request: HttpRequest, default: str) -> str:
    """The language of `?language=` or of the posted form, else the default."""
    asked = request.POST.get("text_language") or request.GET.get("language", "")
    return asked if asked in content_languages() else default


def tabs(current: str, describe: Callable[[str], tuple[str | Promise, str]]) -> list[Tab]:
    return [
        Tab(languages.language(code), f"?language={code}", code == current, *describe(code))
        for code in content_languages()
    ]


def with_language(url: str, language: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}language={language}"


def filled_with(form: Any, values: dict[str, Any]) -> Any:
    """A form class whose fields begin with these values; `text_…` fields are none of the model's."""

    class OneLanguage(form):
        def __init__(self, *args: Any, **options: Any) -> None:
            options["initial"] = {**values, **(options.get("initial") or {})}
            super().__init__(*args, **options)

    return OneLanguage
