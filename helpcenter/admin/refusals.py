"""What an action refuses becomes an error of the form, and all that was typed stays in it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, QueryDict

from helpcenter.errors import ContentError


class RefusingAdmin(admin.ModelAdmin):
    """Saves through actions. Their checks need the row locked, so they come after those of the form."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ContentError as error:  # nothing is stored: the view is one transaction
            request.refusal = str(error)  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        refusal: str = getattr(request, "refusal", "")
        return _refused(form, refusal) if refusal else form


def _refused(form: Any, refusal: str) -> Any:
    class Refused(form):
        def clean(self) -> dict[str, Any]:
            data: dict[str, Any] = super().clean()
            self.add_error(None, refusal)
            return data

    return Refused


def see_again(form: Any, seen: str) -> None:
    """Let a refused form be posted again over what somebody else saved; everything else in it stays as it was typed."""
    posted = QueryDict(mutable=True)
    posted.update(form.data)
    posted["seen"] = seen
    form.data = posted
