"""Several processes share an index: a power cut and many hands lose nothing, and an edit is found within seconds."""

import shutil
import signal
import time
from contextlib import closing

import pytest

from helpcenter.search import indexing
from helpcenter.search.plan import plan
from tests.helpcenter import searching
from tests.helpcenter.indexes import build_of
from tests.helpcenter.searching import engine_at, row, wait_until

# Whoosh leaves files open that it could not read to the end.
pytestmark = [
    pytest.mark.usefixtures("closed_engines"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]


@pytest.fixture
def site(django_db_setup, tmp_path):
    made = searching.Site(tmp_path)
    yield made
    made.stop()


def test_a_writer_that_is_killed_leaves_the_old_hits_and_frees_the_lock(site):
    engine = engine_at(site.index / "en")
    indexing.build(engine, [row(1, "Alphaword one"), row(2, "Alphaword two")])
    for verb in ("write_and_wait", "build_and_wait"):
        victim = site.console()
        victim.tell(verb, alias="en", first=10, count=50)
        assert victim.answer() == "writing"
        victim.process.send_signal(signal.SIGKILL)
        victim.process.wait()
        engine.look_again()
        assert len(engine.find(plan("alphaword", "en"), all_words=True)) == 2
        assert engine.find(plan("half written", "en"), all_words=False) == []
    indexing.write(engine, [row(3, "Alphaword three")], [1])
    assert sorted(hit.article for hit in engine.find(plan("alphaword", "en"), all_words=True)) == [2, 3]
    indexing.build(engine, [row(4, "Alphaword four")])
    assert len(list((site.index / "en").glob("build-*"))) == 1


def test_a_reader_survives_a_segment_that_is_cut_while_it_is_open(site):
    """What a disk or a careless copy does to a file that a process has mapped."""
    engine = engine_at(site.index / "en")
    indexing.build(engine, [row(pk, f"Alphaword {pk}", f"<p>{'word ' * 50}</p>") for pk in range(1, 200)])
    reader = site.console()
    reader.do("publish", slug="a", language="en", title="Alphaword")
    assert len(reader.do("find", alias="en", query="alphaword")) == 199
    for file in build_of(engine.folder).glob("*.seg"):
        with file.open("r+b") as handle:
            handle.truncate(1000)
    for _ in range(2):
        assert reader.do("search", language="en", query="alphaword word")["status"] == 200


def test_two_writers_at_once_lose_nothing_and_write_nothing_twice(site):
    writers = {name: site.console() for name in ("alice", "bob")}
    for name, writer in writers.items():
        writer.tell("edits", prefix=name, language="en", count=15)
    for writer in writers.values():
        writer.answer()
    reader = next(iter(writers.values()))
    reader.do("sync", language="en")
    assert len(reader.do("find", alias="en", query="common")) == 30
    data = reader.do("search", language="en", query="common title")
    assert (data["total"], data["stage"]) == (30, "all_words")
    for name in writers:
        assert reader.do("search", language="en", query=name)["total"] == 15


def rows_of(site, statement):
    with closing(site.database()) as database:
        return database.execute(statement).fetchall()


def test_an_edit_of_one_process_is_found_in_another_within_three_seconds(site):
    editor, reader, follower = site.console(), site.console(), site.follow_index()
    editor.do("publish", slug="first", language="en", title="Firstword")

    def finds(question, *expected):
        answer = reader.do("search", language="en", query=question)
        by_index = answer.get("stage") != "database"  # which answers until the follower has written an index
        return by_index and [result["slug"] for result in answer.get("results", [])] == list(expected)

    assert wait_until(lambda: finds("firstword", "first"), 60)  # everything has started
    delays = []
    for number in range(3):
        editor.do("publish", slug=f"later-{number}", language="en", title=f"Laterword{number}")
        begun = time.monotonic()
        assert wait_until(lambda n=number: finds(f"laterword{n}", f"later-{n}"), 20)
        delays.append(time.monotonic() - begun)
    assert min(delays) < 3  # the others may have met a busy machine
    editor.do("unpublish", slug="first", language="en")
    assert wait_until(lambda: finds("firstword"), 20)
    shutil.rmtree(next((site.index / "en").glob("build-*")))
    assert reader.do("search", language="en", query="laterword0")["status"] == 200
    assert wait_until(lambda: reader.do("search", language="en", query="laterword0").get("stage") == "all_words", 30)
    assert wait_until(lambda: rows_of(site, "SELECT * FROM helpcenter_searchlog") != [], 15)  # flushed by the clock
    follower.send_signal(signal.SIGTERM)
    assert follower.wait(timeout=20) == 0


def test_health_names_the_indexes_that_are_behind_and_takes_no_node_out_of_service(site):
    console = site.console()
    console.do("sync_all")
    before = console.do("get", path="/health/ready")
    assert before["parts"]["search"] == {"ok": True}
    console.do("publish", slug="a", language="ja", title="別の話")
    after = console.do("get", path="/health/ready")
    assert "ja" in after["parts"]["search"]["error"]
    assert after["ok"] == before["ok"]


def test_a_process_that_ends_writes_its_searches_down(site):
    reader = site.console()
    reader.do("search", language="en", query="lastword")
    reader.process.stdin.close()
    assert reader.process.wait(timeout=20) == 0
    assert rows_of(site, "SELECT query FROM helpcenter_searchlog") == [("lastword",)]
