"""Tokens of the staff: everybody makes and takes back their own; who may see all takes back any."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts import scopes, tokens
from supportdesk.accounts.models import ApiToken
from supportdesk.ui import shown_once


class TokenForm(forms.ModelForm):
    """`person` is set by the screen: whoever is signed in."""

    person: Any = None
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ApiToken
        fields = ("name", "scopes", "expires_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scopes.offered_to(self.person)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            try:
                tokens.refuse(self.person, values["name"], values["scopes"], values["expires_at"])
            except ValidationError as error:
                self.add_error(None, error)
        return values


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    form = TokenForm
    list_display = ("name", "prefix", "person", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("person",)
    list_per_page = 50
    actions = ("take_back",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        found = super().get_queryset(request)
        return found if request.user.has_perm("accounts.view_apitoken") else found.filter(person=request.user.pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    has_add_permission = has_view_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.person = request.user
        return form

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        values = form.cleaned_data
        person: Any = request.user
        made = tokens.make_token(person, values["name"], values["scopes"], by=person, expires_at=values["expires_at"])
        obj.pk, obj.prefix = made.token.pk, made.token.prefix
        request.made_key = made.key  # type: ignore[attr-defined]  # shown by `response_add`

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None) -> HttpResponse:
        return shown_once.page(
            request,
            self.admin_site,
            title=gettext("Your new token"),
            advice=gettext("Copy it now: it is not shown again. Whoever has it acts in your name; take it back here."),
            value=request.made_key,  # type: ignore[attr-defined]
            back=reverse("admin:accounts_apitoken_changelist"),
        )

    @admin.action(description=_("Take back"), permissions=["view"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        for token in queryset:
            tokens.revoke_token(token, by=request.user)
        self.message_user(request, gettext("Taken back. Nobody gets in with it any more."))
