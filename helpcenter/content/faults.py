"""What is wrong with a troubleshooter, with the node and the line where it is. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter.content.graph import MOST_ANSWERS, Graph
from helpcenter.content.rendered import Node
from helpcenter.outline import Answer, Part

LONGEST_WAY = 20  # names of a cycle that are written out


class Fault(StrEnum):
    NO_START = "no_start"
    CYCLE = "cycle"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
    NO_END = "no_end"
    DIFFERS = "differs"
    BEGINS = "begins"
    MISSING = "missing"
    MANY = "many"
    TWICE = "twice"
    NO_WORDS = "no_words"
    NO_TEXT = "no_text"


MESSAGES: dict[Fault, str | Promise] = {
    Fault.NO_START: _("A troubleshooter needs a first question: a heading with a key such as {node:start}."),
    Fault.CYCLE: _("These questions lead back to themselves: %(detail)s. Let one of the answers lead elsewhere."),
    Fault.UNKNOWN: _("The answer “%(detail)s” of “%(node)s” leads to no node of this troubleshooter."),
    Fault.UNREACHABLE: _("No answers lead to “%(node)s”. Link to it from a question, or remove it."),
    Fault.NO_END: _("There is no end: every node has answers. Add a node without answers, whose text helps."),
    Fault.DIFFERS: _("The answers of “%(node)s” are not those of the source, which lead to: %(detail)s."),
    Fault.BEGINS: _("The text begins with “%(node)s”, the source with “%(detail)s”: the first question is the same."),
    Fault.MISSING: _("The node “%(node)s” of the source is missing; readers see it in another language."),
    Fault.MANY: _("“%(node)s” has more than twelve answers. Ask in two questions."),
    Fault.TWICE: _("“%(node)s” has the answer “%(detail)s” twice with the same target."),
    Fault.NO_WORDS: _("The heading of “%(node)s” has no words: write the question there."),
    Fault.NO_TEXT: _("“%(node)s” is an end without text: write what helps."),
}
REFUSED = frozenset(
    {Fault.NO_START, Fault.CYCLE, Fault.UNKNOWN, Fault.UNREACHABLE, Fault.NO_END, Fault.DIFFERS, Fault.BEGINS}
)


@dataclass(frozen=True)
class Problem:
    """A fault at a node; `line` counts from one within the text, 0 where no line is to blame."""

    fault: Fault
    node: str = ""
    line: int = 0
    detail: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether a text with this may not go public."""
        return self.fault in REFUSED

    @property
    def placed(self) -> str:
        """The message with the line where it is known."""
        if not self.line:
            return str(self)
        return gettext("Line %(line)d: %(message)s") % {"line": self.line, "message": self}

    def __str__(self) -> str:
        return str(MESSAGES[self.fault]) % {"node": self.node, "detail": self.detail}


def check(texts: Sequence[Node], parts: Sequence[Part], source: Sequence[Part] | None = None) -> list[Problem]:
    """Everything that is wrong with a document, in the order of its lines. `texts` are its nodes as they stand,
    `parts` its outline; `source` is the outline that it is a translation of, None for a source."""
    own = Graph.of(parts)
    if not own.nodes:  # not even where the source has some: nothing of it would be in this language
        return [Problem(Fault.NO_START)]
    graph = own if source is None else own.completed(Graph.of(source))
    found = [*_of_shape(graph, texts), *_of_words(own, texts)]
    if source is not None:
        found += _of_translation(own, Graph.of(source), texts)
    return sorted(found, key=lambda problem: problem.line)


def is_sound(graph: Graph) -> bool:
    """Whether every walk through a graph ends and finds every node that an answer names."""
    return not any(_of_shape(graph, ()))


def _of_shape(graph: Graph, texts: Sequence[Node]) -> Iterator[Problem]:
    lines = {text.name: text.line for text in texts}
    if not graph.nodes:
        yield Problem(Fault.NO_START)
        return
    for way in graph.cycles:
        named = [*way, way[0]] if len(way) <= LONGEST_WAY else [*way[:LONGEST_WAY], "…", way[0]]
        yield Problem(Fault.CYCLE, way[0], lines.get(way[0], 0), " → ".join(named))
    yield from _unknown(graph, texts)
    for name in graph.nodes:
        if name not in graph.reached:
            yield Problem(Fault.UNREACHABLE, name, lines.get(name, 0))
    if not any(node.is_end for node in graph.nodes.values()):
        yield Problem(Fault.NO_END)


def _unknown(graph: Graph, texts: Sequence[Node]) -> Iterator[Problem]:
    lines = {(text.name, answer): line for text in texts for answer, line in text.answers}
    for name, node in graph.nodes.items():
        for answer in node.answers:
            if answer.target not in graph.nodes:
                yield Problem(Fault.UNKNOWN, name, lines.get((name, answer), 0), answer.words or answer.target)


def _of_words(graph: Graph, texts: Sequence[Node]) -> Iterator[Problem]:
    for text in texts:
        node = graph.nodes[text.name]
        if len(text.answers) > MOST_ANSWERS:
            yield Problem(Fault.MANY, text.name, text.line)
        if not node.title:
            yield Problem(Fault.NO_WORDS, text.name, text.line)
        if node.is_end and not text.has_text:
            yield Problem(Fault.NO_TEXT, text.name, text.line)
        seen = set()
        for answer, line in text.answers:
            if (answer.target, answer.words) in seen:
                yield Problem(Fault.TWICE, text.name, line, answer.words)
            seen.add((answer.target, answer.words))


def _of_translation(own: Graph, source: Graph, texts: Sequence[Node]) -> Iterator[Problem]:
    """Nodes and answers in which a translation differs from its source, so that a shared link to a node would not work
    in it."""
    lines = {text.name: text.line for text in texts}
    for name, node in source.nodes.items():
        mine = own.nodes.get(name)
        if mine is None:
            yield Problem(Fault.MISSING, name)
        elif _leads(mine.answers) != _leads(node.answers):
            wanted = ", ".join(target for target, _unsure in _leads(node.answers)) or gettext("nothing, it is an end")
            yield Problem(Fault.DIFFERS, name, lines.get(name, 0), wanted)
    if source.nodes and own.start != source.start:
        yield Problem(Fault.BEGINS, own.start, lines.get(own.start, 0), source.start)


def _leads(answers: Sequence[Answer]) -> list[tuple[str, bool]]:
    return [(answer.target, answer.is_unsure) for answer in answers]
