"""Which lines and branches of the product the tests run: `python -m tests --cov`, and all tests count.

slipcover writes its probes into a module when it is imported, and each removes itself when it was met, so that counting
costs next to nothing; tracing (coverage.py, before Python 3.12) made the suite half as long again. It is a plugin of
pytest that each process of pytest-xdist loads before anything of the product, and each leaves a file of what it met.
"""

import json
import os
import sys
from collections.abc import Mapping
from functools import reduce
from pathlib import Path

import slipcover

SOURCE = ["supportdesk", "helpcenter", "tickets"]
OMITTED = ["*/migrations/*", "supportdesk/settings/*", "supportdesk/wsgi.py"]
BAR = 90.0  # percent of lines, and percent of branches
FOLDER = "COVERAGE_FOLDER"  # in the environment: where each process leaves what it met
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")


def asked_for(folder: Path) -> dict[str, str]:
    """The environment in which pytest counts, and leaves in `folder` what it counted."""
    return {FOLDER: str(folder), "PYTEST_PLUGINS": __name__}


def begin(source: list[str] = SOURCE) -> slipcover.Slipcover:
    """Count in all modules below these folders that are imported from now on."""
    counting = slipcover.Slipcover(branch=True, immediate=True, source=source, omit=OMITTED)
    slipcover.ImportManager(counting, slipcover.FileMatcher(sources=source, omit=OMITTED)).__enter__()
    return counting


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
