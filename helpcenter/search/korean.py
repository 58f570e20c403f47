"""What Korean glues to a word, and what a slip of the finger makes of a syllable."""

from collections.abc import Iterator

# Particles and endings of verbs, the longest that fits counts. What is before them is at least two syllables long.
_ENDINGS = """
    은 는 이 가 을 를 의 에 로 와 과 도 만 요 랑 께 나 에서 에게 한테 으로 까지 부터 보다 처럼 마다 밖에 이랑 하고
    이나 이라 라도 조차 인데 이면 이고 이요 이죠 이에 예요 에서는 에서도 에서만 에게서 한테서 으로는 으로도 으로만
    까지는 까지만 부터는 에는 에도 에만 로는 로도 로만 이라고 라고 라는 이라는 이에요 인가요 인지 인데요 입니다 입니까
    이었는데 이네요 이라서 라서 이든 해요 했어요 했는데 했는데요 했더니 했는지 했다 했음 했네요 하는데 하는데요 하면
    하려면 하려고 하려는데 하려니까 하고싶어요 하다가 해서 해도 해야 해야하나요 해야되나요 하나요 하나 하는 하는지
    하는거 할 할까요 할까 할수 할때 하기 하지 하죠 한 한다 한다고 합니다 합니까 하셔야 하세요 되나요 되나 되는 되는데
    되는지 되면 되요 돼요 돼서 돼도 됐어요 됐는데 됐는데요 됐다 됐다고 됩니다 됩니까 될까요 될까 된다 된다고 된 될
    되지 안돼요 당했어요 당했는데 당했습니다 당하면 당함 시키려면 시켜요 시킬 어요 아요 여요 네요 나요 까요 군요 세요
    는데 는데요 은데 은데요 던데 더니 는지 은지 을지 을까 을까요 을까여 었어요 았어요 였어요 었는데 았는데 었는데요
    았는데요 었더니 았더니 습니다 습니까 었습니다 았습니다 으면 으려면 려면 려고 면서 아서 어서 어도 아도 지만 거든요
    잖아요 다고 다는 다면 라면 는거 는건 는건지 는건가요 는거죠 거죠 건가요 건지 인거 인가 지요 죠
"""
_LENGTHS = sorted({len(ending) for ending in _ENDINGS.split()}, reverse=True)
_KNOWN = frozenset(_ENDINGS.split())
SHORTEST_STEM = 2

_FIRST, _SYLLABLES = 0xAC00, 11172
_VOWELS, _FINALS, _INITIALS = 21, 28, 19


def stem_length(word: str) -> int:
    """How many syllables of a word come before its particle or ending; all where it has none."""
    for length in _LENGTHS:
        if len(word) - length >= SHORTEST_STEM and word[-length:] in _KNOWN:
            return len(word) - length
    return len(word)


def slips(syllable: str) -> Iterator[str]:
    """The syllables that differ from one in a single letter; none of anything else."""
    place = ord(syllable) - _FIRST
    if not 0 <= place < _SYLLABLES:
        return
    initial, rest = divmod(place, _VOWELS * _FINALS)
    vowel, final = divmod(rest, _FINALS)
    codes = {
        *((other, vowel, final) for other in range(_INITIALS)),
        *((initial, other, final) for other in range(_VOWELS)),
        *((initial, vowel, other) for other in range(_FINALS)),
    }
    for one, two, three in sorted(codes - {(initial, vowel, final)}):
        yield chr(_FIRST + (one * _VOWELS + two) * _FINALS + three)
