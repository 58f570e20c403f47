"""Who may review the texts of a language: one question to the database for all of them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from helpcenter.actions.access import REVIEWING
from helpcenter.enums import TeamRole
from helpcenter.models import Article, TeamMember
from supportdesk.accounts.models import User


@dataclass(frozen=True)
class Reviewers:
    """The people who may review a language, and those of them who lead it or publish by their place in its team;
    `writers` are all who may change articles. The rules are those of `access`, which every action asks again."""

    people: tuple[User, ...]
    leads: frozenset[int]
    team: frozenset[int]
    writers: tuple[User, ...] = ()

    def __contains__(self, person: object) -> bool:
        return person in self.people

    def besides(self, person: Any) -> list[User]:
        return [other for other in self.people if other != person]


def reviewers(article: Article, language: str) -> Reviewers:
    """Everybody on the staff who may review the texts of an article in a language, by name."""
    everybody = list(_candidates(language))
    found = [person for person in everybody if person.is_candidate]  # type: ignore[attr-defined]
    writers = tuple(person for person in everybody if person.is_writer and person.is_active and person.is_staff)  # type: ignore[attr-defined]
    team = {person.pk for person in found if person.is_reviewer}  # type: ignore[attr-defined]
    leads = {person.pk for person in found if person.is_lead}  # type: ignore[attr-defined]
    is_open = language == article.source_language or not team
    people = [person for person in found if person.pk in leads | team or is_open]
    active = tuple(person for person in people if person.is_active and person.is_staff)
    return Reviewers(active, frozenset(leads), frozenset(team), writers)


def _candidates(language: str) -> QuerySet[User]:
    place = TeamMember.objects.filter(person=OuterRef("pk"), language=language)
    is_reviewer, leads_team = Exists(place.filter(role__in=REVIEWING)), Exists(place.filter(role=TeamRole.LEAD))
    is_lead = Q(leads_team) | Q(is_superuser=True) | _holds("lead_article")
    reviews = Q(is_reviewer=True) | Q(is_lead=True) | _holds("review_article")
    writes = Q(is_superuser=True) | _holds("change_article")
    marked = User.objects.annotate(is_reviewer=is_reviewer, is_lead=_yes(is_lead))
    marked = marked.annotate(is_candidate=_yes(reviews), is_writer=_yes(writes))
    return marked.filter(Q(is_candidate=True) | Q(is_writer=True)).order_by("name", "email")


def _yes(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _holds(codename: str) -> Q:
    """Whether a person has a right of the help centre, of their own or by a group."""
    own = User.user_permissions.through.objects.filter(user=OuterRef("pk"))
    by_group = User.groups.through.objects.filter(user=OuterRef("pk"))
    named = {"codename": codename, "content_type__app_label": "helpcenter"}
    direct = own.filter(**{f"permission__{name}": value for name, value in named.items()})
    grouped = by_group.filter(**{f"group__permissions__{name}": value for name, value in named.items()})
    return Q(Exists(direct)) | Q(Exists(grouped))
