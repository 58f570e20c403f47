"""Which figures of a translation say what figures of the source say, and which say something else. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from helpcenter.content.parity import lexicon
from helpcenter.content.parity.figures import LEVERAGE_UNIT, Reading, is_strict
from helpcenter.content.parity.kinds import Check
from helpcenter.content.parity.page import Figure

_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-4])(?:\.(?P<minute>[0-5]\d))?(?:[\s\u00a0]?[^\W\d]+\.?)?")
Pair = tuple[Figure | None, Figure | None]  # what the source says, what the translation says instead

SAME_ORDER = frozenset({"es", "fr", "pt-br", "ru", "vi", "ar"})  # languages that name figures in English's order
_PAIR = 2
_FEW_SAY = 100  # from here on a number in words is a manner of speaking
_LANDS = ("US", "ABD", "EU", "UE", "AB", "EE", "UU")  # written in letters of their own in each language


def figures(source: Reading, translation: Reading, languages: tuple[str, str] = ("", "")) -> list[Pair]:
    """What differs. A number in words may stand for one in digits, and for another number in words only where both
    texts have one that the other lacks: languages use words for small numbers where others use none."""
    wanted, given = _digits(source), _digits(translation)
    wanted_words, given_words = _in_words(source), _in_words(translation)
    _cancel(wanted, given, lambda one, other: one.key == other.key)
    _cancel(wanted, given, _alike)
    _cancel(wanted_words, given_words, lambda one, other: one.key == other.key)
    _cancel(wanted_words, given_words, _alike)
    _cancel(wanted, given_words, _alike)
    _cancel(wanted_words, given, _alike)
    _cancel(wanted, given, _is_same_time)
    _cancel(wanted, given, lambda one, other: _is_told_nearby(one, other, source, translation))
    _forgive_repetition(source, wanted, given)
    _forgive_ones(source, translation, wanted, given)
    if wanted or given:
        return _paired(wanted, given)
    if languages[1] in SAME_ORDER and (moved := _exchanged(source, translation)):
        return moved
    return _other_words(source, translation, wanted_words, given_words)


def _exchanged(source: Reading, translation: Reading) -> list[Pair]:
    """Two figures of one kind that have changed places, where all others are in the order of the source."""
    one, other = (sorted(_digits(reading), key=lambda figure: figure.at) for reading in (source, translation))
    if len(one) != len(other):
        return []
    moved = [(mine, theirs) for mine, theirs in zip(one, other, strict=True) if mine.value != theirs.value]
    if len(moved) != _PAIR or moved[0][0].key != moved[1][1].key or moved[0][1].key != moved[1][0].key:
        return []
    same = moved[0][0].unit == moved[1][0].unit and moved[0][0].check == moved[1][0].check
    return [*moved] if same else []


def _is_an_article(figure: Figure, source: Reading) -> bool:
    """Whether a 1 says no more than `a` or `one`; a unit of time has to be one that the source names."""
    if figure.value != "1" or figure.check in (Check.PERCENTAGE, Check.LEVERAGE):
        return False
    return figure.unit not in lexicon.TIME_UNITS or figure.unit in _units(source)


def _is_same_time(one: Figure, other: Figure) -> bool:
    """`16:00` is `16 h` and `16 giờ`, and `16.00` where a number is not written so."""
    if one.check != Check.TIME or other.check not in (Check.UNIT, Check.NUMBER):
        return False
    written = _CLOCK.fullmatch(other.written)
    if not written or (not written["minute"] and other.unit != "hour") or other.unit not in ("", "hour", "UTC"):
        return False
    return one.value == f"{int(written['hour']):02}:{written['minute'] or '00'}"


def _is_told_nearby(one: Figure, other: Figure, source: Reading, translation: Reading) -> bool:
    """`6 of 8 hours` says the unit once, where another language says it twice."""
    if one.value != other.value or {one.check, other.check} - {Check.NUMBER, Check.UNIT}:
        return False
    if not one.unit:
        return other.unit in _units(source)
    return not other.unit and one.unit in _units(translation)


def _forgive_repetition(source: Reading, wanted: Sequence[Figure], given: list[Figure]) -> None:
    """A translation may say once more what the source says of the same thing."""
    if not wanted:
        given[:] = [f for f in given if not any(f.key == known.key or _alike(known, f) for known in source.figures)]


def _forgive_ones(source: Reading, translation: Reading, wanted: list[Figure], given: list[Figure]) -> None:
    """`a day` may be `1日`, and `1 minute` may be `دقيقة`."""
    if not wanted:
        given[:] = [figure for figure in given if not _is_an_article(figure, source)]
    if not given:
        wanted[:] = [figure for figure in wanted if figure.value != "1" or figure.unit not in translation.bare_units]


def _digits(reading: Reading) -> list[Figure]:
    return [figure for figure in reading.figures if not figure.in_words]


def _in_words(reading: Reading) -> list[Figure]:
    return [figure for figure in reading.figures if figure.in_words]


def _cancel(one: list[Figure], other: list[Figure], same: Callable[[Figure, Figure], bool]) -> None:
    """Take out of both lists what is the same."""
    for figure in list(one):
        partner = next((candidate for candidate in other if same(figure, candidate)), None)
        if partner is not None:
            one.remove(figure)
            other.remove(partner)


def _alike(one: Figure, other: Figure) -> bool:
    """The same value, and no unit that contradicts the other's."""
    if one.value != other.value or {one.check, other.check} & {Check.DATE, Check.TIME}:
        return False
    units = {one.unit, other.unit}
    if len(units) == 1 or units == {LEVERAGE_UNIT, "times"} or units == {"digit", "character"}:
        return True
    if "times" in units and units <= lexicon.COUNTED:
        return True
    if LEVERAGE_UNIT in units and "" in units:
        return one.in_words or other.in_words
    if Check.PERCENTAGE in (one.check, other.check) or Check.LEVERAGE in (one.check, other.check):
        return False
    return "" in units and units <= lexicon.COUNTED | {""}


def _paired(wanted: Sequence[Figure], given: Sequence[Figure]) -> list[Pair]:
    """What is left over, each figure of the source beside the one that the translation most likely has instead."""
    left, pairs = list(given), list[Pair]()
    for figure in wanted:
        partner = max(left, key=lambda candidate: _nearness(figure, candidate), default=None)
        if partner is not None and _nearness(figure, partner) > 0:
            left.remove(partner)
            pairs.append((figure, partner))
        else:
            pairs.append((figure, None))
    return pairs + [(None, figure) for figure in left]


def _nearness(one: Figure, other: Figure) -> int:
    return 4 * (one.value == other.value) + 2 * (one.unit == other.unit) + (one.check == other.check)


def _other_words(
    source: Reading, translation: Reading, wanted: Sequence[Figure], given: Sequence[Figure]
) -> list[Pair]:
    """Numbers in words that differ: one of which the other text has no trace, or one of each text that is left over
    beside the other. Small numbers are often said without a number."""
    said, meant = {f.value for f in translation.figures}, {f.value for f in source.figures}
    missing = [figure for figure in wanted if not _is_vague(figure)]
    added = [figure for figure in given if figure.value != "1"]
    new = [figure for figure in added if figure.value not in meant]
    gone = [figure for figure in missing if figure.value not in said]
    if (new and missing) or (gone and added):
        return _paired(gone or missing, new or added)
    alone = [figure for figure in gone if _is_said(figure)], [figure for figure in new if _is_plain(figure)]
    return _paired(*alone) if any(alone) else _other_units(source, missing, added)


def _other_units(source: Reading, missing: Sequence[Figure], added: Sequence[Figure]) -> list[Pair]:
    """The same number in words of something else: `two blocks` and `two hours`."""
    named = _units(source)
    strange = [figure for figure in added if _is_timed(figure) and figure.unit not in named]
    pairs = [(one, other) for one in missing for other in strange if one.unit and one.value == other.value]
    return [*pairs[:1]]


def _is_vague(figure: Figure) -> bool:
    """`second` is also a time, `both` and `first` are often said without a number."""
    return figure.value in ("0", "1") or figure.written.casefold() in ("second", "both", "twice", "double", "pair")


def _is_said(figure: Figure) -> bool:
    """Whether a number is one that no language leaves out: a plain one, or one of a unit of time."""
    return _is_plain(figure) or (_is_timed(figure) and figure.value != "1")


def _is_plain(figure: Figure) -> bool:
    """Whether a number is said in words that no language leaves out or says of its own: not two, not a thousand, and
    not the Vietnamese word that is also a year."""
    return figure.check != Check.DATE and figure.written.casefold() != "năm" and 2 < int(figure.value) < _FEW_SAY


def _is_timed(figure: Figure) -> bool:
    return figure.unit in lexicon.TIME_UNITS


def _units(reading: Reading) -> set[str]:
    return {figure.unit for figure in reading.figures} | {*reading.bare_units} | reading.vague_units


def units(source: Reading, translation: Reading) -> tuple[str, str] | None:
    """A unit of time that the source names more often, and one that the translation names more often."""
    wanted, given = _times_named(source), _times_named(translation)
    if not wanted or not given:
        return None
    missing, added = wanted - given, given - wanted
    return (min(missing), min(added)) if missing and added else None


def _times_named(reading: Reading) -> Counter[str]:
    numbered = (figure.unit for figure in reading.figures if _is_timed(figure))
    return Counter([*numbered, *reading.bare_units])


def ordinals(source: Reading, translation: Reading) -> tuple[str, str] | None:
    """An ordinal that the source says more often, and one that the translation says more often."""
    missing = source.ordinals - translation.ordinals
    added = translation.ordinals - source.ordinals
    return (f"{min(missing)}.", f"{min(added)}.") if missing and added else None


def tokens(source: Reading, translation: Reading) -> list[tuple[str, str]]:
    """Tickers and other words in capitals that differ.

    How often one is said is left to the language: what counts is that one is missing where another has been added, or
    that one is not there at all.
    """
    if not (source.tokens or translation.tokens or source.coins or translation.coins):
        return []
    wanted, given = _counted(source.tokens), _counted(translation.tokens)
    missing, added = list((wanted - given).elements()), list((given - wanted).elements())
    strictly = [token for token in missing if is_strict(token)], [token for token in added if is_strict(token)]
    loosely = [token for token in missing if not is_strict(token)], [token for token in added if not is_strict(token)]
    absent = [
        *((token, "") for token in strictly[0] if token not in given and token not in translation.coins),
        *(("", token) for token in strictly[1] if token not in wanted and token not in source.coins),
    ]
    return [*(_replaced(*strictly) or absent), *_replaced(*loosely)] or _coins(source, translation)


def _coins(source: Reading, translation: Reading) -> list[tuple[str, str]]:
    """Coins that are called by their names."""
    wanted = source.coins - translation.coins - {token.value for token in translation.tokens}
    given = translation.coins - source.coins - {token.value for token in source.tokens}
    return _replaced(sorted(wanted), sorted(given))


def _replaced(missing: Sequence[str], added: Sequence[str]) -> list[tuple[str, str]]:
    """What is missing beside what stands in its place; nothing where only one side has any."""
    return side_by_side(missing, added) if missing and added else []


def _counted(tokens: Iterable[Figure]) -> Counter[str]:
    return Counter(token.value for token in tokens if token.value not in _LANDS)


def side_by_side(missing: Sequence[str], added: Sequence[str]) -> list[tuple[str, str]]:
    longest = max(len(missing), len(added))
    one, other = [*missing, *[""] * longest][:longest], [*added, *[""] * longest][:longest]
    return list(zip(one, other, strict=True))
