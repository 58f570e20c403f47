"""What a browser posts to the admin, and how its answers are read."""

import io

from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from helpcenter.enums import EventKind, FindingKind, Stage
from helpcenter.models import (
    Announcement,
    Article,
    ContentEvent,
    FactKind,
    Feedback,
    Finding,
    LinkHost,
    Picture,
    PopularSearch,
    SearchLog,
    Synonym,
    Tag,
    TranslationState,
)
from supportdesk.accounts import sessions
from tests.helpcenter.factories import ArticleFactory, CategoryFactory

SECRET = "KxDkWkKNYhTgD9tm1xmpXSEkjmewpz8r3mF85bwHzc37eMk1go6z"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
TEXTS = {
    "en": ("What is the mark price?", "## Why {#why}\n\nBecause it is fair."),
    "zh-hans": ("什么是标记价格？", "## 为什么 {#why}\n\n因为它公平。"),
    "ja": ("マーク価格とは何ですか。", "## なぜ {#why}\n\n公正だからです。"),
    "ko": ("시장 평균가란 무엇인가요?", "## 이유 {#why}\n\n공정하기 때문입니다."),
    "ar": ("ما هو سعر العلامة؟", "## لماذا {#why}\n\nلأنه عادل."),
}

CODES = ("en", "zh_hans", "zh_hant", "ja", "ko", "ru", "es", "fr", "pt_br", "tr", "vi", "ar")


def signed_in(user) -> Client:
    """Somebody as the page for signing in leaves them: it is known until when they are in."""
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.user, request.session = user, client.session
    sessions.begin(request)
    request.session.save()
    return client


def change(model: str, pk: int, language: str = "") -> str:
    url = reverse(f"admin:helpcenter_{model}_change", args=[pk])
    return f"{url}?language={language}" if language else url


def listed(model: str) -> str:
    return reverse(f"admin:helpcenter_{model}_changelist")


def selected(action: str, *articles: Article) -> dict[str, object]:
    """What the list of articles posts for some of them."""
    return {"action": action, "_selected_action": [article.pk for article in articles]}


def slugs(answer) -> list[str]:
    """What a list of articles shows."""
    return sorted(article.slug for article in answer.context["cl"].result_list)


def archiving(article: Article) -> str:
    return reverse("admin:helpcenter_article_archive", args=[article.pk])


def html(answer) -> str:
    return answer.content.decode()


def words(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def article_form(article: Article | None = None, language: str = "en", **changes: str) -> dict[str, str]:
    """What a browser posts: the details, the text, and the empty lists below the form."""
    category = article.category if article else CategoryFactory()
    state = TranslationState.objects.filter(article=article, language=language).first() if article else None
    fields = {
        "slug": article.slug if article else "mark-price",
        "kind": "faq",
        "category": category.pk,
        "audience": "public",
        "source_language": article.source_language if article else "en",
        "text_language": language,
        "text_title": TEXTS[language][0],
        "text_summary": "",
        "text_body": TEXTS[language][1],
        "seen": state.latest.number if state and state.latest else 0,
        "significance": "major",
        "note": "",
    }
    empty = {f"{name}-{part}": 0 for name in ("tag_rows", "related_rows") for part in ("TOTAL_FORMS", "INITIAL_FORMS")}
    return {**empty, **fields, **changes}


def tabs(answer) -> dict[str, str]:
    return {tab.language.code: str(tab.word) for tab in answer.context["tabs"]}


def announcement_form(**changes: str) -> dict[str, str]:
    fields = {
        "slug": "maintenance",
        "kind": "maintenance",
        "source_language": "en",
        "text_language": "en",
        "text_title": "Maintenance on Sunday",
        "text_summary": "",
        "text_body": "We pause **trading** for an hour.",
        "published_at_0": "2026-11-01",
        "published_at_1": "08:00",
    }
    return {**fields, **changes}


def picture(width: int = 8, kind: str = "PNG", name: str = "a.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (width, 4), "teal").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), content_type="text/html")


def picture_form(**changes: object) -> dict[str, object]:
    return {
        "name": "a.png",
        "language": "en",
        "file": picture(),
        "files-TOTAL_FORMS": 0,
        "files-INITIAL_FORMS": 0,
        **changes,
    }


def fill(count: int) -> None:
    """`count` rows of everything that has a list."""
    now = timezone.now()
    start = Article.objects.count()
    for number in range(start, start + count):
        article = ArticleFactory(texts={"en": "Text."})
        Feedback.objects.create(
            article=article, language="en", helpful=False, reason="hard", comment="?", address_hash=f"{number}", day=now
        )
        SearchLog.objects.create(
            token=f"{number}", query="fees", language="en", hits=1, stage=Stage.ALL_WORDS, clicked=article
        )
        Finding.objects.create(
            revision=article.revisions.first(), kind=FindingKind.LINK_HOST, detail=f"{number}.example"
        )
        announcement = Announcement.objects.create(slug=f"news-{number}", title_en="News", published_at=now)
        ContentEvent.objects.create(kind=EventKind.ANNOUNCED, announcement=announcement)
        Tag.objects.create(slug=f"tag-{number}")
        LinkHost.objects.create(host=f"{number}.example")
        Synonym.objects.create(words=f"a{number}, b")
        PopularSearch.objects.create(text_en=f"query {number}", position=number)
        Picture.objects.create(name=f"{number}.png")


def preview(article: Article, language: str = "en") -> str:
    return reverse("admin:helpcenter_article_preview", args=[article.pk, language])


def unpublishing(pk: int, language: str) -> str:
    return reverse("admin:helpcenter_article_unpublish", args=[pk, language])


def category_form(**changes: object) -> dict[str, object]:
    names = {f"{name}_{code}": "" for name in ("name", "description") for code in CODES}
    return {**names, "slug": "fees", "name_en": "Fees", "parent": "", "position": 10, **changes}


def fact_form(fact=None, *rows, **changes):
    """What a browser posts: the fact, its stored values as they are, and new rows."""
    stored = list(fact.values.order_by("effective_from")) if fact else []
    fields = {"values-TOTAL_FORMS": len(stored) + len(rows), "values-INITIAL_FORMS": len(stored)}
    for number, row in enumerate([*stored, *rows]):
        own = {"id": getattr(row, "pk", "") or "", "fact": fact.pk if fact else "", "region": row.region_id or ""}
        own |= {"value": row.value, "source": row.source, "note": row.note}
        for name in ("effective_from", "effective_until"):
            at = getattr(row, name)
            own |= {f"{name}_0": f"{at:%Y-%m-%d}" if at else "", f"{name}_1": f"{at:%H:%M:%S}" if at else ""}
        fields |= {f"values-{number}-{name}": text for name, text in own.items()}
    kind = FactKind.objects.get_or_create(slug="taker-fee", defaults={"unit": "percent"})[0]
    own = {"subject": "btcusdt-perp", "kind": kind.pk} if fact is None else {}
    seen = fact.updated_at.isoformat() if fact else ""
    return {**fields, **own, "unit": fact.unit if fact else "", "seen": seen, **changes}
