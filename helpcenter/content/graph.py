"""A troubleshooter as a graph: where answers lead, what is wrong with it, and the way that a reader has taken. Pure.

A path is the list of answers from the start on, each written as the name of the node that it leads to; the second
answer of a question that leads to the same node is `name~2`, the third `name~3`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from helpcenter.content.nodes import UNSURE
from helpcenter.outline import Answer, Part

MOST_ANSWERS = 12
MOST_CYCLES = 10
LONGEST_PATH = 200  # answers; a longer one is no reader's
_NOT_SURE = Answer(UNSURE, "", is_unsure=True)  # the answer that the product adds; its words are the interface's


@dataclass(frozen=True)
class Node:
    """A question, or an end where there are no answers. `language` is that of its words."""

    name: str
    title: str
    answers: tuple[Answer, ...] = ()
    language: str = ""

    @property
    def is_end(self) -> bool:
        return not self.answers


@dataclass(frozen=True)
class Taken:
    """An answer that a reader has given: to which node, and the path that led there."""

    node: str
    answer: Answer
    path: tuple[str, ...]


@dataclass(frozen=True)
class Walk:
    """As far as a path is possible: the answers given, and the node reached. The node may be `unsure` without being in
    the graph: that is the product's own end. `is_whole` is False where the path went on impossibly."""

    taken: tuple[Taken, ...]
    at: str
    path: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True)
class Graph:
    """Nodes by name, in the order of the text; the first is the start."""

    nodes: Mapping[str, Node] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Iterable[Part], language: str = "") -> "Graph":
        return cls({part.name: Node(part.name, part.title, part.answers, language) for part in parts if part.is_node})

    def completed(self, other: "Graph") -> "Graph":
        """With the nodes of another language where this one has none."""
        return Graph({**self.nodes, **{name: node for name, node in other.nodes.items() if name not in self.nodes}})

    def within_reach(self) -> "Graph":
        """Without the nodes that no answers lead to."""
        return Graph({name: node for name, node in self.nodes.items() if name in self.reached})

    @property
    def start(self) -> str:
        return next(iter(self.nodes), "")

    def answers(self, name: str) -> tuple[Answer, ...]:
        """The answers as readers see them: a question always has one for those who are not sure."""
        node = self.nodes.get(name)
        if node is None or node.is_end:
            return ()
        if name == UNSURE or any(answer.is_unsure for answer in node.answers):
            return node.answers
        return (*node.answers, _NOT_SURE)

    def choices(self, name: str) -> dict[str, Answer]:
        """The answers of a node by what they add to a path."""
        found: dict[str, Answer] = {}
        for answer in self.answers(name):
            number = sum(other.target == answer.target for other in found.values()) + 1
            found[answer.target if number == 1 else f"{answer.target}~{number}"] = answer
        return found

    def walk(self, path: Sequence[str]) -> Walk:
        """Follow a path of answers from the start, as far as the graph allows."""
        at, taken = self.start, list[Taken]()
        for step in path[:LONGEST_PATH]:
            answer = self.choices(at).get(step)
            if answer is None or not self.is_known(answer.target):
                break
            taken.append(Taken(at, answer, tuple(path[: len(taken)])))
            at = answer.target
        done = tuple(path[: len(taken)])
        return Walk(tuple(taken), at, done, is_whole=len(done) == len(path))

    def is_known(self, target: str) -> bool:
        return target in self.nodes or target == UNSURE

    def targets(self, name: str) -> list[str]:
        """The nodes that a node leads to, each once, without those that do not exist."""
        return list(dict.fromkeys(a.target for a in self.answers(name) if a.target in self.nodes))

    @cached_property
    def cycles(self) -> list[tuple[str, ...]]:
        """Ways that lead back to where they began, at most `MOST_CYCLES`: one for each answer that closes one."""
        found, done = list[tuple[str, ...]](), set[str]()
        for first in self.nodes:
            # Where each node of the way stands, and the targets of each that are still to be tried.
            way, ahead = {first: 0}, [iter(self.targets(first))]
            while way and first not in done and len(found) < MOST_CYCLES:
                target = next(ahead[-1], None)
                if target is None:
                    done.add(way.popitem()[0])
                    ahead.pop()
                elif target in way:
                    found.append(tuple(way)[way[target] :])
                elif target not in done:
                    way[target] = len(way)
                    ahead.append(iter(self.targets(target)))
        return found

    @cached_property
    def reached(self) -> set[str]:
        """The nodes that answers lead to from the start, the start among them."""
        found, ahead = set[str](), [self.start] if self.nodes else []
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead += self.targets(name)
        return found

    def _last_first(self) -> Iterator[str]:
        """Names of all nodes, each after those that it leads to. The graph has no cycles."""
        done = set[str]()
        for first in self.nodes:
            ahead = [first]
            while ahead:
                missing = [target for target in self.targets(ahead[-1]) if target not in done]
                if missing:
                    ahead += missing
                elif (name := ahead.pop()) not in done:
                    done.add(name)
                    yield name

    @cached_property
    def more(self) -> dict[str, int]:
        """How many questions at most come after a node. The graph has no cycles."""
        found: dict[str, int] = {}
        for name in self._last_first():
            ahead = [found[target] + bool(self.answers(target)) for target in self.targets(name)]
            found[name] = max(ahead, default=0)
        return found

    @cached_property
    def ways(self) -> int:
        """How many different paths there are, the empty one among them. The graph has no cycles."""
        found: dict[str, int] = {}
        for name in self._last_first():
            found[name] = 1 + sum(found.get(answer.target, 1) for answer in self.answers(name))
        return found.get(self.start, 0)
