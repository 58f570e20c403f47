"""`python -m tests --cov` sees what no test ran, in whichever process it ran, and fails when that is too much."""

import ast
import os
import subprocess
import sys

import pytest
from django.conf import settings
from slipcover import branch

from tests import measuring

PRODUCT = """\
def sign(number):
    if number < 0:
        return "minus"
    return "plus"
"""
TEST = """\
from tickets.signs import sign

def test_sign():
    assert sign({number}) == "{word}"
"""


@pytest.fixture
def count(tmp_path):
    """Run tests of a small product in two processes, a file each; returns the folder with what they counted."""

    def run(signs: dict[int, str], unused: str = ""):
        (tmp_path / "counted").mkdir()
        for folder in measuring.SOURCE:
            (tmp_path / folder).mkdir()
            (tmp_path / folder / "__init__.py").touch()
        (tmp_path / "tickets" / "signs.py").write_text(PRODUCT, encoding="utf-8")
        (tmp_path / "helpcenter" / "unused.py").write_text(unused, encoding="utf-8")
        for number, word in signs.items():
            (tmp_path / f"test_{word}.py").write_text(TEST.format(number=number, word=word), encoding="utf-8")
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        environment |= {"PYTHONPATH": f"{tmp_path}:{settings.BASE_DIR}", **measuring.asked_for(tmp_path / "counted")}
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return tmp_path / "counted"

    return run


def test_what_any_process_ran_is_covered(count, capsys):
    assert measuring.report(count({-1: "minus", 1: "plus"}))
    assert "Covered: 100.00 % of lines and 100.00 % of branches" in capsys.readouterr().out


def test_a_branch_that_no_test_took_is_named_and_fails(count, capsys):
    assert not measuring.report(count({-1: "minus"}))
    said = capsys.readouterr().out
    assert "Covered: 75.00 % of lines and 50.00 % of branches" in said
    assert [line.split()[-1] for line in said.splitlines() if "signs.py" in line] == ["4"]


def test_what_is_never_imported_counts_too(tmp_path, count, capsys):
    folder = count({-1: "minus", 1: "plus"}, unused=PRODUCT)
    assert not measuring.report(folder)
    assert "Covered: 50.00 % of lines" in capsys.readouterr().out


@pytest.mark.parametrize(("branches", "enough"), [(90, True), (89, False)])
def test_lines_do_not_make_up_for_branches(branches, enough):
    summary = {
        "covered_lines": 1000,
        "missing_lines": 0,
        "covered_branches": branches,
        "missing_branches": 100 - branches,
    }
    assert (min(measuring.shares(summary)) >= measuring.BAR) is enough


def test_a_run_without_a_count_fails(tmp_path):
    assert not measuring.report(tmp_path)


BEHIND_A_PROPERTY = """\
class Sign:
    def __init__(self, number):
        self.number = number

    @property
    def word(self):
        if self.number < 0:
            return "minus"
        return "plus"
"""


def test_what_was_met_often_is_taken_out_and_what_comes_later_is_counted(tmp_path):
    file = tmp_path / "sign.py"
    file.write_text(BEHIND_A_PROPERTY, encoding="utf-8")
    counting, names = measuring.Counting([]), {}
    exec(counting.instrument(compile(branch.preinstrument(ast.parse(BEHIND_A_PROPERTY)), str(file), "exec")), names)  # noqa: S102
    sign = names["Sign"]
    with_probes = sign.word.fget.__code__
    assert {sign(1).word for _ in range(measuring.OFTEN + 1)} == {"plus"}
    assert sign.word.fget.__code__ is not with_probes
    assert _missing(counting) == ([8], [[7, 8]])
    assert sign(-1).word == "minus"
    assert _missing(counting) == ([], [])


def _missing(counting: measuring.Counting) -> tuple[list[int], list[list[int]]]:
    (found,) = counting.get_coverage()["files"].values()
    return found["missing_lines"], [list(one) for one in found["missing_branches"]]
