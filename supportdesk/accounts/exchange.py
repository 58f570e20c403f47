"""Single sign-on with the exchange's own accounts, over OpenID Connect.

Nobody is believed but the exchange: what it says of somebody is signed with one of its published keys, for us, now, and
for the browser that asked. allauth leaves signature and nonce out where a token comes straight from the exchange, and
takes the algorithm from the token itself where it does not.
"""

import logging
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import get_request_param
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from requests import RequestException

from supportdesk.accounts import addresses

logger = logging.getLogger(__name__)

# Signatures that nobody can make who knows only what is published: never "none", never one with a shared key.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}  # of a key, by how its algorithm begins
SCOPES = ("openid", "profile", "email")
LEEWAY = 60  # seconds by which two clocks may differ
REQUIRED = ("iss", "aud", "sub", "iat", "exp", "nonce")


def _nonce_of(state: str) -> str:
    """What the exchange has to sign: a token for another visit, or another browser, is none for this one."""
    return salted_hmac("supportdesk.accounts.exchange", state, algorithm="sha256").hexdigest()


class _Client(OAuth2Client):
    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, str]) -> str:
        """What is asked for is ours; allauth would add what a link to our page names."""
        proof = {name: value for name, value in extra_params.items() if name.startswith("code_challenge")}
        asked = {**proof, "nonce": _nonce_of(self.state or "")}
        return str(super().get_redirect_url(authorization_url, SCOPES, asked))


class Exchange(OpenIDConnectOAuth2Adapter):
    client_class = _Client

    def get_provider(self) -> Any:
        """allauth's, which would ask an adapter of its own where to come back to."""
        provider = super().get_provider()
        provider.get_oauth2_adapter = lambda request: self
        return provider

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """One address for all languages, as the exchange has to know it, and never one of the request's host."""
        return f"{settings.SITE_URL}{reverse('openid_connect_callback', kwargs={'provider_id': self.provider_id})}"

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Whom the signed token names, and what the exchange tells of the same person."""
        signed = self._decode_id_token(app, kwargs["response"].get("id_token"))
        if not constant_time_compare(str(signed["nonce"]), _nonce_of(get_request_param(request, "state") or "")):
            raise ProviderException("The exchange's token is for another visit.")
        said = self._fetch_user_info(token.token)
        if str(said["sub"]) != str(signed["sub"]):
            raise ProviderException("The exchange tells of somebody else than it has signed.")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": said})

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        """What the exchange says of somebody; an address is proven where it says so in plain words."""
        said: dict[str, Any] = super()._fetch_user_info(access_token)
        if not isinstance(said, dict) or not said.get("sub"):
            raise ProviderException("The exchange does not say who has signed in.")
        email = addresses.canonical(str(said.get("email") or ""))
        return {**said, "email": email, "email_verified": said.get("email_verified") in (True, "true")}

    def _decode_id_token(self, app: Any, id_token: Any) -> dict[str, Any]:
        """What the exchange has signed, for us and for now. Raises ProviderException."""
        try:
            said: dict[str, Any] = jwt.decode(
                id_token,
                self._key_of(id_token),
                algorithms=list(ALGORITHMS),
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                leeway=LEEWAY,
                options={"require": list(REQUIRED)},
            )
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise ProviderException(f"The exchange's token is not believed ({type(error).__name__}).") from error
        if said.get("azp", app.client_id) != app.client_id or said["aud"] not in (app.client_id, [app.client_id]):
            raise ProviderException("The exchange's token is for others, too.")
        return said

    def _key_of(self, id_token: str) -> jwt.PyJWK:
        """The published key that a token names, or the only one. Raises KeyError where there is none."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        said = jwt.get_unverified_header(id_token)
        algorithm, name = said["alg"], said.get("kid")
        if algorithm not in ALGORITHMS:
            raise KeyError("no such algorithm")
        fitting = [
            key
            for key in answer.json()["keys"]
            if key.get("kty") == KINDS[algorithm[:2]]
            and key.get("alg", algorithm) == algorithm
            and key.get("use", "sig") == "sig"
            and name in (None, key.get("kid"))
        ]
        if len(fitting) != 1:
            raise KeyError("no such key")
        return jwt.PyJWK(fitting[0], algorithm=algorithm)  # which a key need not name


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
