"""Words of the glossary for tests."""

from typing import Any

from helpcenter.models import GlossaryTerm
from supportdesk.ui.languages import column


def word(key: str, *, also: Any = None, rejected: Any = None, definitions: Any = None, **fields: Any) -> GlossaryTerm:
    """A word: `word("margin", en="margin", zh_hans="保证金", definitions={"en": "Funds."})`. Other words go by
    language, one per line. What is no language is a field."""
    texts = {name: fields.pop(name) for name in list(fields) if hasattr(GlossaryTerm, f"term_{name}")}
    values = {f"term_{name}": text for name, text in texts.items()}
    for name, by_language in (("also", also), ("rejected", rejected), ("definition", definitions)):
        values |= {column(name, code): text for code, text in (by_language or {}).items()}
    return GlossaryTerm.objects.create(key=key, **values, **fields)
