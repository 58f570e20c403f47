"""People open accounts, come in by a password or a code, change what they said of themselves, and go."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from supportdesk.accounts.models import User
from tests.accounts.journeys import (
    LANGUAGES,
    PASSWORD,
    ask_for_code,
    at,
    enter_code,
    member,
    person_in,
    sent_code,
    sign_in,
    sign_up,
    wrong,
)

pytestmark = pytest.mark.django_db
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_a_new_person_proves_the_address_and_is_in(client, language):
    answer = sign_up(client, language, email="Toma@Example.com", name="  李 雷 ", time_zone="Asia/Shanghai")
    assert answer.headers["Location"] == at("account_email_verification_sent", language)
    assert person_in(client) is None
    answer = enter_code(client, sent_code(), language, "account_email_verification_sent")
    assert answer.headers["Location"] == at("account_profile", language)
    person = User.objects.get()
    assert (person.email, person.name) == ("toma@example.com", "李 雷")
    assert (person.language, person.time_zone) == (language, "Asia/Shanghai")
    assert (person_in(client), person.is_staff) == (person.pk, False)
    assert EmailAddress.objects.get(user=person).verified


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "\0"])
def test_without_a_zone_that_we_know_a_new_person_lives_in_utc(client, zone):
    sign_up(client, time_zone=zone)
    assert User.objects.get().time_zone == "UTC"


@every_language
def test_a_password_opens_the_account(client, language):
    person = member()
    answer = sign_in(client, language, email="TOMA@example.com ")
    assert answer.headers["Location"] == at("portal:tickets", language)
    assert person_in(client) == person.pk


@every_language
def test_a_code_opens_the_account_without_a_password(client, language):
    person = member(password=None, language=language)
    answer = ask_for_code(client, language)
    assert answer.headers["Location"] == at("account_confirm_login_code", language)
    assert person_in(client) is None
    answer = enter_code(client, sent_code(), language)
    assert answer.headers["Location"] == at("portal:tickets", language)
    assert person_in(client) == person.pk


def test_somebody_who_was_made_in_the_admin_needs_one_code_and_no_second(client, content_editor):
    ask_for_code(client, email=content_editor.email)
    enter_code(client, sent_code())
    assert person_in(client) == content_editor.pk
    assert len(mail.outbox) == 1
    assert EmailAddress.objects.get(user=content_editor).verified


def test_a_code_may_be_typed_with_blanks(client):
    person = member()
    ask_for_code(client)
    enter_code(client, " ".join(sent_code()))
    assert person_in(client) == person.pk


def test_a_code_is_good_once(client):
    member()
    ask_for_code(client)
    code = sent_code()
    enter_code(client, code)
    client.post(at("account_logout"))
    enter_code(client, code)
    assert person_in(client) is None


def test_a_code_works_in_the_browser_that_asked_alone(client, client_of_another):
    member()
    ask_for_code(client)
    enter_code(client_of_another, sent_code())
    assert person_in(client_of_another) is None


def test_a_new_code_takes_the_place_of_the_old_one(client):
    person = member()
    ask_for_code(client)
    old = sent_code()
    client.post(at("account_confirm_login_code"), {"action": "resend"})
    assert len(mail.outbox) == 2
    new = sent_code()
    if old != new:
        enter_code(client, old)
        assert person_in(client) is None
    enter_code(client, new)
    assert person_in(client) == person.pk


@every_language
def test_three_wrong_codes_end_the_attempt(client, language):
    member(language=language)
    ask_for_code(client, language)
    code = sent_code()
    for _ in range(2):
        answer = enter_code(client, wrong(code), language)
        assert answer.status_code == 200
        assert "data-error-summary" in answer.content.decode()
    assert enter_code(client, wrong(code), language).headers["Location"] == at("account_request_login_code", language)
    enter_code(client, code, language)
    assert person_in(client) is None


@pytest.mark.parametrize("code", ["", "abcdef", "12345", "１２３４５６", "\0", "9" * 5000])
def test_what_is_no_code_opens_nothing(client, code):
    member()
    ask_for_code(client)
    assert enter_code(client, code).status_code == 200
    assert person_in(client) is None


def test_a_code_of_yesterday_opens_nothing(client, time_machine_at):
    member()
    ask_for_code(client)
    code = sent_code()
    with time_machine_at(minutes=11):
        enter_code(client, code)
    assert person_in(client) is None


@every_language
def test_a_forgotten_password_is_chosen_anew_and_ends_the_other_sessions(client, client_of_another, language):
    person = member(language=language)
    sign_in(client_of_another)
    assert client.post(at("account_reset_password", language), {"email": person.email}).status_code == 302
    answer = enter_code(client, sent_code(), language, "account_confirm_password_reset_code")
    assert answer.headers["Location"] == at("account_complete_password_reset", language)
    answer = client.post(at("account_complete_password_reset", language), {"password1": "another odd phrase"})
    assert answer.headers["Location"] == at("account_password_reset_completed", language)
    assert client_of_another.get(at("account_profile")).status_code == 302
    sign_in(client, language, password="another odd phrase")
    assert person_in(client) == person.pk


def test_the_password_is_changed_by_whoever_knows_it(client, client_of_another):
    person = member()
    sign_in(client)
    sign_in(client_of_another)
    form = {"oldpassword": "not this one", "password1": "another odd phrase"}
    assert client.post(at("account_change_password"), form).status_code == 200
    answer = client.post(at("account_change_password"), {**form, "oldpassword": PASSWORD}, follow=True)
    assert "Your password is changed." in answer.content.decode()
    assert User.objects.get().check_password("another odd phrase")
    assert person_in(client) == person.pk
    assert client_of_another.get(at("account_profile")).status_code == 302


def test_somebody_without_a_password_chooses_one(client):
    person = member(password=None)
    ask_for_code(client)
    enter_code(client, sent_code())
    assert client.get(at("account_change_password")).headers["Location"] == at("account_set_password")
    client.post(at("account_set_password"), {"password1": PASSWORD})
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


@pytest.mark.parametrize("password", ["short", "password1234", "toma@example.com", "x" * 11])
def test_a_weak_password_is_refused_and_nothing_typed_is_lost(client, password):
    answer = sign_up(client, password1=password, name="Toma Trader")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Toma Trader"' in page
    assert 'value="toma@example.com"' in page
    assert 'href="#page_password1"' in page
    assert not User.objects.exists()


@every_language
def test_the_profile_is_saved_and_shown_in_the_new_language(client, language):
    member()
    sign_in(client)
    form = {"name": "Toma", "language": language, "time_zone": "Asia/Tokyo"}
    answer = client.post(at("account_profile"), form)
    assert answer.headers["Location"] == at("account_profile", language)
    person = User.objects.get()
    assert (person.name, person.language, person.time_zone) == ("Toma", language, "Asia/Tokyo")


@pytest.mark.parametrize("zone", ["US/Eastern", "Asia/Calcutta", "America/Argentina/Buenos_Aires"])
def test_a_zone_by_any_of_its_names_is_kept_and_shown_again(client, zone):
    member(name="Toma")
    sign_in(client)
    client.post(at("account_profile"), {"name": "Toma", "language": "en", "time_zone": zone})
    page = client.get(at("account_profile")).content.decode()
    assert User.objects.get().time_zone == zone
    assert f'<option value="{zone}" selected>' in page
    assert page.count(" selected>") == 2  # of the languages, and of the zones


def test_zones_stand_by_their_offsets_and_cities(client):
    member()
    sign_in(client)
    page = client.get(at("account_profile")).content.decode()
    assert '<optgroup label="UTC+5:30">' in page
    assert '<option value="Asia/Kolkata">Kolkata (Asia)</option>' in page
    assert "Etc/GMT+5" not in page


@pytest.mark.parametrize(
    "change", [{"language": "tlh"}, {"time_zone": "Mars/Olympus"}, {"name": "Supp\u202eort"}, {"name": "Ѕupport"}]
)
def test_a_profile_that_cannot_be_is_refused_with_its_reason(client, change):
    member(name="Toma")
    sign_in(client)
    answer = client.post(at("account_profile"), {"name": "Toma", "language": "en", "time_zone": "UTC", **change})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<title>Error: " in page
    assert f'href="#page_{next(iter(change))}"' in page
    assert User.objects.get().name == "Toma"


@pytest.mark.parametrize("name", ["To\u202ema", "To\u200bma", "To\0ma", "客服小王", "NORTHGАТЕ", "a" * 151])
def test_a_name_that_hides_something_or_reads_as_ours_opens_no_account(client, name):
    answer = sign_up(client, name=name)
    assert answer.status_code == 200
    assert 'href="#page_name"' in answer.content.decode()
    assert not User.objects.exists()


def test_staff_may_be_called_what_they_are(client, content_editor):
    client.force_login(content_editor)
    form = {"name": "Northgate Support", "language": "en", "time_zone": "UTC"}
    assert client.post(at("account_profile"), form).status_code == 302


@every_language
def test_signing_out_takes_a_post(client, language):
    person = member()
    sign_in(client, language)
    assert client.get(at("account_logout", language)).status_code == 200
    assert person_in(client) == person.pk
    assert client.post(at("account_logout", language)).headers["Location"] == f"/{language}/"
    assert person_in(client) is None


def test_other_sessions_are_listed_and_ended(client, client_of_another):
    person = member()
    sign_in(client)
    sign_in(client_of_another)
    page = client.get(at("usersessions_list")).content.decode()
    assert "This browser" in page
    assert "Another browser" in page
    assert "All other sessions are ended." in client.post(at("usersessions_list"), follow=True).content.decode()
    assert person_in(client) == person.pk
    assert client_of_another.get(at("account_profile")).status_code == 302


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/140.0.0.0 Safari/537.36",
            "Chrome on Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux"),
        ("<b>7</b>", "&lt;b&gt;7&lt;/b&gt;"),
    ],
)
def test_a_session_is_told_by_its_browser_and_its_system(client, user_agent, told):
    member()
    client.defaults["HTTP_USER_AGENT"] = user_agent
    sign_in(client)
    assert f">{told}</bdi>" in client.get(at("usersessions_list")).content.decode()


def test_a_closed_account_opens_for_nobody(client):
    person = member()
    User.objects.update(is_active=False)
    assert sign_in(client).headers["Location"] == at("account_inactive")
    assert person_in(client) is None
    ask_for_code(client)
    assert "code" not in mail.outbox[-1].subject
    assert person.email in mail.outbox[-1].to


@pytest.mark.parametrize(
    "name", ["account_profile", "account_change_password", "account_set_password", "usersessions_list"]
)
@every_language
def test_whoever_is_not_in_is_led_to_the_sign_in_and_back(client, name, language):
    answer = client.get(at(name, language))
    assert answer.headers["Location"] == f"{at('account_login', language)}?next={at(name, language)}"
