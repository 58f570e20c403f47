"""People are known by their e-mail address in any case, and what they may do ends when they are deactivated."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.urls import reverse

from supportdesk.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"

ADDRESSES = [
    ("Toma@Example.COM", "toma@example.com"),
    ("TOMA.B+x@example.com", "toma.b+x@example.com"),
    ("李雷@example.com", "李雷@example.com"),
    ("ÉMILE@example.com", "émile@example.com"),
]


@pytest.mark.parametrize(("typed", "stored"), ADDRESSES)
def test_an_address_is_stored_in_lower_case(typed, stored):
    assert User.objects.create_user(typed).email == stored


@pytest.mark.both
@pytest.mark.parametrize("typed", ["Toma@Example.com", "TOMA@EXAMPLE.COM", "toma@example.com"])
def test_an_address_belongs_to_one_person_in_any_case(typed):
    User.objects.create_user("toma@example.com")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email=typed)])


@pytest.mark.parametrize("empty", ["", None])
def test_a_person_without_an_address_is_refused(empty):
    with pytest.raises(ValueError, match="address"):
        User.objects.create_user(empty)


@pytest.mark.parametrize("typed", ["toma@example.com", "Toma@Example.com", "TOMA@EXAMPLE.COM"])
def test_signing_in_takes_the_address_in_any_case(typed):
    user = User.objects.create_user("toma@example.com", PASSWORD)
    assert authenticate(username=typed, password=PASSWORD) == user


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " ", "\0", "密码" * 2000])
def test_a_wrong_password_signs_nobody_in(password):
    User.objects.create_user("toma@example.com", PASSWORD)
    assert authenticate(username="toma@example.com", password=password) is None


@pytest.mark.parametrize("name", ["nobody@example.com", "", None, "toma", "%", "toma@example.com' OR 1=1"])
def test_an_unknown_name_signs_nobody_in(name):
    User.objects.create_user("toma@example.com", PASSWORD)
    assert authenticate(username=name, password=PASSWORD) is None


def test_a_person_without_a_password_cannot_sign_in_with_any():
    user = User.objects.create_user("guest@example.com")
    assert not user.has_usable_password()
    assert authenticate(username="guest@example.com", password="") is None


def test_a_new_person_is_a_trader_who_reads_english():
    user = User.objects.create_user("toma@example.com")
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert (user.language, user.time_zone) == ("en", "UTC")


def test_a_superuser_may_use_the_admin():
    user = User.objects.create_superuser("root@example.com", PASSWORD)
    assert (user.is_staff, user.is_superuser) == (True, True)


@pytest.mark.parametrize(
    ("name", "full", "short"),
    [
        ("", "toma@example.com", "toma@example.com"),
        ("Toma Trader", "Toma Trader", "Toma"),
        ("李雷", "李雷", "李雷"),
        ("محمد علي", "محمد علي", "محمد"),
    ],
)
def test_a_person_is_called_by_name_or_else_by_address(name, full, short):
    user = User(email="toma@example.com", name=name)
    assert (str(user), user.get_full_name(), user.get_short_name()) == (full, full, short)


# In the admin

NEW = {
    "name": "Nina",
    "usable_password": "true",
    "password1": "a long and odd phrase",
    "password2": "a long and odd phrase",
}


def test_an_administrator_adds_a_person(admin_client_of, administrator):
    client = admin_client_of(administrator)
    answer = client.post(reverse("admin:accounts_user_add"), {**NEW, "email": "nina@example.com"})
    assert answer.status_code == 302
    assert authenticate(username="Nina@example.com", password="a long and odd phrase").name == "Nina"


def test_an_address_that_is_taken_in_another_case_is_an_error_of_the_form(admin_client_of, administrator):
    User.objects.create_user("nina@example.com")
    client = admin_client_of(administrator)
    answer = client.post(reverse("admin:accounts_user_add"), {**NEW, "email": "NINA@example.com"})
    assert answer.status_code == 200
    assert User.objects.filter(email__iexact="nina@example.com").count() == 1


@pytest.mark.parametrize("password", ["short", "password1234", "nina@example.com"])
def test_a_weak_password_is_refused(admin_client_of, administrator, password):
    client = admin_client_of(administrator)
    form = {**NEW, "email": "nina@example.com", "password1": password, "password2": password}
    assert client.post(reverse("admin:accounts_user_add"), form).status_code == 200
    assert not User.objects.filter(email="nina@example.com").exists()


def test_a_person_who_signs_in_otherwise_is_added_without_a_password(admin_client_of, administrator):
    client = admin_client_of(administrator)
    form = {"email": "sso@example.com", "usable_password": "false"}
    assert client.post(reverse("admin:accounts_user_add"), form).status_code == 302
    assert not User.objects.get(email="sso@example.com").has_usable_password()


def change_form(user: User, **changes):
    fields = {"email": user.email, "name": user.name, "language": user.language, "time_zone": user.time_zone}
    return {**fields, "is_active": "on", **changes}


def test_a_person_reads_in_a_language_of_the_site(admin_client_of, administrator, trader):
    client = admin_client_of(administrator)
    address = reverse("admin:accounts_user_change", args=[trader.pk])
    assert client.post(address, change_form(trader, language="zh-hans")).status_code == 302
    assert client.post(address, change_form(trader, language="tlh")).status_code == 200
    assert User.objects.get(pk=trader.pk).language == "zh-hans"


def test_a_time_zone_that_does_not_exist_is_refused(admin_client_of, administrator, trader):
    client = admin_client_of(administrator)
    address = reverse("admin:accounts_user_change", args=[trader.pk])
    assert client.post(address, change_form(trader, time_zone="Asia/Shanghai")).status_code == 302
    assert client.post(address, change_form(trader, time_zone="Mars/Olympus")).status_code == 200
    assert User.objects.get(pk=trader.pk).time_zone == "Asia/Shanghai"


@pytest.mark.parametrize("query", ["toma", "TOMA@", "Trader", "李", "%", "a" * 500])
def test_people_can_be_searched_for(admin_client_of, administrator, trader, query):
    answer = admin_client_of(administrator).get(reverse("admin:accounts_user_changelist"), {"q": query})
    assert answer.status_code == 200
    assert (trader.email in answer.content.decode()) == (query in ("toma", "TOMA@", "Trader"))


# Sessions


def test_a_person_who_is_deactivated_is_signed_out_at_once(admin_client_of, content_editor):
    client = admin_client_of(content_editor)
    assert client.get(reverse("admin:index")).status_code == 200
    User.objects.filter(pk=content_editor.pk).update(is_active=False)
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_person_who_leaves_the_staff_loses_the_admin_at_once(admin_client_of, content_editor):
    client = admin_client_of(content_editor)
    User.objects.filter(pk=content_editor.pk).update(is_staff=False)
    assert client.get(reverse("admin:index")).status_code == 302


def test_a_new_password_ends_all_other_sessions(admin_client_of, content_editor):
    client = admin_client_of(content_editor)
    content_editor.set_password("another long phrase")
    content_editor.save()
    assert client.get(reverse("admin:index")).status_code == 302


def test_signing_in_gives_a_new_session(client, content_editor):
    client.get(reverse("admin:login"))
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["sessionid"] = before = session.session_key
    form = {"username": content_editor.email, "password": PASSWORD}
    assert client.post(reverse("admin:login"), form).status_code == 302
    assert client.cookies["sessionid"].value != before


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_away_from_this_site(client, content_editor, target):
    form = {"username": content_editor.email, "password": PASSWORD, "next": target}
    answer = client.post(f"{reverse('admin:login')}?next={target}", form)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith(("//", "/\\"))


def test_a_trader_cannot_sign_in_to_the_admin(client, trader):
    answer = client.post(reverse("admin:login"), {"username": trader.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert "sessionid" not in client.cookies
