"""Which articles the prepared replies use: kept as uses of the articles, for those who change one."""

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from helpcenter.models import Article, ArticleUse, TranslationState
from supportdesk.ui.languages import column, content_languages
from tickets.actions.cited_articles import articles_of
from tickets.models import Macro
from tickets.quotes import WHOLE, Link, key_at, links_of_macro

MACRO = "macro"  # how a use of an article names this kind of place
_PERSONAL, _TEAM = "workspace:macro", "admin:tickets_macro_change"


def address_of(macro: Macro) -> str:
    """Where a macro is changed: a personal one by its owner, one of the team in the admin."""
    return reverse(_TEAM if macro.owner_id is None else _PERSONAL, args=[macro.pk])


@transaction.atomic
def note_macro(macro: Macro) -> int:
    """Keep which articles a macro uses in any language, in place of what was kept of it before; returns how many."""
    forget_macro(macro)
    texts = (getattr(macro, column("body", code)) or "" for code in content_languages())
    links = {link for text in texts for link in links_of_macro(text, settings.SITE_URL)}
    articles = articles_of(links)
    places = {(article, _key_in(article, link)) for link in links if (article := articles.get(link.slug))}
    own = {"source_kind": MACRO, "source_url": address_of(macro), "label": macro.name}
    ArticleUse.objects.bulk_create(ArticleUse(article=article, step_key=key, **own) for article, key in places)
    return len(places)


def _key_in(article: Article, link: Link) -> str:
    """The part that a link leads to, in the first public text that has it."""
    if not link.anchor:
        return WHOLE
    states = TranslationState.objects.of(article).published().select_related("published")
    texts = [state.published for state in states if state.published is not None]
    return next((key for text in texts if (key := key_at(text.parts, link.anchor))), WHOLE)


def forget_macro(macro: Macro) -> None:
    """Remove the recorded uses of a macro, whoever owned it."""
    addresses = [reverse(name, args=[macro.pk]) for name in (_PERSONAL, _TEAM)]
    ArticleUse.objects.filter(source_kind=MACRO, source_url__in=addresses).delete()


def note_macros_naming(article: Article) -> int:
    """Look again at the macros that name an article: they may be older than it, or than one of its steps."""
    named = Q()
    for code in content_languages():
        named |= Q(**{f"{column('body', code)}__contains": article.slug})
    return sum(note_macro(macro) for macro in Macro.objects.filter(named))


def macros_using(article: int, keys: list[str]) -> QuerySet[ArticleUse]:
    """Uses of an article, or of one of its parts, by macros."""
    uses = ArticleUse.objects.filter(source_kind=MACRO, article=article, step_key__in=keys)
    return uses.order_by("label", "pk")
