"""A change of a fact shows in every language, in two processes at the same second."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.helpcenter.dom import TWELVE, Page
from tests.own_site import OwnSite, fetch, wait_until


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    own = OwnSite(tmp_path_factory.mktemp("two-processes-of-facts"))
    own.run(
        "from tests.helpcenter.factories import *\nfrom tests.helpcenter.dom import TWELVE\n"
        "keep_fact('btcusdt-perp.taker-fee', '0.050')\n"
        "ArticleFactory(slug='fees', texts={code: 'A {fact:btcusdt-perp.taker-fee} B' for code in TWELVE})"
    )
    return own


def test_a_change_shows_in_every_language_in_two_processes_from_its_effective_second(site):
    def shown(address, at=""):
        pages = [fetch(f"{address}/{code}/articles/fees/{at}")[1] for code in TWELVE]
        return [Page(page).main.one("data", class_="fact")["value"] for page in pages]

    with site.server() as one, site.server() as other:
        assert shown(one) == shown(other) == ["0.050"] * 12
        printed = site.run(
            "from datetime import *\nfrom helpcenter.actions import saving_facts\nfrom helpcenter.models import *\n"
            "moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=8)\n"
            "fact = Fact.objects.get()\nold = fact.values.get()\nold.effective_until = moment\n"
            "new = FactValue(value='0.045', effective_from=moment)\n"
            "saving_facts.save_fact(fact, changed=[old, new], by=None)\nprint(moment.isoformat())"
        )
        moment = datetime.fromisoformat(printed.strip())
        before = shown(one) + shown(other)
        assert datetime.now(UTC) < moment, "the machine was too slow to look before the change"
        assert before == ["0.050"] * 24
        wait_until("the moment has come", lambda: datetime.now(UTC) >= moment, seconds=20)
        assert shown(one) + shown(other) == ["0.045"] * 24
        earlier = (moment - timedelta(minutes=1)).strftime("?asof=%Y-%m-%dT%H:%M:%SZ")
        assert shown(one, earlier) + shown(other, earlier) == ["0.050"] * 24
