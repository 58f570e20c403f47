"""Links to a part work in every language, also where a text is cut differently or lacks the part. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from helpcenter.outline import Part


def stand_ins(shown: Sequence[Part], others: Iterable[Sequence[Part]]) -> dict[str, str]:
    """Anchors that the same text has in other languages and this one lacks, each with the anchor that stands in for it
    here: that of the section with the same number where both are cut alike (one of them without a key), else of the
    last part before it that both have; empty where there is none.
    """
    own = {part.anchor for part in shown if part.anchor}
    found: dict[str, str] = {}
    for other in others:
        alike = _alike(shown, other)
        before = ""
        for anchor in (part.anchor for part in other if part.anchor):
            before = anchor if anchor in own else before
            if anchor not in own:
                found.setdefault(anchor, alike.get(anchor, before))
    return found


def _alike(shown: Sequence[Part], other: Sequence[Part]) -> dict[str, str]:
    """Anchor of a section -> anchor of the section in its place, where there are as many."""
    here, there = ([part.anchor for part in parts if part.is_section] for parts in (shown, other))
    return dict(zip(there, here, strict=True)) if len(here) == len(there) else {}


def placed(markup: str, places: Mapping[str, str]) -> str:
    """Rendered HTML with the anchors of `stand_ins` inside the headings and steps that stand in for them. What stands
    in attributes and words of rendered HTML is escaped, so nothing else of it looks like the end of such a tag."""
    for anchor, place in places.items():
        if place:
            markup = markup.replace(f' id="{place}">', f' id="{place}"><span id="{anchor}"></span>', 1)
    return markup


def anchor_of(key: str) -> str:
    """The anchor of a part on its page. Keys such as `section:3` belong to headings without a key of their own; they
    are counted."""
    kind, _, name = key.partition(":")
    return f"{kind}-{name}" if kind == "step" or name.isdigit() else name
