"""From the fields of a glossary's word to a term that texts can be compared by. Pure."""

import re
from collections.abc import Iterable

from helpcenter.content.parity.kinds import Term
from helpcenter.content.terms import spellings, without_remark

# Remarks of rejected words that are the right ones elsewhere: `確認 (generic check)`, `отчёт (= document)`.
_RIGHT_ELSEWHERE = re.compile(r"[(（](?:=|[^()（）]*\b(?:generic|alone|only|for)\b)[^()（）]*[)）]\s*$")


def term(
    key: str, *, source: Iterable[str], target: Iterable[str], rejected: Iterable[str] = (), is_everyday: bool = False
) -> Term | None:
    """A term from words as the glossary writes them (`fill or kill (FOK)`, `清算 (= clearing)`); None where a language
    has no word.

    Rejected words of an everyday term that are right in another sense are left out, and those that are rejected only
    where they stand alone: nobody can tell what is meant.
    """
    ours, theirs = _forms(source), _forms(target)
    avoided = [
        word for word in rejected if not (is_everyday and _RIGHT_ELSEWHERE.search(word)) and "(alone" not in word
    ]
    if not ours or not theirs:
        return None
    return Term(key, ours, theirs, tuple(dict.fromkeys(without_remark(word) for word in avoided if word.strip())))


def _forms(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for word in words if word.strip() for form in spellings(word)))
