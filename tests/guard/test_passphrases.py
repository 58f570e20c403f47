"""Passwords that have no look of their own: sentences, and one that was changed into another."""

import pytest

from tests.guard.made import cleaned


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("My passphrase is: copper lantern walks quietly", "copper lantern walks quietly"),
        ("My password is four words: amber kettle north window.", "amber kettle north window"),
        ("合言葉は「ふるい灯台と三匹の猫」です。", "ふるい灯台と三匹の猫"),
        ("Парольная фраза: старый маяк три кота", "старый маяк три кота"),
        ("عبارة المرور حقي: منارة قديمة وثلاث قطط", "منارة قديمة وثلاث قطط"),
        ("mot de passe : orage-brique-guitare-lampe", "orage-brique-guitare-lampe"),
        ("Changed it from Harbour-12! to Lantern-34! and the form goes red.", "Lantern-34!"),
        ("I use dunes4417 for everything, so the password can't be wrong.", "dunes4417"),
        ("old one: Rabbit!2291\nnew one: Rabbit!2292\nno password works", "Rabbit!2291"),
        ("same password as before but with a 7 at the end: mulberry337", "mulberry337"),
    ],
)
def test_a_password_told_in_words_is_gone(text: str, secret: str) -> None:
    assert secret not in cleaned(text)


@pytest.mark.parametrize(
    "text",
    [
        "The password has to be a phrase: at least four words.",
        "Passphrase: must be long enough.",
        "パスフレーズは「短すぎます」と表示されます。",
        "The page says of my passphrase: too short",
        "Forgot my password, in other words: I cannot log in",
        "Olvidé mi contraseña, en otras palabras: no puedo entrar",
        "Забыл пароль, другими словами: не могу войти в кабинет",
        "Tôi quên mật khẩu, từ hôm qua: tôi không vào được",
        "نسيت كلمة المرور بكلمات أخرى: لا أستطيع الدخول الآن",
        'I changed my password on the page with the words "Change it now or later"',
        'My password reset mail has the sentence "Click here to confirm your address"',
        'The passphrase page shows "Please enter your passphrase again"',
        "密码页面有一句话：“请稍后再来查看”",
        "На странице пароля фраза «Попробуйте ещё раз позже»",
        "I use a passphrase: how do I change it",
        "Passphrase: I forgot it last week",
        "I switched my chart from BTCUSD1! to ETHUSD1! today.",
        "Funding went from 0.0100%/8h to 0.0300%/8h.",
        "My request went from #ABC-12345 to #ABC-12399",
        "I changed the order from 12.5 to 13.5 and it filled.",
        "I use tradingview2 for everything on charts.",
        'Server answers code 410233 and "verification required".',
    ],
)
def test_rules_and_answers_stay(text: str) -> None:
    assert cleaned(text) == text
