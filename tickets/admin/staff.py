"""Choosing a person of the staff."""

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey
from django.http import HttpRequest


class StaffChoosingAdmin(BaseModelAdmin):
    """Offers the active staff for the fields named in `staff`. Not by typing: that search asks for the right to see
    all accounts, which leads do not have."""

    staff: tuple[str, ...] = ()

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.staff:
            people = get_user_model()._default_manager.filter(is_staff=True, is_active=True)
            kwargs["queryset"] = people.order_by("name", "email")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
