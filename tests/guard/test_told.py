"""What somebody says to be a secret is removed though it has neither a frame nor a checksum, in twelve languages; the
same characters after any other word stay."""

import base64
import hashlib
import json
import random

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.guard.made import base58check, cleaned, work

dice = random.Random(23)
HEX = dice.randbytes(32).hex()
API_SECRET = base64.urlsafe_b64encode(dice.randbytes(36)).decode()[:46] + "a7"
PASSWORD = "Kite!horse77"

NAMES = {
    "en": ("my private key is {}", "API secret: {}", "my password is {}", "2FA code {}"),
    "zh-hans": ("私钥：{}", "API密钥：{}", "我的密码是{}", "验证码 {}"),
    "zh-hant": ("私鑰是 {}", "API 密鑰 {}", "我的密碼是 {}", "驗證碼：{}"),
    "ja": ("秘密鍵は{}です", "APIシークレット {}", "パスワードは {} です", "認証コードは{}です"),
    "ko": ("개인 키: {}", "API 시크릿은 {}", "비밀번호는 {} 입니다", "OTP 번호 {}"),
    "ru": ("приватный ключ: {}", "секретный ключ API {}", "мой пароль {}", "код из приложения {}"),
    "es": ("clave privada: {}", "el secreto de la API: {}", "mi contraseña es {}", "el código 2FA es {}"),
    "fr": ("clé privée : {}", "secret API : {}", "mon mot de passe c'est {}", "code de vérification : {}"),
    "pt-br": ("chave privada {}", "segredo da API {}", "minha senha é {}", "código de verificação: {}"),
    "tr": ("özel anahtar: {}", "API gizli anahtarı: {}", "şifrem {}", "doğrulama kodu: {}"),
    "vi": ("khoá riêng: {}", "API secret của em là {}", "mật khẩu của tôi là {}", "mã xác thực là {}"),
    "ar": ("المفتاح الخاص: {}", "مفتاح API السري هو {}", "كلمة المرور هي {}", "رمز التحقق {}"),
}
NOTES = ("[private key removed]", "[API secret removed]", "[password removed]", "[code removed]")
CASES = [(text, note) for texts in NAMES.values() for text, note in zip(texts, NOTES, strict=True)]
VALUES = dict(zip(NOTES, (f"0x{HEX}", API_SECRET, PASSWORD, "482913"), strict=True))


@pytest.mark.parametrize(("text", "note"), CASES, ids=lambda case: case)
def test_a_value_right_after_its_name_is_removed(text, note):
    assert cleaned(text.format(VALUES[note])) == text.format(note)


def test_digits_of_any_script_are_read():
    assert cleaned("رمز التحقق ٥٥٠١٨٢") == "رمز التحقق [code removed]"


@pytest.mark.parametrize("name", ["privateKey", "private_key", "PRIVATE_KEY"])
def test_the_names_of_programs_are_names(name):
    assert HEX not in cleaned(json.dumps({name: f"0x{HEX}"}))


def test_a_secret_beside_its_api_key_is_removed():
    text = cleaned(f"api key {API_SECRET[::-1]} secret {API_SECRET} gives 401")
    assert text == "api key [API secret removed] secret [API secret removed] gives 401"


def test_the_base32_of_an_authenticator_app_is_removed():
    assert cleaned("2FA secret JBSW Y3DP EHPK 3PXP lost") == "2FA secret [two-factor secret removed] lost"


@pytest.mark.parametrize(
    "text",
    [
        f"I lost my private key, transaction hash: {HEX}",
        f"the private key is safe. My deposit 0x{HEX} is late",
        f"public key 0x{HEX}",
        "API key created 2026-11-20T10:11:12Z",
        "API key permissions: orderCancel,orderSubmit,withdrawSubmit",
        "api key id 6f1e2c9a-77d1-4e0b-9b1a-3c5de1a1f001",
        "my password is wrong, error 403",
        "password reset code never arrives, ticket 20240511",
        "I changed my password on 11/22/2026 and withdrawals are locked for 24h",
        "my password manager is 1Password7",
        "is the password case-sensitive or 8-characters long?",
        "Password reset: https://example.com/reset/Abc123!x",
        "error code: 100234",
        "OTP expired, order 48291377",
        "我的密码是正确的，但是无法登录2024",
        "エラーコードは100234です",
        "비밀번호는 8자리 이상이어야 하나요",
        "код ошибки 482913",
    ],
)
def test_what_stands_after_another_word_stays(text):
    assert cleaned(text) == text


def test_a_password_below_a_long_log_is_found():
    log = "".join(f"order{n % 7}=a{n}b{n}c\n" for n in range(2_000))
    assert cleaned(f"{log}password={PASSWORD}\n") == f"{log}password=[password removed]\n"


# Seed phrases


HALF = "slice tower harbor melody quantum river stadium velvet gentle copper basic orbit"


@pytest.mark.parametrize(
    "text",
    [
        "my seed phrase is: {}",
        "seed phrase: {}",
        "Recovery phrase\n{}",
        "助记词：{}",
        "シードフレーズは {}",
        "моя сид фраза: {}",
        "mi frase semilla es {}",
    ],
)
def test_words_that_somebody_calls_a_seed_phrase_are_removed_though_their_checksum_does_not_hold(text):
    cut_short = HALF.rpartition(" ")[0]
    assert cleaned(f"{HALF} ok") == f"{HALF} ok"
    for words in (HALF, cut_short):
        assert cleaned(text.format(words)).endswith("[seed phrase removed]")
        assert "harbor" not in cleaned(text.format(words))


@pytest.mark.parametrize(
    "text", ["my seed phrase is safe, the price of the order is high", f"words of the list: {HALF}"]
)
def test_other_words_after_the_name_of_one_stay(text):
    assert cleaned(text) == text


# Payment cards


def card_number(beginning: str) -> str:
    digits = beginning + "".join(dice.choices("0123456789", k=15 - len(beginning)))
    total = sum(int(d) if place % 2 else sum(divmod(int(d) * 2, 10)) for place, d in enumerate(digits))
    return f"{digits}{-total % 10}"


@pytest.mark.parametrize("sign", [" ", "-", "\u00a0"])
@pytest.mark.parametrize("beginning", ["4", "53", "2204"])
def test_a_card_number_in_groups_is_removed(beginning, sign):
    number = card_number(beginning)
    assert cleaned(f"{sign.join(number[n : n + 4] for n in range(0, 16, 4))} fails") == "[card number removed] fails"


@pytest.mark.parametrize("text", ["card {}", "我的卡号{}", "カード番号は{}", "карта {}", "رقم بطاقتي {}"])
def test_a_card_number_without_groups_needs_a_word_for_cards(text):
    assert cleaned(text.format(card_number("4"))) == text.format("[card number removed]")
    number = card_number("4")
    assert cleaned(f"order {number}") == f"order {number}"


def test_a_number_whose_check_digit_is_wrong_stays():
    number = card_number("4")
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert cleaned(f"card {wrong}") == f"card {wrong}"


# Keys of wallets that hold a checksum of another kind


def key_pair() -> bytes:
    seed = dice.randbytes(32)
    return seed + Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


@pytest.mark.parametrize("write", [lambda pair: base58.b58encode(pair).decode(), lambda pair: json.dumps(list(pair))])
def test_a_key_pair_of_ed25519_is_removed_and_a_signature_stays(write):
    assert cleaned(f"{write(key_pair())} ok") == "[private key removed] ok"
    signature = write(dice.randbytes(64))
    assert cleaned(f"signature {signature}") == f"signature {signature}"


@pytest.mark.parametrize("version", ["b0", "9e", "cc", "80"])
def test_wallet_import_format_of_any_coin_is_removed(version):
    assert cleaned(f"x {base58check(version, dice.randbytes(32) + bytes([1]))} y") == "x [private key removed] y"


@pytest.mark.parametrize("version", ["019d9cfe", "02fac398"])
def test_extended_keys_of_other_coins_are_removed_and_their_public_ones_stay(version):
    private = base58check(version, dice.randbytes(41) + b"\0" + dice.randbytes(32))
    public = base58check(version, dice.randbytes(41) + b"\2" + dice.randbytes(32))
    assert cleaned(f"{private} {public}") == f"[private key removed] {public}"


def test_the_encrypted_key_of_a_wallet_file_is_removed():
    crypto = {"cipher": "aes-128-ctr", "ciphertext": HEX, "kdf": "scrypt", "mac": hashlib.sha256(b"x").hexdigest()}
    assert HEX not in cleaned(json.dumps({"version": 3, "crypto": crypto}))
    assert HEX in cleaned(json.dumps({"ciphertext": HEX}))


@pytest.mark.parametrize(
    "text",
    [
        'password: "Kite!horse77"',
        "password 'Kite!horse77'",
        '{"password":"Kite!horse77"}',
        "user=bob&password=Kite!horse77",
        "login:bob;password:Kite!horse77",
        "password: Kite!horse'77abc99",
        'password: Ab"cd12345efg',
        "my password is a/b77!Kite",
    ],
)
def test_a_password_between_signs_is_removed_whole(text):
    written = cleaned(text)
    assert "[password removed]" in written
    assert not any(part in written for part in ("Kite", "77", "cd12345"))


IN_A_FILE = ('{{"password": "{}"}}', "PASSWORD={}", "password: '{}'", "mot de passe :{}")
WITHOUT_A_WORD = {
    "мой пароль {}": "мой пароль: {}",
    "şifrem {}": "şifrem: {}",
}  # only what looks like nothing else counts
TOLD = [*(WITHOUT_A_WORD.get(texts[2], texts[2]) for texts in NAMES.values()), *IN_A_FILE]


@pytest.mark.parametrize("text", TOLD)
@pytest.mark.parametrize("sign", "!#$%&()*+,-./;<>?@[]^_`{|}~")
def test_a_password_may_have_any_sign_in_it(text, sign):
    for value in (f"ab{sign}cd1234!", f"Kite{sign}horse77", f"12{sign}34ab!cd{sign}x", f"Kite77{sign}{sign}x"):
        written = cleaned(text.format(value))
        assert "[password removed]" in written
        assert not any(part in written for part in ("cd", "1234", "Kite", "horse", "34ab", "77"))


@pytest.mark.parametrize("value", [":Kite77!x", "=Kite77!x", "://abc123!", "${abc123!", "{abc123!x}", "www.kite77!"])
def test_nor_does_a_sign_at_its_beginning_hide_it(value):
    for text in ("my password is {}", "пароль: {}", "パスワードは {} です", '{{"password": "{}"}}'):
        assert not any(part in cleaned(text.format(value)) for part in ("Kite", "77", "abc", "123"))


@pytest.mark.parametrize(
    "text",
    [
        "https://ex.com/login?user=bob&password=Kite77!x&redirect=https://ex.com/x",
        f"password=Kite77x&x={'a' * 60}&next=https://example.com",
        "login:bob;password:Kite77!x;url:https://ex.com/",
        "password:Kite77!x,url:https://ex.com",
        "password: {Qw3rty}Kite77!x",
        "password: ${abc}Kite77!x",
        "password: {{a.b}}Kite77x",
        "password: www.Tr0ub4.dor&Kite77",
    ],
)
def test_neither_does_what_stands_beside_it(text):
    assert "Kite77" not in cleaned(text)


def test_a_long_password_is_removed_to_its_end():
    assert cleaned(f"password: {'Kite!77x' * 20}") == "password: [password removed]"


@pytest.mark.parametrize("text", TOLD)
@pytest.mark.parametrize(
    "value",
    [
        "https://example.com/reset/Abc123!x",
        "www.example.com/reset2",
        "bob77@example.com",
        "USDT/TRC20",
        "text/html5",
        "11/22/2026",
        "24/7h",
        "${PASSWORD_2}",
        "{{password2}}",
    ],
)
def test_what_is_whole_something_else_is_no_password(text, value):
    assert cleaned(text.format(value)) == text.format(value)


@pytest.mark.parametrize(
    "text",
    [
        "Error: the code 100234 appears",
        "erreur, le code est 100234",
        "ошибка, код 482913",
        "реферальный код 482913",
        "lỗi mã 100234",
        "el código 100234",
        "コードは100234",
        "kodu 100234",
        "OTP 20261120",
        "Orders 2024 " + "123456789 987654321 " * 20,
    ],
)
def test_the_number_of_any_code_stays(text):
    assert cleaned(text) == text


@pytest.mark.parametrize(
    "unit",
    [
        f"private key {HEX} ",
        "пароль: a1b2c3d ",
        "密码是a1b2c3d",
        "كلمة المرور هي a1b2c3d ",
        "[1,",
        "ABCD ",
        "AAAA AAAAA ",
        "ab=",
        "x: ",
        "GB82 WEST ",
        "sessionid=abc12345; ",
        "Cookie: ",
        '"cookies":[',
        "code x 123456 ",
        "2fa ABCD EF2H ",
        '"abc123" is my password ',
        "abandon ability able about above x ",
        "1. abandon x\n",
        "abandon then ",
    ],
)
def test_hostile_text_takes_no_more_than_its_length(unit):
    times = 8_000 // len(unit)
    work(unit * times)  # the words of the languages are read once
    assert work(unit * times * 2) <= work(unit * times) * 2.5
