"""Pictures from people: told by their content, bounded, kept as nothing but the picture, shown only where published."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from PIL import Image

from helpcenter.actions import picturing, publishing
from helpcenter.content.pictures import accept, resize
from helpcenter.errors import PictureRejected
from helpcenter.models import Article, PictureFile
from supportdesk.ui.languages import column
from tests.helpcenter.dom import Page, read
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text
from tests.helpcenter.samples import drawing, encoded, files_below, opened, png_chunk, png_claiming

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
HTML = b"<html><script>alert(1)</script></html>"
CANARY = b"Taken at 51.5007 N by Erika Mustermann"


# --- What is taken --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_four_formats_are_taken_and_keep_their_size(kind, mode):
    accepted = accept(encoded(kind, drawing(mode=mode) if kind != "JPEG" else drawing()))
    assert (accepted.width, accepted.height) == opened(accepted.data).size == (60, 40)


NO_PICTURES = {
    "an EXE": b"MZ\x90\x00" + b"\0" * 600 + b"This program cannot be run in DOS mode",
    "an ELF": b"\x7fELF" + b"\0" * 600,
    "a ZIP": b"PK\x03\x04" + b"\0" * 600,
    "a PDF": b"%PDF-1.7\n" + b"x" * 600,
    "an SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "an SVG with a declaration": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "a web page": HTML,
    "a shell script": b"#!/bin/sh\nexit 0\n",
    "a TIFF": b"II*\0" + b"\0" * 600,
    "a HEIC": b"\0\0\0\x18ftypheic" + b"\0" * 600,
    "nothing": b"",
    "one byte": b"\0",
    "the head of a GIF": b"GIF89a",
    "a GIF head before a web page": b"GIF89a/*" + HTML + b"*/",
    "the head of a PNG": b"\x89PNG\r\n\x1a\n",
    "the head of a WebP": b"RIFF\0\0\0\0WEBP",
    "the head of a JPEG": b"\xff\xd8\xff",
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_is_refused_whatever_its_name(name):
    with pytest.raises(PictureRejected):
        accept(NO_PICTURES[name])


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM"])
def test_other_formats_of_pictures_are_refused(kind):
    with pytest.raises(PictureRejected, match="PNG, JPEG, WebP or GIF"):
        accept(encoded(kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_with_half_of_it_missing_is_refused(kind):
    data = encoded(kind, Image.effect_noise((200, 200), 90).convert("RGB"))
    with pytest.raises(PictureRejected):
        accept(data[: len(data) // 2])


def test_a_picture_with_flipped_bytes_is_refused():
    data = bytearray(encoded("PNG", Image.effect_noise((100, 100), 90)))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(PictureRejected):
        accept(bytes(data))


@pytest.mark.parametrize(
    ("width", "height"), [(20_000, 20_000), (10_000, 10_000), (6_400, 6_300), (2**31 - 1, 1), (40_000_001, 1)]
)
def test_a_small_file_that_claims_to_be_huge_is_refused_before_it_is_decoded(width, height):
    with pytest.raises(PictureRejected):
        accept(png_claiming(width, height))


def test_a_person_is_told_how_large_a_picture_may_be():
    with pytest.raises(PictureRejected, match="million"):
        accept(png_claiming(20_000, 20_000))


def test_a_file_of_more_than_15_mb_is_refused():
    with pytest.raises(PictureRejected, match="15 MB"):
        accept(encoded("PNG") + b"\0" * 15 * 1024 * 1024)


# --- What is kept ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
@pytest.mark.parametrize("tail", [HTML, b"MZ\x90\0" + CANARY, b"PK\x03\x04" + CANARY, b"\0" * 999])
def test_bytes_after_the_end_of_a_picture_are_removed(kind, tail):
    kept = accept(encoded(kind) + tail).data
    assert tail not in kept
    assert opened(kept).size == (60, 40)


def test_a_gif_that_is_a_web_page_too_leaves_the_picture_only():
    """The classic: a GIF whose comment opens a script."""
    accepted = accept(encoded("GIF", comment=HTML))
    assert HTML not in accepted.data
    assert opened(accepted.data).size == (60, 40)


def exif(**tags):
    found = Image.Exif()
    found[0x010E] = CANARY.decode()
    for number, value in tags.items():
        found[int(number[1:], 16)] = value
    return found


NOTES = {
    "JPEG with EXIF": lambda: encoded("JPEG", exif=exif()),
    "JPEG with a comment": lambda: encoded("JPEG", comment=CANARY),
    "JPEG with a colour profile": lambda: encoded("JPEG", icc_profile=CANARY),
    "JPEG with XMP": lambda: encoded("JPEG", xmp=CANARY),
    "PNG with EXIF": lambda: encoded("PNG", exif=exif()),
    "PNG with text": lambda: png_with(b"tEXt", b"Comment\0" + CANARY),
    "PNG with compressed text": lambda: png_with(b"zTXt", b"Comment\0\0" + CANARY),
    "PNG with a colour profile": lambda: encoded("PNG", icc_profile=CANARY),
    "PNG with a private chunk": lambda: png_with(b"prVt", CANARY),
    "PNG with a note in the density": lambda: png_with(b"pHYs", b"\0\0\0\1\0\0\0\1\0" + CANARY),
    "PNG with a note in the gamma": lambda: png_with(b"gAMA", b"\0\0\xb1\x8f" + CANARY),
    "PNG with a note after the rows": lambda: png_with(b"IDAT", CANARY, at_end=True),
    "WebP with EXIF": lambda: encoded("WEBP", exif=exif()),
    "WebP with XMP": lambda: encoded("WEBP", xmp=CANARY),
    "WebP with a colour profile": lambda: encoded("WEBP", icc_profile=CANARY),
    "GIF with a comment": lambda: encoded("GIF", comment=CANARY),
}


def png_with(name, data, at_end=False):
    png = encoded("PNG")
    place = -12 if at_end else 33  # before IEND, or after IHDR
    return png[:place] + png_chunk(name, data) + png[place:]


def hidden(data):
    """Everything that a picture carries beside its pixels, unpacked."""
    info = opened(data).info
    return data + b"".join(value if isinstance(value, bytes) else str(value).encode() for value in info.values())


@pytest.mark.parametrize("name", NOTES)
def test_notes_beside_the_picture_are_removed_from_what_is_kept(name):
    assert CANARY in hidden(NOTES[name]()) or "compressed" in name or "rows" in name
    accepted = accept(NOTES[name]())
    assert CANARY not in hidden(accepted.data)
    assert not opened(accepted.data).getexif()


@pytest.mark.parametrize("name", NOTES)
def test_notes_beside_the_picture_are_removed_from_what_is_served(name):
    served = resize(accept(NOTES[name]()).data, 480)
    assert CANARY not in hidden(served)
    assert set(opened(served).info) <= {"background", "loop", "duration", "timestamp"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_what_was_kept_once_is_kept_as_it_is(kind):
    """Otherwise every export and import would change the picture."""
    once = accept(encoded(kind, Image.effect_noise((80, 80), 60).convert("RGB"))).data
    assert accept(once).data == once


def test_clean_files_are_kept_byte_by_byte():
    for kind in ("PNG", "WEBP"):
        data = encoded(kind)
        assert accept(data).data == data


@pytest.mark.parametrize(
    ("orientation", "turned"), [(1, None), (3, Image.Transpose.ROTATE_180), (6, Image.Transpose.ROTATE_270)]
)
def test_a_photo_taken_with_a_turned_phone_stands_upright(orientation, turned):
    """The note that says how it was held is removed, so the pixels have to be turned."""
    data = encoded("JPEG", exif=exif(x0112=orientation), quality=95)
    kept = opened(accept(data).data).convert("RGB")
    expected = drawing().transpose(turned) if turned is not None else drawing()
    assert kept.size == expected.size
    for x, y in ((10, 10), (kept.width - 10, 10), (10, kept.height - 10)):
        assert near(kept.getpixel((x, y)), expected.getpixel((x, y)))


def near(one, other, tolerance=40):
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def test_transparency_is_kept():
    data = encoded("PNG", Image.new("RGBA", (20, 20), (255, 0, 0, 0)), exif=exif())
    served = opened(resize(accept(data).data, 480)).convert("RGBA")
    assert served.getpixel((5, 5))[3] == 0


@pytest.mark.parametrize(("mode", "value", "expected"), [("I;16", 32768, 128), ("L", 128, 128), ("1", 1, 255)])
def test_grey_pictures_keep_their_brightness(mode, value, expected):
    served = opened(resize(accept(encoded("PNG", Image.new(mode, (20, 20), value))).data, 480)).convert("L")
    assert abs(served.getpixel((10, 10)) - expected) <= 3


def test_colours_of_print_are_turned_into_colours_of_screens():
    data = encoded("JPEG", Image.new("CMYK", (20, 20), (0, 255, 255, 0)), quality=95)
    kept = opened(accept(data).data)
    assert kept.mode == "RGB"
    assert near(kept.getpixel((10, 10)), (255, 0, 0))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_shows_its_first_frame(kind):
    data = encoded(kind, drawing(), save_all=True, append_images=[Image.new("RGB", (60, 40), "white")], duration=100)
    accepted = accept(data)
    kept = opened(accepted.data)
    assert getattr(kept, "n_frames", 1) == 1
    assert near(kept.convert("RGB").getpixel((5, 5)), (255, 0, 0))


def test_the_digest_follows_the_content():
    one, other = encoded("PNG"), encoded("PNG", drawing(61))
    assert accept(one).digest == accept(one).digest != accept(other).digest
    assert len(accept(one).digest) == 32


@pytest.mark.parametrize(("asked", "size"), [(480, (480, 240)), (800, (800, 400)), (5000, (1000, 500)), (1, (1, 1))])
def test_a_picture_is_made_smaller_and_never_larger(asked, size):
    assert opened(resize(encoded("PNG", drawing(1000, 500)), asked)).size == size


# --- What is served -------------------------------------------------------------------------------------------------

SHOWN = "Look: ![what it shows](pictures/page.png)"


def save(language="en", name="page.png", width=1000, **options):
    return picturing.save_picture(name, language, encoded("PNG", drawing(width, 500), **options), by=None)


def address(file, width=480, language="en"):
    return f"/{language}/pictures/{file.digest}-{width}.webp"


def images(client, path):
    return [image["src"] for image in read(client, path).one("main").all("img")]


def test_a_picture_of_a_public_text_is_served_as_webp_in_its_widths(client):
    file = save()
    ArticleFactory(texts={"en": SHOWN})
    for width in (480, 800, 1000):
        response = client.get(address(file, width))
        assert response.status_code == 200
        assert opened(response.content).format == "WEBP"
        assert opened(response.content).size == (width, width // 2)


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_every_address_on_a_page_answers(client, language):
    save()
    ArticleFactory(slug="shown", texts={"en": SHOWN})
    image = read(client, f"/{language}/articles/shown/").one("main").one("img")
    candidates = [candidate.split()[0] for candidate in image["srcset"].split(",")]
    assert len(candidates) == 3
    for source in {image["src"], *candidates}:
        assert source.startswith(f"/{language}/pictures/")
        assert client.get(source).status_code == 200


@pytest.mark.parametrize("width", [1, 9, 10, 99, 480, 481, 1280, 3000])
def test_a_picture_of_any_width_is_served(client, width):
    save(width=width)
    ArticleFactory(slug="shown", texts={"en": SHOWN})
    assert client.get(images(client, "/en/articles/shown/")[0]).status_code == 200


def test_the_answer_says_what_it_is_and_nothing_can_run_in_it(client):
    file = save()
    ArticleFactory(texts={"en": SHOWN})
    headers = client.get(address(file)).headers
    assert headers["Content-Type"] == "image/webp"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "public, max-age=300"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    assert "Cookie" not in headers.get("Vary", "")


def test_a_picture_is_the_same_at_every_request_and_head_works(client):
    file = save()
    ArticleFactory(texts={"en": SHOWN})
    assert client.get(address(file)).content == client.get(address(file)).content
    assert client.head(address(file)).status_code == 200
    assert client.post(address(file)).status_code == 405


@pytest.mark.parametrize("width", ["479", "0", "00", "0480", "1001", "1280", "9999", "480.5", "-480", "٤٨٠", ""])
def test_other_widths_do_not_exist(client, width):
    file = save()
    ArticleFactory(texts={"en": SHOWN})
    assert client.get(address(file, width)).status_code == 404


def test_widths_that_do_not_exist_are_not_made(client, media):
    file = save()
    ArticleFactory(texts={"en": SHOWN})
    before = files_below(media)
    for width in range(100, 480, 20):
        client.get(address(file, width))
    assert files_below(media) == before


@pytest.mark.parametrize(
    "path",
    ["page.png", "{digest}.png", "{digest}-480.png", "{short}-480.webp", "{upper}-480.webp", "../{digest}-480.webp"]
    + ["%2e%2e/{digest}-480.webp", "{digest}-480.webp/", "0123456789abcdef0123456789abcdef-480.webp"],
)
def test_other_addresses_of_a_picture_do_not_exist(client, path):
    file = save()
    ArticleFactory(texts={"en": SHOWN})
    name = path.format(digest=file.digest, short=file.digest[:16], upper=file.digest.upper())
    assert client.get(f"/en/pictures/{name}").status_code == 404


@pytest.mark.parametrize("root", ["/media", "/media/pictures", "/en/media", "/static/pictures"])
def test_there_is_no_other_way_to_the_files(client, root):
    file = save()
    ArticleFactory(texts={"en": SHOWN})
    assert client.get(f"{root}/{file.digest[:2]}/{file.digest}.png").status_code == 404


def hide_unused(article):
    publish_text(article, "en", "No picture any more.")


def hide_unpublished(article):
    publishing.unpublish(article, "en", by=None)


def hide_archived(article):
    publishing.archive(article, by=None)


def hide_for_agents(article):
    article.audience = "agents"
    article.save()


@pytest.mark.both
@pytest.mark.parametrize("hide", [hide_unused, hide_unpublished, hide_archived, hide_for_agents])
def test_a_picture_is_gone_as_soon_as_no_public_text_shows_it(client, hide):
    file = save()
    article = ArticleFactory(texts={"en": SHOWN})
    assert client.get(address(file)).status_code == 200
    hide(article)
    assert client.get(address(file)).status_code == 404


def test_a_picture_of_a_draft_does_not_exist(client):
    file = save()
    save_text(ArticleFactory(), "en", SHOWN)
    assert client.get(address(file)).status_code == 404


def test_a_picture_in_a_draft_only_named_in_words_does_not_exist(client):
    file = save()
    ArticleFactory(texts={"en": "Write `![x](pictures/page.png)` and \\![x](pictures/page.png)."})
    assert client.get(address(file)).status_code == 404


def test_a_picture_for_agents_does_not_exist_for_readers(client, agent):
    file = save()
    ArticleFactory(slug="inside", agents_only=True, texts={"en": SHOWN})
    assert client.get(address(file)).status_code == 404


def test_a_picture_that_two_articles_show_stays_until_the_second_goes(client):
    file = save()
    first, second = (ArticleFactory(texts={"en": SHOWN}) for _ in range(2))
    publishing.archive(first, by=None)
    assert client.get(address(file)).status_code == 200
    publishing.unpublish(second, "en", by=None)
    assert client.get(address(file)).status_code == 404


def test_the_same_file_under_two_names_is_served_while_either_is_shown(client):
    one, other = save(name="one.png"), save(name="two.png")
    assert one.digest == other.digest
    article = ArticleFactory(texts={"en": "![a](pictures/one.png) ![b](pictures/two.png)"})
    publish_text(article, "en", "![b](pictures/two.png)")
    assert client.get(address(one)).status_code == 200


# --- A file per language --------------------------------------------------------------------------------------------


def picture_of(article, language):
    html = Article.objects.rewrite(False).values_list(column("html", language), flat=True).get(pk=article.pk)
    return Page(html).one("img")["src"].rsplit("/", 1)[1].partition("-")[0]


@pytest.mark.parametrize("language", ["zh-hans", "ja", "ko", "ar"])
def test_a_language_without_its_own_file_shows_that_of_the_source_language(language):
    english, russian = save("en"), save("ru", width=990)
    article = ArticleFactory(texts={"en": SHOWN, language: SHOWN})
    assert picture_of(article, language) == english.digest != russian.digest


def test_the_source_language_need_not_be_english():
    save("en", width=990)
    japanese = save("ja")
    article = ArticleFactory(source_language="ja", texts={"ja": SHOWN, "ko": SHOWN})
    assert picture_of(article, "ko") == japanese.digest


def test_a_language_with_its_own_file_shows_it():
    english, arabic = save("en"), save("ar", width=990)
    article = ArticleFactory(texts={"en": SHOWN, "ar": SHOWN})
    assert (picture_of(article, "en"), picture_of(article, "ar")) == (english.digest, arabic.digest)


def test_a_file_that_comes_later_appears_on_the_published_page_and_the_old_one_goes(client):
    english = save("en")
    article = ArticleFactory(slug="shown", texts={"en": SHOWN, "ar": SHOWN})
    arabic = save("ar", width=990)
    assert picture_of(article, "ar") == arabic.digest
    assert client.get(address(arabic)).status_code == 200
    replaced = save("en", width=980)
    assert images(client, "/en/articles/shown/") == [address(replaced, 800)]
    assert client.get(f"/en/pictures/{english.digest}-480.webp").status_code == 404


def test_a_picture_that_comes_after_its_text_is_shown(client):
    article = ArticleFactory(slug="shown", texts={"en": SHOWN})
    assert images(client, "/en/articles/shown/") == []
    file = save()
    assert picture_of(article, "en") == file.digest
    assert images(client, "/en/articles/shown/") == [address(file, 800)]


def test_the_same_picture_again_changes_nothing(media):
    first = save()
    before = files_below(media)
    assert save() == first
    assert files_below(media) == before
    assert PictureFile.objects.count() == 1


def test_nothing_lies_in_storage_under_its_original_name(media):
    picturing.save_picture("passport-mustermann.jpg", "en", encoded("JPEG"), by=None)
    assert [name for name in files_below(media) if "mustermann" in name] == []


def test_a_refused_picture_leaves_nothing_behind(media):
    with pytest.raises(PictureRejected):
        picturing.save_picture("page.png", "en", HTML, by=None)
    assert files_below(media) == {}
    assert not PictureFile.objects.exists()


def test_taking_in_pictures_needs_its_right(agent, content_editor):
    with pytest.raises(PermissionDenied):
        picturing.save_picture("page.png", "en", encoded("PNG"), by=agent)
    assert picturing.save_picture("page.png", "en", encoded("PNG"), by=content_editor).pk


def test_a_stored_width_that_was_lost_is_made_again(client, media):
    file = save()
    ArticleFactory(texts={"en": SHOWN})
    first = client.get(address(file)).content
    for path in media.rglob("*.webp"):
        path.unlink()
    assert Image.open(io.BytesIO(client.get(address(file)).content)).size == opened(first).size
