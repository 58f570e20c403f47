from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts import actions, tokens
from supportdesk.accounts.finding import FindsAddresses
from supportdesk.accounts.forms import ZoneChoiceField
from supportdesk.accounts.models import User
from supportdesk.accounts.token_admin import ApiTokenAdmin

__all__ = ["ApiTokenAdmin", "PersonAdmin"]


def language_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)


class AsStored:
    """Addresses are stored as they are looked for: in small letters, their hosts in ASCII."""

    def clean_email(self) -> str:
        own: Any = self
        return User.objects.normalize_email(own.cleaned_data["email"])


class PersonCreationForm(AsStored, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class PersonChangeForm(AsStored, UserChangeForm):
    language = language_field()
    time_zone = ZoneChoiceField(label=capfirst(_("time zone")))

    class Meta:
        model = User
        fields = "__all__"


class NewPasswordForm(AdminPasswordChangeForm):
    """An administrator gives somebody another password: what programs had of them ends, as their sessions do."""

    def save(self, commit: bool = True) -> User:
        person: User = super().save(commit)
        tokens.revoke_tokens_of(person)
        return person


@admin.register(User)
class PersonAdmin(FindsAddresses, UserAdmin):
    form = PersonChangeForm
    add_form = PersonCreationForm
    change_password_form = NewPasswordForm
    ordering = ("email",)
    list_display = ("email", "name", "language", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active", "groups", "language")
    search_fields = ("email", "name")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("name", "language", "time_zone", "tier")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            actions.end_access_by_former_address(obj, kept_session=request.session.session_key)
