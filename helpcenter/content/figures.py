"""What readers did at each node of a troubleshooter, out of daily sums. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from helpcenter.content.graph import Graph
from helpcenter.content.nodes import UNSURE

Sums = Mapping[tuple[str, str], int]  # (node, next node; empty for “shown”) -> visits


@dataclass(frozen=True)
class Next:
    """How many went on from a node to another; `share` is in percent of those to whom the node was shown."""

    target: str
    words: str
    is_unsure: bool
    count: int
    share: int


@dataclass(frozen=True)
class Figures:
    """What readers did at a node. At an end nobody can go on; elsewhere `left` counts those who gave no answer."""

    name: str
    title: str
    is_end: bool
    shown: int
    left: int
    left_share: int
    nexts: tuple[Next, ...]


def figures(graph: Graph, sums: Sums) -> list[Figures]:
    """A line for each node in the order of the text, then for those that are no longer in it."""
    listed = [*graph.nodes, *({UNSURE} & {target for _, target in sums} - set(graph.nodes))]
    gone = {name for name, _ in sums} - set(listed)
    return [_of_node(graph, name, sums) for name in (*listed, *sorted(gone))]


def _of_node(graph: Graph, name: str, sums: Sums) -> Figures:
    shown = sums.get((name, ""), 0)
    nexts = [_next(graph, name, target, sums, shown) for target in _targets(graph, name, sums)]
    left = max(0, shown - sum(found.count for found in nexts))
    node = graph.nodes.get(name)
    is_end = not nexts and (node is None or node.is_end)
    return Figures(name, node.title if node else "", is_end, shown, left, percent(left, shown), tuple(nexts))


def _targets(graph: Graph, name: str, sums: Sums) -> Iterable[str]:
    """Where answers lead now, and where they led when somebody went there."""
    now = [answer.target for answer in graph.answers(name)]
    then = sorted(target for node, target in sums if node == name and target)
    return dict.fromkeys([*now, *then])


def _next(graph: Graph, name: str, target: str, sums: Sums, shown: int) -> Next:
    answers = [answer for answer in graph.answers(name) if answer.target == target]
    count = sums.get((name, target), 0)
    words = " / ".join(answer.words for answer in answers if answer.words)
    return Next(target, words, any(answer.is_unsure for answer in answers), count, percent(count, shown))


def percent(part: int, whole: int) -> int:
    """A share in whole percent, 0 of nothing; at most 100."""
    return min(100, round(100 * part / whole)) if whole else 0
