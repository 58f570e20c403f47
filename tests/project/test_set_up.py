"""What `manage.py set_up` says of a release: counts by kind, what was kept, and all of it beforehand."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from supportdesk.management.commands import set_up
from supportdesk.releases.models import ShippedRow
from tickets.models import Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(monkeypatch, tmp_path):
    """A release of one topic in the place of all that is shipped."""
    from tickets.actions.shipped_rows import Topics

    def ship(name):
        (tmp_path / "topics.yaml").write_text(
            f"topics:\n  - {{key: deposits, name: {{en: {name}}}}}\n", encoding="utf-8"
        )
        monkeypatch.setattr(set_up.kinds, "known", lambda: {"tickets.topic": Topics(tmp_path)})

    return ship


def said(*options, **more):
    out = StringIO()
    call_command("set_up", *options, stdout=out, **more)
    return out.getvalue()


def test_set_up_counts_what_a_release_brought(kinds):
    kinds("Deposit")
    assert "Topics: 1 added." in said()
    kinds("A deposit")
    assert "Topics: 1 renewed." in said()
    assert "Topics: 1 as they were." in said()


def test_set_up_names_what_was_kept_and_where_to_choose(kinds):
    kinds("Deposit")
    said()
    Topic.objects.update(name_en="Coins")
    kinds("A deposit")
    found = said()
    assert "Topics: 1 kept, though the release has another wording." in found
    assert "yours was kept. Choose at /admin/releases/shippedrow/" in found
    assert "  deposits: name · English" in found
    assert "not known" not in found


def test_set_up_says_of_what_nobody_knows_who_worded_it(kinds):
    Topic.objects.create(key="deposits", name_en="Coins")
    Topic.history.all().delete()
    kinds("Deposit")
    assert "(1 of them: whether staff or an earlier release worded them so is not known)" in said()


def test_a_dry_run_tells_and_stores_nothing(kinds):
    kinds("Deposit")
    found = said("--dry-run")
    assert "Topics: 1 added." in found
    assert "Nothing was stored." in found
    assert not Topic.objects.exists()
    assert not ShippedRow.objects.exists()


def test_a_dry_run_with_old_tables_is_refused(kinds, monkeypatch):
    kinds("Deposit")
    monkeypatch.setattr(set_up, "unapplied", lambda: ["tickets.0030_words"])
    with pytest.raises(CommandError, match=r"tickets\.0030_words"):
        said("--dry-run")


def test_all_migrations_of_the_tests_database_are_applied():
    assert set_up.unapplied() == []
