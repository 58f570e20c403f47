"""Templates without what only their writers need: the indentation of lines stays in the file and is not sent to every
reader. Only what is written in our own HTML templates is touched, never what is put into them."""

import re
from pathlib import Path

from django.conf import settings
from django.template import Origin
from django.template.loaders import app_directories

_INDENTED = re.compile(r"\n\s+")
# The break before a tag alone stays and parts the words; one that says words itself needs the break behind it too.
_TAG_ALONE = re.compile(r"^(\{%(?! *translate\b)[^%\n]*%\})\n", re.MULTILINE)
# A text area or a message that goes on in the next line.
_AS_IT_IS = re.compile(
    r"<(?:pre|textarea)\b(?:(?!</(?:pre|textarea))[^\n])*\n|\{%\s*(?:blocktranslate|blocktrans)\b[^%]*%\}[^{]*\n"
)


class Loader(app_directories.Loader):
    """As Django's; a template in which line breaks mean something is left as it is."""

    def get_contents(self, origin: Origin) -> str:
        source: str = super().get_contents(origin)
        return without_indentation(source) if _is_ours(Path(origin.name)) else source


def _is_ours(path: Path) -> bool:
    """Whether a template is of this product; the libraries may lie below it in an environment of their own."""
    inside = path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts
    return inside and path.suffix == ".html"


def without_indentation(source: str) -> str:
    """A template whose lines begin at their first letter, without lines of tags alone; blanks between words stay."""
    return source if _AS_IT_IS.search(source) else _TAG_ALONE.sub(r"\1", _INDENTED.sub("\n", source))
