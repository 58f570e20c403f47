"""Articles as documents again: what is public, in canonical form."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from django.db.models import F

from helpcenter.actions import announcing, drafting
from helpcenter.content import files
from helpcenter.content.folder import ANNOUNCEMENTS, CATEGORIES, PICTURES
from helpcenter.models import Announcement, Article, Category, PictureFile, Revision, TranslationState
from supportdesk.ui.languages import column, content_languages


def export_folder(root: Path, *, drafts: bool, on_progress: Callable[[int], None] = lambda count: None) -> int:
    """Write categories, articles, pictures and announcements below `root`; returns the number of texts.

    Public texts; with `drafts` the newest text of each language, public or not.
    """
    root.mkdir(parents=True, exist_ok=True)
    _write(root / CATEGORIES, _categories())
    written = 0
    for article, revision, source in _revisions(drafts=drafts):
        outdated = drafting.outdated_keys(revision, source)
        _write(root / revision.language / f"{article.slug}.md", document(article, revision, outdated))
        written += 1
        on_progress(written)
    for file in PictureFile.objects.select_related("picture").iterator():
        _write(root / file.language / PICTURES / file.picture.name, file.read_master())
    _export_announcements(root / ANNOUNCEMENTS)
    return written


def _revisions(*, drafts: bool) -> Iterator[tuple[Article, Revision, Revision | None]]:
    """Each text with its article and with the text that translators work from now."""
    which = "latest" if drafts else "published"
    articles = Article.objects.reading([]).filter(archived_at__isnull=True)
    known = {a.pk: a for a in articles.prefetch_related("tag_rows__tag", "related_rows__to")}
    categories = dict(Category.objects.values_list("pk", "slug"))
    states = TranslationState.objects.filter(article__in=known)
    of_source = states.filter(language=F("article__source_language")).select_related("published", "latest")
    sources = {state.article_id: state.published or state.latest for state in of_source}
    wanted = states.filter(**{f"{which}__isnull": False}).select_related(which, f"{which}__based_on")
    for state in wanted.order_by("language", "article__slug").iterator():
        article = known[state.article_id]
        article.category_slug = categories[article.category_id]
        yield article, getattr(state, which), sources.get(article.pk)


def document(article: Article, revision: Revision, outdated: list[str]) -> str:
    """A text of an article as one document; the article knows its `category_slug`, `tag_rows` and `related_rows`."""
    values: dict[str, Any] = {
        "title": revision.title,
        "slug": article.slug,
        "lang": revision.language,
        "category": article.category_slug,  # type: ignore[attr-defined]
        "type": str(article.kind),
        "summary": revision.summary,
        "audience": str(article.audience),
        "source_lang": article.source_language,
        "tags": [row.tag.slug for row in article.tag_rows.all()],
        "related": [row.to.slug for row in article.related_rows.all()],
        "promoted": article.is_promoted,
        "outdated": outdated,
        "questions": revision.questions,
    }
    return files.write(values, revision.extra, revision.body, files.ARTICLE_KEYS)


def _categories() -> str:
    rows = list(Category.objects.in_order())
    entries: dict[int, dict[str, Any]] = {}
    top: list[dict[str, Any]] = []
    for row in rows:
        entry: dict[str, Any] = {"slug": row.slug}
        for name in ("name", "description"):
            texts = {code: value for code in content_languages() if (value := getattr(row, column(name, code)))}
            if texts:
                entry[name] = texts
        entries[row.pk] = entry
        (entries[row.parent_id].setdefault("children", []) if row.parent_id else top).append(entry)
    return yaml.safe_dump(top, allow_unicode=True, sort_keys=False, width=200)


def _export_announcements(root: Path) -> None:
    for item in Announcement.objects.all():
        for code in item.languages():
            values = {
                "title": item.text("title", code),
                "slug": item.slug,
                "lang": code,
                "kind": str(item.kind),
                "summary": announcing.written_summary(item, code),
                "source_lang": item.source_language,
                **{name: _moment(getattr(item, name)) for name in ("published_at", "starts_at", "ends_at")},
                "band": item.is_band,
            }
            _write(
                root / code / f"{item.slug}.md",
                files.write(values, item.text("extra", code), item.text("body", code), files.ANNOUNCEMENT_KEYS),
            )


def _moment(value: Any) -> str | None:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def _write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content, encoding="utf-8", newline="\n")
