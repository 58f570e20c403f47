"""The tree by which readers browse."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from tree_queries.models import OrderableTreeNode
from tree_queries.query import TreeQuerySet

DEEPEST = 3


class CategoryQuerySet(TreeQuerySet):
    def in_order(self) -> "CategoryQuerySet":
        """Parents before their children, siblings by position."""
        return self.with_tree_fields()


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
        if self.parent_id and self.parent is not None and self.parent.depth() + 1 > DEEPEST:
            raise ValidationError(
                {"parent": _("Categories go %(levels)d levels deep. Choose a parent further up.") % {"levels": DEEPEST}}
            )

    def depth(self) -> int:
        """Levels from the top, counted from one."""
        return len(self.ancestors(include_self=True)) if self.pk else 1
