"""The command reports what came in and what did not, in words or as JSON, and its exit status says which."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from helpcenter.models import Article
from tests.helpcenter.importing import TREE, counts, news
from tests.helpcenter.samples import document, encoded, files_below, write_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def command(folder, *options):
    """Exit code, what it printed, what it complained of."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_articles", str(folder), *options, stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_the_command_ends_with_1_where_a_file_was_left_out_and_names_it(folder):
    write_folder(folder, {"en/bad.md": "Just text.", "en/good.md": document("<iframe></iframe>"), "LICENSE": "x"})
    code, out, err = command(folder)
    assert code == 1
    assert "en/bad.md:1: " in err
    assert "en/good.md:6: " in err
    assert "LICENSE" in out
    assert Article.objects.count() == 1


def test_the_command_ends_with_0_where_everything_came_in_even_with_warnings(folder):
    write_folder(folder, {"en/good.md": document("<iframe></iframe>")})
    assert command(folder)[0] == 0


def test_the_report_is_json_where_asked_and_nothing_else(folder):
    write_folder(folder, {"en/bad.md": "Just text.", "ja/good.md": document("<b x>清算</b>"), "LICENSE": "x"})
    code, out, _ = command(folder, "--json")
    report = json.loads(out)
    assert (code, report["imported"], report["published"], report["ignored"]) == (1, 1, 0, ["LICENSE"])
    assert [(error["file"], error["line"]) for error in report["errors"]] == [("en/bad.md", 1)]
    assert [(warning["file"], warning["line"]) for warning in report["warnings"]] == [("ja/good.md", 6)]


def test_a_dry_run_reports_everything_and_stores_nothing(folder, media):
    files = {"categories.yaml": TREE, "announcements/en/a.md": news(), "en/pictures/a.png": encoded("PNG")}
    write_folder(folder, {**files, "en/a.md": document("![x](pictures/a.png)"), "en/bad.md": "Just text."})
    before = counts()
    code, out, _ = command(folder, "--dry-run", "--publish", "--json")
    report = json.loads(out)
    assert (code, report["imported"], report["announcements"], len(report["errors"])) == (1, 1, 1, 1)
    assert counts() == before
    assert files_below(media) == {}


def test_progress_is_shown(folder):
    write_folder(folder, {f"en/a{number}.md": document() for number in range(60)})
    assert "50 of 60" in command(folder)[1]


@pytest.mark.parametrize("place", ["nowhere", "a-file"])
def test_a_folder_that_is_none_is_refused(folder, place):
    write_folder(folder, {"a-file": "x"})
    with pytest.raises(CommandError):
        call_command("import_articles", str(folder / place))


def test_an_empty_folder_is_no_error(folder):
    folder.mkdir()
    assert command(folder)[0] == 0
    assert counts() == dict.fromkeys(counts(), 0)
