"""What comes out is what went in: a round trip changes nothing, an edit changes exactly itself."""

import shutil
from pathlib import Path

import pytest
import yaml
from django.conf import settings as site
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions import drafting, picturing, publishing
from helpcenter.actions.exporting import export_folder
from helpcenter.actions.folder_import import FolderImport
from helpcenter.content import files
from helpcenter.models import Article, Category, Revision, TranslationState
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text
from tests.helpcenter.samples import document, drawing, encoded, examples, files_below, load_demo_facts, write_folder
from tests.own_site import OwnSite
from tests.services import need_corpus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
FIXTURES = site.BASE_DIR / "fixtures" / "help"
FIVE = ["en", "zh-hans", "ja", "ko", "ar"]


@pytest.fixture
def exported(tmp_path):
    """Export into a fresh folder; its files."""
    made = []

    def export(**options):
        made.append(tmp_path / f"export-{len(made)}")
        export_folder(made[-1], drafts=options.pop("drafts", False), **options)
        return files_below(made[-1])

    return export


def imported(root, **options):
    return FolderImport(root, publish=True, **options).run()


def round_trip(tmp_path, exported, contents):
    """What an import and an export make of files; pictures and categories included."""
    report = imported(write_folder(tmp_path / "help", contents))
    assert report.errors == []
    return exported()


def canonical(body="Text.", slug="a", lang="en", title="A title", **front):
    """A document as an export writes it."""
    head = {"title": f'"{title}"', "slug": slug, "lang": lang, "category": "help", **front}
    return "\n".join(["---", *(f"{key}: {value}" for key, value in head.items()), "---", "", body, ""])


def differing(one, other):
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


# --- The demo content and the corpus --------------------------------------------------------------------------------


def test_the_demo_content_comes_out_as_it_went_in_byte_by_byte(demo, tmp_path):
    """Twelve languages, with categories, pictures and announcements."""
    site = OwnSite(shutil.copytree(demo, tmp_path / "site"))
    site.manage("export_articles", str(tmp_path / "export"))
    assert differing(files_below(FIXTURES), files_below(tmp_path / "export")) == []


@pytest.fixture
def sample(db, tmp_path):
    """A part of the demo content, in five languages."""
    root = tmp_path / "sample"
    for code in FIVE:
        for place in (Path(code), Path("announcements", code)):
            shutil.copytree(
                FIXTURES / place, root / place, ignore=shutil.ignore_patterns("[b-d]*.md", "[g-l]*.md", "[n-z]*.md")
            )
    shutil.copy(FIXTURES / "categories.yaml", root)
    load_demo_facts()
    return root


def test_an_edit_of_one_article_is_the_only_difference_to_the_export_before(sample, exported, content_lead):
    imported(sample)
    before = exported()
    article = Article.objects.get(slug="api-keys")
    latest = TranslationState.objects.get(article=article, language="ko").latest
    text = drafting.Text(latest.title, latest.body + "\n한 문장 더.\n", latest.summary, latest.extra)
    revision = drafting.save_revision(article, "ko", text, by=content_lead, seen=latest.number)
    publishing.publish(revision, by=content_lead)
    after = exported()
    assert differing(before, after) == ["ko/api-keys.md"]
    assert after["ko/api-keys.md"] == before["ko/api-keys.md"] + "\n한 문장 더.\n".encode()


def test_an_export_comes_back_into_an_empty_site_and_out_again_unchanged(sample, exported, tmp_path):
    imported(sample)
    first = exported()
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert list(exported()) == ["categories.yaml"]
    load_demo_facts()
    imported(tmp_path / "export-0")
    assert exported() == first


def test_an_export_can_be_imported_again_and_changes_nothing(sample, exported, tmp_path):
    imported(sample)
    first = exported()
    report = imported(tmp_path / "export-0")
    assert (report.errors, report.imported, report.published) == ([], 0, 0)
    assert exported() == first


CORPUS_LANGUAGES = ("en", "ja", "zh-hant")


@pytest.mark.corpus
def test_the_corpus_comes_out_as_it_went_in(tmp_path, exported):
    """Canonical files byte by byte, the others with the same content."""
    root = need_corpus() / "corpus"
    sources = {}
    for code in CORPUS_LANGUAGES:
        for path in sorted((root / code).glob("*.md"))[::3]:
            sources |= {f"{folder}/{path.name}": (root / folder / path.name) for folder in {"en", code}}
    contents = {name: path.read_bytes() for name, path in sources.items()}
    report = imported(write_folder(tmp_path / "help", contents))
    assert report.errors == []
    out = exported()
    assert sorted(out) == sorted([*contents, "categories.yaml"])
    assert [name for name in contents if content_of(contents[name]) != content_of(out[name])] == []
    assert [name for name in contents if is_canonical(contents[name]) and contents[name] != out[name]] == []


def content_of(data):
    _, front, body = data.decode().removeprefix("\ufeff").replace("\r\n", "\n").split("---\n", 2)
    return yaml.safe_load(front), body.strip("\n")


def is_canonical(data):
    lines = data.decode().split("\n")
    keys = [line.partition(":")[0] for line in lines[1 : lines.index("---", 1)]]
    quoted = all(line.partition(": ")[2].startswith('"') for line in lines if line.startswith("title: "))
    return keys == ["title", "slug", "lang", "category", "source"] and quoted and b"\r" not in data


# --- Canonical form -------------------------------------------------------------------------------------------------


def test_a_document_with_every_key_comes_out_as_it_went_in(tmp_path, exported):
    text = canonical(
        "## Why {#why}\n\nBecause.\n", type="guide", summary='"In short: a \\"word\\" & a \\\\ sign."',
        audience="agents", source_lang="en", tags="[2fa, sign-in]", related="[b]", promoted="true",
        source="bitcoin.org", reviewed="2026-01-01  # by whom?", owners="\n  - Ada\n  - Lin",
    ).replace("source_lang: en\n", "").replace("owners: \n", "owners:\n")  # fmt: skip
    out = round_trip(tmp_path, exported, {"en/a.md": text, "en/b.md": canonical(slug="b")})
    assert out["en/a.md"].decode() == text


@pytest.mark.parametrize(
    "body", ["", "\n", "\n\nText.", "Text.", "Text.\n\n\n", "  indented", "a  \nb\t\n", "---\n\n---\n"]
)
def test_white_space_of_the_text_stays_as_it_is(tmp_path, exported, body):
    text = f'---\ntitle: "A title"\nslug: a\nlang: en\ncategory: help\n---\n\n{body}'
    assert round_trip(tmp_path, exported, {"en/a.md": text})["en/a.md"].decode() == text


@pytest.mark.parametrize("lang", FIVE)
@pytest.mark.parametrize(
    "title", ["清算価格はどこ？", "청산: “가격”", "لماذا؟ # لا", "- x: [y] {z} !t &a *b %c @d", "🙂 é é ﬁ"]
)
def test_titles_in_any_script_come_out_as_they_went_in(tmp_path, exported, lang, title):
    text = canonical(lang=lang, title=title, summary=f'"{title}"')
    source = {} if lang == "en" else {"en/a.md": canonical()}
    assert round_trip(tmp_path, exported, {f"{lang}/a.md": text, **source})[f"{lang}/a.md"].decode() == text


@pytest.mark.both
def test_unknown_keys_come_out_in_the_order_in_which_they_went_in(tmp_path, exported):
    """Whatever order a database would give the keys of a JSON object."""
    unknown = {"zebra": "1", "a-long-key-of-its-own": "yes", "b": "[x,  y]", "über": "'ü'", "source": "bitcoin.org"}
    text = canonical(**unknown)
    assert round_trip(tmp_path, exported, {"en/a.md": text})["en/a.md"].decode() == text


def test_defaults_are_left_out_and_the_order_is_that_of_the_page(tmp_path, exported):
    text = document(
        "Text.", title="Bare", lang="en", category="help", slug="a", audience="public", type="faq", promoted="false",
        tags="[]", source_lang="en", summary="''",
    )  # fmt: skip
    out = round_trip(tmp_path, exported, {"en/a.md": text})
    assert out["en/a.md"].decode() == canonical(title="Bare")


def test_an_article_that_exists_in_one_other_language_alone_comes_out_as_it_went_in(tmp_path, exported):
    text = canonical(lang="ja")
    assert round_trip(tmp_path, exported, {"ja/a.md": text})["ja/a.md"].decode() == text


@pytest.mark.parametrize("word", ["no", "yes", "on", "null", "true", "2fa", "007", "12", "0x10", "1_000", "2026-01-01"])
def test_words_that_yaml_reads_as_something_else_survive_as_tags_and_slugs(tmp_path, exported, word):
    files_in = {f"en/{word}.md": document(title='"A title"', tags=f'["{word}", other]', related='["b"]'),
                "en/b.md": document(related=f'["{word}"]')}  # fmt: skip
    first = round_trip(tmp_path, exported, files_in)
    assert f"en/{word}.md" in first
    for name, data in first.items():
        (tmp_path / "again" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "again" / name).write_bytes(data)
    assert imported(tmp_path / "again").errors == []
    assert exported() == first
    assert set(Article.objects.values_list("slug", flat=True)) == {word, "b"}


PRINTABLE = st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"])
LINES = st.text(PRINTABLE, max_size=60).map(str.strip)
SLUGS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)


@examples(80)
@given(LINES.filter(bool), LINES, SLUGS, st.lists(SLUGS, unique=True, max_size=4), st.booleans(), st.text(PRINTABLE))
def test_values_of_any_kind_are_read_as_they_were_written(title, summary, slug, tags, promoted, body):
    values = {"title": title, "slug": slug, "lang": "en", "category": slug, "summary": summary, "tags": tags}
    text = files.write({**values, "promoted": promoted}, "", body, files.ARTICLE_KEYS)
    read = files.parse(text, files.ARTICLE_KEYS)
    expected = {key: value for key, value in values.items() if value not in ("", [])}
    assert {key: read.values[key] for key in expected} == expected
    assert read.values.get("promoted", False) is promoted
    assert read.body == body
    assert files.write(read.values, read.unknown, read.body, files.ARTICLE_KEYS) == text


# --- What an export holds -------------------------------------------------------------------------------------------


def test_an_empty_site_is_an_empty_folder_that_can_be_imported(exported, tmp_path):
    assert list(exported()) == ["categories.yaml"]
    assert imported(tmp_path / "export-0").errors == []


def test_only_what_is_public_is_exported_and_drafts_where_asked(exported):
    article = ArticleFactory(slug="a", texts={"en": "Public."})
    save_text(article, "en", "Draft.")
    save_text(article, "ja", "下書き。")
    public, drafts = exported(), exported(drafts=True)
    assert public["en/a.md"].endswith(b"\n\nPublic.")
    assert "ja/a.md" not in public
    assert drafts["en/a.md"].endswith(b"\n\nDraft.")
    assert drafts["ja/a.md"].endswith("下書き。".encode())


def test_what_is_archived_or_taken_back_is_not_exported(exported):
    for slug, act in (("archived", publishing.archive), ("back", lambda a, by: publishing.unpublish(a, "en", by=by))):
        act(ArticleFactory(slug=slug, texts={"en": "Text."}), by=None)
    assert list(exported()) == ["categories.yaml"]


def test_articles_for_agents_come_out_marked(exported):
    ArticleFactory(slug="inside", agents_only=True, texts={"en": "Text."})
    assert b"\naudience: agents\n" in exported()["en/inside.md"]


def test_the_outdated_parts_of_a_translation_survive_the_way_into_another_site(exported, tmp_path):
    source = "## A {#a}\n\none\n\n## B {#b}\n\ntwo"
    article = ArticleFactory(slug="a", texts={"en": source, "ja": source.replace("one", "一")})
    publish_text(article, "en", source.replace("two", "three"))
    before = TranslationState.objects.get(language="ja").outdated
    assert [part["key"] for part in before] == ["section:b"]
    first = exported()
    assert b'\noutdated: ["section:b"]\n' in first["ja/a.md"]
    assert b"outdated" not in first["en/a.md"]
    write_folder(tmp_path / "other", {name.replace("a.md", "b.md"): data.replace(b"slug: a", b"slug: b")
                                      for name, data in first.items()})  # fmt: skip
    imported(tmp_path / "other")
    assert TranslationState.objects.get(article__slug="b", language="ja").outdated == before


def test_a_part_that_a_translation_lacks_stays_outdated_on_the_way_through_files(exported, tmp_path):
    text = {"en/a.md": canonical("## A {#a}\n\none\n\n## B {#b}\n\ntwo")}
    text["ja/a.md"] = canonical("## A {#a}\n\n一", lang="ja", outdated='["section:b"]')
    out = round_trip(tmp_path, exported, text)
    assert [part.key for part in TranslationState.objects.get(language="ja").outdated_parts] == ["section:b"]
    assert out["ja/a.md"].decode() == text["ja/a.md"]


def test_categories_come_out_as_the_tree_with_its_names(exported):
    first, second = CategoryFactory(slug="first", position=10), CategoryFactory(slug="second", position=20)
    CategoryFactory(slug="below", parent=second, position=10, name_ja="下", description_ar="وصف")
    assert yaml.safe_load(exported()["categories.yaml"]) == [
        {"slug": "first", "name": {"en": first.name_en}},
        {"slug": "second", "name": {"en": "Second"}, "children": [
            {"slug": "below", "name": {"en": "Below", "ja": "下"}, "description": {"ar": "وصف"}}]},
    ]  # fmt: skip


TREE = """- slug: trading
  name:
    en: Trading
    ja: 取引
- slug: account
  name:
    en: 'No: yes'
    ar: الحساب
  description:
    en: How to sign in, and what to do when the code is refused, the phone is lost or the address has changed since you registered with us years ago.
  children:
  - slug: security
    name:
      en: Security
    children:
    - slug: codes
      name:
        en: Codes
"""  # noqa: E501


@pytest.mark.both
def test_categories_come_out_as_they_went_in_wherever_they_stand(tmp_path, exported):
    assert round_trip(tmp_path, exported, {"categories.yaml": TREE})["categories.yaml"].decode() == TREE


def test_a_category_that_moved_comes_out_where_it_is_now(tmp_path, exported):
    imported(write_folder(tmp_path / "help", {"categories.yaml": TREE}))
    Category.objects.filter(slug="codes").update(parent=Category.objects.get(slug="trading"))
    (trading, account) = yaml.safe_load(exported()["categories.yaml"])
    assert [child["slug"] for child in trading["children"]] == ["codes"]
    assert "children" not in account["children"][0]


@pytest.mark.parametrize(("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("WEBP", "a.webp"), ("GIF", "a.gif")])
def test_pictures_come_out_and_go_in_again_unchanged(tmp_path, exported, kind, name):
    body = f"![x](pictures/{name})"
    first = round_trip(tmp_path, exported, {"en/a.md": canonical(body), f"en/pictures/{name}": encoded(kind)})
    report = imported(tmp_path / "export-0")
    assert (report.errors, report.imported) == ([], 0)
    assert exported() == first


def test_each_language_keeps_its_own_picture(exported):
    for number, code in enumerate(FIVE):
        picturing.save_picture("a.png", code, encoded("PNG", drawing(100 + number)), by=None)
    out = exported()
    assert len({out[f"{code}/pictures/a.png"] for code in FIVE}) == 5


def news(body="Text.", title="News", **front):
    return document(body, title=f'"{title}"', category=None, **front)


@pytest.mark.parametrize("lang", FIVE)
def test_announcements_come_out_as_they_went_in(tmp_path, exported, lang):
    text = news(
        "## Why\n\nBecause.", slug="a", lang=lang, kind="maintenance", summary='"In short."',
        published_at="2026-11-16T10:00:00Z", starts_at="2026-11-25T02:00:00Z", ends_at="2026-11-25T02:20:00Z",
        band="true",
    )  # fmt: skip
    name = f"announcements/{lang}/a.md"
    assert round_trip(tmp_path, exported, {name: text})[name].decode() == text


ODD_NEWS = {
    "no summary": {"published_at": "2026-11-16T10:00:00Z"},
    "not published yet": {"summary": '"In short."'},
    "another source language": {"summary": '"In short."', "source_lang": "ja", "published_at": "2026-11-16T10:00:00Z"},
    "unknown keys": {"summary": '"In short."', "published_at": "2026-11-16T10:00:00Z", "owner": "Ada", "b": "[1, 2]"},
}


@pytest.mark.parametrize("name", ODD_NEWS)
def test_announcements_with_other_keys_come_out_as_they_went_in(tmp_path, exported, name):
    texts = {f"announcements/{code}/a.md": news(slug="a", lang=code, **ODD_NEWS[name]) for code in ("en", "ja")}
    out = round_trip(tmp_path, exported, texts)
    assert {path: out[path].decode() for path in texts} == texts


# --- The command ----------------------------------------------------------------------------------------------------


def test_the_command_writes_the_folder_and_says_how_many(tmp_path, capsys):
    ArticleFactory(slug="a", texts={"en": "Text.", "ja": "本文。"})
    call_command("export_articles", str(tmp_path / "new" / "folder"))
    assert "2 texts" in capsys.readouterr().out
    assert (tmp_path / "new/folder/ja/a.md").read_text("utf-8").endswith("本文。")


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_articles", str(tmp_path / "file"))


def test_an_export_changes_nothing_in_the_site(exported):
    ArticleFactory(slug="a", texts={"en": "Text.", "ja": "本文。"})
    before = list(Revision.objects.values()), list(TranslationState.objects.values())
    exported()
    assert (list(Revision.objects.values()), list(TranslationState.objects.values())) == before


def test_a_number_of_queries_that_does_not_grow_with_the_articles(tmp_path, django_assert_max_num_queries):
    for number in range(30):
        ArticleFactory(slug=f"a{number}", texts={"en": "Text."})
    with django_assert_max_num_queries(12):
        export_folder(tmp_path / "out", drafts=False)
