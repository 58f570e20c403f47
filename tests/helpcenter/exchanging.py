"""Exchanges as translators' files carry them."""

from hypothesis import strategies as st

from helpcenter.content.exchange import Exchange, State, Unit, units_of
from helpcenter.content.segments import align, split
from helpcenter.outline import text_hash

SOURCE = """You pay {fact:btc.fee}.

## Withdraw {#withdraw}

- Open [the page](withdraw-funds.md) & choose `USDT`
- Enter <b>the amount</b>

| Coin | Fee |
|---|---|
| USDT | 1 \\| 2 |

### Confirm {step:confirm}

![The page](pictures/page.webp "Caption")
"""
TARGET = """您支付 {fact:btc.fee}。

## 提现 {#withdraw}

- 打开[页面](withdraw-funds.md)，选择 `USDT`
- 输入<b>金额</b>

| 币种 | 费用 |
|---|---|
| USDT | 1 \\| 2 |
"""

_CLEAN = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn"]) | st.sampled_from("\n\t强&<>\"\\%{}'`é")
TEXTS = st.text(_CLEAN, max_size=30)
FILLED = st.builds("{}{}{}".format, TEXTS, st.sampled_from("aé强"), TEXTS)
KEYS = st.from_regex(r"(?:section|step|node):[a-z0-9-]{1,9}/(?:heading|[0-9]{1,2})", fullmatch=True)
HASHES = st.just("") | TEXTS.map(text_hash)
NOTES = TEXTS.map(lambda text: " ".join(text.split())).filter(lambda note: not note.startswith("base: "))


def units(states):
    return st.builds(
        Unit, KEYS, FILLED, st.just("") | FILLED, st.sampled_from(states), NOTES, HASHES
    )  # fmt: skip


def exchanges(states=tuple(State)):
    many = st.lists(units(states), min_size=1, max_size=5, unique_by=lambda unit: unit.key).map(tuple)
    languages = st.sampled_from(["zh-hans", "pt-br", "ja"])
    return st.builds(Exchange, st.sampled_from(["fees", "A_1"]), st.just("en"), languages, st.integers(1, 10**8), many)


def exchange(**changes):
    """The texts above as they are given out: one step is not translated yet."""
    pairs = align(split("Fees", "What you pay.", SOURCE), split("费用", "您支付什么。", TARGET))
    values = {"slug": "fees", "source_language": "en", "language": "zh-hans", "source_number": 7}
    return Exchange(**values | {"units": units_of(pairs)} | changes)
