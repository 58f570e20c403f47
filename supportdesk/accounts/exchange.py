"""Single sign-on with the exchange's own accounts, over OpenID Connect."""

import logging
from typing import Any

from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from requests import RequestException

logger = logging.getLogger(__name__)


class Exchange(OpenIDConnectOAuth2Adapter):
    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """One address for all languages, as the exchange has to know it, and never one of the request's host."""
        return f"{settings.SITE_URL}{reverse('openid_connect_callback', kwargs={'provider_id': self.provider_id})}"

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        """What the exchange says of somebody; an address is proven where it says so in plain words."""
        said: dict[str, Any] = super()._fetch_user_info(access_token)
        if not said.get("sub"):
            raise ProviderException("The exchange does not say who has signed in.")
        return {**said, "email_verified": said.get("email_verified") in (True, "true")}


def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """A redirect to the exchange's sign-in, or a page that says why there is none."""
    return _ask(OAuth2LoginView, request, provider_id)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What allauth makes of somebody whom the exchange sends back."""
    return _ask(OAuth2CallbackView, request, provider_id)


def _ask(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        response: HttpResponse = view.adapter_view(Exchange(request, provider_id))(request)
        return response
    except RequestException as error:
        logger.warning("The exchange's sign-in does not answer (%s).", type(error).__name__)
        return render(request, "socialaccount/authentication_error.html", status=502)
