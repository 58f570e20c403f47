"""The languages of the site: the twelve that ship, and those that an operator adds."""

from django.conf.locale import LANG_INFO

SHIPPED = (
    ("en", "English"),
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("ru", "Русский"),
    ("es", "Español"),
    ("fr", "Français"),
    ("pt-br", "Português (Brasil)"),
    ("tr", "Türkçe"),
    ("vi", "Tiếng Việt"),
    ("ar", "العربية"),
)

# Native names as readers of the language menu expect them; Django's own are in lower case for some.
for _code, _native in SHIPPED:
    LANG_INFO.setdefault(_code, {"bidi": _code == "ar", "code": _code, "name": _native, "name_local": _native})


def native_name(code: str) -> str:
    """The name of a language in that language; the code itself where Django knows nothing of it."""
    shipped = dict(SHIPPED)
    if code in shipped:
        return shipped[code]
    name = LANG_INFO.get(code, {}).get("name_local", code)
    return name[:1].upper() + name[1:]


def added(codes: list[str]) -> list[tuple[str, str]]:
    """Languages of `EXTRA_LANGUAGES`, each once, with an entry in `LANG_INFO` for codes that Django does not know."""
    shipped = dict(SHIPPED)
    written = dict.fromkeys(code.strip().lower() for code in codes)
    extra = [code for code in written if code and code not in shipped]
    for code in extra:
        LANG_INFO.setdefault(code, {"bidi": False, "code": code, "name": code, "name_local": code})
    return [(code, native_name(code)) for code in extra]
