"""An index is built anew while readers are served and texts are published, by one writer at a time."""

import json
import threading

import pytest
from django.core.management import CommandError, call_command

from helpcenter.actions import publishing
from helpcenter.search import folders, indexing
from helpcenter.search.backend import SearchUnavailable
from helpcenter.search.plan import plan
from tests.helpcenter.indexes import indexed, slugs
from tests.helpcenter.searching import engine_at, row, write

# Whoosh leaves files open that it could not read to the end.
pytestmark = [
    pytest.mark.usefixtures("closed_engines"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]


# Building anew


@pytest.mark.usefixtures("empty_index")
def test_a_rebuild_keeps_one_build_and_finds_everything():
    for number in range(5):
        write(f"a-{number}", en=f"Alphaword {number}\n-")
    indexing.sync("en")
    for _ in range(3):
        assert indexing.rebuild("en").written == 5
    assert len(list(indexing.backend("en").folder.path.glob("build-*"))) == 1
    assert len(slugs("alphaword")) == 5


@pytest.mark.usefixtures("empty_index")
def test_what_is_published_while_an_index_is_built_is_in_it():
    write("a", en="Alphaword\n-")
    late = []

    def meanwhile(done):
        if not late:
            late.append(write("late", en="Lateword\n-"))

    indexing.rebuild("en", meanwhile)
    assert slugs("lateword") == ["late"]


@pytest.mark.usefixtures("empty_index")
def test_what_is_taken_back_while_an_index_is_built_is_not_in_it():
    article = write("a", en="Alphaword\n-")
    taken = []

    def meanwhile(done):
        if not taken:
            taken.append(publishing.unpublish(article, "en", by=None))

    indexing.rebuild("en", meanwhile)
    assert indexed() == {}


@pytest.mark.usefixtures("empty_index")
def test_the_command_builds_the_indexes_of_one_language(capsys):
    write("a", en="Alphaword\n-", ja="別の話\n-")
    call_command("rebuild_search", language="ja")
    assert "ja: 1 of 1" in capsys.readouterr().out
    assert len(indexed("ja")) == 1
    with pytest.raises(SearchUnavailable):
        indexed("en")


@pytest.mark.usefixtures("empty_index")
def test_the_command_builds_all_languages():
    write("a", en="Alphaword\n-", ja="別の話\n-")
    call_command("rebuild_search", verbosity=0)
    assert [len(indexed(alias)) for alias in ("en", "ja", "ko", "en.agents")] == [1, 1, 0, 0]


def test_the_command_refuses_an_unknown_language():
    with pytest.raises(CommandError):
        call_command("rebuild_search", "--language", "tlh")


def test_readers_are_served_while_indexes_are_built_and_changed(tmp_path):
    """A reader that looks at every change finds both texts each time, and never a missing index."""
    writer = engine_at(tmp_path)
    rows = [row(1, "Alphaword one"), row(2, "Alphaword two")]
    indexing.build(writer, rows)
    seen, stop = [], threading.Event()

    def read():
        engine = engine_at(tmp_path)
        while not stop.is_set():
            engine.look_again()
            try:
                seen.append(len(engine.find(plan("alphaword", "en"), all_words=True)))
            except SearchUnavailable as error:
                seen.append(repr(error))
        engine.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for thread in readers:
        thread.start()
    for number in range(60):
        if number % 2:
            indexing.build(writer, rows)
        else:
            indexing.write(writer, rows, [])
    stop.set()
    for thread in readers:
        thread.join()
    assert set(seen) == {2}
    assert not writer.folder.is_damaged()


# One writer at a time


@pytest.mark.usefixtures("empty_index")
def test_writers_wait_for_one_another_and_say_so_in_the_end(monkeypatch):
    monkeypatch.setattr(folders, "WAIT_FOR_WRITER", 0.1)
    engine = indexing.backend("en")
    with engine.folder.writing(), pytest.raises(indexing.IndexBusy):
        indexing.write(engine, [], [])
    with engine.folder.writing(), pytest.raises(CommandError):
        call_command("rebuild_search", language="en", verbosity=0)
    indexing.write(engine, [], [])


def test_the_file_that_counts_is_whole_and_names_its_build(tmp_path):
    engine = engine_at(tmp_path)
    numbers = []
    for _ in range(3):
        indexing.write(engine, [row(1, "Alphaword")], [])
        stored = json.loads((tmp_path / "GENERATION").read_text())
        assert (tmp_path / stored["build"]).is_dir()
        numbers.append(stored["number"])
    assert numbers == sorted(set(numbers))
