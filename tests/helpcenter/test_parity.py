"""Whether a translation says what its source says, check by check, in twelve languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import parity
from helpcenter.content.parity import Check, Document, Term
from helpcenter.content.parity.figures import decimal
from helpcenter.content.parity.wordlists import term


def compare(source, translation, language="es", terms=()):
    return parity.differences(Document("en", "", "", source), Document(language, "", "", translation), terms)


def checks(source, translation, language="es", terms=()):
    return [difference.check for difference in compare(source, translation, language, terms)]


SAME = [
    ("es", "Wait 24 hours.", "Espere 24 horas."),
    ("es", "It costs 1,000.5 USDT.", "Cuesta 1.000,5 USDT."),
    ("es", "It costs 1,000.5 USDT.", "Cuesta 1,000.5 USDT."),
    ("fr", "It costs 1,000.5 USDT.", "Cela coûte 1 000,5 USDT."),
    ("fr", "The rate is 0.05%.", "Le taux est de 0,05 %."),
    ("fr", "The document is from the last 3 months.", "Le document date des 3 derniers mois."),
    ("fr", "It ends at 08:00 UTC.", "Elle finit à 8 h 00 UTC."),
    ("pt-br", "It costs 1,000.5 USDT.", "Custa 1.000,5 USDT."),
    ("pt-br", "Two formulas.", "2 fórmulas."),
    ("ru", "It costs 1,000.5 USDT.", "Это стоит 1 000,5 USDT."),
    ("ru", "At 10x leverage.", "С плечом 10x."),
    ("ru", "Wait two hours.", "Подождите 2 часа."),
    ("ru", "An 8-hour interval.", "8-часовой интервал."),
    ("tr", "The rate is −0.05%.", "Oran −%0,05."),
    ("tr", "On 15 December 2026.", "15 Aralık 2026’da."),
    ("vi", "On 15 December 2026.", "Vào ngày 15 tháng 12 năm 2026."),
    ("vi", "On 15 December 2026.", "Vào ngày 15/12/2026."),
    ("vi", "Wait 12 months.", "Chờ 12 tháng."),
    ("ar", "It costs 1,000.5 USDT.", "يكلّف ١٬٠٠٠٫٥ USDT."),
    ("ar", "Wait two hours.", "انتظروا ساعتين."),
    ("ar", "Keep 5% for 30 days.", "احتفظوا بنسبة 5٪ لمدة 30 يومًا."),
    ("ja", "With 10x leverage.", "レバレッジ１０倍。"),
    ("ja", "On 15 December 2026 at 08:00.", "2026年12月15日8時。"),
    ("ja", "A limit of 1,000,000 USDT.", "上限は100万 USDTです。"),
    ("ja", "Two-factor authentication.", "2要素認証。"),
    ("ko", "With 10x leverage.", "레버리지 10배."),
    ("ko", "On 15 December 2026.", "2026년 12월 15일."),
    ("ko", "The three steps.", "3단계."),
    ("zh-hans", "Wait 24 hours, then two minutes.", "先等24小时，再等两分钟。"),
    ("zh-hans", "Between 1 and 3 hours.", "1至3小时。"),
    ("zh-hans", "6 of 8 hours are left.", "8小时还剩6小时。"),
    ("zh-hant", "Ten percent a year.", "每年10%。"),
    ("zh-hant", "On 2026-12-15.", "2026年12月15日。"),
    ("es", "The price of Ether.", "El precio de ETH."),
    ("fr", "It ends at 16:00 UTC.", "Elle finit à 16 h UTC."),
    ("tr", "It ends at 16:00 UTC.", "16.00 UTC’de biter."),
    ("vi", "It ends at 16:00 UTC.", "Kết thúc lúc 16 giờ UTC."),
    ("pt-br", "At 10x leverage.", "Com alavancagem x10."),
    ("zh-hant", "With 10x leverage.", "使用10x槓桿。"),
    ("vi", "It takes 2 confirmations.", "Cần 2 xác nhận."),
    ("tr", "On Tuesday at 09:40 UTC.", "Salı günü 09:40 UTC’de."),
    ("pt-br", "From Monday to Friday.", "De segunda-feira a sexta-feira."),
    ("vi", "The second factor.", "Yếu tố thứ hai."),
    ("ar", "Type both once more.", "اكتبوا الاثنين مرة أخرى."),
    ("zh-hans", "You need not be sure.", "您不必十分确定。"),
    ("zh-hans", "A quarter higher.", "高四分之一。"),
    ("ko", "The first six and the last six characters.", "앞 여섯 글자와 뒤 여섯 글자."),
    ("pt-br", "At most 10 orders a second.", "No máximo 10 ordens por segundo."),
    ("ja", "The price is 57,500 USDT, the last was 57,540 USDT.", "最後は57,540 USDT、価格は57,500 USDTです。"),
    ("es", "The official time is 08:00 UTC.", "El horario oficial es 08:00 UTC: está listo."),
    ("fr", "Use `BTCUSDT-PERP`: `60,000 × 2%`.", "Utilisez `BTCUSDT-PERP` : `60 000 × 2 %`."),
]


@pytest.mark.parametrize(("language", "source", "translation"), SAME)
def test_the_same_in_the_writing_of_another_language(language, source, translation):
    assert compare(source, translation, language) == []


OTHER = [
    ("es", "Wait 24 hours.", "Espere 42 horas.", Check.NUMBER),
    ("es", "Wait 24 hours.", "Espere 24 minutos.", Check.UNIT),
    ("es", "Wait 24 hours.", "Espere 24.", Check.UNIT),
    ("es", "Wait 24 hours.", "Espere unas horas.", Check.NUMBER),
    ("es", "Two steps.", "3 pasos.", Check.NUMBER),
    ("es", "Two steps.", "Tres pasos.", Check.NUMBER),
    ("es", "Open the page.", "Abra la página 2.", Check.NUMBER),
    ("ru", "The rate is 0.05%.", "Ставка 0,5%.", Check.PERCENTAGE),
    ("ru", "The rate is 0.05%.", "Ставка 0,05.", Check.PERCENTAGE),
    ("ru", "The rate is 0.05%.", "Ставка 0,05‰.", Check.PERCENTAGE),
    ("ru", "The rate is −0.05%.", "Ставка 0,05%.", Check.PERCENTAGE),
    ("zh-hans", "With 10x leverage.", "100倍杠杆。", Check.LEVERAGE),
    ("ja", "In 2 hours.", "2日後。", Check.UNIT),
    ("ko", "Within 30 days.", "30시간 이내.", Check.UNIT),
    ("ar", "Wait two hours.", "انتظروا دقيقتين.", Check.UNIT),
    ("fr", "On 3 April 2026.", "Le 4 mars 2026.", Check.DATE),
    ("vi", "On 15 December 2026.", "Vào ngày 15 tháng 12 năm 2027.", Check.DATE),
    ("pt-br", "At 08:00 UTC.", "Às 18:00 UTC.", Check.TIME),
    ("tr", "Send 5 BTC.", "5 ETH gönderin.", Check.TICKER),
    ("tr", "Send USDT.", "USDC gönderin.", Check.TICKER),
    ("zh-hant", "The TRC-20 network.", "ERC-20網路。", Check.TICKER),
    ("es", "You pay {fact:btcusdt-perp.taker-fee}.", "Paga {fact:btcusdt-perp.maker-fee}.", Check.FACT),
    ("es", "You pay {fact:btcusdt-perp.taker-fee}.", "Paga.", Check.FACT),
    ("es", "[Fees](fees.md#trading)", "[Comisiones](fees.md)", Check.LINK),
    ("es", "[Fees](fees.md)", "Comisiones", Check.LINK),
    ("es", "[Bitcoin](https://bitcoin.org/)", "[Bitcoin](https://bitcoin.example/)", Check.LINK),
    ("es", "![A page](pictures/page.webp)", "![Una página](pictures/other.webp)", Check.PICTURE),
    ("es", "Use `seq`.", "Use `req`.", Check.CODE),
    ("es", "`60,000 × 2%`", "`60,000 ÷ 2%`", Check.CODE),
    ("es", "Hello {name}.", "Hola {nombre}.", Check.PLACEHOLDER),
    ("es", "Hello %(name)s.", "Hola.", Check.PLACEHOLDER),
    ("es", "Enter <symbol> here.", "Ingrese <símbolo> aquí.", Check.PLACEHOLDER),
    ("pt-br", "One of ten codes. Each has 10 signs.", "Um dos treze códigos. Cada um tem 10 sinais.", Check.NUMBER),
    ("tr", "One of ten codes. Each has 10 signs.", "On iki koddan biri. Her biri 10 karakter.", Check.NUMBER),
    ("ar", "The five markets are open.", "الأسواق السبعة مفتوحة، وهي سبعة أسواق.", Check.NUMBER),
    ("ko", "Seven codes.", "코드 아홉 개.", Check.NUMBER),
    ("ja", "There are seven codes.", "コードがあります。", Check.NUMBER),
    ("fr", "A second block follows the first block.", "Un troisième bloc suit le premier bloc.", Check.NUMBER),
    ("zh-hant", "Only the first photo passes.", "只有第二張通過。", Check.NUMBER),
    ("ko", "On Monday.", "화요일에.", Check.DATE),
    ("ar", "On Friday at 08:00.", "يوم السبت عند 08:00.", Check.DATE),
    ("pt-br", "From Monday on.", "A partir de terça-feira.", Check.DATE),
    ("zh-hant", "Every Sunday.", "每週六。", Check.DATE),
    ("tr", "On Wednesday.", "Perşembe günü.", Check.DATE),
    ("es", "On Sunday.", "El día siguiente.", Check.DATE),
    ("es", "At 08:00 UTC.", "A las 08:00.", Check.TIME),
    ("fr", "At 08:00 UTC.", "À 08:00, heure de Paris.", Check.TIME),
    ("ja", "At 08:00 UTC.", "日本時間08:00。", Check.TIME),
    ("vi", "At 08:00 UTC.", "Lúc 08:00 giờ Việt Nam.", Check.TIME),
    ("pt-br", "At 08:00 UTC.", "Às 08:00 UTC−3.", Check.TIME),
    ("ar", "120 a minute, 10 a second.", "120 في الدقيقة و10 في الدقيقة.", Check.UNIT),
    ("ja", "A request each hour and a report each day.", "毎日リクエスト、毎日レポート。", Check.UNIT),
    ("fr", "It needs two blocks.", "Il faut deux heures.", Check.UNIT),
    ("ru", "Choose 2x or 3x in one of two modes.", "Выберите 3x в одном из двух режимов.", Check.LEVERAGE),
    ("vi", "From 10 USDT to 20 USDT.", "Từ 20 USDT đến 10 USDT.", Check.NUMBER),
    ("ar", "It rises from 2% to 5%.", "يرتفع من 5% إلى 2%.", Check.PERCENTAGE),
    ("es", "Choose the contract, then the side.", "Choose the contract, then the side.", Check.UNTRANSLATED),
    ("ja", "Longs pay then.", "そのときショートが支払います。", Check.TERM),
    ("zh-hans", "The taker pays.", "Maker付费。", Check.TERM),
]


@pytest.mark.parametrize(("language", "source", "translation", "check"), OTHER)
def test_something_else_in_another_language(language, source, translation, check):
    assert check in checks(source, translation, language)


STEPS = "## Do it {#do}\n\n### Open {step:open}\n\nText.\n\n### Send {step:send}\n\nText.\n"


def test_a_step_that_is_missing():
    found = compare(STEPS, "## Hágalo {#do}\n\n### Abrir {step:open}\n\nTexto.\n")
    assert [(d.check, d.part, d.line, d.expected) for d in found] == [(Check.STEPS, "step:send", 0, "send")]


def test_a_step_that_the_source_lacks_is_named_with_its_line():
    found = compare(STEPS, f"{STEPS}\n### Esperar {{step:wait}}\n\nTexto.\n")
    assert [(d.check, d.line, d.found) for d in found] == [(Check.STEPS, 11, "wait")]


def test_steps_in_another_order():
    turned = "## Hágalo {#do}\n\n### Enviar {step:send}\n\nTexto.\n\n### Abrir {step:open}\n\nTexto.\n"
    assert checks(STEPS, turned) == [Check.STEPS]


def test_a_section_that_is_missing():
    assert checks("## Why {#why}\n\nText.\n\n## How {#how}\n\nText.", "## Por qué {#why}\n\nTexto.") == [Check.SECTION]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("- One\n- Another", "- Una"),
        ("| a | b |\n|---|---|\n| c | d |", "| a | b |\n|---|---|"),
        (":::warning\nText.\n:::", ":::note\nTexto.\n:::"),
        ("Text.\n\nMore text.", "Texto."),
    ],
)
def test_a_part_that_is_built_otherwise(source, translation):
    assert Check.SHAPE in checks(source, translation)


def test_a_paragraph_may_be_cut_in_two():
    assert compare("Wait 24 hours. Then send 5 BTC.", "Espere 24 horas.\n\nDespués envíe 5 BTC.") == []


def test_a_paragraph_with_a_figure_is_missed_though_another_says_the_same_figure():
    source = "Wait 24 hours.\n\nThen wait 24 hours again."
    assert Check.NUMBER in checks(source, "Espere 24 horas.")


def test_figures_that_change_places_between_two_cells():
    source = "| a | b |\n|---|---|\n| 10 USDT | 20 USDT |"
    assert checks(source, source.replace("10", "x").replace("20", "10").replace("x", "20")) == [Check.NUMBER] * 2


def test_a_difference_is_named_with_part_and_line():
    source, translation = (
        "## Why {#why}\n\nA line.\nWait 24 hours.",
        "## Por qué {#why}\n\nUna línea.\nEspere 42 horas.",
    )
    [found] = compare(source, translation)
    assert (found.part, found.line, found.expected, found.found) == ("section:why", 4, "24 hours", "42 horas")
    assert found.message == "The source says “24 hours”, the translation “42 horas”."


def test_paragraphs_are_called_paragraphs():
    [found] = compare("One.\n\nTwo.", "Uno.")
    assert found.message == "The source has so many paragraphs here: 2. The translation has 1."


def test_title_and_summary_have_no_line():
    source = Document("en", "24 hours", "At 10x", "Text.")
    found = parity.differences(source, Document("es", "24 días", "Con 20x", "Texto."))
    assert [(d.check, d.part, d.line) for d in found] == [(Check.UNIT, "title", 0), (Check.LEVERAGE, "title", 0)]


def test_a_fingerprint_does_not_depend_on_the_line():
    [one] = compare("Wait 24 hours.", "Espere 42 horas.")
    [other] = compare("Wait 24 hours.", "\n\nEspere 42 horas.")
    assert one.line != other.line
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint != compare("Wait 24 hours.", "Espere 43 horas.")[0].fingerprint


@pytest.mark.parametrize("check", Check)
@pytest.mark.parametrize(("expected", "found"), [("a", "b"), ("a", ""), ("", "b")])
def test_every_difference_has_a_sentence(check, expected, found):
    message = parity.Difference(check, "intro", 1, expected, found).message
    assert message.endswith(".")
    assert "%" not in message


# Words of the glossary

MARK = Term("mark_price", ("mark price",), ("precio de marca",), ("precio de mercado",))
LAST = Term("last_price", ("last price",), ("último precio",))
INDEX = Term("index_price", ("index price",), ("precio de índice",))
PRICES = (MARK, LAST, INDEX)


def test_another_form_of_a_term_is_the_term():
    assert compare("The mark price counts.", "Cuentan los precios de marca.", terms=PRICES) == []


def test_terms_that_share_their_noun():
    assert compare("Index price and mark price.", "Los precios de índice y de marca.", terms=PRICES) == []


def test_a_term_in_the_place_of_another():
    [found] = compare("The mark price counts.", "Cuenta el último precio.", terms=PRICES)
    assert (found.check, found.expected, found.found) == (Check.TERM, "mark price", "último precio")


def test_a_rejected_word():
    [found] = compare("The mark price counts.", "Cuenta el precio de mercado.", terms=PRICES)
    assert (found.check, found.expected, found.found) == (Check.REJECTED_TERM, "mark price", "precio de mercado")


def test_a_rejected_word_says_nothing_where_the_source_does_not_speak_of_the_term():
    assert compare("The price moves.", "El precio de mercado se mueve.", terms=PRICES) == []


LEVERAGE = Term("leverage", ("leverage",), ("poder de apalancamiento",), ("apalancamiento",))
BOOK = Term("order_book", ("order book",), ("委託簿", "訂單簿"))
ORDERS = Term("order", ("order",), ("委託",), ("訂單",))


def test_a_refused_word_is_refused_as_a_piece_of_another_term():
    liquidation = Term("liquidation", ("liquidation",), ("청산",), ("처분",))
    terms = (liquidation, Term("liquidation_price", ("liquidation price",), ("청산 가격",)))
    [found] = compare("The liquidation price.", "처분 가격.", "ko", terms)
    assert (found.check, found.expected, found.found) == (Check.REJECTED_TERM, "liquidation price", "처분 가격")


def test_a_refused_word_that_is_a_piece_of_the_accepted_one():
    assert checks("Less leverage.", "Menos apalancamiento.", terms=(LEVERAGE,)) == [Check.REJECTED_TERM]
    assert compare("Less leverage.", "Menos poder de apalancamiento.", terms=(LEVERAGE,)) == []


def test_a_refused_word_that_is_a_piece_of_another_terms_word():
    terms = (ORDERS, BOOK)
    assert checks("An order and an order.", "一筆訂單和一筆委託及委託。", "zh-hant", terms) == [Check.REJECTED_TERM]
    assert compare("An order in the order book.", "訂單簿中的委託。", "zh-hant", terms) == []


def test_a_gloss_that_names_another_term():
    source, right = "The mark price falls.", "El precio de marca (Mark Price) baja."
    assert compare(source, right, terms=PRICES) == []
    assert checks(source, right.replace("Mark", "Last"), terms=PRICES) == [Check.TERM]


def test_a_term_that_another_sentence_says_once_more_does_not_hide_that_one_is_missing():
    source = "The mark price counts. It follows the index price."
    right = "Cuenta el precio de marca. El precio de marca sigue al precio de índice."
    assert compare(source, right, terms=PRICES) == []
    wrong = "Cuenta el precio de índice. El precio de marca sigue al precio de índice."
    assert checks(source, wrong, terms=PRICES) == [Check.TERM]


def test_words_of_the_glossary_become_a_term():
    made = term("fok", source=["fill or kill (FOK)"], target=["Tout ou rien (FOK)"], rejected=["remplir (gloss)"])
    assert made == Term("fok", ("fill or kill", "FOK"), ("Tout ou rien", "FOK"), ("remplir",))


def test_a_rejected_word_that_is_right_elsewhere_is_kept_for_terms_of_the_field_alone():
    words = {"source": ["report"], "target": ["сообщить"], "rejected": ["отчёт (= document)", "жалоба (colloquial)"]}
    assert term("report", **words, is_everyday=True).rejected == ("жалоба",)
    assert term("report", **words).rejected == ("отчёт", "жалоба")


def test_a_word_that_a_language_lacks_is_no_term():
    assert term("spread", source=["spread"], target=[""]) is None


# Properties

WRITTEN = {  # how a language writes 1234567.25 in parts: between thousands, before the fraction
    "en": (",", "."), "zh-hans": (",", "."), "zh-hant": (",", "."), "ja": (",", "."), "ko": (",", "."),
    "ar": (",", "."), "vi": (",", "."), "es": (",", "."), "pt-br": (".", ","), "tr": (".", ","),
    "fr": ("\u202f", ","), "ru": ("\u00a0", ","),
}  # fmt: skip
LANGUAGES = st.sampled_from(sorted(set(WRITTEN) - {"en"}))
NUMBERS = st.tuples(st.integers(2, 10**9), st.integers(0, 99).filter(lambda cents: cents % 10))


def write(number, language):
    between, point = WRITTEN[language]
    return f"{number[0]:,}".replace(",", between) + f"{point}{number[1]:02}"


@given(NUMBERS, LANGUAGES)
def test_a_number_is_the_same_in_every_writing(number, language):
    assert str(decimal(write(number, language), language)) == f"{number[0]}.{number[1]:02}"
    assert compare(f"x {write(number, 'en')} USDT", f"x {write(number, language)} USDT", language) == []


@given(NUMBERS, LANGUAGES, st.data())
def test_every_changed_digit_is_found(number, language, data):
    written = write(number, language)
    place = data.draw(st.sampled_from([i for i, c in enumerate(written) if c.isdigit()]))
    digit = data.draw(st.sampled_from([c for c in "0123456789" if c != written[place]]))
    changed = written[:place] + digit + written[place + 1 :]
    assert compare(f"x {write(number, 'en')} USDT", f"x {changed} USDT", language)


@given(st.text(alphabet="0123456789.,-% xBTC:/年月日\n#|[](){}`*\u00a0", max_size=80))
def test_a_text_differs_in_nothing_from_itself(text):
    document = Document("en", "T", "S", text)
    assert parity.differences(document, document) == []
