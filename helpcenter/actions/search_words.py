"""What may stand in a group of synonyms, and the queries that the home page offers."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.models import PopularSearch
from helpcenter.models.search_log import ARROW, sides_of
from supportdesk.ui.languages import column, content_languages


def fault_in_synonyms(words: str) -> str:
    """What is wrong with a group of synonyms as `tidied` writes it; empty where nothing is."""
    if words.count(ARROW) > 1:
        return gettext("Write the arrow once: what people say => what the articles say.")
    said, meant = sides_of(words)
    if ARROW in words and not (said and meant):
        return gettext("Write words on both sides of the arrow: what people say => what the articles say.")
    return "" if len({*said, *meant}) > 1 else gettext("Write at least two words, separated by commas.")


@transaction.atomic
def offer_searches(queries: Iterable[dict[str, str]]) -> None:
    """Make these the queries of the home page, each with its words by language."""
    PopularSearch.objects.all().delete()
    for position, words in enumerate(queries):
        texts = {column("text", code): words[code] for code in content_languages() if words.get(code)}
        PopularSearch.objects.create(position=position, **texts)
    freshness.bump()
