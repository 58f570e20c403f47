"""Screenshots that are pasted into a text: taken in under the right, told by their content, described, or refused."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from helpcenter.actions import drafting, picturing, reviewing
from helpcenter.content import markdown
from helpcenter.content.snippets import picture_line, picture_stem
from helpcenter.models import Picture, PictureFile
from tests.helpcenter.admin_forms import html, signed_in
from tests.helpcenter.factories import ArticleFactory, save_text
from tests.helpcenter.samples import drawing, encoded, files_below, opened, png_claiming

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

SENDING = reverse("admin:helpcenter_article_pictures")
SCRIPT = b"<html><script>alert(1)</script></html>"


def send(client, data=None, *, called="image.png", kind="image/png", **fields):
    file = SimpleUploadedFile(called, encoded("PNG") if data is None else data, content_type=kind)
    return client.post(SENDING, {"file": file, "language": "en", "description": "The Security page", **fields})


def look_at(client, body, language="en"):
    trying = reverse("admin:helpcenter_article_try")
    return client.post(trying, {"title": "A", "body": body, "language": language}).json()


def refusal(answer):
    assert answer.status_code == 400
    return answer.json()["error"]


def kept():
    return {file.picture.name: file for file in PictureFile.objects.select_related("picture")}


# --- What is taken --------------------------------------------------------------------------------------------------


def test_a_screenshot_is_answered_with_the_line_that_shows_it(editor):
    answer = send(editor)
    assert answer.status_code == 201
    assert answer.json() == {
        "markdown": "![The Security page](pictures/the-security-page.png)",
        "name": "the-security-page.png",
        "message": "The picture is kept as “the-security-page.png”.",
    }
    file = kept()["the-security-page.png"]
    assert (file.language, file.width, file.height) == ("en", 60, 40)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_type_is_told_by_the_content_whatever_the_name_and_the_browser_say(editor, kind):
    answer = send(editor, encoded(kind), called="a.exe", kind="text/html")
    assert answer.json()["name"].rpartition(".")[2] in ("png", "jpg", "webp", "gif")


def test_the_line_shows_the_picture_on_the_page(editor, client):
    line = send(editor).json()["markdown"]
    ArticleFactory(slug="shown", texts={"en": line})
    assert 'alt="The Security page"' in html(client.get("/en/articles/shown/"))


def test_nothing_but_the_picture_is_kept(editor, media):
    send(editor, encoded("GIF", comment=SCRIPT) + SCRIPT)
    [data] = files_below(media).values()
    assert b"script" not in data
    assert opened(data).size == (60, 40)


@pytest.mark.parametrize(
    ("description", "given", "stem"),
    [
        ("The Security page", "image.png", "the-security-page"),
        ("Sécurité : réglages", "image.png", "securite-reglages"),
        ("安全页面", "image.png", "screenshot"),
        ("صفحة الأمان", "Bildschirmfoto 2026-11-22.png", "screenshot"),
        ("安全页面", "account security.webp", "account-security"),
        ("安全页面", "../../etc/passwd", "passwd"),
        ("安全页面", 'x"><svg onload=alert(1)>.jpg', "xsvg-onloadalert1"),
        ("安全页面", "a\u202egnp.exe", "agnp"),
        ("a" * 300, "", "a" * 60),
        ("…", "", "screenshot"),
    ],
)
def test_a_file_name_is_made_of_the_description_or_of_the_name_that_it_had(description, given, stem):
    assert picture_stem(description, given) == stem
    assert re.fullmatch(r"[a-z0-9_-]{1,60}", stem)


def test_another_picture_of_the_same_description_gets_a_name_of_its_own(editor):
    first, second = send(editor), send(editor, encoded("PNG", drawing(90, 20)))
    assert (first.json()["name"], second.json()["name"]) == ("the-security-page.png", "the-security-page-2.png")
    assert len(kept()) == 2


def test_the_same_picture_again_is_the_same_file(editor):
    assert send(editor).json() == send(editor).json()
    assert PictureFile.objects.count() == Picture.objects.count() == 1


@pytest.mark.parametrize("name", ["the-security-page", "the-security-page.png", "The Security Page.JPG "])
def test_a_name_that_is_given_adds_the_file_of_a_language(editor, name):
    send(editor)
    answer = send(editor, encoded("JPEG", drawing(90, 20)), language="ja", description="セキュリティ", name=name)
    assert answer.json()["name"] == "the-security-page.png"
    assert sorted(Picture.objects.get().files.values_list("language", flat=True)) == ["en", "ja"]


def test_a_name_of_an_import_is_found_as_it_is_written(editor):
    picturing.save_picture("Security_Page 1.webp", "en", encoded("WEBP"), by=None)
    answer = send(editor, encoded("PNG", drawing(90, 20)), language="ja", name="Security_Page 1")
    assert answer.json()["name"] == "Security_Page 1.webp"
    shown = look_at(editor, answer.json()["markdown"])
    assert (shown["page"].count("<img"), shown["notices"]) == (1, [])


def test_a_name_that_shows_another_picture_in_this_language_is_refused_and_stays(editor):
    send(editor)
    before = kept()["the-security-page.png"].digest
    answer = send(editor, encoded("PNG", drawing(90, 20)), name="the-security-page")
    assert "Choose another name" in refusal(answer)
    assert {name: file.digest for name, file in kept().items()} == {"the-security-page.png": before}


@pytest.mark.parametrize(
    "description",
    [
        "a ] b](x) ![",
        "{fact:btc.fee}",
        "<img src=x onerror=alert(1)>",
        "*bold* `code` ~~gone~~",
        "one\ntwo",
        'a "b" \\',
    ],
)
def test_a_description_stays_words_in_its_line(description):
    line = picture_line(description, "a.png")
    assert markdown.outline(line)  # nothing in it is refused
    shown = markdown.render(line, language="en", pictures=lambda name: markdown.ShownPicture({480: "pictures/x"}, 9, 9))
    [reference] = markdown.references(line)
    assert reference.href == "pictures/a.png"
    assert shown.html.count("<img") == 1
    assert "onerror=alert" not in shown.html.replace("&lt;img src=x onerror=alert", "")


# --- What is refused ------------------------------------------------------------------------------------------------

REFUSED = {
    "a web page": SCRIPT,
    "a web page behind the head of a GIF": b"GIF89a/*" + SCRIPT + b"*/",
    "an SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a PDF": b"%PDF-1.7\n" + b"x" * 600,
    "a ZIP": b"PK\x03\x04" + b"\0" * 600,
    "nothing but a head": b"\x89PNG\r\n\x1a\n",
    "half a picture": encoded("PNG")[:60],
    "20,000 x 20,000 pixels": png_claiming(20_000, 20_000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_with_a_sentence_and_leaves_nothing(editor, media, name):
    assert refusal(send(editor, REFUSED[name])).endswith(".")
    assert files_below(media) == {}
    assert not Picture.objects.exists()


def test_a_bomb_is_told_the_number_of_pixels_that_are_taken(editor):
    assert "40 million" in refusal(send(editor, png_claiming(20_000, 20_000)))


def test_a_file_that_is_too_large_is_refused_by_its_size_alone(editor, monkeypatch):
    monkeypatch.setattr("helpcenter.content.pictures.LARGEST_FILE", 100)
    assert "15 MB" in refusal(send(editor))


@pytest.mark.parametrize("description", ["", " \n\t"])
def test_a_picture_without_a_description_is_refused(editor, description):
    assert "Say what the picture shows" in refusal(send(editor, description=description))
    assert not Picture.objects.exists()


def test_a_description_that_is_too_long_is_refused_with_its_length(editor):
    assert "251" in refusal(send(editor, description="a" * 251))


def test_a_post_without_a_file_is_refused(editor):
    assert "No file" in refusal(editor.post(SENDING, {"description": "A page", "language": "en", "file": "words"}))


# --- Who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["translator", "agent"])
def test_whoever_may_not_add_pictures_is_refused(request, who):
    assert send(signed_in(request.getfixturevalue(who))).status_code == 403
    assert not Picture.objects.exists()


def test_a_stranger_is_sent_to_the_sign_in_page():
    assert send(Client()).status_code == 302
    assert not Picture.objects.exists()


def test_a_post_needs_the_token(content_editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(content_editor)
    assert send(client).status_code == 403
    assert not Picture.objects.exists()


def test_a_picture_is_taken_by_a_post_alone(editor):
    assert editor.get(SENDING).status_code == 405


def test_the_action_itself_asks_for_the_right(translator):
    with pytest.raises(Exception, match="add_picture"):
        picturing.add_picture(encoded("PNG"), "en", description="A page", by=translator)


# --- Pictures of texts that are not public --------------------------------------------------------------------------


def shown_in_admin(file, width=60):
    return reverse("admin:helpcenter_article_picture", args=[file.digest, width])


def test_a_picture_is_shown_to_those_who_write_before_readers_see_it(editor, client):
    send(editor)
    file = kept()["the-security-page.png"]
    answer = editor.get(shown_in_admin(file))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in answer.headers["Cache-Control"]
    assert client.get(f"/en/pictures/{file.digest}-60.webp").status_code == 404


def test_a_picture_of_a_draft_is_shown_to_nobody_else_and_in_no_other_width(editor, agent):
    send(editor)
    file = kept()["the-security-page.png"]
    assert signed_in(agent).get(shown_in_admin(file)).status_code == 403
    assert Client().get(shown_in_admin(file)).status_code == 302
    assert editor.get(shown_in_admin(file, 61)).status_code == 404


def test_a_preview_shows_it(editor):
    line = send(editor).json()["markdown"]
    found = look_at(editor, line, language="ar")
    assert shown_in_admin(kept()["the-security-page.png"]) in found["page"]
    assert found["notices"] == []


def test_who_reviews_a_draft_sees_its_pictures_before_they_are_public(editor, content_editor, other_editor, client):
    line = send(editor).json()["markdown"]
    article = ArticleFactory(texts={"en": "Words."})
    reviewing.submit(
        save_text(article, "en", drafting.Text("A", f"Words.\n\n{line}"), by=content_editor), by=content_editor
    )
    reviewer = signed_in(other_editor)
    for screen in ("review", "preview", "texts"):
        page = reviewer.get(
            reverse(f"admin:helpcenter_article_{screen}", args=[article.pk, "en"]), {"first": 1, "second": 2}
        )
        (address,) = set(re.findall(r'<img src="([^"]+)"', html(page)))
        assert reviewer.get(address).headers["Content-Type"] == "image/webp"
        assert client.get(address).status_code == 302, "readers are sent to sign in"
