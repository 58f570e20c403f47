"""Three wordings of a row: what was shipped before, what stands here, what is shipped now. Pure."""

from collections.abc import Collection
from typing import Any

Content = dict[str, Any]  # name of a part -> a text, a number, a truth value or a list of mappings


def merged(base: Content | None, mine: Content, new: Content, lists: Collection[str] = ()) -> Content | None:
    """What a row becomes; None where staff and the release both changed it. Nobody knows an empty base.

    `lists` names parts that hold an entry on each line. A row that has some is looked at part by part; any other is
    one whole, since its texts speak of one another.
    """
    if base is None:
        return new if mine == new else None
    own = {name for name in new if _part(mine, name) not in (_part(base, name), _part(new, name))}
    theirs = {name for name in new if _part(new, name) not in (_part(base, name), _part(mine, name))}
    if not own:
        return new
    if not theirs:
        return mine
    if not lists or any(name not in lists for name in own & theirs):
        return None
    both = {name: merged_lines(base.get(name, ""), mine[name], new[name]) for name in own & theirs}
    if None in both.values():
        return None
    return mine | {name: new[name] for name in theirs} | both


def _part(content: Content, name: str) -> Any:
    """A part; one that a content does not have yet is as good as empty."""
    return content.get(name) or ""


def merged_lines(base: str, mine: str, new: str) -> str | None:
    """A list with the changes of both sides; None where both took away, or changed, a line of it."""
    before, own, theirs = base.splitlines(), mine.splitlines(), new.splitlines()
    gone_here = set(before) - set(own)
    gone_there = set(before) - set(theirs)
    if gone_here and gone_there:
        return None
    first, second = (own, theirs) if gone_here else (theirs, own)
    known = {*before, *first}
    return "\n".join([*first, *(line for line in second if line not in known)])


def differing(mine: Content, new: Content) -> list[str]:
    """Names of the parts that are not the same."""
    return [name for name in {**new, **mine} if mine.get(name, "") != new.get(name, "")]
