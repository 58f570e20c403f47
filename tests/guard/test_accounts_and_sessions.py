"""Bank accounts with right check digits, session cookies and headers that sign somebody in are removed."""

import json

import pytest
from stdnum import iban as registry

from tests.guard.made import cleaned

# Of the registry's own examples: https://www.swift.com/standards/data-standards/iban-international-bank-account-number
ACCOUNTS = [
    "AD1200012030200359100100",
    "AE070331234567890123456",
    "AT611904300234573201",
    "BE68539007547034",
    "BG80BNBG96611020345678",
    "BR1800360305000010009795493C1",
    "CH9300762011623852957",
    "CZ6508000000192000145399",
    "DE89370400440532013000",
    "DK5000400440116243",
    "ES9121000418450200051332",
    "FI2112345600000785",
    "FR1420041010050500013M02606",
    "GB29NWBK60161331926819",
    "GR1601101250000000012300695",
    "IT60X0542811101000000123456",
    "KZ86125KZT5004100100",
    "LT121000011101001000",
    "MT84MALT011000012345MTLCAST001S",
    "NL91ABNA0417164300",
    "NO9386011117947",
    "PL61109010140000071219812874",
    "PT50000201231234567890154",
    "SA0380000000608010167519",
    "SE4550000000058398257466",
    "TR330006100519786457841326",
    "UA213223130000026007233566001",
]


def groups(number: str, sign: str = " ") -> str:
    return sign.join(number[place : place + 4] for place in range(0, len(number), 4))


@pytest.mark.parametrize("number", ACCOUNTS)
@pytest.mark.parametrize("write", [str, groups, str.lower, lambda number: groups(number, "-")])
def test_the_number_of_an_account_of_any_country_is_removed(number, write):
    assert cleaned(f"to {write(number)} please") == "to [account number removed] please"


@pytest.mark.parametrize("text", ["我的帳號{}已經五天", "IBAN:{}, titular Ana", "IBAN {}."])
def test_it_is_found_in_any_sentence(text):
    assert cleaned(text.format(ACCOUNTS[8])) == text.format("[account number removed]")


def test_a_number_that_is_mistyped_or_too_long_stays():
    number = "FR1420041010050500013M02606"
    for text in (f"x {number[:-1]}7 y", f"x {number}9 y", f"x ZZ{number[2:]} y"):
        assert cleaned(text) == text


def with_check_digits(country: str, account: str) -> str:
    number = int("".join(str(int(character, 36)) for character in f"{account}{country}00"))
    return f"{country}{98 - number % 97:02}{account}"


@pytest.mark.parametrize(("country", "account"), [("ES", "21000418450200051333"), ("BE", "539007547035")])
def test_a_number_whose_own_check_digits_are_wrong_in_its_country_stays(country, account):
    number = with_check_digits(country, account)
    assert not registry.is_valid(number)
    assert cleaned(f"x {number} y") == f"x {number} y"


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
