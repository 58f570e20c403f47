"""Which lines and branches of the product the tests run: `python -m tests --cov`, and all tests count.

slipcover writes its probes into a module when it is imported, and those that were met are taken out again, so that
counting costs next to nothing; tracing (coverage.py, before Python 3.12) made the suite half as long again. It is a
plugin of pytest that each process of pytest-xdist loads before anything of the product, and each leaves a file of what
it met.
"""

import gc
import json
import os
import sys
from collections.abc import Iterator, Mapping
from functools import reduce
from pathlib import Path
from types import FunctionType

import pytest
import slipcover

SOURCE = ["supportdesk", "helpcenter", "tickets"]
OMITTED = ["*/migrations/*", "supportdesk/settings/*", "supportdesk/wsgi.py"]
BAR = 90.0  # percent of lines, and percent of branches
FOLDER = "COVERAGE_FOLDER"  # in the environment: where each process leaves what it met
OFTEN = 20_000  # times that a probe is met until all that were met are taken out, which takes a tenth of a second
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")


def asked_for(folder: Path) -> dict[str, str]:
    """The environment in which pytest counts, and leaves in `folder` what it counted."""
    return {FOLDER: str(folder), "PYTEST_PLUGINS": __name__}


class Counting(slipcover.Slipcover):
    """Takes probes out wherever functions are kept. (`immediate=True` would have each probe remove itself, but does not
    under Python 3.11, which runs a copy of the code: a busy loop takes twice its time for good.)"""

    def __init__(self, source: list[str]) -> None:
        super().__init__(branch=True, source=source, omit=OMITTED, d_miss_threshold=OFTEN)
        self.functions: list[FunctionType] = []  # that gc no longer names

    def deinstrument_seen(self) -> None:
        """Called by a probe that was met often. slipcover itself finds no function behind a property or a decorator."""
        with self.lock:
            for file, seen in self._get_newly_seen().items():
                for code in tuple(self.instrumented[file]):
                    self.deinstrument(code, seen)
                self.all_seen[file].update(seen)
            for function in (*self.functions, *self.named()):
                function.__code__ = self.replace_map.get(function.__code__, function.__code__)
            self.replace_map.clear()

    def named(self) -> Iterator[FunctionType]:
        """Functions of the product that gc knows; those that are frozen it does not name."""
        return (one for one in gc.get_objects() if type(one) is FunctionType and self._counts(one))

    def _counts(self, function: FunctionType) -> bool:
        return function.__code__.co_filename in self.code_lines


def begin(source: list[str] = SOURCE) -> Counting:
    """Count in all modules below these folders that are imported from now on."""
    counting = Counting(source)
    slipcover.ImportManager(counting, slipcover.FileMatcher(sources=source, omit=OMITTED)).__enter__()
    return counting


@pytest.hookimpl(tryfirst=True)  # before all that is there is frozen
def pytest_collection_finish() -> None:
    if _counting:
        _counting.deinstrument_seen()
        _counting.functions += _counting.named()


def pytest_sessionfinish() -> None:
    if _counting:
        Path(os.environ[FOLDER], f"{_worker}.json").write_text(json.dumps(_counting.get_coverage()), encoding="utf-8")


def report(folder: Path) -> bool:
    """Print what no test ran; whether enough was run."""
    counts = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json"))]
    if not counts:
        print("Nothing was counted: no process of pytest-xdist came to its end.")
        return False
    whole = reduce(slipcover.merge_coverage, counts)
    slipcover.print_coverage(whole, skip_covered=True, outfile=sys.stdout)
    lines, branches = shares(whole["summary"])
    print(f"\nCovered: {lines:.2f} % of lines and {branches:.2f} % of branches; the bar of each is {BAR:.0f} %.")
    return min(lines, branches) >= BAR


def shares(summary: Mapping[str, int]) -> tuple[float, float]:
    """Lines and branches that ran, in percent."""
    (lines, no_lines), (branches, no_branches) = (
        (summary[f"covered_{what}"], summary[f"missing_{what}"]) for what in ("lines", "branches")
    )
    return 100 * lines / (lines + no_lines), 100 * branches / (branches + no_branches)


_counting = begin() if FOLDER in os.environ and _worker else None
