"""A damaged index costs a notice at most, and the next comparison heals it."""

import gc
import random
import shutil
import signal
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command

from helpcenter import checks
from helpcenter.management.commands import follow_index
from helpcenter.search import indexing
from helpcenter.search.backend import SearchUnavailable, Storage
from helpcenter.search.folders import folder_of
from helpcenter.search.plan import plan
from tests.helpcenter import searching
from tests.helpcenter.factories import index_all
from tests.helpcenter.indexes import build_of, slugs
from tests.helpcenter.searching import found, refresh, search_json, write

# Whoosh leaves files open that it could not read to the end.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")


@pytest.fixture(scope="module", autouse=True)
def _collected():
    """Tests here collect garbage one by one; what others have left need not be looked at each time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    gc.collect()


def files(folder, pattern):
    found_files = [file for file in build_of(folder).glob(pattern) if file.stat().st_size]
    assert found_files
    return found_files


def truncate(pattern, share):
    def damage(folder):
        for file in files(folder, pattern):
            # In place of the old file, so that who has it open keeps reading it.
            data = file.read_bytes()
            file.unlink()
            file.write_bytes(data[: int(len(data) * share)])

    return damage


def garble(pattern, seed, share=1.0):
    """Random bytes over a share of each file."""

    def damage(folder):
        chance = random.Random(seed)
        for file in files(folder, pattern):
            data = bytearray(file.read_bytes())
            places = (
                range(len(data)) if share == 1.0 else chance.sample(range(len(data)), max(1, int(len(data) * share)))
            )
            for place in places:
                data[place] = chance.randrange(256)
            file.unlink()
            file.write_bytes(data)

    return damage


def generation(text):
    return lambda folder: folder.file.write_text(text)


DAMAGE = {
    "folder deleted": lambda folder: shutil.rmtree(folder.path),
    "build deleted": lambda folder: shutil.rmtree(build_of(folder)),
    "build emptied": lambda folder: [file.unlink() for file in build_of(folder).iterdir()],
    "GENERATION missing": lambda folder: folder.file.unlink(),
    "GENERATION empty": generation(""),
    "GENERATION is no JSON": generation("\x00\x01{"),
    "GENERATION is a list": generation("[]"),
    "GENERATION is a number": generation("7"),
    "GENERATION has other keys": generation('{"a": 1}'),
    "GENERATION names no build": generation('{"build": "build-none", "number": 1, "analyzers": 1}'),
    "GENERATION names a number": generation('{"build": 7, "number": 1, "analyzers": 1}'),
    "GENERATION climbs out": generation('{"build": "../ja", "number": 1, "analyzers": 1}'),
    "GENERATION of other analyzers": generation('{"build": "b", "number": 1, "analyzers": 0}'),
    "GENERATION is not UTF-8": lambda folder: folder.file.write_bytes(b"\xff\xfe"),
    "segment missing": truncate("*.seg", 0),
    "segment half": truncate("*.seg", 0.5),
    "segment without its end": truncate("*.seg", 0.99),
    "contents empty": truncate("*.toc", 0),
    "contents half": truncate("*.toc", 0.5),
    "contents without their end": truncate("*.toc", 0.97),
    "segment random": garble("*.seg", 1),
    "contents random": garble("*.toc", 1),
}


def write_library():
    """Six texts, written in two batches, so that the index has two segments."""
    searching.clear_indexes()
    chance = random.Random(4)
    words = [f"tok{number}" for number in range(60)]
    for number in range(6):
        body = " ".join(chance.choices(words, k=30))
        write(f"a-{number}", en=f"Alphaword {number}\n{body}")
        if number == 4:
            index_all("en")
    refresh("en")


_kept: list[searching.Kept] = []


def fill_library(scratch):
    """The library, written by the first test that needs it and put back as it was for all others."""
    if not _kept:
        write_library()
        indexing.backend("en").close()
        _kept.append(searching.Kept(scratch / "library"))
    _kept[0].put_back()


@pytest.fixture
def library(db, settings):
    fill_library(settings.SCRATCH)
    yield indexing.backend("en")
    indexing.backend("en").close()
    gc.collect()


@pytest.fixture
def committed_library(django_db_setup, django_db_blocker, settings):
    """The same, committed: for a command that closes and opens its connections. It listens to signals; the test run
    keeps its own."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    with django_db_blocker.unblock(), searching.kept_database():
        fill_library(settings.SCRATCH)
        yield indexing.backend("en")
        searching.clear_indexes()
        gc.collect()
    for number, handler in handlers.items():
        signal.signal(number, handler)


PATHS = ["search/?q=alphaword", "search/?q=alphawrod+zebra", "suggest/?q=alphaw", "search/?q=tok7&all=1"]


def complaints(client, engine):
    """What a reader would complain of, with the index as it is now."""
    client.raise_request_exception = False
    engine.look_again()
    answers = {path: client.get(f"/en/{path}").status_code for path in PATHS}
    broken = [f"{path}: {status}" for path, status in answers.items() if status != 200]
    if not broken and len(found(client, "en", "alphaword")) != 6:
        broken.append("an answer is missing")
    return broken


def healed(client, engine):
    """Whether the index answers again after a comparison."""
    indexing.sync("en")
    engine.look_again()
    data = search_json(client, "en", "alphaword")
    return (data["total"], data["stage"]) == (6, "all_words") and not indexing.lag("en")


@pytest.mark.parametrize("case", DAMAGE)
def test_damage_costs_no_page_and_heals(client, library, case):
    for opened in (False, True):
        if opened:
            assert complaints(client, library) == []
        else:
            library.close()
        DAMAGE[case](library.folder)
        assert complaints(client, library) == []
        assert complaints(client, library) == []  # nor a moment later
        assert healed(client, library)
        assert not library.folder.is_damaged()


def test_what_an_operator_has_to_mend_costs_no_page_either(client, library):
    library.folder.file.unlink()
    library.folder.file.mkdir()
    assert complaints(client, library) == []
    shutil.rmtree(library.folder.path)
    library.folder.path.write_text("not a folder")
    assert complaints(client, library) == []


@pytest.mark.parametrize("pattern", ["*.seg", "*.toc"])
def test_random_bytes_anywhere_cost_no_page_and_heal(client, library, pattern):
    wrong = {}
    for seed in range(10):
        library.close()
        garble(pattern, seed, 0.01)(library.folder)
        if trouble := complaints(client, library):
            wrong[seed] = trouble
            indexing.rebuild("en")
        else:
            assert healed(client, library)
    assert wrong == {}


def test_what_random_bytes_claim_to_hold_takes_no_memory(tmp_path):
    claimed = 2**22  # things that were seen before: 64 MB of places for them
    Path(tmp_path, "claims").write_bytes(b"\x80\x02Nr" + claimed.to_bytes(4, "little") + b".")
    tracemalloc.start()
    try:
        with closing(Storage(str(tmp_path)).open_file("claims")) as file:
            assert file.read_pickle() is None
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("case", ["folder deleted", "GENERATION missing", "contents empty", "segment random"])
def test_damage_shows_a_notice_and_the_answers_of_the_database(client, library, case):
    library.close()
    DAMAGE[case](library.folder)
    library.look_again()
    page = client.get("/en/search/", {"q": "alphaword"}).content.decode()
    assert "reduced quality" in page
    assert page.count("<mark>Alphaword</mark>") == 6
    assert search_json(client, "en", "alphaword")["stage"] == "database"


def test_damage_of_one_language_costs_the_others_nothing(client, library):
    write("ja", ja="別の話\n-")
    refresh("ja")
    library.close()
    DAMAGE["segment random"](library.folder)
    library.look_again()
    assert search_json(client, "ja", "別の話")["stage"] == "all_words"
    assert search_json(client, "ja", "tok7")["results"] == []


def test_damage_is_marked_for_the_writer(library):
    library.close()
    DAMAGE["segment random"](library.folder)
    library.look_again()
    with pytest.raises(SearchUnavailable):
        library.find(plan("alphaword", "en"), all_words=True)
    assert library.folder.is_damaged()


@pytest.mark.parametrize("case", ["segment half", "segment random", "contents random", "build emptied"])
def test_a_damaged_index_can_be_changed_before_anybody_noticed(client, library, case):
    DAMAGE[case](library.folder)
    write("late", en="Lateword\n-")
    indexing.sync("en")
    library.look_again()
    assert found(client, "en", "lateword") == ["late"]
    assert len(found(client, "en", "alphaword")) == 6


def test_leftovers_of_a_broken_build_are_cleared_away(library):
    for number in range(3):
        (library.folder.path / f"build-left{number}").mkdir()
    indexing.rebuild("en")
    assert len(list(library.folder.path.glob("build-*"))) == 1


@pytest.mark.parametrize("case", ["folder deleted", "GENERATION missing", "segment half", "contents random"])
@pytest.mark.parametrize("asked", [True, False], ids=["asked", "not asked"])
def test_following_once_heals(client, committed_library, case, asked):
    committed_library.close()
    DAMAGE[case](committed_library.folder)
    if asked:
        assert complaints(client, committed_library) == []
    call_command("follow_index", once=True, verbosity=0)
    committed_library.look_again()
    assert search_json(client, "en", "alphaword")["stage"] == "all_words"
    assert not committed_library.folder.is_damaged()


@pytest.mark.parametrize("case", ["GENERATION names no build", "contents random", "segment random"])
def test_one_damaged_index_does_not_keep_the_others_behind(committed_library, case):
    committed_library.close()
    DAMAGE[case](committed_library.folder)
    write("ja", ja="別の話\n-")
    call_command("follow_index", once=True, verbosity=0)
    assert slugs("別の話", "ja") == ["ja"]


@pytest.mark.usefixtures("empty_index")
def test_an_unwritable_index_folder_stops_no_page(client, settings):
    write("a", en="Alphaword\n-")
    root = Path(settings.SEARCH_INDEX_PATH)
    root.parent.mkdir(parents=True, exist_ok=True)
    root.write_text("a file where the folder should be")
    try:
        indexing.backend("en").look_again()
        assert found(client, "en", "alphaword") == ["a"]
    finally:
        root.unlink()


def test_a_shared_folder_is_refused(monkeypatch, settings):
    kind = checks._file_system(Path(settings.BASE_DIR))
    assert kind
    monkeypatch.setattr(checks, "NETWORK_FILE_SYSTEMS", {kind})
    settings.SEARCH_INDEX_PATH = settings.BASE_DIR / "search"
    (message,) = checks.search_index_is_local(None)
    assert message.is_serious()


def test_a_local_folder_is_accepted(settings, tmp_path):
    settings.SEARCH_INDEX_PATH = tmp_path / "not-there-yet"
    assert checks.search_index_is_local(None) == []


@pytest.mark.parametrize("part", ["write_bytes", "replace"])
def test_a_full_disk_keeps_no_halves_of_tables(tmp_path, monkeypatch, part):
    """The follower tries each language again, hour by hour: every try would leave a file that nobody takes away."""
    folder = folder_of(tmp_path)
    folder.keep_words(b"before")
    written = Path.write_bytes

    def fail(path, content):
        written(path, b"half") if part == "write_bytes" else None
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, part, fail)
    with pytest.raises(OSError, match="No space"):
        folder.keep_words(b"after")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("WORDS", b"before")]


def test_a_follower_that_is_stopped_while_it_learns_ends(monkeypatch):
    command, learned = follow_index.Command(), []

    def learn(alias):
        learned.append(alias)
        command.stop(signal.SIGTERM, None)

    monkeypatch.setattr(command, "generation", lambda: None)
    monkeypatch.setattr(follow_index.signal, "signal", lambda *_: None)
    monkeypatch.setattr(follow_index.indexing, "learn", learn)
    command.handle(once=True, verbosity=0)
    assert len(learned) == 1


def test_an_index_that_cannot_be_written_is_not_tried_at_every_look(monkeypatch):
    """A full disk stays full for a while, and each try leaves a traceback in a log that may lie on it."""
    command, tried, looks = follow_index.Command(), [], []

    def sync(alias):
        tried.append(alias)
        raise PermissionError("Read-only file system")

    def sleep(seconds):
        looks.append(seconds)
        command.stopping = len(looks) == 5

    monkeypatch.setattr(command, "generation", lambda: 7)  # the command's own ends the connection of the test
    monkeypatch.setattr(follow_index.signal, "signal", lambda *_: None)
    monkeypatch.setattr(follow_index.indexing, "sync", sync)
    monkeypatch.setattr(follow_index.indexing, "learn", lambda alias: False)
    monkeypatch.setattr(follow_index.time, "sleep", sleep)
    command.handle(once=False, verbosity=0)
    assert tried == indexing.aliases()
    assert len(looks) == 5
