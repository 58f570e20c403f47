"""A bad file is named with its line and left out whole, and all others come in."""

import io
import json
import os

import pytest
from django.core.management import call_command

from helpcenter.models import Article, PictureFile
from tests.helpcenter.factories import stored
from tests.helpcenter.importing import FIVE, NUL, counts, errors, run
from tests.helpcenter.samples import document, drawing, encoded, files_below, png_claiming, write_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


BAD_DOCUMENTS = {
    # name: (the document, the line that is to blame, a word of the message)
    "another language than its folder": (document(lang="ja"), 4, "folder"),
    "an unknown language": (document(lang="klingon"), 4, "language"),
    "no front matter": ("Just text.\n", 1, "front matter"),
    "an empty file": ("", 1, "front matter"),
    "front matter without an end": ('---\ntitle: "A"\ncategory: help\n\nText.\n', 1, "end"),
    "a quotation mark that is never closed": ('---\ntitle: "A\ncategory: help\n---\n\nText.\n', None, "YAML"),
    "a tab in front of a key": ('---\ntitle: "A"\n\tcategory: help\n---\n\nText.\n', 3, "YAML"),
    "two colons": ("---\ntitle: A\ncategory: help: me\n---\n\nText.\n", 3, "YAML"),
    "a list instead of keys": ("---\n- title\n- category\n---\n\nText.\n", 1, "keys"),
    "words instead of keys": ("---\ntitle\n---\n\nText.\n", 1, "keys"),
    "Python in YAML": ("---\ntitle: !!python/object/apply:os.getcwd []\n---\n\nText.\n", 2, "YAML"),
    "an unknown anchor": ("---\ntitle: *nobody\n---\n\nText.\n", 2, "YAML"),
    "very deep YAML": (f"---\ntitle: {'[' * 20_000}\n---\n\nText.\n", 1, "YAML"),
    "a date that does not exist": (document(changed="2026-13-45"), 1, "YAML"),
    "no title": (document(title=None), 1, "title"),
    "an empty title": (document(title='"  "'), 2, "title"),
    "a title in pieces": (document(title="[one, two]"), 2, "title"),
    "a title of 201 characters": (document(title="清" * 201), 2, "201"),
    "no category": (document(category=None), 1, "category"),
    "a category that is no slug": (document(category="How it works?"), 3, "category"),
    "a category that climbs": (document(category="../../etc"), 3, "category"),
    "a summary of 301 characters": (document(summary="x" * 301), 4, "301"),
    "an unknown type": (document(type="poem"), 4, "poem"),
    "an unknown audience": (document(audience="everyone"), 4, "everyone"),
    "an unknown source language": (document(source_lang="tlh"), 4, "tlh"),
    "promoted neither true nor false": (document(promoted="maybe"), 4, "promoted"),
    "tags that are no list": (document(tags="one"), 4, "tags"),
    "a tag with spaces": (document(tags="[good, not good]"), 4, "tags"),
    "a related path": (document(related="[../secret]"), 4, "related"),
    "a slug with a path": (document(slug="../../etc/passwd"), 4, "slug"),
    "a slug with spaces": (document(slug="a b"), 4, "slug"),
    "a slug of another script": (document(slug="清算"), 4, "slug"),
    "a slug with a long s": (document(slug="ſlug"), 4, "slug"),
    "a slug with the sign of kelvin": (document(slug="\u212aelvin"), 4, "slug"),
    "a slug with a line end": (document(slug='"a\\nb"'), 4, "slug"),
    "a slug of 121 letters": (document(slug="a" * 121), 4, "121"),
    "a null character": (document(NUL), 8, "null"),
    "a null character in the title": (document(title='"a\\0b"'), 2, "null"),
    "a text of more than 400,000 characters": (document("a" * 400_001), None, "400"),
    "not UTF-8": (document("One.\n\nGebühr").encode("latin-1"), 8, "UTF-8"),
    "UTF-16": (document().encode("utf-16"), 1, "UTF-8"),
    "Shift JIS": (document("清算価格").encode("shift-jis"), 6, "UTF-8"),
    "half a character": (document("清").encode()[:-2], 6, "UTF-8"),
    "a link that climbs out": (document("One.\n\n[x](../../../etc/passwd)"), 8, "climbs"),
    "a picture that climbs out": (document("![x](../../secret.png)"), 6, "climbs"),
    "a picture that climbs out of its folder": (document("![x](pictures/../../../a.png)"), 6, "climbs"),
    "a link in angle brackets that climbs out": (document("[x](<../../a b.md>)"), 6, "climbs"),
    "a reference that climbs out": (document("One [x].\n\n[x]: ../../secret.md"), 8, "climbs"),
    "an encoded link that climbs out": (document("[x](%2e%2e/%2e%2e/secret.md)"), 6, "climbs"),
    "a missing picture": (document("One.\n\nTwo\n![x](pictures/none.png)"), 9, "none.png"),
    "a missing picture by reference": (document("![x][p]\n\n[p]: pictures/none.png"), None, "none.png"),
    "a missing picture in a link": (document("[![x](pictures/none.png)](fees.md)"), 6, "none.png"),
    "a missing picture with a caption": (document('![x](pictures/none.png "Caption")'), 6, "none.png"),
    "a picture without a name": (document("![x](pictures/)"), 6, "pictur"),
    "a picture named by a pattern": (document("![x](pictures/*)"), 6, "pictur"),
    "a picture with a very long name": (document(f"![x](pictures/{'a' * 300}.png)"), 6, "pictur"),
    "a picture whose name does not fit": (document(f"![x](pictures/{'b' * 120}.png)"), 6, "pictur"),
    "a picture that is a program": (document("One.\n\n![x](pictures/program.png)"), 8, "program.png"),
    "a picture that is damaged": (document("![x](pictures/damaged.png)"), 6, "damaged.png"),
    "a picture that is huge": (document("![x](pictures/huge.png)"), 6, "huge.png"),
    "a second picture that is missing": (document("![x](pictures/fine.png)\n\n![x](pictures/none.png)"), 8, "none.png"),
}
PICTURES = {
    "en/pictures/program.png": b"MZ\x90\0" + b"\0" * 600,
    "en/pictures/damaged.png": encoded("PNG", drawing(300, 300))[:200],
    "en/pictures/huge.png": png_claiming(20_000, 20_000),
    "en/pictures/fine.png": encoded("PNG"),
    f"en/pictures/{'b' * 120}.png": encoded("PNG"),
}


@pytest.mark.both
@pytest.mark.parametrize("name", BAD_DOCUMENTS)
def test_a_bad_file_is_named_with_its_line_and_left_out_and_the_rest_comes_in(folder, name):
    content, line, word = BAD_DOCUMENTS[name]
    bad = document("Bad.") if content is None else content
    report = run(folder, {"en/bad.md": bad, "en/good.md": document("Good."), **PICTURES})
    (error,) = report.errors
    assert error.file == "en/bad.md"
    assert line is None or error.line == line
    assert word in error.message
    assert list(Article.objects.values_list("slug", flat=True)) == ["good"]
    assert stored(Article.objects.get(), "body", "en") == "Good.\n"


@pytest.mark.parametrize("name", BAD_DOCUMENTS)
def test_nothing_of_a_bad_file_stays(folder, media, name):
    content, _, _ = BAD_DOCUMENTS[name]
    text = content.decode("latin-1") if isinstance(content, bytes) else content
    if "category: help" in text:
        content = text.replace("category: help", "category: bad-only\ntags: [bad-only]")
        content = content.encode("latin-1") if isinstance(BAD_DOCUMENTS[name][0], bytes) else content
    run(folder, {"en/bad.md": content, **PICTURES})
    assert counts() == dict.fromkeys(counts(), 0)
    assert files_below(media) == {}


def make_symlink(folder):
    (folder / "en/bad.md").symlink_to(folder / "outside.txt")


def make_dangling_symlink(folder):
    (folder / "en/bad.md").symlink_to(folder / "nowhere.md")


def make_symlink_to_itself(folder):
    (folder / "en/bad.md").symlink_to(folder / "en/bad.md")


def make_fifty_megabytes(folder):
    with (folder / "en/bad.md").open("wb") as file:
        file.truncate(50 * 1024 * 1024)


def make_folder(folder):
    (folder / "en/bad.md").mkdir()


@pytest.mark.parametrize(
    "make",
    [make_symlink, make_dangling_symlink, make_symlink_to_itself, make_fifty_megabytes, make_folder],
    ids=lambda make: make.__name__,
)
def test_what_is_no_ordinary_file_is_named_and_left_out(folder, make):
    write_folder(folder, {"en/good.md": document(), "outside.txt": document()})
    make(folder)
    report = run(folder, {})
    assert [file for file, _ in errors(report)] == ["en/bad.md"]
    assert list(Article.objects.values_list("slug", flat=True)) == ["good"]


def test_a_language_folder_that_is_a_symbolic_link_is_not_followed(folder, tmp_path):
    write_folder(tmp_path / "elsewhere", {"bad.md": document()})
    write_folder(folder, {"en/good.md": document()})
    (folder / "ja").symlink_to(tmp_path / "elsewhere")
    report = run(folder, {})
    assert [file for file, _ in errors(report)] == ["ja/bad.md"]
    assert list(Article.objects.values_list("slug", flat=True)) == ["good"]


@pytest.mark.parametrize("link", ["en/pictures/a.png", "en/pictures"])
def test_pictures_behind_a_symbolic_link_are_not_taken(folder, tmp_path, link):
    outside = write_folder(tmp_path / "elsewhere", {"a.png": encoded("PNG")})
    write_folder(folder, {"en/bad.md": document("![x](pictures/a.png)"), "en/good.md": document()})
    (folder / link).parent.mkdir(exist_ok=True)
    (folder / link).symlink_to(outside / "a.png" if link.endswith("png") else outside)
    report = run(folder, {})
    assert errors(report) == [("en/bad.md", 6)]
    assert not PictureFile.objects.exists()


def test_a_picture_of_50_mb_is_refused(folder):
    write_folder(folder, {"en/bad.md": document("![x](pictures/a.png)"), "en/pictures/a.png": encoded("PNG")})
    with (folder / "en/pictures/a.png").open("ab") as file:
        file.truncate(50 * 1024 * 1024)
    assert errors(run(folder, {})) == [("en/bad.md", 6)]


@pytest.mark.parametrize("code", ["de", "tlh", "zh-cn", "xx"])
def test_a_folder_of_a_language_that_the_site_does_not_have_is_named(folder, code):
    report = run(folder, {f"{code}/bad.md": document(), "en/good.md": document()})
    assert errors(report) == [(f"{code}/bad.md", 1)]
    assert report.imported == 1


def test_a_slug_used_twice_in_a_language_is_named_and_the_first_stays(folder):
    files = {"en/a.md": document("First.", slug="same"), "en/b.md": document("Second.", slug="same")}
    report = run(folder, {**files, "ja/c.md": document("三", slug="same")})
    assert errors(report) == [("en/b.md", 4)]
    assert "en/a.md" in report.errors[0].message
    assert stored(Article.objects.get(), "body", "en") == "First.\n"
    assert stored(Article.objects.get(), "body", "ja") == "三\n"


def test_many_bad_files_are_all_named(folder):
    bad = {f"en/{number}.md": content for number, (content, _, _) in enumerate(BAD_DOCUMENTS.values())}
    report = run(folder, {**bad, **{f"{code}/good.md": document() for code in FIVE}, **PICTURES})
    assert {file for file, _ in errors(report)} == set(bad)
    assert report.published == len(FIVE)


def test_a_bad_new_version_leaves_everything_of_the_old_one(folder, media):
    good = document("![x](pictures/a.png)", tags="[one]", related="[other]")
    run(folder, {"en/a.md": good, "en/other.md": document(), "en/pictures/a.png": encoded("PNG")})
    before, kept = counts(), files_below(media)
    bad = document("![x](pictures/a.png) ![y](pictures/none.png)", tags="[two]", category="new", audience="agents")
    report = run(folder, {"en/a.md": bad, "en/pictures/a.png": encoded("PNG", drawing(99))})
    article = Article.objects.get(slug="a")
    assert len(report.errors) == 1
    assert counts() == before
    assert files_below(media) == kept
    assert (article.audience, article.category.slug) == ("public", "help")
    assert [row.to.slug for row in article.related_rows.all()] == ["other"]


def test_related_articles_of_a_bad_file_are_not_taken(folder):
    run(folder, {"en/a.md": document(related="[other]"), "en/other.md": document(), "en/third.md": document()})
    run(folder, {"en/a.md": document("![x](pictures/none.png)", related="[third]")})
    assert [row.to.slug for row in Article.objects.get(slug="a").related_rows.all()] == ["other"]


def test_a_bad_source_does_not_make_its_translation_the_source(folder):
    """Without `source_lang` the others are translated from English, whether its file is good or not."""
    files = {"en/a.md": document("![x](pictures/none.png)"), "ja/a.md": document("日本語")}
    assert len(run(folder, files).errors) == 1
    assert Article.objects.get().source_language == "en"


def test_a_source_that_is_mended_later_counts(folder):
    files = {"en/a.md": document("![x](pictures/none.png)", category="trading"), "ja/a.md": document("日本語")}
    run(folder, files)
    run(folder, {"en/a.md": document("Mended.", category="trading", promoted="true")})
    article = Article.objects.get()
    assert (article.category.slug, article.is_promoted) == ("trading", True)


def test_a_file_name_that_is_not_utf_8_can_still_be_reported(folder):
    write_folder(folder, {"en/good.md": document()})
    (folder / os.fsdecode(b"en/b\xffd.md")).write_text(document())
    printed = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_articles", str(folder), "--json", stdout=printed)
    assert len(json.loads(printed.getvalue().encode())["errors"]) == 1
