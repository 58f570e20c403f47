"""Codes, passwords and secrets of authenticator apps are removed where a sentence tells them with words between; the
same characters beside orders, amounts and accounts stay."""

import random

import pytest

from tests.guard.made import cleaned

dice = random.Random(41)
PASSWORD = "Plum-tart58"
BASE32 = "K4TM J7QZ R2VD 5XWA"

CODES = {
    "en": "the SMS code that came to my phone just now was {} and it fails",
    "es": "el código de verificación que me llegó al móvil {} no sirve",
    "fr": "le code de sécurité que je viens de recevoir, {}, ne passe pas",
    "pt-br": "chegou o código de segurança no celular {} mas nada acontece",
    "tr": "telefonuma gelen doğrulama kodu az önce {} idi, kabul etmiyor",
    "vi": "mã OTP gửi về điện thoại em {} mà không nhập được",
    "ru": "код подтверждения пришёл вот только что {}, но не подходит",
    "ar": "رمز التحقق الذي وصلني بالجوال {} لا يعمل",
    "ja": "認証コードがさっき届きました {} なのに通りません",
    "ko": "인증번호 방금 문자로 온 거 {} 인데 안 돼요",
    "zh-hans": "验证码刚刚收到了 {} 但是过期了",
    "zh-hant": "驗證碼剛剛收到了 {} 但是過期了",
}
FACTORS = {
    "en": "Google Authenticator gave me this setup key {} and the new phone refuses it",
    "es": "la clave secreta del 2FA la tengo apuntada así: {}",
    "fr": "la clé de configuration de la double authentification : {}",
    "pt-br": "o segredo do autenticador que anotei: {}",
    "tr": "Authenticator kurulum anahtarım ekranda {} olarak görünüyor",
    "vi": "khóa thiết lập xác thực hai lớp em lưu là {}",
    "ru": "ключ настройки аутентификатора записан так: {}",
    "ar": "مفتاح المصادقة الثنائية عندي مكتوب {}",
    "ja": "2段階認証のセットアップキーは{}とメモしてあります",
    "ko": "2단계 인증 설정 키 적어둔 게 {} 입니다",
    "zh-hans": "谷歌验证器的设置密钥我抄下来是 {}",
    "zh-hant": "驗證器的設定金鑰我抄下來是 {}",
}
PASSWORDS = {
    "en": "I keep typing {} as my password and it fails",
    "es": 'pongo "{}", que es mi contraseña desde 2022',
    "fr": "mon mot de passe est toujours {} et rien",
    "pt-br": "a senha que uso é {} e não entra",
    "tr": "şifre olarak {} giriyorum ama olmuyor",
    "vi": "mật khẩu em là {} mà báo sai",
    "ru": "пароль у меня такой: {}",
    "ar": "كلمة المرور حقتي هي {}",
    "ja": "ログインPW: {}",
    "ko": "비번은 계속 {} 인데 안 돼요",
    "zh-hans": "密码我一直用 {} 怎么不行了",
    "zh-hant": "密碼我都用 {} 這組",
}


@pytest.mark.parametrize("text", CODES.values(), ids=CODES)
@pytest.mark.parametrize("value", ["482913", "482 913"])
def test_a_code_is_removed_in_the_sentence_that_names_it(text, value):
    assert cleaned(text.format(value)) == text.format("[code removed]")


@pytest.mark.parametrize("text", FACTORS.values(), ids=FACTORS)
@pytest.mark.parametrize("value", [BASE32, BASE32.replace(" ", ""), BASE32.lower()])
def test_the_secret_of_an_app_is_removed_in_a_sentence_about_it(text, value):
    written = cleaned(text.format(value))
    assert value not in written
    assert "[two-factor secret removed]" in written


@pytest.mark.parametrize("text", PASSWORDS.values(), ids=PASSWORDS)
def test_a_password_is_removed_however_it_is_told(text):
    assert cleaned(text.format(PASSWORD)) == text.format("[password removed]")


def test_codes_that_follow_one_are_removed():
    assert "31175849" not in cleaned("backup codes I still have: 93669987, 31175849 and 20417733")
    assert "20417733" not in cleaned("backup codes I still have: 93669987, 31175849 and 20417733")


@pytest.mark.parametrize(
    "text",
    [
        "OTP never came for order 482913",
        "the SMS code passed but the withdrawal of 100000 USDT waits",
        "verification code does not come to +65 91234567",
        "2FA code is fine. My ticket 482913 is still open",
        "код подтверждения подошёл, а вывод 150000 руб не ушёл",
        "验证码收不到，账号 48291377",
        "認証コードが届きません。注文 482913 の件",
        "인증번호 안 와요, 주문 482913 입니다",
        "I changed my password on my Pixel8Pro yesterday",
        "my iPhone15 asks for my password again",
        "2FA is on, hash ABCDEFGHIJKLMNOP",
    ],
)
def test_other_numbers_and_names_in_such_sentences_stay(text):
    assert cleaned(text) == text


def test_both_halves_of_an_api_key_are_removed():
    key, secret = ("".join(dice.choices("abcDEF234ghiJKL567", k=32)) + "aA1" for _ in range(2))
    for text in (
        "API Key ID: {}\nAPI Secret: {}",
        "apiKey={}\n密钥={}",
        "Clé : {}. Secret : {}.",
        "ключ: {}, секрет: {}",
    ):
        written = cleaned(text.format(key, secret))
        assert key not in written
        assert secret not in written
    assert cleaned(f"public key: {key}") == f"public key: {key}"
