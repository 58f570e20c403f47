"""A troubleshooter as a graph: every walk ends, and whoever plants a fault is told where it is."""

import itertools
from random import Random

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import files, markdown
from helpcenter.content.faults import REFUSED, Fault, check, is_sound
from helpcenter.content.graph import UNSURE, Graph, Node
from helpcenter.outline import Answer, dump, load
from tests.helpcenter.samples import examples

FIXTURES = settings.BASE_DIR / "fixtures" / "help"
WALKS = 200


def graph_of(edges, *, sure=()):
    """`{"a": "bc", "b": "", "c": ""}`; questions in `sure` have their own answer for those who are not sure."""
    nodes = {}
    for name, targets in edges.items():
        answers = tuple(
            Answer(target, f"to {target}", is_unsure=i == 0 and name in sure) for i, target in enumerate(targets)
        )
        nodes[name] = Node(name, f"Question {name}", answers)
    return Graph(nodes)


def document_of(edges):
    """The same as a document; ends have a text."""
    blocks = []
    for name, targets in edges.items():
        lines = [f"- [to {target}](#node-{target})" for target in targets] or ["What helps."]
        blocks.append("\n".join([f"## Question {name} {{node:{name}}}", "", *lines, ""]))
    return "\n".join(blocks)


def checked(text, source=None):
    parts = markdown.outline(source) if source is not None else None
    return check(markdown.nodes(text), markdown.outline(text), parts)


def faults(text, source=None):
    return [problem.fault for problem in checked(text, source)]


@st.composite
def edges(draw, most=10):
    """A graph without cycles whose nodes are all reached: each but the first has a parent before it."""
    names = [f"n{i}" for i in range(draw(st.integers(2, most)))]
    found = {name: [] for name in names}
    for i, name in enumerate(names[1:], 1):
        for parent in draw(st.sets(st.integers(0, i - 1), min_size=1, max_size=3)):
            found[names[parent]].append(name)
    return found


def all_paths(graph, name=""):
    """Every path by trying, the empty one among them."""
    yield ()
    for step, answer in graph.choices(name or graph.start).items():
        for rest in all_paths(graph, answer.target) if answer.target in graph.nodes else [()]:
            yield (step, *rest)


# Walks


def walk_to_the_end(graph, random):
    """Answer at random until there is nothing to answer; returns the path."""
    path, questions = [], 0
    while choices := graph.choices(graph.walk(path).at):
        questions += 1
        promised = graph.more[graph.walk(path).at]
        path.append(random.choice(list(choices)))
        left = graph.walk(path).at
        assert (graph.more.get(left, 0) + bool(graph.answers(left))) <= promised
        assert questions <= len(graph.nodes)
    return path


@examples(60)
@given(edges(), st.integers(0, 2**32))
def test_every_walk_through_a_sound_graph_ends(shape, seed):
    graph, random = graph_of(shape), Random(seed)
    assert is_sound(graph)
    for _ in range(10):
        walk = graph.walk(walk_to_the_end(graph, random))
        assert walk.is_whole
        assert not graph.answers(walk.at)


@examples(60)
@given(edges(most=7))
def test_paths_and_questions_ahead_are_counted_as_trying_counts_them(shape):
    graph = graph_of(shape)
    found = list(all_paths(graph))
    assert graph.ways == len(found) == len(set(found))
    asked = [sum(bool(graph.answers(graph.walk(path[:n]).at)) for n in range(len(path) + 1)) for path in found]
    assert graph.more[graph.start] == max(asked) - 1


@examples(80)
@given(
    edges(), st.lists(st.sampled_from(["n0", "n1", "n2", "n3", "unsure", "unsure~2", "n1~2", "", "~", "é", "x" * 90]))
)
def test_an_impossible_path_leads_to_its_longest_possible_beginning(shape, path):
    graph = graph_of(shape)
    walk = graph.walk(path)
    assert list(walk.path) == path[: len(walk.path)]
    assert walk.is_whole == (list(walk.path) == path)
    if not walk.is_whole:
        assert path[len(walk.path)] not in graph.choices(walk.at)
    assert [taken.path for taken in walk.taken] == [walk.path[:n] for n in range(len(walk.path))]


def test_the_answers_given_are_told_apart_where_two_lead_to_one_node():
    graph = graph_of({"a": ["end", "end"], "end": []})
    assert list(graph.choices("a")) == ["end", "end~2", "unsure"]
    assert [taken.answer for taken in graph.walk(["end~2"]).taken] == [graph.nodes["a"].answers[1]]


def test_no_path_is_so_long_that_it_is_followed_for_ever():
    graph = graph_of({"a": ["a"]})
    assert len(graph.walk(["a"] * 10_000).path) <= 200


def test_a_chain_of_thousands_of_questions_is_measured():
    names = [f"n{i}" for i in range(5000)]
    graph = graph_of({name: names[i + 1 : i + 2] for i, name in enumerate(names)})
    assert is_sound(graph)
    assert graph.more["n0"] == 4998
    assert graph.ways == 2 * 4999 + 1


# “I’m not sure”


def test_a_question_without_one_gets_an_answer_for_those_who_are_not_sure_last():
    assert list(graph_of({"a": "b", "b": ""}).choices("a")) == ["b", UNSURE]


def test_a_question_with_its_own_gets_no_other():
    assert list(graph_of({"a": "bc", "b": "", "c": ""}, sure="a").choices("a")) == ["b", "c"]


def test_unsure_leads_to_the_node_of_that_name_which_gets_none_itself():
    graph = graph_of({"a": ["b"], "b": [], UNSURE: ["b"]})
    assert is_sound(graph)
    assert list(graph.choices(UNSURE)) == ["b"]
    assert graph.walk([UNSURE, "b"]).is_whole


def test_without_such_a_node_it_leads_to_the_end_of_the_product():
    walk = graph_of({"a": ["b"], "b": []}).walk([UNSURE])
    assert (walk.at, walk.is_whole) == (UNSURE, True)


def test_a_node_of_that_name_that_leads_back_is_a_cycle():
    text = document_of({"a": ["b"], "b": [], UNSURE: ["c"], "c": ["b"]})
    (problem,) = checked(text)
    assert (problem.fault, problem.detail) == (Fault.CYCLE, "unsure → c → unsure")


# Faults


def test_a_sound_document_has_none():
    assert checked(document_of({"a": "bc", "b": "c", "c": ""})) == []


@examples(50)
@given(edges(), st.data())
def test_a_planted_cycle_is_named_with_its_nodes(shape, data):
    last = data.draw(st.sampled_from([name for name in shape if name != "n0"]))
    way = [last]
    while way[0] != "n0":
        way.insert(0, next(name for name, targets in shape.items() if way[0] in targets))
    shape[last].append(data.draw(st.sampled_from(way)))
    problems = [problem for problem in checked(document_of(shape)) if problem.fault == Fault.CYCLE]
    assert problems
    for problem in problems:
        names = problem.detail.split(" → ")
        assert names[0] == names[-1]
        assert all(following in shape[name] for name, following in itertools.pairwise(names))
        assert problem.is_refused


@examples(50)
@given(edges(), st.data())
def test_a_planted_unknown_target_is_found_at_its_line(shape, data):
    name = data.draw(st.sampled_from(sorted(shape)))
    shape[name].append("nowhere")
    text = document_of(shape)
    (problem,) = [problem for problem in checked(text) if problem.fault == Fault.UNKNOWN]
    assert (problem.node, problem.is_refused) == (name, True)
    assert "#node-nowhere" in text.split("\n")[problem.line - 1]


@examples(50)
@given(edges(), st.data())
def test_a_planted_node_that_nothing_leads_to_is_found_at_its_line(shape, data):
    names = list(shape)
    names.insert(data.draw(st.integers(1, len(names))), "alone")
    text = document_of({name: shape.get(name, []) for name in names})
    (problem,) = checked(text)
    assert (problem.fault, problem.node, problem.is_refused) == (Fault.UNREACHABLE, "alone", True)
    assert "{node:alone}" in text.split("\n")[problem.line - 1]


def test_nodes_that_lead_to_one_another_alone_are_not_reached():
    found = checked(document_of({"a": "b", "b": "", "x": "y", "y": "b"}))
    assert [(problem.fault, problem.node) for problem in found] == [(Fault.UNREACHABLE, "x"), (Fault.UNREACHABLE, "y")]


@pytest.mark.parametrize("text", ["", "Only text.", "## A section {#a}\n\nText."])
def test_without_nodes_there_is_no_start(text):
    assert faults(text) == faults(text, document_of({"a": "b", "b": ""})) == [Fault.NO_START]


def test_without_an_end_that_is_said_beside_the_cycle():
    assert set(faults(document_of({"a": "b", "b": "a"}))) == {Fault.CYCLE, Fault.NO_END}


def test_thirteen_answers_are_too_many_and_twelve_are_not():
    ends = [f"e{i}" for i in range(13)]
    for count, expected in ((12, []), (13, [Fault.MANY])):
        assert faults(document_of({"a": ends[:count], **{end: [] for end in ends[:count]}})) == expected


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("## {node:a}\n\n- [B](#node-b)\n\n## B {node:b}\n\nText.", Fault.NO_WORDS, 1),
        ("## A {node:a}\n\n- [B](#node-b)\n\n## B {node:b}\n", Fault.NO_TEXT, 5),
        ("## A {node:a}\n\n- [B](#node-b)\n- [B](#node-b)\n\n## B {node:b}\n\nText.", Fault.TWICE, 4),
        ("## A {node:a}\n\n- [B](#node-b)\n- no link\n\n## B {node:b}\n\nText.", Fault.UNKNOWN, 4),
    ],
)
def test_what_is_missing_is_told_with_its_line(text, fault, line):
    (problem,) = checked(text)
    assert (problem.fault, problem.line, problem.is_refused) == (fault, line, fault in REFUSED)
    assert str(line) in problem.placed


def test_two_answers_with_different_words_may_lead_to_one_node():
    assert faults("## A {node:a}\n\n- [B](#node-b)\n- [C](#node-b)\n\n## B {node:b}\n\nText.") == []


def test_many_cycles_are_not_all_listed():
    names = [f"n{i}" for i in range(30)]
    text = document_of(dict.fromkeys(names, names))
    assert faults(text).count(Fault.CYCLE) <= 10
    assert all(len(problem.detail) < 400 for problem in checked(text))


# Translations

SOURCE = {"a": ["b", "c"], "b": ["c"], "c": []}


def test_a_translation_with_the_same_targets_is_sound():
    assert faults(document_of(SOURCE).replace("Question", "問い"), document_of(SOURCE)) == []


def test_a_translation_may_lack_a_node_and_is_told_so():
    text = document_of({name: targets for name, targets in SOURCE.items() if name != "b"})
    (problem,) = checked(text, document_of(SOURCE))
    assert (problem.fault, problem.node, problem.is_refused) == (Fault.MISSING, "b", False)


@pytest.mark.parametrize(
    "changed",
    [{"a": ["c", "b"]}, {"a": ["b"]}, {"a": ["b", "c", "c"]}, {"b": []}, {"c": ["b"]}, {"b": ["d"], "d": []}],
    ids=str,
)  # fmt: skip
def test_a_translation_whose_questions_have_other_targets_is_refused(changed):
    found = checked(document_of({**SOURCE, **changed}), document_of(SOURCE))
    (problem,) = [problem for problem in found if problem.fault == Fault.DIFFERS]
    assert problem.node == next(iter(changed))
    assert problem.is_refused


def test_an_answer_for_those_who_are_not_sure_is_one_in_every_language():
    source = document_of(SOURCE)
    assert faults(source.replace("(#node-b)", '(#node-b "unsure")', 1), source) == [Fault.DIFFERS]


def test_a_translation_that_begins_elsewhere_is_refused():
    for shape in ({"b": ["c"], "a": ["b", "c"], "c": []}, {"b": ["c"], "c": []}):
        (problem,) = [
            found for found in checked(document_of(shape), document_of(SOURCE)) if found.fault == Fault.BEGINS
        ]
        assert (problem.node, problem.detail, problem.line, problem.is_refused) == ("b", "a", 1, True)


# What is stored


def test_answers_are_stored_with_the_outline_and_nothing_of_them_where_there_are_none():
    parts = markdown.outline('## A {node:a}\n\n- [B](#node-b "unsure") small words\n\n## B {node:b}\n\nText.')
    rows = dump(parts)
    assert ["answers" in row for row in rows] == [False, True, False]
    assert load(rows) == parts
    assert parts[1].answers == (Answer("b", "B", "small words", is_unsure=True),)


# The troubleshooters that ship


def shipped():
    """Language, slug -> text of every troubleshooter in the fixtures."""
    found = {}
    for file in sorted(FIXTURES.glob("*/*.md")):
        document = files.parse(file.read_text(encoding="utf-8"), files.ARTICLE_KEYS)
        if document.values.get("type") == "troubleshooter":
            found[file.parent.name, file.stem] = document.body
    return found


SHIPPED = shipped()


@pytest.mark.parametrize(("language", "slug"), list(SHIPPED), ids="/".join)
def test_the_shipped_ones_are_sound_and_walks_through_them_end(language, slug):
    text, source = SHIPPED[language, slug], SHIPPED["en", slug]
    assert checked(text, None if language == "en" else source) == []
    graph, random = Graph.of(markdown.outline(text)), Random(f"{language}/{slug}")
    assert graph.reached == set(graph.nodes)
    for _ in range(WALKS):
        assert not graph.answers(graph.walk(walk_to_the_end(graph, random)).at)
