"""The tree by which readers browse."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from tree_queries.models import OrderableTreeNode
from tree_queries.query import TreeQuerySet

DEEPEST = 3
gettext_noop("parent")  # the name of the library's field, which it does not translate


def category_path(slug: str, language: str) -> str:
    """Where readers of a language find a category."""
    return f"/{language}/categories/{slug}/"


class CategoryQuerySet(TreeQuerySet):
    def in_order(self) -> "CategoryQuerySet":
        """Parents before their children, siblings by position (and by slug where two have the same)."""
        return self.all().order_siblings_by("position", "slug").order_by("tree_ordering")


class Category(OrderableTreeNode):
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta(OrderableTreeNode.Meta):
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name or self.slug

    def clean(self) -> None:
        super().clean()
        if self.parent_id and self.parent is not None and self.parent.depth() + self.height() > DEEPEST:
            raise ValidationError(
                {"parent": _("Categories go %(levels)d levels deep. Choose a parent further up.") % {"levels": DEEPEST}}
            )

    def depth(self) -> int:
        """Levels from the top, counted from one."""
        return len(self.ancestors(include_self=True)) if self.pk else 1

    def height(self) -> int:
        """Levels of the branch that hangs on this category, itself counted."""
        if not self.pk:
            return 1
        levels = self.descendants(include_self=True).values_list("tree_depth", flat=True)
        return 1 + max(levels, default=0) - min(levels, default=0)
