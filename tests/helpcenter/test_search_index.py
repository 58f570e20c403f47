"""The index is a cache of what is published: it follows every change, survives damage, a power cut and many hands, and
costs a notice at most."""

import gc
import json
import random
import shutil
import signal
import threading
import time
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from helpcenter import checks
from helpcenter.actions import publishing
from helpcenter.enums import ArticleKind, Audience
from helpcenter.search import asking, folders, indexing
from helpcenter.search.backend import SearchUnavailable, Storage
from helpcenter.search.plan import plan
from supportdesk.ui.languages import content_languages
from tests.helpcenter import searching
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, index_all, publish_text, save_text
from tests.helpcenter.searching import engine_at, found, refresh, row, search_json, wait_until, write

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


@pytest.fixture(autouse=True)
def _closed():
    yield
    searching.close_engines()


@pytest.fixture(autouse=True)
def _empty_index(request):
    if request.node.get_closest_marker("django_db"):
        searching.clear_indexes()


def indexed(alias="en"):
    """What the index itself holds: article -> fingerprint."""
    engine = indexing.backend(alias)
    engine.look_again()
    return engine.fingerprints()


def slugs(question, language="en"):
    indexing.backend(language).look_again()
    return searching.slugs(asking._public.ask(question, language))


# Keeping in step


@pytest.mark.django_db
def test_each_language_has_an_index_for_everybody_and_one_for_agents():
    expected = [alias for code in content_languages() for alias in (code, f"{code}.agents")]
    assert indexing.aliases() == expected
    assert indexing.aliases("zh-hans") == ["zh-hans", "zh-hans.agents"]


@pytest.mark.django_db
def test_a_sync_adds_changes_and_removes():
    article = write("a", en="Alphaword\n-")
    assert indexing.sync("en").written == 1
    assert slugs("alphaword") == ["a"]
    publish_text(article, "en", "Betaword.")
    assert indexing.sync("en").written == 1
    assert (slugs("alphaword"), slugs("betaword")) == ([], ["a"])
    publishing.unpublish(article, "en", by=None)
    assert indexing.sync("en").removed == 1
    assert slugs("betaword") == []
    assert indexed() == {}


@pytest.mark.django_db
def test_a_sync_of_what_is_in_step_changes_nothing():
    write("a", en="Alphaword\n-")
    indexing.sync("en")
    before = indexing.backend("en").folder.file.read_text()
    assert not indexing.sync("en").changed
    assert indexing.backend("en").folder.file.read_text() == before


@pytest.mark.django_db
def test_a_text_is_indexed_in_its_own_language_only():
    write("a", en="Alphaword\n-", ja="別の話\n-")
    refresh("en", "ja", "ko")
    assert slugs("alphaword", "en") == ["a"]
    assert slugs("alphaword", "ja") == []
    assert indexed("ko") == {}


@pytest.mark.django_db
def test_haystacks_own_command_makes_every_index_anew():
    write("a", en="Alphaword\n-", ja="別の話\n-")
    call_command("rebuild_index", interactive=False, verbosity=0)
    assert slugs("alphaword", "en") == ["a"]
    assert slugs("別の話", "ja") == ["a"]


@pytest.mark.django_db
def test_texts_for_agents_lie_in_an_index_of_their_own():
    ArticleFactory(agents_only=True, texts={"en": "secretword"})
    public = write("public", en="Publicword\n-")
    refresh("en")
    assert indexed("en").keys() == {public.pk}
    assert len(indexed("en.agents")) == 1


@pytest.mark.django_db
def test_an_article_changes_sides_with_its_audience():
    article = write("a", en="Alphaword\n-")
    refresh("en")
    for audience, alias, other in ((Audience.AGENTS, "en.agents", "en"), (Audience.PUBLIC, "en", "en.agents")):
        article.audience = audience
        article.save()
        refresh("en")
        assert article.pk in indexed(alias)
        assert article.pk not in indexed(other)


@pytest.mark.django_db
@pytest.mark.parametrize("hide", [publishing.archive, lambda article, by: article.states.all().delete()])
def test_an_archived_article_leaves_the_index(hide):
    article = write("a", en="Alphaword\n-")
    refresh("en")
    hide(article, by=None)
    refresh("en")
    assert indexed() == {}


@pytest.mark.django_db
def test_a_restored_article_comes_back():
    article = write("a", en="Alphaword\n-")
    publishing.archive(article, by=None)
    refresh("en")
    publishing.restore(article, by=None)
    refresh("en")
    assert slugs("alphaword") == ["a"]


@pytest.mark.django_db
def test_drafts_are_not_indexed():
    article = write("a", en="Alphaword\n-")
    refresh("en")
    save_text(article, "en", "Draftword.")
    save_text(ArticleFactory(), "en", "Draftword.")
    assert not indexing.sync("en").changed
    assert slugs("draftword") == []


@pytest.mark.django_db
def test_what_was_rolled_back_is_not_found():
    def publish_and_fail():
        with transaction.atomic():
            write("a", en="Alphaword\n-")
            raise LookupError

    write("b", en="Betaword\n-")
    with pytest.raises(LookupError):
        publish_and_fail()
    refresh("en")
    assert slugs("alphaword") == []


@pytest.mark.django_db
def test_topic_and_kind_follow_the_article(client):
    article = write("a", en="Alphaword\n-")
    CategoryFactory(slug="elsewhere", name_en="Elsewhere")
    refresh("en")
    article.category = CategoryFactory(slug="moved", name_en="Moved")
    article.kind = ArticleKind.GUIDE
    article.save()
    refresh("en")
    assert found(client, "en", "alphaword", category="moved", kind="guide") == ["a"]
    assert found(client, "en", "alphaword", category="elsewhere") == []


@pytest.mark.django_db
def test_headings_of_a_text_are_found_with_their_text():
    write("a", en="Title\nIntro.\n\n## Betaheading {#one}\n\nGammatext.")
    refresh("en")
    for word in ("title", "betaheading", "gammatext"):
        assert slugs(word) == ["a"]


@pytest.mark.django_db
def test_a_restored_database_with_the_same_numbers_gets_its_own_texts():
    """After a restore from a backup the next revision has the number of one that is gone, and another text."""
    mark = transaction.savepoint()
    write("a", en="Alphaword\n-")
    refresh("en")
    transaction.savepoint_rollback(mark)
    write("a", en="Betaword\n-")
    refresh("en")
    assert (slugs("alphaword"), slugs("betaword")) == ([], ["a"])


@pytest.mark.django_db
def test_many_edits_leave_no_duplicate():
    articles = [write(f"a-{number}", en=f"Alphaword {number}\n-") for number in range(4)]
    indexing.sync("en")
    chance = random.Random(7)
    for number in range(25):
        for article in chance.sample(articles, chance.randint(1, 3)):
            publish_text(article, "en", f"Alphaword edit {number}.")
        indexing.sync("en")
    searcher = indexing.backend("en").searcher()
    numbers = [fields["django_id"] for fields in searcher.reader().all_stored_fields()]
    assert sorted(numbers) == sorted(str(article.pk) for article in articles)
    assert sorted(slugs("alphaword")) == [f"a-{number}" for number in range(4)]


@pytest.mark.django_db
def test_many_edits_do_not_fill_the_disk():
    article = write("a", en="Alphaword\n-")
    for number in range(30):
        publish_text(article, "en", f"Edit {number}.")
        indexing.sync("en")
    folder = indexing.backend("en").folder
    assert len(list(folder.path.iterdir())) <= 6
    assert len(list(folder.path.glob("build-*/*"))) <= 20


@pytest.mark.django_db
def test_the_lag_counts_what_is_still_to_learn_and_to_forget():
    assert indexing.lag("en") > 0  # no index yet
    first = write("a", en="Alphaword\n-")
    indexing.sync("en")
    assert indexing.lag("en") == 0
    write("b", en="Betaword\n-")
    publishing.unpublish(first, "en", by=None)
    assert indexing.lag("en") == 2


# Texts of any kind

TEXTS = {
    "tatweel alone": "alphaword ـ ـــ",
    "combining marks": "alphaword \u0301\u0302 \u064e",
    "emoji": "alphaword 🚀👩‍👩‍👧",
    "one very long word": "alphaword " + "x" * 70_000,
    "one very long run": "alphaword " + "强" * 20_000,
    "right to left marks": "\u202ealphaword\u202c \u200f",
    "private use": "alphaword \ue000\U000f0000",
    "control characters": "alphaword \x01\x02\x7f",
    "many languages": "alphaword 强平 출금 محفظة ลูกค้า हिन्दी Ελλάδα עברית",
    "nothing else": "alphaword",
    "only punctuation": "alphaword ... !!! ؟ 。",
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
@pytest.mark.parametrize("case", TEXTS)
def test_any_text_can_be_indexed_and_the_language_stays_searchable(client, case, language):
    write("a", **{language.replace("-", "_"): f"Title\n{TEXTS[case]}"})
    write("b", **{language.replace("-", "_"): "Betaword\n-"})
    refresh(language)
    for question, slug in (("alphaword", "a"), ("betawrod", "b"), ("betaw", "b")):
        data = search_json(client, language, question)
        assert (data["results"][0]["slug"], data["stage"] != "database") == (slug, True)


@pytest.mark.parametrize("text", ["<p></p>", "", "<p>&lt;b&gt; &amp; &#1600;</p>", "<p>ـ</p>"])
def test_a_build_of_any_text_has_a_lexicon(tmp_path, text):
    engine = engine_at(tmp_path, "ar")
    indexing.build(engine, [row(1, "ـ", text, language="ar"), row(2, "محفظة", "<p>x</p>", language="ar")])
    assert "محفظه" in engine.lexicon()
    assert [hit.article for hit in engine.find(plan("محفظة", "ar"), all_words=True)] == [2]


# Building anew


@pytest.mark.django_db
def test_a_rebuild_keeps_one_build_and_finds_everything():
    for number in range(5):
        write(f"a-{number}", en=f"Alphaword {number}\n-")
    indexing.sync("en")
    for _ in range(3):
        assert indexing.rebuild("en").written == 5
    assert len(list(indexing.backend("en").folder.path.glob("build-*"))) == 1
    assert len(slugs("alphaword")) == 5


@pytest.mark.django_db
def test_what_is_published_while_an_index_is_built_is_in_it():
    write("a", en="Alphaword\n-")
    late = []

    def meanwhile(done):
        if not late:
            late.append(write("late", en="Lateword\n-"))

    indexing.rebuild("en", meanwhile)
    assert slugs("lateword") == ["late"]


@pytest.mark.django_db
def test_what_is_taken_back_while_an_index_is_built_is_not_in_it():
    article = write("a", en="Alphaword\n-")
    taken = []

    def meanwhile(done):
        if not taken:
            taken.append(publishing.unpublish(article, "en", by=None))

    indexing.rebuild("en", meanwhile)
    assert indexed() == {}


@pytest.mark.django_db
def test_the_command_builds_the_indexes_of_one_language(capsys):
    write("a", en="Alphaword\n-", ja="別の話\n-")
    call_command("rebuild_search", language="ja")
    assert "ja: 1 of 1" in capsys.readouterr().out
    assert len(indexed("ja")) == 1
    with pytest.raises(SearchUnavailable):
        indexed("en")


@pytest.mark.django_db
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


# Damage


def build_of(folder):
    return next(folder.path.glob("build-*"))


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


@pytest.mark.django_db
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


# Other processes


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


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_looking_creates_no_index():
    write("a", en="Alphaword\n-")
    with pytest.raises(SearchUnavailable):
        asking.ask("alphaword", "en")
    assert not indexing.backend("en").folder.file.exists()
