"""Every answer carries the content security policy, the same that django-csp would build."""

from csp.constants import NONCE
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse

from supportdesk.ui.middleware import SteadyPolicyMiddleware

HEADER = "Content-Security-Policy"


def plain(request):
    return HttpResponse("ok")


def with_nonce(request):
    return HttpResponse(str(request.csp_nonce))


def answers(view):
    """What the library and what our middleware answer."""
    return [middleware(view)(HttpRequest()) for middleware in (CSPMiddleware, SteadyPolicyMiddleware)]


def parts(response):
    """The directives of a policy; their order means nothing."""
    return {part.strip() for part in response.headers.get(HEADER, "").split(";")}


def test_an_ordinary_answer_gets_the_policy_of_the_settings():
    library, ours = answers(plain)
    assert parts(ours) == parts(library)
    assert "script-src 'self'" in parts(ours)
    assert "default-src 'none'" in parts(ours)


def test_a_view_may_still_widen_its_own_policy_and_no_other():
    widened = csp_update({"img-src": ["https://pictures.example"]})(plain)
    library, ours = answers(widened)
    assert parts(ours) == parts(library)
    assert parts(answers(plain)[1]) != parts(ours)


def test_a_view_may_be_exempt():
    library, ours = answers(csp_exempt()(plain))
    assert HEADER not in library.headers
    assert HEADER not in ours.headers


def test_a_nonce_that_was_asked_for_is_part_of_the_policy():
    view = csp_update({"script-src": [NONCE]})(with_nonce)
    ours = SteadyPolicyMiddleware(view)(HttpRequest())
    assert f"'nonce-{ours.content.decode()}'" in ours.headers[HEADER]


def test_a_policy_that_is_there_already_stays():
    def own(request):
        return HttpResponse("ok", headers={HEADER: "default-src 'self'"})

    assert SteadyPolicyMiddleware(own)(HttpRequest()).headers[HEADER] == "default-src 'self'"


def test_pages_carry_it(client, db):
    assert "script-src 'self'" in client.get("/en/").headers[HEADER]
