"""A picture has a file per language, which readers see at once; what is no picture is refused in words."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from helpcenter.actions import publishing
from helpcenter.models import Picture, PictureFile
from tests.helpcenter.admin_forms import change, html, picture, picture_form, signed_in
from tests.helpcenter.factories import ArticleFactory, stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_taken_in(editor, kind):
    answer = editor.post(reverse("admin:helpcenter_picture_add"), picture_form(file=picture(kind=kind)))
    assert answer.status_code == 302
    row = PictureFile.objects.get()
    assert (row.picture.name, row.language, row.width, row.height) == ("a.png", "en", 8, 4)


def test_a_picture_gets_a_file_per_language_and_a_new_one_replaces_the_old(editor):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    pk = Picture.objects.get().pk
    counts = {"files-TOTAL_FORMS": 1, "files-INITIAL_FORMS": 1, "files-0-id": PictureFile.objects.get().pk}
    for language, width in (("ja", 20), ("en", 30)):
        form = picture_form(language=language, file=picture(width), **counts, **{"files-0-picture": pk})
        assert editor.post(change("picture", pk), form).status_code == 302
    assert sorted(PictureFile.objects.values_list("language", "width")) == [("en", 30), ("ja", 20)]


NO_PICTURES = {
    "a page": b"<html><script>alert(1)</script></html>",
    "a drawing": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "words": "我的照片".encode(),
    "a cut picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "a program": b"MZ\x90\x00\x03",
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_is_refused_in_words(editor, content):
    upload = SimpleUploadedFile("a.png", content, content_type="image/png")
    answer = editor.post(reverse("admin:helpcenter_picture_add"), picture_form(file=upload))
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["file"]
    assert Picture.objects.count() == 0


def test_a_picture_without_a_file_or_with_a_taken_name_is_refused(editor):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    again = editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    assert "name" in again.context["adminform"].form.errors
    empty = editor.post(reverse("admin:helpcenter_picture_add"), picture_form(name="b.png", file=""))
    assert "file" in empty.context["adminform"].form.errors


def test_a_new_file_is_shown_where_the_picture_is_used(editor):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    article = ArticleFactory(texts={"en": "![A chart](pictures/a.png)"})
    before = PictureFile.objects.get().digest
    assert before in stored(article, "html", "en")
    row = PictureFile.objects.get()
    counts = {"files-TOTAL_FORMS": 1, "files-INITIAL_FORMS": 1, "files-0-id": row.pk, "files-0-picture": row.picture_id}
    editor.post(change("picture", row.picture_id), picture_form(file=picture(640), **counts))
    assert before not in stored(article, "html", "en")
    assert PictureFile.objects.get().digest in stored(article, "html", "en")


def test_a_picture_that_readers_see_is_not_deleted(editor, administrator):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form())
    article = ArticleFactory(texts={"en": "![A chart](pictures/a.png)"})
    url = reverse("admin:helpcenter_picture_delete", args=[Picture.objects.get().pk])
    client = signed_in(administrator)
    assert client.post(url, {"post": "yes"}).status_code == 403
    publishing.unpublish(article, "en", by=None)
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert Picture.objects.count() == 0


@pytest.mark.parametrize("width", [1, 9, 10, 481, 3000])
def test_a_picture_of_any_width_is_shown_to_readers(editor, width):
    editor.post(reverse("admin:helpcenter_picture_add"), picture_form(file=picture(width)))
    ArticleFactory(slug="chart", texts={"en": "![A chart](pictures/a.png)"})
    page = html(Client().get("/en/articles/chart/"))
    addresses = set(re.findall(r"/en/pictures/[^\s\"]+", page))
    assert addresses
    assert {address: Client().get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
