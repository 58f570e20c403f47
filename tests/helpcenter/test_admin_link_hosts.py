"""A host that links may lead to is a host and nothing else, and links to it are no finding any more."""

import pytest
from django.urls import reverse

from helpcenter.models import Finding, LinkHost
from tests.helpcenter.factories import ArticleFactory, save_text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["https://partner.example/", "partner.example/path", "two words", "", "a..b"])
def test_a_link_host_is_a_host_and_nothing_else(editor, typed):
    editor.post(reverse("admin:helpcenter_linkhost_add"), {"host": typed})
    assert list(LinkHost.objects.values_list("host", flat=True)) in ([], ["partner.example"])


@pytest.mark.parametrize("typed", ["partner.example", "PARTNER.example"])
def test_links_to_a_host_that_was_allowed_are_no_finding(editor, typed):
    assert editor.post(reverse("admin:helpcenter_linkhost_add"), {"host": typed}).status_code == 302
    save_text(ArticleFactory(), "en", "[x](https://docs.Partner.example/x)")
    assert Finding.objects.count() == 0
