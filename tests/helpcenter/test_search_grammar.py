"""Lists of words are read in the form in which texts are compared: an entry in another form would never be met."""

import pytest

from helpcenter.search import analyzers, concepts, families, grammar, korean
from helpcenter.search.plan import plan

every_list = pytest.mark.parametrize("language", sorted(grammar._WORDS))


def compared(word: str, language: str) -> str:
    """A word as a question's words are compared with lists."""
    return analyzers.without_marks(analyzers.normal(word, language))


@every_list
def test_each_grammatical_word_is_its_own_normal_form(language: str) -> None:
    words = grammar.words_of(language)
    assert words == {compared(word, language) for word in words}
    with_marks = grammar._written(language)
    assert with_marks == {analyzers.normal(word, language) for word in with_marks}


@every_list
def test_each_is_one_word_and_weighs_little_in_a_question_as_it_is_written(language: str) -> None:
    for word in grammar._WORDS[language].split():
        (asked,) = analyzers.words(word, language)
        assert grammar.is_word(analyzers.plain(asked), language), word
        (wanted,) = plan(word, language).wanted
        assert wanted.weight <= grammar.WEIGHT, word


@pytest.mark.parametrize(
    ("question", "language", "word"),
    [("какой кошелёк мой", "ru", "мой"), ("КАКОЙ кошелёк", "ru", "какой"), ("cüzdan nerede mı", "tr", "mı")],
)
def test_words_with_marks_weigh_as_little_as_those_without(question: str, language: str, word: str) -> None:
    term = analyzers.stem(analyzers.normal(word, language), language)
    (wanted,) = [want for want in plan(question, language).wanted if want.own_term == term]
    assert wanted.weight == grammar.WEIGHT


def test_characters_and_endings_of_runs_are_in_the_script_in_which_they_are_compared() -> None:
    assert grammar._chinese() == set(analyzers.normal("".join(grammar._chinese()), "zh-hant"))
    assert all(analyzers.normal(pair, "ko") == pair and len(pair) == 2 for pair in grammar._KOREAN)
    assert all(analyzers.normal(ending, "ko") == ending for ending in korean._KNOWN)
    assert grammar.is_grammar(analyzers.normal("還沒", "zh-hant"), "zh-hant")
    assert grammar.is_seam(analyzers.normal("個幣", "zh-hant"), "zh-hant")


@pytest.mark.parametrize("language", sorted(families._FAMILIES))
def test_each_word_of_a_family_is_its_own_normal_form(language: str) -> None:
    for line in families.lines_of(language):
        for word in line:
            assert compared(word.rstrip("*"), language) == word.rstrip("*"), word


def test_what_was_fine_until_then_is_told_by_words_in_the_form_of_the_text() -> None:
    assert concepts._until().pattern == concepts.fold(concepts._until().pattern)
    said = "السحب كان طبيعي حتى امس"
    assert concepts.vocabulary().reported(said, ["ar"]) == said
    assert concepts.vocabulary().reported("السحب طبيعي", ["ar"]) == ""
