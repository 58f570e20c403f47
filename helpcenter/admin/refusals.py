"""What an action refuses becomes an error of the form, and all that was typed stays in it."""

import logging
from typing import Any

from django.contrib import admin
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext

from helpcenter.errors import ContentError

logger = logging.getLogger(__name__)


class RefusingAdmin(admin.ModelAdmin):
    """Saves through actions. Actions check with the row locked, so their refusals come after the form's own."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (ContentError, IntegrityError) as error:  # nothing is stored: the view is one transaction
            request.refusal = _told(error)  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal: str = getattr(request, "refusal", "")
        return _refused(form, refusal) if refusal else form


def _told(error: Exception) -> str:
    """What to say of a refusal: the action's own sentence, or, where only the database refused, that somebody stored
    the same after the form was checked."""
    if isinstance(error, ContentError):
        return str(error)
    logger.warning("A form met what was stored at the same time: %s", type(error).__name__)
    return gettext("Somebody stored the same at this moment. Look at what is there, then save again.")


def _refused(form: Any, refusal: str) -> Any:
    class Refused(form):
        def clean(self) -> dict[str, Any]:
            data: dict[str, Any] = super().clean()
            if refusal not in self.non_field_errors():  # the form itself may see it by now
                self.add_error(None, refusal)
            return data

    return Refused


def see_again(form: Any, seen: str) -> None:
    """Let a refused form be posted again over what somebody else saved; everything else in it stays as it was typed."""
    posted = QueryDict(mutable=True)
    posted.update(form.data)
    posted["seen"] = seen
    form.data = posted
