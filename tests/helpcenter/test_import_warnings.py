"""What an import changes or doubts is warned of by file and line, and keeps nothing from coming in."""

import pytest

from helpcenter.enums import FindingKind
from helpcenter.models import Article, Finding
from tests.helpcenter.factories import stored
from tests.helpcenter.importing import errors, run, warnings
from tests.helpcenter.samples import document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("One.\n\n<script>alert(1)</script>", 8),
        ("One\ntwo <iframe src=x></iframe>", 7),
        ("<div onclick=x>One</div>", 6),
        ("One.\n\n![x](/img/old.png)", 8),
        ("One.\n\n![x](https://elsewhere.example/a.png)", 8),
        ("[x](/en/old-page)", 6),
        ("## A {#a}\n\n## B {#a}", 8),
        ("[x](no-such-article.md)", 1),
    ],
)
def test_what_is_changed_on_the_way_in_is_warned_of_by_file_and_line(folder, body, line):
    report = run(folder, {"en/odd.md": document(body)})
    assert report.errors == []
    assert set(warnings(report)) == {("en/odd.md", line)}
    html = stored(Article.objects.get(), "html", "en")
    assert not [odd for odd in ("<script", "<iframe", "onclick", "/img/", "elsewhere", "old-page") if odd in html]


@pytest.mark.parametrize("body", ["One.\n\nTwo <script>alert(1)</script>", "One.\n\n![x](/img/a.png)"])
def test_announcements_are_warned_of_too(folder, body):
    report = run(folder, {"announcements/en/odd.md": document(body, category=None)})
    assert set(warnings(report)) == {("announcements/en/odd.md", 7)}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("One.\n\n[x](https://unknown.example/)", FindingKind.LINK_HOST),
        ("One.\n\nKxDkWkKNYhTgD9tm1xmpXSEkjmewpz8r3mF85bwHzc37eMk1go6z", FindingKind.SECRET),
    ],
)
def test_findings_are_recorded_for_review_and_do_not_keep_an_import_from_going_public(folder, body, kind):
    report = run(folder, {"en/odd.md": document(body)})
    assert (report.errors, report.published) == ([], 1)
    assert warnings(report) == [("en/odd.md", 8)]
    assert [(finding.kind, finding.line) for finding in Finding.objects.open()] == [(kind, 3)]


@pytest.mark.parametrize(
    "body", ["Write `![x](pictures/none.png)`.", "```\n[x](../../../secret)\n```", "\\[x](../../../y)"]
)
def test_markdown_that_is_shown_as_an_example_is_no_reference(folder, body):
    assert errors(run(folder, {"en/how-to-write.md": document(body)})) == []
