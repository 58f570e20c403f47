"""The secret guard takes out every key and seed phrase that has a frame or a checksum, and nothing else.

`cases.json` holds labelled messages whose secrets are random; everything else here is generated.
"""

import base64
import json
import random
import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import base58
import pytest
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mnemonic import Mnemonic

from supportdesk import guard
from supportdesk.guard import Kind
from supportdesk.guard.normalise import normalise
from tests.services import need_corpus

CASES = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))["cases"]
SECRETS = [case for case in CASES if case["expect"] == "redact"]
CLEAN = [case for case in CASES if case["expect"] != "redact"]

# The ten lists of https://github.com/bitcoin/bips/blob/master/bip-0039/bip-0039-wordlists.md
LISTS = (
    "english",
    "japanese",
    "korean",
    "spanish",
    "chinese_simplified",
    "chinese_traditional",
    "french",
    "italian",
    "czech",
    "portuguese",
)
CHINESE = ("chinese_simplified", "chinese_traditional")
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ENTROPIES = (16, 20, 24, 28, 32)  # bytes: phrases of 12, 15, 18, 21 and 24 words

quick = settings(max_examples=25, deadline=None, derandomize=True)


def cleaned(text: str) -> str:
    return guard.clean(text, door="test").text


def is_covered(text: str, secret: str) -> bool:
    """Whether no letter and no digit of the secret would be stored."""
    start = text.index(secret)
    taken = {place for finding in guard.findings(text) for place in range(finding.start, finding.end)}
    return all(place in taken for place in range(start, start + len(secret)) if text[place].isalnum())


def phrase(language: str, entropy: bytes) -> list[str]:
    return Mnemonic(language).to_mnemonic(entropy).split()


def seeded_phrases(language: str, count: int, words: int | None = None) -> list[list[str]]:
    dice = random.Random(f"{language} {count}")
    sizes = ENTROPIES if words is None else (words * 4 // 3,)
    return [phrase(language, dice.randbytes(sizes[n % len(sizes)])) for n in range(count)]


entropies = st.sampled_from(ENTROPIES).flatmap(lambda size: st.binary(min_size=size, max_size=size))
phrases = st.tuples(st.sampled_from(LISTS), entropies).map(lambda drawn: phrase(*drawn))


# Labelled messages


@pytest.mark.parametrize("case", SECRETS, ids=lambda case: case["id"])
def test_every_labelled_secret_is_gone_and_what_must_be_kept_is_there(case):
    text = cleaned(case["text"])
    assert [secret["value"] for secret in case["secrets"] if secret["value"] in text] == []
    assert [kept for kept in case["must_keep"] if kept not in text] == []


@pytest.mark.parametrize("case", CLEAN, ids=lambda case: case["id"])
def test_clean_messages_are_not_altered(case):
    assert cleaned(case["text"]) == case["text"]


@pytest.mark.corpus
def test_articles_of_a_real_help_centre_are_not_altered():
    """At most one in two thousand paragraphs."""
    files = sorted(need_corpus().glob("corpus/*/*.md"))
    paragraphs = [part for file in files for part in file.read_text(encoding="utf-8").split("\n\n") if part.strip()]
    altered = [paragraph for paragraph in paragraphs if guard.findings(paragraph)]
    assert len(paragraphs) > 10_000
    assert len(altered) <= len(paragraphs) * 0.0005


# Seed phrases


@quick
@given(phrases)
def test_a_random_phrase_of_any_list_and_length_is_removed_as_one(words):
    assert cleaned(f"--> {' '.join(words)} <--") == "--> [seed phrase removed] <--"


def numbered(form: str) -> Callable[[list[str]], str]:
    return lambda words: "".join(form.format(n, word) for n, word in enumerate(words, 1)).strip()


WRITTEN = {
    "commas": ", ".join,
    "commas without blanks": ",".join,
    "full-width commas": "，".join,
    "ideographic commas": "、".join,
    "lines": "\n".join,
    "lines of Windows": "\r\n".join,
    "double spaces": "  ".join,
    "tabs": "\t".join,
    "ideographic blanks": "\u3000".join,
    "no-break blanks": "\u00a0".join,
    "numbers on lines": numbered("{}. {}\n"),
    "numbers in a row": numbered("{}. {} "),
    "numbers and brackets": numbered("{}) {}\n"),
}
WRITTEN_IN_ALPHABETS = {
    "empty lines": "\n\n".join,
    "semicolons": "; ".join,
    "hyphens": "-".join,
    "bullets": lambda words: "\n".join(f"- {word}" for word in words),
    "round bullets": lambda words: "\n".join(f"• {word}" for word in words),
    "bare numbers": numbered("{} {} "),
    "numbers and colons": numbered("{}: {}\n"),
    "numbers after hash signs": numbered("#{} {}\n"),
    "numbers in brackets": numbered("({}) {} "),
    "JSON": lambda words: json.dumps(words, ensure_ascii=False),
    "Python": str,
}


@pytest.mark.parametrize("language", LISTS)
@pytest.mark.parametrize("form", WRITTEN)
def test_a_phrase_is_found_however_its_words_are_parted(form, language):
    for words in seeded_phrases(language, 5):
        text = WRITTEN[form](words)
        assert cleaned(f"=> {text}.") in {
            "=> [seed phrase removed].",
            "=> 1. [seed phrase removed].",
            "=> 1) [seed phrase removed].",
        }


@pytest.mark.parametrize("language", [language for language in LISTS if language not in CHINESE])
@pytest.mark.parametrize("form", WRITTEN_IN_ALPHABETS)
def test_a_phrase_in_an_alphabet_is_found_in_lists_of_all_kinds(form, language):
    for words in seeded_phrases(language, 5):
        left = cleaned(f"=> {WRITTEN_IN_ALPHABETS[form](words)} <=")
        before, found, after = left.partition("[seed phrase removed]")
        assert found
        assert [word for word in words if word in before + after] == []


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text)


DISGUISES = {
    "upper case": str.upper,
    "title case": str.title,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "compatibility decomposed": lambda text: unicodedata.normalize("NFKD", text),
    "full-width": full_width,
    "zero-width blanks between the letters": "\u200b".join,
    "joiners between the letters": "\u200d".join,
    "word joiners between the letters": "\u2060".join,
    "soft hyphens between the letters": "\u00ad".join,
    "byte order marks": lambda text: text.replace(" ", " \ufeff"),
    "right-to-left marks": lambda text: f"\u202e{text}\u202c".replace(" ", " \u200f"),
}


@pytest.mark.parametrize("language", LISTS)
@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_phrase_is_found_in_every_form_of_its_letters(disguise, language):
    for words in seeded_phrases(language, 5):
        text = DISGUISES[disguise](unicodedata.normalize("NFC", " ".join(words)))
        assert is_covered(f"=> {text} <=", text)


@pytest.mark.parametrize("language", ["spanish", "french"])
def test_a_phrase_is_found_without_its_accents(language):
    """Both lists are made so that accents may be left out (bip-0039-wordlists.md)."""
    for words in seeded_phrases(language, 10):
        text = "".join(c for c in unicodedata.normalize("NFD", " ".join(words)) if not unicodedata.combining(c))
        assert is_covered(text, text)


@pytest.mark.parametrize("upper", [str.upper, lambda text: text.replace("i", "İ").upper()])
def test_a_phrase_in_turkish_is_found_in_capitals_with_and_without_dots(upper):
    for words in seeded_phrases("turkish", 10):
        text = upper(" ".join(words))
        assert is_covered(text, text)


def test_an_accent_that_something_invisible_parts_from_its_letter_still_belongs_to_it():
    for words in seeded_phrases("japanese", 5):
        text = "\u200b".join(unicodedata.normalize("NFD", " ".join(words)))
        assert is_covered(text, text)


@pytest.mark.parametrize("entity", ["&nbsp;", "&#160;", "&#xA0;", "&#10;", "&ensp;"])
def test_entities_of_all_kinds_part_words(entity):
    words = seeded_phrases("english", 1)[0]
    assert is_covered(entity.join(words), entity.join(words))


def test_a_phrase_is_found_where_a_web_page_wrote_the_blanks_as_entities():
    words = "&nbsp;".join(seeded_phrases("english", 1)[0])
    assert is_covered(f"=> {words}", words)


PROSE = {
    "en": ("My wallet cannot be opened: ", ". Could you look into this today?"),
    "zh-hans": ("我的钱包打不开了，助记词是：", "，请帮我恢复。"),
    "ja": ("ウォレットを復元できません。フレーズは ", " です。"),
    "ko": ("지갑 복구가 안 됩니다. 니모닉은 ", " 입니다."),
    "ru": ("Не могу восстановить кошелёк, вот фраза: ", ". Помогите, пожалуйста!"),
    "ar": ("لا أستطيع استعادة محفظتي. العبارة هي: ", "، ساعدوني من فضلكم."),
    "vi": ("Tôi không khôi phục được ví, cụm từ là: ", ". Xin giúp tôi."),
    "tr": ("Cüzdanımı geri yükleyemiyorum, kelimeler: ", ". Yardım eder misiniz?"),
}


@pytest.mark.parametrize("language", PROSE)
@quick
@given(words=phrases)
def test_prose_of_any_language_around_a_phrase_stays(language, words):
    before, after = PROSE[language]
    assert cleaned(before + " ".join(words) + after) == f"{before}[seed phrase removed]{after}"


@pytest.mark.parametrize("before", ["my seed phrase: ", "Seed phrase word list: ", "secret word phrase key - "])
@pytest.mark.parametrize("language", ["english", "french"])
def test_words_of_a_list_before_a_phrase_do_not_shield_any_part_of_it(language, before):
    """ "seed" and "phrase" are words of the list themselves; every place at which a phrase may begin counts."""
    for words in seeded_phrases(language, 60):
        text = " ".join(words)
        assert is_covered(before + text, text)


def test_words_of_a_list_after_a_phrase_do_not_shield_any_part_of_it():
    for words in seeded_phrases("english", 60):
        text = " ".join(words)
        assert is_covered(f"{text} help please cannot access my vault", text)


@cache
def shared_words() -> list[str]:
    return sorted(set(Mnemonic("english").wordlist) & set(Mnemonic("french").wordlist))


def test_a_phrase_that_begins_with_a_word_of_two_lists_is_removed_whole():
    """French, after an English word of the list: the word that both lists hold belongs to the phrase."""
    dice = random.Random(39)
    french = Mnemonic("french")
    for _ in range(10):
        first = french.wordlist.index(dice.choice(shared_words()))
        words = phrase("french", (first << 117 | dice.getrandbits(117)).to_bytes(16, "big"))
        text = " ".join(words)
        assert is_covered(f"this is my seed: {text}", text)


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("words", [12, 24])
def test_several_phrases_on_lines_of_their_own_are_all_removed(words, count):
    dice = random.Random(count)
    for _ in range(20):
        lines = [" ".join(phrase("english", dice.randbytes(words * 4 // 3))) for _ in range(count)]
        text = "\n".join(lines)
        assert is_covered(text, text)


@pytest.mark.parametrize("language", LISTS)
def test_words_whose_checksum_does_not_hold_stay(language):
    dice = random.Random(language)
    checkers = [Mnemonic(name) for name in (CHINESE if language in CHINESE else (language,))]
    for words in seeded_phrases(language, 20, words=12):
        wrong = list(words)
        while any(checker.check(" ".join(wrong)) for checker in checkers):
            wrong[dice.randrange(12)] = dice.choice(checkers[0].wordlist)
        assert cleaned(" ".join(wrong)) == " ".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(["abandon"] * 11),
        " ".join(["word"] * 12),  # its checksum holds
        " ".join(Mnemonic("english").wordlist[:100]),
        "about the market order: limit price above the current one, then cancel it",
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经",
        "今日は朝から晩まで相場を見ていましたが、注文は約定しませんでした。",
    ],
)
def test_prose_and_short_runs_are_kept(text):
    assert cleaned(text) == text


# Private keys of coins

SECRET_BYTES = st.binary(min_size=32, max_size=32)
# Version bytes: Wallet Import Format of the main and the test network, BIP-32 and SLIP-132.
PRIVATE_EXTENDED = {
    "xprv": "0488ade4",
    "tprv": "04358394",
    "yprv": "049d7878",
    "zprv": "04b2430c",
    "uprv": "044a4e28",
    "vprv": "045f18bc",
    "Yprv": "0295b005",
    "Zprv": "02aa7a99",
    "Uprv": "024285b5",
    "Vprv": "02575048",
}
PUBLIC_EXTENDED = {
    "xpub": "0488b21e",
    "tpub": "043587cf",
    "ypub": "049d7cb2",
    "zpub": "04b24746",
    "upub": "044a5262",
    "vpub": "045f1cf6",
    "Ypub": "0295b43f",
    "Zpub": "02aa7ed3",
}


def base58check(version: str, payload: bytes) -> str:
    return base58.b58encode_check(bytes.fromhex(version) + payload).decode()


@quick
@given(SECRET_BYTES, st.sampled_from(["80", "ef"]), st.booleans())
def test_a_key_in_wallet_import_format_is_removed(secret, network, is_compressed):
    key = base58check(network, secret + b"\x01" * is_compressed)
    assert cleaned(f"私钥是{key}。") == "私钥是[private key removed]。"


@pytest.mark.parametrize("prefix", PRIVATE_EXTENDED)
def test_extended_private_keys_of_all_kinds_are_removed(prefix):
    dice = random.Random(prefix)
    for _ in range(10):
        key = base58check(PRIVATE_EXTENDED[prefix], dice.randbytes(41) + b"\0" + dice.randbytes(32))
        assert key.startswith(prefix)
        assert cleaned(f"wallet={key};") == "wallet=[private key removed];"


@pytest.mark.parametrize(
    "form", ["({})", "“{}”", "key:{}", "{}.", "**{}**", "<{}>", "Ключ {}!", "키는{}입니다", "\u200b{}\u200b"]
)
def test_a_key_is_found_in_any_surroundings(form):
    key = base58check("80", random.Random(form).randbytes(32) + b"\x01")
    assert key not in cleaned(form.format(key))


def test_a_key_with_invisible_characters_inside_is_removed_with_them():
    key = base58check("80", random.Random(7).randbytes(32) + b"\x01")
    assert cleaned("key " + "\u200b".join(key) + " end") == "key [private key removed] end"


def one_character_wrong(token: str, dice: random.Random, first: int) -> str:
    place = dice.randrange(first, len(token))
    return token[:place] + dice.choice([c for c in ALPHABET if c != token[place]]) + token[place + 1 :]


@quick
@given(SECRET_BYTES, st.randoms(use_true_random=False))
def test_a_mistyped_key_has_no_checksum_and_stays(secret, dice):
    wif = one_character_wrong(base58check("80", secret + b"\x01"), dice, 1)
    extended = one_character_wrong(base58check("0488ade4", secret + b"\0" * 9 + b"\0" + secret), dice, 4)
    assert cleaned(f"{wif} {extended}") == f"{wif} {extended}"


PUBLIC = {
    **{name: (version, 74) for name, version in PUBLIC_EXTENDED.items()},
    "an address that begins with 1": ("00", 20),
    "an address that begins with 3": ("05", 20),
    "an address of a test network": ("6f", 20),
    "an address that begins with T": ("41", 20),
    "an address that begins with L": ("30", 20),
    "an address that begins with D": ("1e", 20),
}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_keys_and_addresses_stay(name):
    version, size = PUBLIC[name]
    dice = random.Random(name)
    for _ in range(20):
        text = f"sent to {base58check(version, dice.randbytes(size))} yesterday"
        assert cleaned(text) == text


@quick
@given(st.binary(min_size=32, max_size=32), st.uuids(), st.integers(10**9, 10**15), st.binary(min_size=64, max_size=64))
def test_hashes_identifiers_and_signatures_stay(digest, uuid, order, signature):
    text = (
        f"tx {digest.hex()} 0x{digest.hex()} 交易哈希：{digest.hex().upper()} id {uuid} order {order} "
        f"address 0x{digest[:20].hex()} "
        f"sig {signature.hex()} {base64.b64encode(signature).decode()} bc1q{digest.hex()[:38]} clOrdID {uuid.hex}"
    )
    assert cleaned(text) == text


# Keys in frames, one-time secrets, tokens

PEM_KINDS = ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "]
BODY = "\n".join(["MHQCAQEEIAAapZ36xjsDku8tzvw+zEs581JGNJjAYtpfDpEHI4M9oAcGBSuBBAAK"] * 3)


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


OTPAUTH = "otpauth://totp/Northgate:a%40example.com?secret=GB5XTUPTAZPZWAYHVHYIQ6LIHJRDSXVR&issuer=Northgate"


@pytest.mark.parametrize(
    "address", [OTPAUTH, OTPAUTH.replace("otpauth", "OTPAuth"), "otpauth-migration://offline?data=CjEK"]
)
def test_addresses_that_enrol_an_authenticator_are_removed(address):
    assert cleaned(f"QR <{address}> says") == "QR <[two-factor secret removed]> says"


@pytest.mark.parametrize("after", ["，但是验证码不对", "。コードが合いません", "입니다", " لا يعمل", "）谢谢"])
def test_words_right_after_such_an_address_stay(after):
    """Chinese and Japanese put no blank between an address and the sentence that goes on."""
    assert cleaned(f"{OTPAUTH}{after}").endswith(after.lstrip("，。）"))


def token(header: dict[str, str], parts: int = 3) -> str:
    packed = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    return ".".join([packed, *["eyJzdWIiOiAiOTYzNjMzIn0"] * (parts - 2), "DvLxNuDB0YzMLjiyIWu2d8WuWtN-RPCT71m5oAyGSQI"])


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


# The way in


def test_the_note_is_in_the_language_of_the_reader():
    words = " ".join(seeded_phrases("english", 1)[0])
    with override("zh-hans"):
        note = guard.clean(words, door="test").text
    assert note.startswith("[")
    assert note != "[seed phrase removed]"


def test_positions_are_those_of_the_text_that_was_given():
    words = " ".join(seeded_phrases("japanese", 1)[0])
    text = f"e\u0301\u200b １２ {unicodedata.normalize('NFD', words)} か\u3099"
    (finding,) = guard.findings(text)
    assert unicodedata.normalize("NFC", text[finding.start : finding.end]) == unicodedata.normalize("NFC", words)


@pytest.mark.parametrize(
    "secret", [" ".join(phrase("english", bytes(range(16)))), base58check("80", bytes(range(1, 33)))]
)
def test_a_cut_never_goes_through_a_secret(secret):
    text = f"My words: {secret} end"
    whole = [guard.cut(text, longest) for longest in range(10, 10 + len(secret))]
    assert set(whole) == {"My words:"}
    assert guard.cut(text, 10 + len(secret)) == f"My words: {secret}"
    assert guard.cut(text, len(text)) == text
    assert guard.cut("a word " * 100, 17) == "a word a word a w"


def test_a_secret_inside_another_is_reported_once():
    key = base58check("80", random.Random(1).randbytes(32) + b"\x01")
    text = f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----"
    assert [finding.kind for finding in guard.findings(text)] == [Kind.PEM]


def test_different_secrets_in_one_text_are_all_removed_in_place():
    key = base58check("80", random.Random(2).randbytes(32) + b"\x01")
    words = " ".join(seeded_phrases("korean", 1)[0])
    assert cleaned(f"a {key} b {words} c {OTPAUTH} d") == (
        "a [private key removed] b [seed phrase removed] c [two-factor secret removed] d"
    )


def test_the_log_names_the_kind_and_the_door_and_never_the_secret(caplog):
    key = base58check("80", random.Random(3).randbytes(32) + b"\x01")
    guard.clean(f"my key {key}", door="feedback")
    assert "private_key" in caplog.text
    assert "feedback" in caplog.text
    assert key not in caplog.text


@quick
@given(st.text(max_size=300))
@example("\u0301")
@example("\u200b\u0301")
def test_any_text_without_a_secret_comes_back_as_it_was(text):
    result = guard.clean(text, door="test")
    assert (result.text, result.is_redacted) == (text, False)


# Time: work grows with the text, not with its square

HOSTILE = {
    "one word": ("abandon ", 0),
    "one Chinese word": ("的 ", 0),
    "Chinese words": ("的一是在不了有和人这", 0),
    "many addresses": ("otpauth://x ", None),
    "many tokens": ("eyJhbGciOiIifQ.. ", None),
    "many keys": ("-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----", None),
    "beginnings of keys": ("-----BEGIN RSA PRIVATE KEY-----", 1),
    "broken frames": ("-----BEGIN A ", 0),
    "beginnings of tokens": ("eyJa.", 0),
    "long beginnings of tokens": ("eyJaaaaa.", 0),
    "digits": ("1", 0),
    "base58": ("K", 0),
    "extended": ("xprv", 0),
    "blanks": (" ", 0),
    "brackets": ("[", 0),
    "commas": ("abandon,", 0),
    "wide gaps": ("abandon" + " " * 13, 0),
    "joiners": ("\u200d", 0),
    "ligatures": ("\ufdfa", 0),
    "names and signs": ("key=", 0),
    "passwords that are none": ("pw: ", 0),
    "accents": ("\u0301", 0),
    "accents out of order": ("\u0301\u0316", 0),
}


def work(text: str) -> int:
    """Calls that the guard makes for a text, each resumption of a generator counted."""
    folder = str(Path(guard.__file__).parent)
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += frame.f_code.co_filename.startswith(folder)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        guard.findings(text)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_text_is_about_twice_the_work(name):
    unit = HOSTILE[name][0]
    times = 8_000 // len(unit)
    work(unit)  # the lists of words are read once
    assert work(unit * times * 2) <= work(unit * times) * 2.5


@pytest.mark.parametrize("name", HOSTILE)
def test_64_kilobytes_of_anything_come_to_an_end(name):
    unit, expected = HOSTILE[name]
    times = 65_536 // len(unit.encode())
    assert len(guard.findings(unit * times)) == (times if expected is None else expected)


def test_what_stands_before_a_value_is_read_once_however_often_it_stands_there():
    """Each sign may begin a password, and for each the 48 characters before it would be read anew."""
    assert work("key=" * 4000) - work("key_" * 4000) < 4 * 4000


def test_a_letter_under_thousands_of_accents_is_taken_in_small_pieces():
    """Ordering accents takes the square of their number, so it must not happen for all of them at once."""
    text = "a" + "\u0301" * 5_000 + "\u0316" * 5_000
    form = normalise(text)
    assert max(stop - start for start, stop in zip(form.starts, form.stops, strict=True)) <= 128


def test_the_guard_knows_nothing_of_the_database():
    folder = Path(guard.__file__).parent
    sources = "\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    assert (
        re.search(r"django\.(db|conf|contrib)|helpcenter|timezone", re.sub(r'""".*?"""', "", sources, flags=re.S))
        is None
    )


@given(st.text(st.characters(codec="ascii", exclude_characters="&"), max_size=200))
def test_plain_text_is_read_as_any_other(text):
    """It has a shorter way; a mark that nobody sees sends the same words the long one."""
    short, long = normalise(text), normalise(text + "\u200b")
    assert short.text == long.text
    assert (list(short.starts), list(short.stops)) == (long.starts, long.stops)
