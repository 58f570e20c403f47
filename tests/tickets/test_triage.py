"""What a request is about, how urgent it is and in which language: by the shipped rules, language by language, and by
what must hold for any rules."""

from datetime import UTC, datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.shipped_rules import entries, rule, shipped_rules
from tickets import language_detection, wordlists
from tickets.enums import Priority, RuleKind
from tickets.triage import classify, priority_of
from tickets.triage_rules import Line, Rule, Rules

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def triaged(text, fields=None, chosen="", language="en"):
    return classify(text, language, fields or {}, shipped_rules(), chosen=chosen, now=NOW)


@pytest.mark.parametrize(
    ("language", "topic", "urgency", "text"),
    [
        ("en", "withdrawals", Priority.URGENT, "My withdrawal has been pending for three days"),
        ("es", "account_access", "", "No puedo iniciar sesión, me rechaza la contraseña"),
        ("fr", "fees", "", "Les frais de trading sont trop élevés sur votre plateforme"),
        ("pt-br", "deposits", Priority.HIGH, "Meu depósito de USDT não caiu na conta"),
        ("tr", "account_access", "", "Hesabıma giriş yapamıyorum, şifremi unuttum"),
        ("vi", "deposits", Priority.HIGH, "Tôi nạp USDT nhưng chưa thấy vào tài khoản"),
        ("ru", "specs", Priority.LOW, "Как рассчитывается цена маркировки по контракту?"),
        ("ar", "security", Priority.URGENT, "تم اختراق حسابي وسحب أموالي"),
        ("zh-hans", "liquidation", Priority.URGENT, "我的仓位快要被强平了"),
        ("zh-hant", "security", Priority.URGENT, "我的帳戶被盜，有人把幣提走了"),
        ("ja", "kyc", "", "本人確認の書類が却下されました"),
        ("ko", "api", "", "API 웹소켓 연결이 계속 끊깁니다"),
    ],
)  # fmt: skip
def test_every_language_is_understood(language, topic, urgency, text):
    found = triaged(text)
    assert (found.language, found.topic, found.urgency) == (language, topic, urgency)


@pytest.mark.parametrize(
    ("text", "fields", "chosen", "urgency", "rule_id"),
    [
        ("I did not make this withdrawal", {}, "", Priority.URGENT, "compromised"),
        ("See the details", {"incident": "gave_away"}, "security", Priority.URGENT, "compromised"),
        ("I cannot log in and my position is open", {}, "", Priority.URGENT, "locked_out_with_position"),
        ("Code refused", {"open_positions": "yes"}, "account_access", Priority.URGENT, "locked_out_with_position"),
        ("I got a margin call", {}, "", Priority.URGENT, "margin_call"),
        ("My deposit is missing", {}, "", Priority.HIGH, "missing_funds"),
        ("My deposit of 60,000 USDT is missing", {}, "", Priority.URGENT, "missing_funds_large"),
        ("Missing", {"coin": "BTC", "amount": "0.75"}, "deposits", Priority.URGENT, "missing_funds_large"),
        ("Missing", {"amount": "49999 USDT"}, "deposits", Priority.HIGH, "missing_funds"),
        ("Missing", {"time": "2026-11-21 20:00 UTC+9 (11:00 UTC)"}, "deposits", Priority.URGENT, "missing_funds_long"),
        ("Missing", {"time": "2026-11-21 21:40 UTC"}, "deposits", Priority.HIGH, "missing_funds"),
        ("My lawyer will write to the regulator", {}, "", Priority.HIGH, "legal"),
        ("There is a fake website with your name", {}, "", Priority.HIGH, "phishing"),
        ("What is the maximum leverage?", {}, "", Priority.LOW, "how_to"),
    ],
)
def test_the_table_of_urgency(text, fields, chosen, urgency, rule_id):
    found = triaged(text, fields, chosen)
    assert found.urgency == urgency
    assert rule_id in found.deciding


def test_legal_words_go_to_compliance_and_break_ins_to_security():
    assert triaged("My lawyer will write to the regulator").department == "compliance"
    assert triaged("My account was hacked, my lawyer knows").department == "security"


def test_calling_it_urgent_is_a_hint_only():
    calm, loud = triaged("The order was rejected"), triaged("URGENT! The order was rejected, asap")
    assert loud.urgency == calm.urgency == ""
    assert any(signal.rule_id == "says_urgent" for signal in loud.signals)


def test_the_customers_topic_wins():
    found = triaged("My deposit has not arrived", chosen="fees")
    assert (found.topic, found.best_topic, found.needs_person) == ("fees", "deposits", False)


def test_what_is_not_clear_is_left_to_a_person():
    found = triaged("Hello")
    assert (found.topic, found.needs_person, found.signals) == ("other", True, ())


def test_a_tie_is_left_to_a_person():
    rules = Rules([topic("a", "deposits", "coin"), topic("b", "fees", "price")])
    assert classify("coin and price", "en", {}, rules).needs_person
    assert classify("coin", "en", {}, rules).topic == "deposits"


@pytest.mark.parametrize(
    ("default", "text", "priority"),
    [
        (Priority.LOW, "I did not make this withdrawal", Priority.URGENT),
        (Priority.URGENT, "My lawyer will write", Priority.URGENT),  # never lowered by a rule that raises
        (Priority.HIGH, "How do I change my leverage?", Priority.LOW),
        (Priority.URGENT, "How do I change my leverage?", Priority.URGENT),
        (Priority.NORMAL, "The order was rejected", Priority.NORMAL),
    ],
)
def test_a_priority_is_raised_and_lowered_by_a_how_to_alone(default, text, priority):
    assert priority_of(default, triaged(text)) == priority


# Language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-hans", "请问什么时候到账"),
        ("zh-hant", "請問什麼時候入帳"),
        ("ja", "USDTの入金が反映されません"),
        ("ko", "USDT 입금 확인 부탁드립니다"),
        ("tr", "merhaba param neden gelmedi"),
        ("vi", "toi khong rut duoc tien"),
        ("pt-br", "olá meu saque ainda não caiu"),
        ("es", "hola mi retiro aún no ha llegado"),
        ("fr", "bonjour mon retrait n'est pas arrivé"),
    ],
)
def test_the_words_show_their_language(language, text):
    assert triaged(text, language="en").language == language


def test_where_words_say_nothing_the_form_decides():
    assert triaged("TXID 0x5fa1c", language="tr").language == "tr"
    assert language_detection.by_script("TXID 0x5fa1c") == ""


# What holds for any rules


def topic(key, name, *phrases, weight=3, language="en"):
    return Rule(key, RuleKind.TOPIC, tuple(Line(language, text, weight) for text in phrases), topic=name)


TEXTS = st.lists(
    st.sampled_from(
        [
            "my withdrawal",
            "is missing",
            "提币没到",
            "ログイン",
            "출금이 안 됐어요",
            "اختراق",
            "взломали",
            "0.7 BTC",
            "😱",
            "\n",
            "the fee",
        ]
    ),
    max_size=8,
).map(" ; ".join)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_signals_lie_where_they_say(text):
    for signal in triaged(text).signals:
        assert signal.field or 0 <= signal.start < signal.end <= len(text)
        alone = classify(text[signal.start : signal.end], "en", {}, rule_alone(signal.rule_id), now=NOW)
        assert signal.field or signal.rule_id in {one.rule_id for one in alone.signals}


@cache
def rule_alone(key):
    entry = next(entry for entry in entries() if entry["key"] == key)
    return Rules([rule({**entry, "needs": ""})])


@settings(max_examples=40, deadline=None)
@given(TEXTS, TEXTS)
def test_adding_text_removes_no_match(text, more):
    before = {(one.rule_id, one.start, one.end) for one in triaged(text).signals}
    after = {(one.rule_id, one.start, one.end) for one in triaged(f"{text} ; {more}").signals}
    assert before <= after


@settings(max_examples=40, deadline=None)
@given(st.permutations(["deposit*", "deposit* … late", "late", "order"]), TEXTS)
def test_the_order_of_phrases_does_not_matter(phrases, text):
    text = f"deposit is late {text}"
    one, other = (Rules([topic("a", "deposits", *order)]) for order in (phrases, sorted(phrases)))
    assert classify(text, "en", {}, one) == classify(text, "en", {}, other)


def test_every_shipped_line_can_be_looked_for():
    faults = {
        (entry["key"], language): wordlists.faults(lines, language)
        for entry in entries()
        for language, lines in entry["phrases"].items()
    }
    assert {place: fault for place, fault in faults.items() if fault} == {}


def test_every_shipped_rule_speaks_every_language():
    spoken = set(entries()[0]["phrases"]) - {"form"}
    assert len(spoken) == 12
    short = {entry["key"]: spoken - set(entry["phrases"]) for entry in entries() if set(entry["phrases"]) != {"form"}}
    assert {key: missing for key, missing in short.items() if missing} == {}


def rule_of(key, topic, *phrases):
    return Rule(key, RuleKind.TOPIC, tuple(Line("en", text, weight) for weight, text in phrases), topic=topic)


def test_words_that_are_said_to_mean_nothing_do_not_count_for_their_topic():
    fees = rule_of("fees", "fees", (6, "fee|fees"))
    rules = Rules([fees, rule_of("told", "fees", (0, "not_about … fees")), rule_of("orders", "trading", (5, "order"))])
    assert classify("My order: fees are too high", "en", {}, rules).topic == "fees"
    found = classify("This is not about the fees, my order is gone", "en", {}, rules)
    assert found.topic == "trading"
    assert found.scores == {"trading": 5}


def test_a_place_of_the_text_counts_once_for_a_topic_whatever_rules_find_it():
    rules = Rules([rule_of("one", "fees", (6, "fees")), rule_of("other", "fees", (4, "high fees"), (3, "order"))])
    assert classify("high fees on my order", "en", {}, rules).scores == {"fees": 9}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "While I was asleep somebody moved all my coins to an address I have never seen"),
        ("es", "Mientras dormía alguien movió todo mi saldo a otra dirección"),
        ("fr", "Quelqu'un a vidé mon portefeuille pendant mon sommeil"),
        ("pt-br", "Enquanto eu dormia alguém transferiu minhas moedas"),
        ("tr", "Ben uyurken biri bütün coinlerimi çekmiş"),
        ("vi", "Lúc em ngủ có người chuyển hết coin trong ví"),
        ("ru", "Пока я спал, кто-то перевёл все мои монеты"),
        ("ar", "صحيت ولقيت شخص سحب كل رصيدي"),
        ("zh-hans", "睡醒发现有人把币全部转走了"),
        ("zh-hant", "睡醒發現有人把幣全部轉走了"),
        ("ja", "寝ている間に何者かに全額送金されました"),
        ("ko", "자는 동안 누군가 제 코인을 전부 출금했어요"),
    ],
)
def test_a_break_in_told_in_passing_is_urgent_in_every_language(language, text):
    found = triaged(text, language=language)
    assert (found.topic, found.urgency, found.department) == ("security", Priority.URGENT, "security")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I was not hacked, but the order was filled twice"),
        ("es", "No me hackearon, pero la orden se ejecutó dos veces"),
        ("tr", "Hesabım çalınmadı ama emir iki kez gerçekleşti"),
        ("ru", "Меня не взломали, но ордер исполнился дважды"),
        ("zh-hans", "没有被盗，但是限价单成交了两次"),
    ],
)
def test_who_denies_a_break_in_is_not_taken_for_a_victim(language, text):
    found = triaged(text, language=language)
    assert (found.topic, found.urgency) == ("trading", "")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I hope it's not a hack, please check"),
        ("en", "Was my account not hacked? Please look at the sign-ins"),
        ("zh-hans", "我的账户是不是被盗了？"),
        ("zh-hans", "帮我看看账户有没有被盗，我的限价单也没了"),
        ("zh-hant", "我的帳戶是不是被盜了"),
        ("ja", "アカウントが乗っ取られたのではないでしょうか"),
        ("ja", "不正アクセスではないかと心配です"),
        ("ko", "해킹 당한 건 아닌지 걱정됩니다"),
        ("ru", "Проверьте, не взломали ли мой аккаунт, и ордер пропал"),
        ("tr", "Hesabım ele geçirilmedi mi?"),
    ],
)
def test_who_fears_a_break_in_is_heard(language, text):
    assert triaged(text, language=language).scores.get("security", 0) >= 2


@pytest.mark.parametrize(
    ("language", "text", "topic"),
    [
        ("ja", "入金は反映されていません", "deposits"),
        ("ja", "昨日の入金はまだ反映されません", "deposits"),
        ("ja", "出金は完了しません", "withdrawals"),
        ("ko", "출금은 아직 완료되지 않았어요", "withdrawals"),
        ("fr", "Je ne comprends pas les commissions prélevées", "fees"),
        ("es", "No entiendo la comisión que me cobraron", "fees"),
        ("ru", "Не понимаю, какую комиссию вы взяли", "fees"),
        ("vi", "Tôi không hiểu phí giao dịch này", "fees"),
        ("tr", "Komisyon doğru değil", "fees"),
        ("zh-hans", "是不是多收了我的手续费？", "fees"),
        ("ko", "수수료가 너무 높은 거 아니에요?", "fees"),
        ("zh-hans", "我有没有爆仓？", "liquidation"),
        ("en", "I was not liquidated correctly", "liquidation"),
    ],
)
def test_a_complaint_with_a_no_in_it_keeps_its_topic(language, text, topic):
    found = triaged(text, language=language)
    assert found.best_topic == topic


def test_a_rule_of_urgency_may_weigh_nothing():
    urgent = Rule("now", RuleKind.URGENCY, (Line("en", "right now", 0),), priority=Priority.HIGH)
    withdrawals = rule_of("withdrawals", "withdrawals", (5, "withdrawal"))
    found = classify("My withdrawal, right now", "en", {}, Rules([urgent, withdrawals]))
    assert (found.topic, found.urgency) == ("withdrawals", Priority.HIGH)
