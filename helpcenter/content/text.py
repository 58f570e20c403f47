"""Plain text of rendered articles: for summaries, excerpts, reading time and the index."""

import html
import re

from helpcenter.content.fact_marks import with_marks
from supportdesk.ui.languages import CJK

LATIN_WORDS_PER_MINUTE = 230
CJK_CHARACTERS_PER_MINUTE = 450
SUMMARY_LENGTH = 300

_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|td|th|tr|figcaption|pre|dt|dd|div|blockquote)>|<br>")
_ANCHOR = re.compile(r'<a class="anc".*?</a>|<small class="host">.*?</small>')
_TAG = re.compile(r"<[^>]*>")
_ASIDE = re.compile(
    r'<h[2-6][ >].*?</h[2-6]>|<figure[ >].*?</figure>|<p class="(?:no-picture|notice-t)">.*?</p>', re.DOTALL
)
_UNSAID = re.compile(
    r'<(?:h[2-6][ >].*?(?:</h[2-6]>|\Z)|figure[ >].*?(?:</figure>|\Z)|p class="no-picture">.*?(?:</p>|\Z))', re.DOTALL
)
_MARKUP_PER_CHARACTER = 5  # tags and addresses take up to that much of stored HTML
_SENTENCE_END = re.compile(r"[.!?؟](?=\s|$)|[。！？]")
_HALF_A_FACT = re.compile(r"\{[^{}]*$")
_CJK_CHARACTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"\w+")


def plain(markup: str) -> str:
    """Text of sanitised HTML, a line per block, without the anchors of headings."""
    text = _BLOCK_END.sub("\n", _ANCHOR.sub("", markup))
    lines = (line.strip() for line in html.unescape(_TAG.sub("", text)).split("\n"))
    return "\n".join(line for line in lines if line)


def lead(markup: str) -> str:
    """The first sentence of sanitised HTML, past headings and pictures; for a text that has no summary of its own.

    Facts stay references in it.
    """
    markup = with_marks(markup)
    return first_sentence(plain(_ASIDE.sub("", markup))) or first_sentence(plain(markup))


def excerpt(markup: str, longest: int) -> str:
    """The words of sanitised HTML in one line of at most `longest` characters, without headings, pictures, and what a
    swindler would write: torn out of its frame it would read as our own words."""
    piece = markup[: longest * _MARKUP_PER_CHARACTER]
    if piece.rfind("<") > piece.rfind(">"):  # the cut goes through a tag
        piece = piece[: piece.rfind("<")]
    words = " ".join(plain(_UNSAID.sub(" ", piece)).split())
    return clipped(words if len(piece) == len(markup) else f"{words}…", longest)


def clipped(text: str, longest: int) -> str:
    """A text of at most `longest` characters, cut at a word where it is longer."""
    if len(text) <= longest:
        return text
    cut = _HALF_A_FACT.sub("", text[: longest - 1])
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[longest // 2 :] else cut}…"


def first_sentence(text: str) -> str:
    """The first sentence of a text, at most `SUMMARY_LENGTH` characters, cut at a word where it is longer."""
    line = next((line for line in text.split("\n") if line.strip()), "").strip()
    end = _SENTENCE_END.search(line)
    return clipped(line[: end.end()] if end else line, SUMMARY_LENGTH)


def minutes(text: str, language: str) -> int:
    """Reading time in whole minutes, at least one."""
    if language in CJK:
        return max(1, round(len(_CJK_CHARACTER.findall(text)) / CJK_CHARACTERS_PER_MINUTE))
    return max(1, round(len(_WORD.findall(text)) / LATIN_WORDS_PER_MINUTE))
