"""Bank accounts with right check digits, session cookies and headers that sign somebody in are removed."""

import json

import pytest

from supportdesk.guard.bank import LENGTHS
from tests.guard.made import cleaned


def iban(country: str, digit: str) -> str:
    account = digit * (LENGTHS[country] - 4)
    number = int("".join(str(int(character, 36)) for character in f"{account}{country}00"))
    return f"{country}{98 - number % 97:02}{account}"


def groups(number: str, sign: str = " ") -> str:
    return sign.join(number[place : place + 4] for place in range(0, len(number), 4))


@pytest.mark.parametrize("country", sorted(LENGTHS))
@pytest.mark.parametrize("write", [str, groups, str.lower, lambda number: groups(number, "-")])
def test_the_number_of_an_account_of_any_country_is_removed(country, write):
    assert cleaned(f"to {write(iban(country, '7'))} please") == "to [account number removed] please"


@pytest.mark.parametrize("text", ["我的帳號{}已經五天", "IBAN:{}, titular Ana", "IBAN {}."])
def test_it_is_found_in_any_sentence(text):
    assert cleaned(text.format(iban("DE", "3"))) == text.format("[account number removed]")


def test_a_number_that_is_mistyped_or_too_long_stays():
    number = iban("FR", "4")
    for text in (f"x {number[:-1]}5 y", f"x {number}9 y", f"x ZZ{number[2:]} y"):
        assert cleaned(text) == text


SESSION = "8f3a9c71d2e64b05af17"


@pytest.mark.parametrize(
    "text",
    [
        "sessionid={}; path=/",
        "csrftoken={}",
        "connect.sid=s%3A{}",
        "auth_token={}",
        "nx_session_id={}",
        "session id: {}",
        '"access_token": "{}"',
        "Cookie: theme=dark; sid={}; lang=en",
        "Set-Cookie: any={}; HttpOnly",
        "Authorization: Basic {}",
        "authorization: Bearer {}",
        "X-Auth-Token: {}",
    ],
)
def test_what_signs_somebody_in_is_removed(text):
    written = cleaned(text.format(SESSION))
    assert SESSION not in written
    assert "[session cookie removed]" in written


def test_cookies_and_headers_of_an_archive_of_requests_are_removed_and_others_stay():
    request = {
        "headers": [{"name": "Cookie", "value": f"a={SESSION}"}, {"name": "Accept", "value": "text/html"}],
        "cookies": [{"name": "any", "value": SESSION[:9], "path": "/"}],
    }
    written = cleaned(json.dumps({"request": request}))
    assert SESSION[:9] not in written
    assert "text/html" in written


@pytest.mark.parametrize(
    "text",
    [
        f"x-request-id: {SESSION}; cf-ray: 8e41d07acb3f2d17-TPE",
        "session: expired",
        "auth=none, csrf token mismatch: 403",
        "session started: 2026-11-20T10:11:12Z",
        f"signature={SESSION}&timestamp=1795109746490",
    ],
)
def test_other_names_and_states_stay(text):
    assert cleaned(text) == text
