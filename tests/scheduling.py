"""Which process runs which tests, and when; a plugin of pytest, of which tests/__main__.py makes use. A file stays
whole, so that what its tests share is made once; browser tests share a site and stay together too. What takes longest
begins first, or at the end one process waits for the other.

`xdist_group` would say the same of single tests, but pytest-xdist 3.8 does not see these marks under pytest 9.2.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/browser/",)
# From 15 seconds up, the longest first; where the list is wrong the suite is slower, and nothing else.
LONGEST = (
    "tests/browser/",
    "tests/helpcenter/test_search_quality.py",
    "tests/abuse/test_submissions_survive.py",
    "tests/helpcenter/test_search_processes.py",
    "tests/helpcenter/test_search_damage.py",
    "tests/helpcenter/test_hidden_texts.py",
    "tests/helpcenter/test_language_switch.py",
    "tests/project/test_run.py",
    "tests/project/test_access_matrix.py",
    "tests/helpcenter/test_export.py",
    "tests/helpcenter/test_parity_mutations.py",
    "tests/helpcenter/test_site_languages.py",
    "tests/helpcenter/test_hostile_input.py",
    "tests/abuse/test_bulk_answer_survives.py",
    "tests/accounts/test_admin_pages.py",
    "tests/helpcenter/test_freshness.py",
    "tests/tickets/channels/test_letters.py",
    "tests/helpcenter/test_admin_records.py",
    "tests/helpcenter/test_fact_processes.py",
    "tests/helpcenter/test_search_ranking.py",
    "tests/tickets/channels/test_corpus.py",
    "tests/helpcenter/test_parity_library.py",
    "tests/helpcenter/test_contract_pages.py",
    "tests/tickets/test_admin.py",
    "tests/outbox/test_delivery.py",
)


def unit(nodeid: str) -> str:
    """What stays in one process: `tests/ui/test_places.py::test_a[b]` -> `tests/ui/test_places.py`."""
    return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


def turn(nodeid: str) -> int:
    """The place of a test's unit among those that begin first; all others keep the order that they have."""
    return LONGEST.index(unit(nodeid)) if unit(nodeid) in LONGEST else len(LONGEST)


class Whole(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Whole:
    return Whole(config, log)


@pytest.hookimpl(trylast=True)  # after they were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn(item.nodeid))
