"""Who may do what to content. None stands for the system itself: commands that an operator runs.

Rights say what a person may do anywhere; the teams of languages narrow or widen it for one language. A person who
belongs to teams writes in their languages alone; an editor (who may add articles) writes in all.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from helpcenter.enums import TeamRole
from helpcenter.models import Article, TeamMember, TranslationState
from supportdesk.accounts.models import User
from supportdesk.ui import languages

REVIEWING = (TeamRole.REVIEWER, TeamRole.LEAD)


def require(by: Any, permission: str) -> None:
    """Refuse a person without a right. Raises PermissionDenied."""
    if by is not None and not by.has_perm(permission):
        raise PermissionDenied(gettext("You do not have the right “%(right)s”.") % {"right": permission})


def may_write(by: Any, article: Article, language: str) -> bool:
    """Whether a person may save a text of a language."""
    if by is None or by.has_perm("helpcenter.add_article"):
        return by is None or by.has_perm("helpcenter.change_article")
    if not by.has_perm("helpcenter.change_article"):
        return False
    teams = _teams(by)
    return not teams or language in teams


def written_languages(by: Any) -> list[str]:
    """The languages in which a person may save texts, of any article."""
    if by is not None and not by.has_perm("helpcenter.change_article"):
        return []
    teams = {} if by is None or by.has_perm("helpcenter.add_article") else _teams(by)
    return [code for code in languages.content_languages() if not teams or code in teams]


def may_review(by: Any, article: Article, language: str) -> bool:
    """Whether a person may decide on the text of a language. A language with reviewers of its own is theirs and the
    leads'; the source, and a language without reviewers, is for everybody who may review."""
    if by is None or leads(by, language):
        return True
    if _has_role(by, language, REVIEWING):
        return True
    if not by.has_perm("helpcenter.review_article"):
        return False
    return language == article.source_language or not TeamMember.objects.filter(
        language=language, role__in=REVIEWING
    ).exists()  # fmt: skip


def may_publish(by: Any, article: Article, language: str) -> bool:
    """Whether a person may make an approved text public, and take it back."""
    return by is None or by.has_perm("helpcenter.publish_article") or _has_role(by, language, REVIEWING)


def leads(by: Any, language: str) -> bool:
    """Whether a person may approve what they wrote themselves, and accept differences of a translation."""
    return by is None or by.has_perm("helpcenter.lead_article") or _has_role(by, language, (TeamRole.LEAD,))


def led_languages(by: Any) -> list[str]:
    """The languages whose teams a person puts together: all of them by right, or those that they lead."""
    if by is None or by.has_perm("helpcenter.change_teammember"):
        return list(languages.content_languages())
    if not (by.is_active and by.is_staff):
        return []
    return [code for code in languages.content_languages() if _teams(by).get(code) == TeamRole.LEAD]


def may_approve(by: Any, state: TranslationState) -> bool:
    """Whether a person may approve the newest text: nobody approves their own unless they lead."""
    if by is None or leads(by, state.language):
        return True
    author = state.latest.created_by_id if state.latest else None
    return author != by.pk and state.submitted_by_id != by.pk and may_review(by, state.article, state.language)


def waiting_for(by: Any, *, but_own: bool = False) -> QuerySet[TranslationState]:
    """Texts in review on which a person may decide: `may_review` and `may_approve` for all at once. What they wrote or
    sent themselves is among them where they lead, unless the work of others alone is asked for (`but_own`)."""
    waiting = TranslationState.objects.in_review().filter(article__archived_at__isnull=True)
    is_own = Q(submitted_by=by) | Q(latest__created_by=by)
    if but_own:
        waiting = waiting.exclude(is_own)
    if by.has_perm("helpcenter.lead_article"):
        return waiting
    teams = TeamMember.objects.filter(person=by)
    allowed = Q(language__in=teams.filter(role__in=REVIEWING).values("language"))
    if by.has_perm("helpcenter.review_article"):
        taken = TeamMember.objects.filter(role__in=REVIEWING).values("language")
        allowed |= Q(language=F("article__source_language")) | ~Q(language__in=taken)
    led = teams.filter(role=TeamRole.LEAD).values("language")
    return waiting.filter(allowed).exclude(is_own & ~Q(language__in=led))


def people_with(permission: str) -> QuerySet[User]:
    """The members of the staff who have a right of the help centre, such as `lead_article`."""
    name = {"codename": permission, "content_type__app_label": "helpcenter"}
    held = Permission.objects.filter(**name).values("pk")
    holds = Q(is_superuser=True) | Q(user_permissions__in=held) | Q(groups__permissions__in=held)
    return User.objects.filter(holds, is_staff=True, is_active=True).distinct()


def on_duty(people: Iterable[User]) -> list[User]:
    """The people whose turn it is. Administrators, who may do everything, are asked only where there is nobody else."""
    found = list(people)
    return [person for person in found if not person.is_superuser] or found


def require_writing(by: Any, article: Article, language: str) -> None:
    """Raises PermissionDenied."""
    if not may_write(by, article, language):
        message = gettext("You do not write in %(language)s. Ask its language lead to add you to the team.")
        raise PermissionDenied(message % {"language": languages.language(language).name})


def require_reviewing(by: Any, article: Article, language: str) -> None:
    """Raises PermissionDenied."""
    if not may_review(by, article, language):
        message = gettext("You do not review texts in %(language)s.")
        raise PermissionDenied(message % {"language": languages.language(language).name})


def require_publishing(by: Any, article: Article, language: str) -> None:
    """Raises PermissionDenied."""
    if not may_publish(by, article, language):
        message = gettext("You do not have the right “%(right)s”.")
        raise PermissionDenied(message % {"right": "helpcenter.publish_article"})


def _teams(by: Any) -> dict[str, str]:
    """The languages in whose teams a person is, with the role there; a screen that asks often prefetches them."""
    return {member.language: member.role for member in by.language_teams.all()}


def _has_role(by: Any, language: str, roles: Iterable[TeamRole]) -> bool:
    """Whether a member of the staff has one of these roles in a language's team."""
    return bool(by.is_active and by.is_staff) and _teams(by).get(language) in set(roles)
