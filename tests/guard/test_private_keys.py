"""Private keys of coins, which have a checksum, are taken out; mistyped ones, addresses and hashes stay."""

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.guard.made import base58check, cleaned, quick

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
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
