"""Tickets of an incident are found in any language, and what only looks like it is not."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.search import concepts
from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory, TopicFactory
from tickets import comparison, language_detection, profiles, similarity
from tickets.actions import incidents
from tickets.management.commands import evaluate_incidents
from tickets.models import Incident, Topic
from tickets.names import names_in
from tickets.profiles import Known, Text

FOLDER = Path(__file__).parent / "incidents"
BEGAN = 1_700_000_000.0


@pytest.fixture(scope="module")
def late_deposits() -> profiles.Profile:
    known = Known(
        title=Text("en", "USDT deposits on Tron (TRC20) credited late"),
        reference=Text("en", "Since 09:40 UTC USDT deposits over TRC20 are confirmed on chain but not credited."),
        keywords={"en": ["TRC20", "Tron", "not credited"], "ko": ["TRC20", "트론", "입금 지연"]},
        examples=[Text("zh-hans", "TRC20充值USDT半小时了还没到账", "deposits")],
        topics=frozenset({"deposits"}),
        started_at=BEGAN,
    )
    return profiles.profile(known, concepts.vocabulary())


def score(profile: profiles.Profile, language: str, text: str, *, topic: str = "deposits", minute: int = 20) -> float:
    return similarity.compare(profile, Text(language, text, topic, BEGAN + 60 * minute)).score


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "USDT sent over TRC20, not in my balance after 40 minutes"),
        ("es", "Mi depósito de USDT por TRC20 no llega"),
        ("ko", "트론으로 USDT 입금했는데 아직 안 들어왔어요"),
        ("ar", "أودعت USDT عبر شبكة ترون ولم يصل حتى الآن"),
        ("ja", "TRC20でUSDTを入金しましたが反映されません"),
        ("vi", "nap usdt trc20 chua thay tien"),
    ],
)
def test_the_same_trouble_is_found_in_other_languages(late_deposits, language, text):
    assert score(late_deposits, language, text) >= similarity.THRESHOLD


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "My USDT deposit on ERC20 is missing"),
        ("en", "How long does a TRC20 deposit take?"),
        ("es", "Retiro de USDT por TRC20 pendiente"),
        ("ko", "비트코인 입금이 안 들어왔어요"),
        ("en", "I forgot my password"),
    ],
)
def test_another_network_coin_direction_or_a_question_is_not(late_deposits, language, text):
    assert score(late_deposits, language, text) < similarity.THRESHOLD


def test_what_was_sent_before_it_began_is_not(late_deposits):
    text = "USDT sent over TRC20, not in my balance after 40 minutes"
    early = similarity.compare(late_deposits, Text("en", text, "deposits", BEGAN - 3600))
    assert early.score < similarity.WORTH_A_LOOK
    assert ("sent", True) in [(one.code, one.is_against) for one in early.evidence]


def test_what_few_requests_say_tells_more_of_an_incident():
    known = Known(title=Text("en", "Captcha at login fails"), reference=Text("en", "The captcha at login fails."))
    incident = profiles.profile(known, concepts.vocabulary())
    rare = similarity.compare(incident, Text("en", "the captcha does not work"))
    usual = similarity.compare(incident, Text("en", "the login does not work"))
    assert usual.score < rare.score


@pytest.mark.parametrize(("text", "is_told"), [("資産ページが0になっています", True), ("100円を入金しました", False)])
def test_a_zero_is_no_part_of_a_number(text, is_told):
    assert ("zero" in concepts.vocabulary().found(text, ["ja"])) is is_told


def test_every_thing_and_trouble_says_how_usual_it_is():
    kinds = ("thing", "trouble")
    assert all(0 < one.usual < 0.5 for one in concepts.vocabulary().concepts if one.kind in kinds)


def test_the_evidence_names_what_was_found(late_deposits):
    found = similarity.compare(late_deposits, Text("en", "TRC20 deposit not credited", "deposits", BEGAN + 60))
    assert {one.code for one in found.evidence} >= {"network", "words", "keyword", "sent"}
    assert next(one.words for one in found.evidence if one.code == "network") == "trc20"


@pytest.mark.parametrize(
    ("text", "kind", "names"),
    [
        ("tron network", "network", {"trc20"}),
        ("以太坊 ETHUSDT-PERP", "coin", {"eth"}),
        ("接口503了 -1007", "code", {"503", "1007"}),
        ("1.0000% or 0,01 %", "figure", {"1", "0.01"}),
        ("at 14:03 UTC, 23:03", "minute", {"03"}),
        ("I sent 500 USDT", "code", None),
        ("I sent 500 USDT", "amount", {"usdt"}),
        ("I sent 500usdt", "coin", None),
        ("1000PEPEUSDT", "coin", {"1000pepe"}),
        ("android v4.12 and 4.12.1", "version", {"4.12", "4.12.1"}),
        ("1.234.567 or 0.0100", "version", None),
    ],
)
def test_names_that_all_languages_share(text, kind, names):
    found = names_in(text)
    assert found.get(kind) == (frozenset(names) if names else None)


def test_a_part_of_a_longer_name_is_not_that_thing():
    assert set(concepts.vocabulary().found("资金费率", ["zh-hans"])) == {"funding"}


def test_who_asks_how_long_it_takes_tells_of_no_delay():
    assert set(concepts.vocabulary().found("¿cuánto tarda la verificación?", ["es"])) == {"identity", "how"}


def test_money_that_was_lost_is_no_other_coin():
    stops = Known(
        title=Text("en", "Stop orders on BTCUSDT not triggered"),
        reference=Text("en", "Stop orders on BTCUSDT were not triggered although the price passed them."),
        examples=[Text("en", "My stop loss on BTC did not trigger")],
    )
    incident = profiles.profile(stops, concepts.vocabulary())
    lost = similarity.compare(incident, Text("en", "BTC stop loss did not trigger, I lost 900 USDT"))
    other = similarity.compare(incident, Text("en", "SOL stop loss did not trigger, I lost 900 USDT"))
    assert other.score < similarity.WORTH_A_LOOK < similarity.THRESHOLD <= lost.score


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "TRC20 USDT deposit is fine, my withdrawal is missing"),
        ("zh-hans", "提现一直没到账,TRC20充值正常"),
        ("ja", "出金が届きません。TRC20の入金は問題なし"),
        ("ko", "출금이 안 들어와요, TRC20 입금은 정상"),
    ],
)
def test_what_is_said_to_be_all_right_is_not_what_is_reported(late_deposits, language, text):
    assert score(late_deposits, language, text) < similarity.WORTH_A_LOOK


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("order book frozen, the chart is fine", "order book frozen,"),
        ("login does not work, the app is not fine", "login does not work,  the app is not fine"),
        ("PC 차트가 멈췄어요 앱은 정상", "PC 차트가 멈췄어요 앱은 정상"),
    ],
)
def test_a_part_that_tells_of_a_trouble_is_kept(text, reported):
    assert concepts.vocabulary().reported(text, ["ko"]) == reported


def test_what_happened_yesterday_is_not_what_began_today(late_deposits):
    today = score(late_deposits, "en", "USDT sent over TRC20 is not credited")
    yesterday = score(late_deposits, "en", "USDT sent over TRC20 yesterday was not credited")
    later = score(late_deposits, "en", "USDT sent over TRC20 yesterday was not credited", minute=24 * 60)
    assert yesterday < today == later


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I sent USDT over TRC20 to the wrong address, not credited"),
        ("ru", "Отправил USDT TRC20 по ошибке не на тот адрес, не зачислено"),
        ("es", "Mandé USDT por TRC20 a una dirección equivocada y no llega"),
    ],
)
def test_who_names_a_cause_of_their_own_is_less_sure(late_deposits, language, text):
    assert score(late_deposits, language, text) < similarity.THRESHOLD


def test_a_coin_of_the_incident_is_found_by_its_bare_name():
    known = Known(
        title=Text("en", "Wrong tick size on QQZUSDT-PERP"),
        reference=Text("en", "The tick of QQZUSDT is ten times too large."),
    )
    incident = profiles.profile(known, concepts.vocabulary())
    same = similarity.compare(incident, Text("tr", "qqz fiyat adımı yanlış"))
    other = similarity.compare(incident, Text("tr", "sol fiyat adımı yanlış"))
    assert other.score < similarity.WORTH_A_LOOK < similarity.THRESHOLD <= same.score


@pytest.mark.parametrize(
    ("text", "is_coin"), [("try again later, please", False), ("I paid 500 TRY", True), ("500TRY are missing", True)]
)
def test_who_tries_again_names_no_lira(text, is_coin):
    assert ("try" in names_in(text).get("coin", ())) is is_coin


@pytest.mark.parametrize(
    ("text", "is_told"),
    [("It says system overloaded each time", 1.0), ("10021 again", 1.0), ("The system is slow", 0.0)],
)
def test_what_the_product_shows_tells_of_the_trouble(text, is_told):
    known = Known(
        title=Text("en", "New orders rejected with “System overloaded”"),
        reference=Text("en", "Since 14:02 UTC most new orders are rejected."),
        keywords={"en": ["order", "10021", "XRP"]},
    )
    profile = profiles.profile(known, concepts.vocabulary())
    assert profile.messages == ("system overloaded", "10021")
    asked = Text("en", text)
    signs = profiles.signs_of(asked, profile.vocabulary)
    assert comparison.features(profile, asked, signs)["message"] == is_told


def test_one_of_several_codes_is_as_good_as_all():
    vocabulary = concepts.vocabulary()
    title = Text("en", "REST API returns 503 and 504 for orders")
    profile = profiles.profile(Known(title=title, reference=Text("en", "Orders fail with 503 or 504.")), vocabulary)
    one, both, none = (
        comparison.features(profile, text, profiles.signs_of(text, vocabulary))["cover"]
        for text in (Text("en", f"API orders fail {codes}") for codes in ("with 503", "with 503 and 504", ""))
    )
    assert one == both > none


def test_a_keyword_of_one_word_is_no_message_of_the_product():
    known = Known(
        title=Text("en", "Redemptions are late"), reference=Text("en", "Late."), keywords={"en": ["Klarna", "busy now"]}
    )
    assert profiles.profile(known, concepts.vocabulary()).messages == ("busy now",)


def test_a_thing_that_is_first_a_part_of_another_name_is_found_where_it_is_said_by_itself():
    found = concepts.vocabulary().found("Mon stop suiveur et mon SL n'ont pas bougé", ["fr"])
    assert {"trailing", "stop_order"} <= found.keys()


def test_money_that_goes_both_ways_is_less_sure(late_deposits):
    text = "My USDT TRC20 deposit has not arrived"
    assert score(late_deposits, "en", f"{text}, nor has my withdrawal") < score(late_deposits, "en", text)


def test_what_is_sent_from_another_exchange_has_no_cause_of_the_customers_own():
    for language, text in (
        ("vi", "nạp từ sàn khác sang"),
        ("zh-hans", "从别的平台转过来"),
        ("pt-br", "saiu da outra corretora"),
    ):
        assert "other_reason" not in concepts.vocabulary().found(text, [language])


def test_money_that_goes_the_other_way_is_another_matter(late_deposits):
    assert score(late_deposits, "fr", "mon retrait USDT TRC20 n'est toujours pas arrivé") < similarity.WORTH_A_LOOK


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200), language=st.sampled_from(["en", "zh-hans", "ar", "ja", "tr", ""]))
def test_any_text_gets_a_score(late_deposits, text, language):
    match = similarity.compare(late_deposits, Text(language, text, "", BEGAN))
    assert 0 <= match.score <= 1
    assert match == similarity.compare(late_deposits, Text(language, text, "", BEGAN))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("오늘 아침에 USDT를 보냈는데 아직 입금되지 않았습니다", "ko"),
        ("I sent it this morning and it is not in my account", "en"),
        ("USDT TRC20", ""),
        ("ok thanks", ""),
        ("未着金", ""),
        ("我的账户还没收到钱，请问现在怎么办", "zh-hans"),
    ],
)
def test_a_language_is_named_only_where_it_is_sure(text, language):
    assert language_detection.sure_language_of(text) == language


@pytest.mark.parametrize(
    ("text", "language", "is_asked"),
    [
        ("¿puedo retirar bitcoin hoy?", "es", True),
        ("no puedo retirar bitcoin", "es", False),
        ("posso sacar hoje?", "pt-br", True),
        ("não posso sacar", "pt-br", False),
        ("no puedo retirar, ¿cuánto tarda?", "es", True),
        ("I said no. Can I withdraw today?", "en", True),
        ("Ainda não. Quanto tempo demora?", "pt-br", True),
    ],
)
def test_what_is_denied_is_no_question(text, language, is_asked):
    assert ("how" in concepts.vocabulary().found(text, [language])) is is_asked


# Measured on labelled texts in twelve languages. Words and weights were chosen on the first six sets; the others
# were written by people who had not seen the rule, and their texts were not read when they were chosen. The aim is 0.95
# at 0.70 on all; what is reached must at least not be lost.


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "precision", "recall"),
    [
        ("clusters.json", 0.95, 0.70),
        ("clusters_more.json", 0.95, 0.70),
        ("clusters_dev.json", 0.95, 0.70),
        ("clusters_field.json", 0.95, 0.70),
        ("clusters_third_read.json", 0.95, 0.70),
        ("clusters_fifth_read.json", 0.95, 0.80),
        ("clusters_held.json", 0.95, 0.70),
        ("clusters_fresh.json", 0.88, 0.72),
        ("clusters_third_unread.json", 0.82, 0.47),
        ("clusters_fifth_unread.json", 0.87, 0.69),
    ],
)
def test_quality_on_labelled_texts(name, precision, recall):
    data = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    found = evaluate_incidents.evaluate(data, similarity.THRESHOLD)["all"]
    assert found["precision"] >= precision, found
    assert found["recall"] >= recall, found


@pytest.mark.django_db
def test_the_command_prints_each_language(capsys):
    call_command("evaluate_incidents", str(FOLDER / "clusters.json"))
    printed = capsys.readouterr().out
    assert printed.count("precision") == 13


def test_the_command_says_what_is_wrong_with_a_file(tmp_path):
    file = tmp_path / "none.json"
    file.write_text('[{"incident": "x"}]')
    with pytest.raises(CommandError, match="Give a JSON list"):
        call_command("evaluate_incidents", str(file))


# In the database


@pytest.fixture
def incident(team_lead: User, topic: Topic) -> Incident:
    started = timezone.now() - timedelta(minutes=30)
    words = {"en": ["TRC20", "not credited"]}
    return incidents.open_incident(
        "USDT deposits on Tron (TRC20) late", by=team_lead, started_at=started, topics=[topic], keywords=words
    )


LATE = "I sent USDT over TRC20 this morning and it is still not credited"


@pytest.mark.django_db
def test_a_look_finds_what_came_since_and_nothing_twice(incident, topic):
    TicketFactory(topic=topic, body=LATE)
    TicketFactory(topic=topic, subject="Password", body="How do I change my password?")
    assert incidents.find_candidates(incident) == 1
    incident.refresh_from_db()
    assert incidents.find_candidates(incident) == 0
    TicketFactory(topic=topic, body=LATE)
    assert incidents.find_all_candidates() == 1
    assert incident.members.candidates().count() == 2


@pytest.mark.django_db
def test_other_topics_are_not_looked_at_but_for_the_rest(incident):
    TicketFactory(topic=TopicFactory(key="kyc"), body=LATE)
    rest = TicketFactory(topic=TopicFactory(key="other"), body=LATE)
    incidents.find_candidates(incident)
    assert [member.ticket for member in incident.members.all()] == [rest]


@pytest.mark.django_db
def test_a_look_is_bounded_and_the_next_goes_on(incident, topic, monkeypatch):
    monkeypatch.setattr(incidents, "MOST", 2)
    for _ in range(5):
        TicketFactory(topic=topic, body=LATE)
    found = []
    for _ in range(3):
        incident.refresh_from_db()
        found.append(incidents.find_candidates(incident))
    assert found == [2, 2, 1]


@pytest.mark.django_db
def test_what_was_taken_out_is_not_offered_again(incident, topic, team_lead):
    ticket = TicketFactory(topic=topic, body=LATE)
    incidents.find_candidates(incident)
    incidents.take_out(incident, [ticket], by=team_lead)
    Incident.objects.update(searched_until=None)
    incident.refresh_from_db()
    assert incidents.find_candidates(incident) == 0
    assert incident.members.get().state == "taken_out"
