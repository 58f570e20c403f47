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


def first_sentence(text: str) -> str:
    """The first sentence of a text, at most `SUMMARY_LENGTH` characters, cut at a word where it is longer."""
    line = next((line for line in text.split("\n") if line.strip()), "").strip()
    end = _SENTENCE_END.search(line)
    sentence = line[: end.end()] if end else line
    if len(sentence) <= SUMMARY_LENGTH:
        return sentence
    cut = _HALF_A_FACT.sub("", sentence[: SUMMARY_LENGTH - 1])
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[SUMMARY_LENGTH // 2 :] else cut}…"


def minutes(text: str, language: str) -> int:
    """Reading time in whole minutes, at least one."""
    if language in CJK:
        return max(1, round(len(_CJK_CHARACTER.findall(text)) / CJK_CHARACTERS_PER_MINUTE))
    return max(1, round(len(_WORD.findall(text)) / LATIN_WORDS_PER_MINUTE))
