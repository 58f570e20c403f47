"""PO out and in: what comes back, and what is refused."""

from contextlib import suppress

import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import po
from helpcenter.content.exchange import LARGEST_FILE, State, Unit
from helpcenter.errors import InvalidText
from tests.helpcenter import exchanging
from tests.helpcenter.exchanging import exchange
from tests.helpcenter.samples import examples

FILE = po.write(exchange())
ENTRY = '\nmsgctxt "a/0"\nmsgid "a"\nmsgstr "b"\n'
HEAD = """msgid ""
msgstr ""
"Language: ja\\n"
"X-Source-Language: en\\n"
"X-Article: fees\\n"
"X-Source-Revision: 7\\n"
"""


def refused(data):
    with pytest.raises(InvalidText) as refusal:
        po.read(data if isinstance(data, bytes) else data.encode())
    return str(refusal.value)


def test_a_file_brings_back_what_it_took_away():
    assert po.read(FILE) == exchange()


@examples(80)
@given(exchanging.exchanges(states=[State.NEEDS_TRANSLATION]))
def test_whatever_is_written_is_read(given_out):
    assert po.read(po.write(given_out)) == given_out


@pytest.mark.parametrize(
    ("unit", "state"),
    [
        (Unit("a/0", "a", "", State.NEW), State.NEW),
        (Unit("a/0", "a", "b", State.TRANSLATED), State.TRANSLATED),
        (Unit("a/0", "a", "b", State.FINAL), State.TRANSLATED),
        (Unit("a/0", "a", "b", State.NEEDS_TRANSLATION), State.NEEDS_TRANSLATION),
    ],
)
def test_states_are_those_that_po_knows(unit, state):
    assert po.read(po.write(exchange(units=(unit,)))).units[0].state == state


def test_a_file_is_what_editors_of_po_expect():
    catalogue = polib.pofile(FILE.decode())
    assert catalogue.metadata["Language"] == "zh-hans"
    assert catalogue.find("Withdraw", msgctxt="section:withdraw/heading").msgstr == "提现"


def test_a_file_with_other_line_ends_and_a_mark_of_its_bytes_is_read():
    assert po.read(b"\xef\xbb\xbf" + FILE.replace(b"\n", b"\r\n")) == exchange()


def test_entries_that_are_obsolete_are_left_out():
    data = f'{HEAD}{ENTRY}\n#~ msgctxt "a/1"\n#~ msgid "old"\n#~ msgstr "x"\n'
    assert [unit.key for unit in po.read(data.encode()).units] == ["a/0"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "name the article"),
        ("title,text", "no PO file"),
        (b"\xff\xfe", "not in UTF-8"),
        (f"{HEAD}{ENTRY}\0", "null character"),
        (FILE[: len(FILE) - 200].rpartition(b"\n\n")[0], "cut short: it holds"),
        (f'{HEAD}{ENTRY}msgstr "', "no PO file"),
        (HEAD, "no segments"),
        (f'{HEAD}\nmsgid "a"\nmsgstr "b"\n', "no key"),
        (f"{HEAD}{ENTRY}{ENTRY}", "“a/0” twice"),
        (f'{HEAD}\nmsgctxt "a/0"\nmsgid " "\nmsgstr "b"\n', "no source"),
        (f"{HEAD.replace('fees', '../fees')}{ENTRY}", "name the article"),
        (f"{HEAD.replace('ja', '')}{ENTRY}", "name the languages"),
        (f"{HEAD.replace('ja', 'en')}{ENTRY}", "into itself"),
        (f"{HEAD.replace('7', '-7')}{ENTRY}", "which revision"),
        (f"{HEAD.replace('7', '٧')}{ENTRY}", "which revision"),
        (b"#" * (LARGEST_FILE + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(data, words):
    assert words in refused(data)


def test_the_line_of_the_damage_is_known():
    with pytest.raises(InvalidText) as refusal:
        po.read(f"{HEAD}{ENTRY}nonsense\n".encode())
    assert refusal.value.line == f"{HEAD}{ENTRY}".count("\n") + 1


def test_the_name_of_a_file_opens_no_file(tmp_path):
    path = tmp_path / "other.po"
    path.write_bytes(FILE)
    assert refused(str(path))


@examples(120)
@given(st.data())
def test_damaged_bytes_raise_nothing_else(data):
    damaged = bytearray(FILE[:900])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 40))] = data.draw(
            st.binary(max_size=6)
            | st.sampled_from(
                [
                    b'"',
                    b"\\",
                    b"\n#| ",
                    b"\nmsgid_plural ",
                    b'\nmsgstr[1] "x"\n',
                    b"\nmsgid\n",
                    b"#, ",
                    b"\n#~ ",
                    b"#: a:b:c\n",
                ]
            )
        )
    with suppress(InvalidText):
        po.read(bytes(damaged))


@examples(60)
@given(st.binary(max_size=60) | st.text('msgidctr "\n#~|,:\\[]0', max_size=60).map(str.encode))
def test_any_bytes_raise_nothing_else(data):
    assert refused(data)
