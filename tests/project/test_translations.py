"""Every message for traders is translated into all languages; messages for staff into Chinese, and elsewhere the number
of missing ones may only shrink."""

import gettext
import json
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import to_locale

from tests.services import need

ROOT = Path(settings.BASE_DIR)
LOCALES = sorted(to_locale(code) for code, _ in settings.LANGUAGES if code not in ("en", "xx"))
SOURCES = ("helpcenter", "supportdesk", "tickets")

# Whoever reads it: a message that is used in these places alone is for staff, every other one for traders.
STAFF = (
    "*/admin/*",
    "*/admin.py",
    "*/management/*",
    "*/models/*",
    "*/templates/admin/*",
    "supportdesk/outbox/*",
    "supportdesk/releases/*",
    *(
        f"supportdesk/accounts/{file}"
        for file in ("apps.py", "bell.py", "kinds.py", "mailing.py", "models.py", "notices.py")
    ),
    "supportdesk/accounts/templates/accounts/*",
    "helpcenter/content/files.py",
    "helpcenter/content/folder.py",
    "helpcenter/content/front_matter.py",
    "helpcenter/content/pictures.py",
    "helpcenter/content/headings.py",
    "helpcenter/content/markdown.py",
    "helpcenter/content/raw_html.py",
    "*/templates/simple_history/*",
    "helpcenter/actions/*",
    "tickets/workspace/*",
    "tickets/templates/tickets/workspace/*",
    "tickets/notices.py",
    "tickets/calendars.py",
    "tickets/webhooks/*",
)
TRADERS_AFTER_ALL = ("helpcenter/actions/feedback.py",)

# Forms of the plural, https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
# (gettext leaves out forms for fractions; Django's own catalogues write some of them).
FORMS = {
    "ar": {6},
    "es": {2, 3},
    "fr": {2, 3},
    "ja": {1},
    "ko": {1},
    "pt_BR": {2, 3},
    "ru": {3, 4},
    "tr": {1, 2},
    "vi": {1},
    "zh_Hans": {1},
    "zh_Hant": {1},
}
OTHER_SCRIPTS = ("ar", "ja", "ko", "ru", "zh_Hans", "zh_Hant")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|\{\w*\}")
TAG = re.compile(r"</?[a-z][^>]*>")

every_locale = pytest.mark.parametrize("locale", LOCALES)


@cache
def catalogue(locale: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"))


def is_for_staff(path: str) -> bool:
    return any(fnmatch(path, pattern) for pattern in STAFF) and path not in TRADERS_AFTER_ALL


def is_staff_message(entry: polib.POEntry) -> bool:
    return all(is_for_staff(path) for path, _ in entry.occurrences)


def is_translated(entry: polib.POEntry) -> bool:
    return entry.translated() and "fuzzy" not in entry.flags


def translations(entry: polib.POEntry) -> list[tuple[str, str]]:
    """What was asked for, and each form that answers it; nothing where it is not translated yet."""
    if entry.msgid_plural:
        return [(entry.msgid_plural, form) for form in entry.msgstr_plural.values() if form]
    return [(entry.msgid, entry.msgstr)] if entry.msgstr else []


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def forms(locale: str) -> int:
    found = re.match(r"nplurals\s*=\s*(\d+)", catalogue(locale).metadata["Plural-Forms"])
    assert found is not None
    return int(found.group(1))


# Who reads what


@pytest.mark.parametrize(
    ("path", "for_staff"),
    [
        ("helpcenter/admin/articles.py", True),
        ("supportdesk/admin.py", True),
        ("supportdesk/outbox/models.py", True),
        ("helpcenter/models/article.py", True),
        ("helpcenter/templates/admin/helpcenter/article/preview.html", True),
        ("supportdesk/templates/admin/base_site.html", True),
        ("helpcenter/actions/publishing.py", True),
        ("helpcenter/actions/feedback.py", False),
        ("helpcenter/templates/helpcenter/article.html", False),
        ("helpcenter/enums.py", False),
        ("helpcenter/content/drawing.py", False),
        ("helpcenter/views/feedback.py", False),
        ("supportdesk/accounts/models.py", True),
        ("supportdesk/accounts/templates/accounts/bell.html", True),
        ("supportdesk/accounts/forms.py", False),
        ("supportdesk/accounts/templates/account/sign_in.html", False),
        ("supportdesk/guard/spans.py", False),
        ("supportdesk/ui/requests.py", False),
    ],
)
def test_the_place_of_a_message_tells_who_reads_it(path, for_staff):
    assert is_for_staff(path) is for_staff


def test_a_message_that_traders_read_too_is_for_traders():
    both = polib.POEntry(msgid="x", occurrences=[("helpcenter/admin/articles.py", ""), ("helpcenter/forms.py", "")])
    staff = polib.POEntry(msgid="x", occurrences=[("helpcenter/admin/articles.py", "")])
    assert (is_staff_message(both), is_staff_message(staff)) == (False, True)


def test_there_is_a_catalogue_for_every_language_but_english():
    assert {file.parent.parent.name for file in (ROOT / "locale").glob("*/LC_MESSAGES/django.po")} == set(LOCALES)
    assert len(LOCALES) == 11


# Complete


@every_locale
def test_every_message_for_traders_is_translated(locale):
    entries = [entry for entry in catalogue(locale) if not entry.obsolete and not is_staff_message(entry)]
    assert len(entries) > 50
    assert [entry.msgid for entry in entries if not is_translated(entry)] == []


def test_every_message_for_staff_is_translated_into_chinese():
    assert [entry.msgid for entry in catalogue("zh_Hans") if not entry.obsolete and not is_translated(entry)] == []


@every_locale
def test_the_number_of_messages_for_staff_that_are_missing_only_shrinks(locale):
    """The numbers stand in locale/untranslated.json; whoever translates some writes the smaller number down."""
    known = json.loads((ROOT / "locale" / "untranslated.json").read_text(encoding="utf-8"))
    entries = [entry for entry in catalogue(locale) if not entry.obsolete and is_staff_message(entry)]
    assert len([entry for entry in entries if not is_translated(entry)]) == known[locale]


@every_locale
def test_no_translation_is_a_guess_of_a_program_or_left_over(locale):
    entries = catalogue(locale)
    assert [entry.msgid for entry in entries if "fuzzy" in entry.flags] == []
    assert [entry.msgid for entry in entries.obsolete_entries()] == []


@pytest.mark.parametrize("locale", OTHER_SCRIPTS)
def test_a_translation_into_another_script_is_not_the_english_text(locale):
    words = re.compile(r"[a-z]{3,} [a-z]{3,}", re.I)
    entries = [entry for entry in catalogue(locale) if words.search(TAG.sub("", PLACEHOLDER.sub("", entry.msgid)))]
    assert [entry.msgid for entry in entries if entry.msgstr == entry.msgid] == []


# Correct


def numbers_of_form(locale: str) -> dict[int, list[int]]:
    """Form of the plural -> the numbers that choose it."""
    choose = gettext.c2py(catalogue(locale).metadata["Plural-Forms"].partition("plural=")[2].rstrip(";"))
    chosen: dict[int, list[int]] = {}
    for number in [*range(1000), 1_000_000]:
        chosen.setdefault(choose(number), []).append(number)
    return chosen


@every_locale
def test_a_translation_has_the_placeholders_of_its_message(locale):
    pairs = [(entry.msgid, entry.msgstr) for entry in catalogue(locale) if entry.msgstr]
    assert [pair for pair in pairs if placeholders(pair[0]) != placeholders(pair[1])] == []


@every_locale
def test_every_form_of_a_plural_has_the_placeholders_of_its_message(locale):
    """A form that stands for a single number may say it in a word: "one article", مقالتان."""
    single = {form for form, numbers in numbers_of_form(locale).items() if len(numbers) == 1}
    wrong = []
    for entry in catalogue(locale):
        asked = placeholders(entry.msgid_plural or "")
        for form, text in entry.msgstr_plural.items():
            found = placeholders(text)
            counted_in_words = form in single and set(found) < set(asked) and len(found) == len(asked) - 1
            if text and found != asked and not counted_in_words:
                wrong.append((entry.msgid, form, text))
    assert wrong == []


@every_locale
def test_every_form_of_a_translation_has_the_markup_of_its_message(locale):
    wrong = [
        (asked, form)
        for entry in catalogue(locale)
        for asked, form in translations(entry)
        if sorted(TAG.findall(asked)) != sorted(TAG.findall(form))
    ]
    assert wrong == []


@every_locale
def test_a_translation_begins_and_ends_with_the_blanks_of_its_message(locale):
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    pairs = [pair for entry in catalogue(locale) for pair in translations(entry)]
    assert [pair for pair in pairs if edges(pair[0]) != edges(pair[1])] == []


@every_locale
def test_a_translation_holds_no_invisible_character_that_its_message_has_not(locale):
    """A zero-width blank or a soft hyphen that came along with a paste."""
    invisible = re.compile("[\u200b\u2060\ufeff\u00ad\ufffd]")
    forms_of = [form for entry in catalogue(locale) for _, form in translations(entry)]
    assert [form for form in forms_of if invisible.search(form)] == []


@every_locale
def test_a_language_has_its_forms_of_the_plural_and_every_plural_has_all_of_them(locale):
    assert forms(locale) in FORMS[locale]
    plurals = [entry for entry in catalogue(locale) if entry.msgid_plural]
    wrong = [entry.msgid for entry in plurals if entry.translated() and len(entry.msgstr_plural) != forms(locale)]
    assert (wrong, bool(plurals)) == ([], True)


@every_locale
def test_numbers_choose_among_the_forms_that_there_are(locale):
    """Some languages have one more form for fractions, which nothing here counts."""
    chosen = set(numbers_of_form(locale))
    assert chosen <= set(range(forms(locale)))
    assert len(chosen) in FORMS[locale]


@every_locale
def test_a_catalogue_says_its_language_and_that_it_is_utf_8(locale):
    metadata = catalogue(locale).metadata
    assert metadata["Language"] == locale
    assert metadata["Content-Type"] == "text/plain; charset=UTF-8"


@every_locale
def test_no_message_is_there_twice(locale):
    keys = [(entry.msgctxt, entry.msgid) for entry in catalogue(locale)]
    assert len(keys) == len(set(keys))


@every_locale
def test_gettext_itself_accepts_the_catalogue(locale, tmp_path):
    need(shutil.which("msgfmt") is not None, "gettext is not installed")
    source = ROOT / "locale" / locale / "LC_MESSAGES" / "django.po"
    check = ["msgfmt", "--check", "--output-file", str(tmp_path / "django.mo"), str(source)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# Up to date


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """A copy of the code in which the messages were collected anew."""
    need(shutil.which("xgettext") is not None, "gettext is not installed")
    copy = tmp_path_factory.mktemp("collected")
    ignored = shutil.ignore_patterns("node_modules", "__pycache__", "*.mo", "static")
    for name in (*SOURCES, "locale"):
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    shutil.copy(ROOT / "manage.py", copy)
    done = subprocess.run(
        [sys.executable, "manage.py", "collect_translations"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return copy / "locale"


@every_locale
def test_collecting_the_messages_again_changes_nothing(collected, locale):
    def lines(folder: Path) -> list[str]:
        text = (folder / locale / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
        return [line for line in text.splitlines() if not line.startswith('"POT-Creation-Date')]

    assert lines(collected) == lines(ROOT / "locale")
