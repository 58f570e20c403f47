"""Programs at the door of the API: a key in the header, and nothing else. No cookie is looked at."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from ninja.security import HttpBearer

from supportdesk.accounts import scopes, tokens
from supportdesk.accounts.models import ApiToken
from supportdesk.ui.problems import Problem


class Bearer(HttpBearer):
    """Lets in who has all of `wanted` (see `scopes`), as often as the minute allows. Raises Problem."""

    openapi_description = "A token made in the account, sent as `Authorization: Bearer …`."

    def __init__(self, *wanted: str) -> None:
        super().__init__()
        self.wanted = wanted

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = tokens.find(token.strip())
        if found is None:
            message = gettext("This token is not known, has run out, or was taken back.")
            raise Problem("unauthorized", message)
        if not tokens.count_use(found):
            seconds = tokens.wait()
            message = ngettext(
                "This token has used up its requests of this minute. Wait for %(seconds)d second.",
                "This token has used up its requests of this minute. Wait for %(seconds)d seconds.",
                seconds,
            )
            raise Problem("too-many-requests", message % {"seconds": seconds}, retry_after=seconds)
        self._refuse(found)
        return found

    def _refuse(self, token: ApiToken) -> None:
        lacking = [name for name in self.wanted if name not in token.scopes]
        if lacking:
            message = gettext("The token may not do this: it lacks %(scopes)s.")
            raise Problem("forbidden", message % {"scopes": ", ".join(lacking)})
        if not all(name in scopes.SCOPES and scopes.SCOPES[name].is_for(token.person) for name in self.wanted):
            raise Problem("forbidden", gettext("The person behind this token may not do this any more."))
