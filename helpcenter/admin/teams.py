"""Language teams: who translates, reviews and leads where, and what waits in a person's own languages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter import matrix
from helpcenter.actions import access
from helpcenter.admin.languages import language_choices
from helpcenter.admin.matrix import drawn_cell, shown_language
from helpcenter.admin.refusals import RefusingAdmin
from helpcenter.enums import TeamRole
from helpcenter.matrix import Asked
from helpcenter.models import TeamMember
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages

SHOWN = 10  # articles of a language


class TeamMemberForm(forms.ModelForm):
    """A member; `led` are the languages whose teams the person at the form puts together."""

    led: tuple[str, ...] = ()

    class Meta:
        model = TeamMember
        fields = ("language", "person", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            choices = [(code, name) for code, name in language_choices() if code in self.led]
            self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=choices)
            staff = get_user_model()._default_manager.filter(is_staff=True, is_active=True)
            self.fields["person"] = forms.ModelChoiceField(
                staff.order_by("name", "email"), label=_("Person"), help_text=_("Only staff can be in a team.")
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        language, person = data.get("language"), data.get("person")
        if person and TeamMember.objects.filter(language=language, person=person).exists():
            message = _("%(person)s is in this team already. Change the role there.")
            self.add_error("person", forms.ValidationError(message, params={"person": person}))
        return data


@admin.register(TeamMember)
class TeamMemberAdmin(RefusingAdmin):
    """Content leads put all teams together, a language lead the teams of their languages. Person and language of a row
    never change: for somebody else there is a new row."""

    form = TeamMemberForm
    change_list_template = "admin/helpcenter/translations/teams.html"
    list_display = ("language_name", "person", "role")
    list_display_links = ("person",)
    list_filter = ("role",)
    list_select_related = ("person",)
    list_per_page = 100
    search_fields = ("language", "person__name", "person__email")
    actions = None

    def get_urls(self) -> list[URLPattern]:
        mine = path("mine/", self.admin_site.admin_view(self.mine), name="helpcenter_teammember_mine")
        return [mine, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamMember]:
        places = [When(language=code, then=Value(place)) for place, code in enumerate(content_languages())]
        roles = [When(role=role, then=Value(place)) for place, role in enumerate(reversed(TeamRole.values))]
        return TeamMember.objects.annotate(place=Case(*places, default=Value(len(places))), rank=Case(*roles))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Language by language as the site has them; leads first."""
        return ("place", "language", "rank", "person__name")

    @admin.display(description=_("language"))
    def language_name(self, member: TeamMember) -> str:
        return _name(member.language)

    def get_readonly_fields(self, request: HttpRequest, obj: TeamMember | None = None) -> tuple[str, ...]:
        return ("language_name", "person") if obj else ()

    def get_fields(self, request: HttpRequest, obj: TeamMember | None = None) -> tuple[str, ...]:
        return ("language_name", "person", "role") if obj else ("language", "person", "role")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        return type("LedForm", (form,), {"led": tuple(access.led_languages(request.user))})

    # Rights: of the role for all languages, of a lead for their own. What the start page lists needs no question.

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        found = {verb: request.user.has_perm(f"helpcenter.{verb}_teammember") for verb in ("add", "change", "delete")}
        return {**found, "view": self.has_view_permission(request)}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) or bool(access.led_languages(request.user))

    def has_change_permission(self, request: HttpRequest, obj: TeamMember | None = None) -> bool:
        return super().has_change_permission(request, obj) or _leads(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: TeamMember | None = None) -> bool:
        return super().has_delete_permission(request, obj) or _leads(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: TeamMember | None = None) -> bool:
        return request.user.has_perm("helpcenter.view_teammember")

    def mine(self, request: HttpRequest) -> HttpResponse:
        """What waits for this person in each of their languages."""
        if not request.user.has_perm("helpcenter.view_translationstate"):
            raise PermissionDenied
        context = {"teams": teams_of(request.user, shown_language()), "title": gettext("My languages"), "most": SHOWN}
        page = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, "admin/helpcenter/translations/mine.html", page)


def _leads(request: HttpRequest, member: TeamMember | None) -> bool:
    return member is not None and member.language in access.led_languages(request.user)


def _name(code: str) -> str:
    """A language as its readers call it; its code where the site no longer has it."""
    return languages.language(code).name if languages.is_known(code) else code


def teams_of(person: Any, shown_in: str) -> list[dict[str, Any]]:
    """The languages that a person is in the team of (all that they write in, where they are in none), each with its
    members and with what waits there. Shape: `language`, `role` (a label, empty outside a team), `members`, `waiting`
    (how many), `rows` (the first, each with its cell)."""
    members = TeamMember.objects.select_related("person").order_by("person__name")
    teams: dict[str, list[TeamMember]] = {}
    for member in members:
        teams.setdefault(member.language, []).append(member)
    own = {code: one for code, team in teams.items() for one in team if one.person_id == person.pk}
    found = matrix.matrix(Asked(shown_in=shown_in), timezone.now())
    codes = [code for code in content_languages() if code in (own or access.written_languages(person))]
    return [_team(found, person, code, own.get(code), teams.get(code, [])) for code in codes]


def _team(
    found: matrix.Matrix, person: Any, code: str, own: TeamMember | None, members: list[TeamMember]
) -> dict[str, Any]:
    waiting = matrix.waiting_in(found, person, code)
    return {
        "language": languages.language(code),
        "role": own.get_role_display() if own else "",
        "members": members,
        "waiting": len(waiting),
        "rows": [(row, drawn_cell(row, code, row.cells[0], None)) for row in waiting[:SHOWN]],
    }
