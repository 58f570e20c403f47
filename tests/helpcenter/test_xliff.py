"""XLIFF out and in: what comes back, what is refused, what a person has to look at."""

from contextlib import suppress
from dataclasses import replace

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from translate.storage.xliff import Xliff1File

from helpcenter.content import files, xliff
from helpcenter.content.exchange import LARGEST_FILE, ConflictKind, State, Unit, conflicts, units_of
from helpcenter.content.segments import align, split
from helpcenter.errors import InvalidText
from tests.helpcenter import exchanging
from tests.helpcenter.exchanging import SOURCE, TARGET, exchange
from tests.helpcenter.samples import examples

ENGLISH = split("Fees", "What you pay.", SOURCE)
CHINESE = split("费用", "您支付什么。", TARGET)
FILE = xliff.write(exchange())
UNIT = b'<trans-unit id="a/0"><source>a</source><target>b</target></trans-unit>'
ENTITY = UNIT.replace(b">b<", b">&e;<")
HEAD = b'<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">'
OPENING = b'<file original="fees" source-language="en" target-language="ja" datatype="x" product-version="7"><body>'


def file_of(*units, opening=OPENING, head=HEAD):
    return b"".join([head, opening, *units, b"</body></file></xliff>"])


def refused(data):
    with pytest.raises(InvalidText) as refusal:
        xliff.read(data)
    return str(refusal.value)


def test_a_file_brings_back_what_it_took_away():
    assert xliff.read(FILE) == exchange()


@examples(80)
@given(exchanging.exchanges())
def test_whatever_is_written_is_read(given_out):
    assert xliff.read(xliff.write(given_out)) == given_out


def test_another_program_reads_the_file():
    store = Xliff1File.parsestring(FILE)
    assert [(unit.source, unit.target or "") for unit in store.units] == [
        (unit.source, unit.target) for unit in exchange().units
    ]
    assert (store.getsourcelanguage(), store.gettargetlanguage()) == ("en", "zh-hans")


def test_a_file_that_another_program_has_filled_in_is_read():
    store = Xliff1File.parsestring(FILE)
    for unit in store.units:
        unit.target = f"新 {unit.source}"
    assert [unit.target for unit in xliff.read(bytes(store)).units] == [
        f"新 {unit.source}" for unit in exchange().units
    ]
    assert [unit.base for unit in xliff.read(bytes(store)).units] == [unit.base for unit in exchange().units]


def test_tags_that_a_program_put_around_words_are_left_out():
    source = b'<source>a <g id="1">b</g></source>'
    target = b'<target><mrk mtype="seg">c<!-- x --></mrk> d</target>'
    marked = b'<trans-unit id="a/0">' + source + target + b"</trans-unit>"
    [unit] = xliff.read(file_of(marked)).units
    assert (unit.source, unit.target) == ("a b", "c d")


def test_languages_may_be_written_in_other_ways():
    data = FILE.replace(b'"zh-hans"', b'"zh_Hans"')
    assert xliff.read(data).language == "zh-hans"


@pytest.mark.parametrize(
    ("attributes", "target", "state"),
    [
        (b"", b"<target/>", State.NEW),
        (b"", b"", State.NEW),
        (b"", b"<target>b</target>", State.TRANSLATED),
        (b"", b'<target state="needs-review-translation">b</target>', State.NEEDS_TRANSLATION),
        (b"", b'<target state="signed-off">b</target>', State.FINAL),
        (b"", b'<target state="x-ours">b</target>', State.TRANSLATED),
        (b' approved="yes"', b"<target>b</target>", State.FINAL),
    ],
)
def test_states_of_other_programs_become_the_nearest_of_ours(attributes, target, state):
    unit = b'<trans-unit id="a/0"%s><source>a</source>%s</trans-unit>' % (attributes, target)
    assert xliff.read(file_of(unit)).units[0].state == state


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no XML"),
        (b"\xff\xfe\x00", "no XML"),
        (b"title,text", "no XML"),
        (FILE[: len(FILE) // 2], "cut short"),
        (FILE[:-3], "cut short"),
        (FILE.replace(b'version="1.2"', b'version="1.1"'), "not XLIFF 1.2"),
        (FILE.replace(b"document:1.2", b"document:2.0").replace(b'"1.2"', b'"2.0"'), "not XLIFF 1.2"),
        (b"<html/>", "not XLIFF 1.2"),
        (b"<!DOCTYPE xliff>" + file_of(UNIT), "document type"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + file_of(ENTITY), "document type"),
        (b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + file_of(UNIT), "document type"),
        (file_of(ENTITY), "no XML"),
        (file_of(UNIT.replace(b' id="a/0"', b"")), "no key"),
        (file_of(UNIT, UNIT), "“a/0” twice"),
        (file_of(UNIT.replace(b">a<", b"> <")), "no source"),
        (file_of(UNIT.replace(b">b<", b">\xc2\x85<")), "control character"),
        (file_of(), "no segments"),
        (file_of(UNIT, opening=OPENING.replace(b'"fees"', b'"../x"')), "name the article"),
        (file_of(UNIT, opening=OPENING.replace(b'"ja"', b'""')), "name the languages"),
        (file_of(UNIT, opening=OPENING.replace(b'"ja"', b'"en"')), "into itself"),
        (file_of(UNIT, opening=OPENING.replace(b'"7"', b'"many"')), "which revision"),
        (file_of(UNIT, opening=OPENING.replace(b' product-version="7"', b"")), "which revision"),
        (file_of(UNIT, b"</body></file>", OPENING.replace(b'"ja"', b'"ko"'), UNIT), "mixes languages"),
        (file_of(UNIT.replace(b"<target", b'<target xml:lang="fr"')), "mixes languages"),
        (file_of(UNIT, b"</body></file>", OPENING, UNIT), "2 articles"),
        (HEAD + b"</xliff>", "0 articles"),
        (file_of(UNIT) + b" " * LARGEST_FILE, "larger than 5 MB"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(data, words):
    assert words in refused(data)


def test_the_line_of_the_damage_is_known():
    with pytest.raises(InvalidText) as refusal:
        xliff.read(FILE[: FILE.index(b"</source>") + 4])
    assert refusal.value.line == FILE[: FILE.index(b"</source>")].count(b"\n") + 1


def test_entities_that_grow_are_not_expanded():
    rows = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    bomb = b'<!DOCTYPE x [<!ENTITY e0 "words">' + rows + b"]>" + file_of(UNIT.replace(b'"a/0"', b'"&e11;"'))
    assert refused(bomb)


@examples(120)
@given(st.data())
def test_damaged_bytes_raise_nothing_else(data):
    damaged = bytearray(FILE[:1500] + FILE[-60:])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 40))] = data.draw(
            st.binary(max_size=6)
            | st.sampled_from([b"<", b">", b'"', b"&#0;", b"<target/>", b"<!DOCTYPE a>", b"<file/>"])
        )
    with suppress(InvalidText):
        xliff.read(bytes(damaged))


@examples(60)
@given(st.binary(max_size=60))
def test_any_bytes_raise_nothing_else(data):
    assert refused(data)


@pytest.mark.parametrize("letter", ["\x0b", "\0", "\r", "\u2028", "\ud800"])
def test_what_a_file_cannot_carry_is_refused_before_it_is_written(letter):
    with pytest.raises(InvalidText, match="“a/0” holds a control character"):
        xliff.write(exchange(units=(Unit("a/0", f"one{letter}two"),)))


# What a person has to look at


def found(given_out, source=ENGLISH, target=CHINESE):
    return [(conflict.key, conflict.kind) for conflict in conflicts(given_out, source, target)]


def with_target(key, text):
    """The exchange with all units translated, and one of them in these words."""
    units = [replace(unit, target=unit.target or unit.source) for unit in exchange().units]
    return exchange(units=tuple(replace(unit, target=text) if unit.key == key else unit for unit in units))


def test_a_complete_translation_of_what_is_there_now_has_no_conflicts():
    assert found(with_target("title", "收费")) == []


def test_what_is_not_translated_is_named():
    assert found(exchange()) == [("step:confirm/heading", ConflictKind.EMPTY), ("step:confirm/0", ConflictKind.EMPTY)]


def test_segments_that_changed_on_either_side_are_named():
    given_out = with_target("title", "收费")
    english = split("Fees", "What you pay.", SOURCE.replace("the amount", "an amount"))
    assert found(given_out, source=english) == [("section:withdraw/1", ConflictKind.SOURCE_CHANGED)]
    chinese = split("价格", "您支付什么。", TARGET)
    assert found(given_out, target=chinese) == [("title", ConflictKind.TARGET_CHANGED)]
    same = split("收费", "您支付什么。", TARGET)
    assert found(given_out, target=same) == []


def test_other_white_space_in_the_source_is_no_change():
    english = [replace(segment, text=segment.text.replace(" ", "\n", 1)) for segment in ENGLISH]
    assert ConflictKind.SOURCE_CHANGED not in dict(found(with_target("", ""), source=english)).values()


def test_a_file_without_its_hashes_counts_other_words_as_changed():
    bare = exchange(units=tuple(replace(unit, base="") for unit in with_target("title", "收费").units))
    assert found(bare) == [("title", ConflictKind.TARGET_CHANGED)]


def test_segments_that_came_and_went_are_named():
    english = split("Fees", "What you pay.", SOURCE.replace("### Confirm {step:confirm}", "### Check {step:check}"))
    assert found(with_target("", ""), source=english) == [
        ("step:confirm/heading", ConflictKind.UNKNOWN_SEGMENT),
        ("step:confirm/0", ConflictKind.UNKNOWN_SEGMENT),
        ("step:check/heading", ConflictKind.MISSING_UNIT),
        ("step:check/0", ConflictKind.MISSING_UNIT),
    ]


@pytest.mark.parametrize(
    ("key", "text", "kind", "words"),
    [
        ("intro/0", "您支付 0.05%。", ConflictKind.LOST_MARKUP, "{fact:btc.fee}"),
        ("intro/0", "您支付 {fact:btc.fees}。", ConflictKind.LOST_MARKUP, "{fact:btc.fee}, {fact:btc.fees}"),
        (
            "section:withdraw/0",
            "打开[页面](fees.md)，选择 `USDT`",
            ConflictKind.LOST_MARKUP,
            "withdraw-funds.md, fees.md",
        ),
        ("section:withdraw/0", "打开[页面](withdraw-funds.md)，选择", ConflictKind.LOST_MARKUP, "`USDT`"),
        ("section:withdraw/3", "| USDT | 1 | 2 |", ConflictKind.LOST_MARKUP, "|"),
        ("step:confirm/0", '![页面](pictures/other.webp "x")', ConflictKind.LOST_MARKUP, "pictures/page.webp"),
        ("section:withdraw/1", "输入\n\n金额", ConflictKind.OTHER_FRAME, "one block"),
        ("section:withdraw/heading", "提\n现", ConflictKind.OTHER_FRAME, "one block"),
        ("intro/0", "# {fact:btc.fee}", ConflictKind.OTHER_FRAME, "one block"),
    ],
)
def test_marks_that_a_translation_lost_are_named(key, text, kind, words):
    given_out = with_target(key, text)
    [conflict] = [c for c in conflicts(given_out, ENGLISH, []) if c.key == key]
    assert conflict.kind == kind
    assert words in str(conflict)


@pytest.mark.parametrize("language", ["ar", "ja", "ru"])
def test_the_demo_content_comes_back_without_conflicts(language):
    for name in ("fees", "cannot-sign-in", "lost-2fa-device", "funding"):
        source, target = (split("T", "", demo_text(code, name)) for code in ("en", language))
        pairs = align(source, target)
        given_out = exchange(slug=name, language=language, units=units_of(pairs))
        assert all(other for _, other in pairs), name
        assert conflicts(xliff.read(xliff.write(given_out)), source, target) == [], name


def demo_text(language, name):
    path = settings.BASE_DIR / "fixtures" / "help" / language / f"{name}.md"
    return files.parse(path.read_text(), files.ARTICLE_KEYS).body


def test_a_formula_is_written_as_the_language_writes_it():
    english, french = (split("Fees", "", f"Pay `{formula}`.") for formula in ("0.5 × 60,000 USDT", "0,5 × 60 000 USDT"))
    given_out = exchange(units=units_of(align(english, french)))
    assert conflicts(given_out, english, french) == []


def test_units_know_what_is_out_of_date_and_carry_notes():
    units = units_of(align(ENGLISH, CHINESE), outdated=["section:withdraw"], notes={"title": "Short, please."})
    states = {unit.key: unit.state for unit in units}
    assert states["section:withdraw/0"] == states["section:withdraw/heading"] == State.NEEDS_TRANSLATION
    assert (states["title"], states["step:confirm/heading"]) == (State.TRANSLATED, State.NEW)
    assert [unit.note for unit in units][:2] == ["Short, please.", ""]
