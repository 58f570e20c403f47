"""Keys between a beginning and an end, addresses that enrol an authenticator, and access tokens."""

import pytest

from tests.guard.made import BODY, OTPAUTH, cleaned, token

PEM_KINDS = ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "]


@pytest.mark.parametrize("kind", PEM_KINDS)
@pytest.mark.parametrize("quote", ["", "> ", ">> ", "    ", "\t"])
def test_private_keys_in_pem_are_removed_quoted_or_not(quote, kind):
    key = f"-----BEGIN {kind}PRIVATE KEY-----\n{BODY}\n-----END {kind}PRIVATE KEY-----"
    quoted = "\n".join(quote + line for line in key.split("\n"))
    assert cleaned(f"文件：\n{quoted}\nthanks") == f"文件：\n{quote}[private key removed]\nthanks"


def test_a_private_key_in_pgp_armour_is_removed():
    key = f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{BODY}\n-----END PGP PRIVATE KEY BLOCK-----"
    assert cleaned(f"a {key} b") == "a [private key removed] b"


def test_a_private_key_that_was_cut_short_is_removed_to_the_end():
    assert cleaned(f"see -----BEGIN PRIVATE KEY-----\n{BODY}") == "see [private key removed]"


def test_several_private_keys_are_each_removed_and_what_stands_between_stays():
    key = f"-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----"
    assert cleaned(f"{key} and {key}") == "[private key removed] and [private key removed]"


@pytest.mark.parametrize("kind", ["PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE", "CERTIFICATE REQUEST", "PGP MESSAGE"])
def test_public_keys_and_certificates_stay(kind):
    text = f"-----BEGIN {kind}-----\n{BODY}\n-----END {kind}-----"
    assert cleaned(text) == text


@pytest.mark.parametrize(
    "address", [OTPAUTH, OTPAUTH.replace("otpauth", "OTPAuth"), "otpauth-migration://offline?data=CjEK"]
)
def test_addresses_that_enrol_an_authenticator_are_removed(address):
    assert cleaned(f"QR <{address}> says") == "QR <[two-factor secret removed]> says"


@pytest.mark.parametrize("after", ["，但是验证码不对", "。コードが合いません", "입니다", " لا يعمل", "）谢谢"])
def test_words_right_after_such_an_address_stay(after):
    """Chinese and Japanese put no blank between an address and the sentence that goes on."""
    assert cleaned(f"{OTPAUTH}{after}").endswith(after.lstrip("，。）"))


@pytest.mark.parametrize("header", [{"alg": "HS256"}, {"typ": "JWT", "alg": "RS512"}, {"kid": "ключ", "alg": "EdDSA"}])
@pytest.mark.parametrize("form", ["Authorization: Bearer {}\n", "令牌{}。", "token={}&a=b", '{{"jwt":"{}"}}'])
def test_tokens_are_removed_wherever_they_stand(form, header):
    assert cleaned(form.format(token(header))) == form.format("[access token removed]")


def test_encrypted_tokens_of_five_parts_are_removed_whole():
    assert cleaned(f"x {token({'alg': 'dir', 'enc': 'A256GCM'}, parts=5)} y") == "x [access token removed] y"


@pytest.mark.parametrize(
    "text", ["eyJ", "eyJhbGci", "eyJhbGciOiJ.not.json", f"{token({'sub': 'x'})}", "eyes.eyJust.a.word"]
)
def test_what_only_looks_like_a_token_stays(text):
    assert cleaned(text) == text
