"""`manage.py remember_translations`: build the translation memory from what is public now."""

from typing import Any

from django.core.management.base import BaseCommand

from helpcenter.actions import remembering
from helpcenter.models import Article


class Command(BaseCommand):
    help = "Build the translation memory from all public translations. Doing it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = Article.objects.reading([]).order_by("pk").values_list("pk", flat=True)
        count = sum(remembering.remember_article(pk) for pk in keys)
        self.stdout.write(f"{count} segments of {len(keys)} articles are remembered.")
