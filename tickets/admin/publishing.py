"""Rows that say what is promised: what is saved holds from then on."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from helpcenter.admin.configuration import HistoryAdmin
from tickets.actions import following_policies, publishing_policies
from tickets.models import PolicyEdition


class PublishingAdmin(HistoryAdmin):
    """Each save, each removal and each earlier version that is put back becomes an edition of the policies."""

    def publish(self, request: HttpRequest) -> None:
        if publishing_policies.publish_policies(by=request.user) is not None:
            text = gettext("This holds for new tickets within seconds, and for open ones within some minutes.")
            self.message_user(request, text, messages.SUCCESS)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.publish(request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        self.publish(request)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        self.publish(request)

    @transaction.atomic
    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        answer = super().history_form_view(request, object_id, version_id, extra_context)
        if request.method == "POST" and answer.status_code == 302:
            self.publish(request)
        return answer

    def framed(self, request: HttpRequest, title: str, **context: Any) -> dict[str, Any]:
        """The context of an admin page outside of the usual forms: the frame of the site and of this model."""
        list_url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        own = {"opts": self.opts, "title": title, "list_url": list_url, "media": self.media}
        return {**self.admin_site.each_context(request), **own, **context}


def progress_of(edition: PolicyEdition) -> str:
    """How far open tickets were brought to an edition, as a sentence."""
    if edition.done_at is not None:
        return gettext("All open tickets follow it; %(count)s got other targets.") % {"count": edition.changed}
    left = following_policies.tickets_behind(edition)
    text = ngettext(
        "%(left)s open ticket is still to be looked at; %(count)s got other targets so far.",
        "%(left)s open tickets are still to be looked at; %(count)s got other targets so far.",
        left,
    )
    return text % {"left": left, "count": edition.changed}
