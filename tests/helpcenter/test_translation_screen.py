"""A translation beside its source: what the screen shows of each part, and what becomes of what is typed there."""

import pytest
from django.urls import reverse

from helpcenter.actions import drafting, parity, publishing
from helpcenter.admin.translation_rows import Check as ShownCheck
from helpcenter.content.parity import Check, Difference
from helpcenter.enums import EventKind, Standing
from helpcenter.models import ContentEvent, GlossaryTerm, ParityOverride, Revision, TeamMember, TranslationState
from tests.helpcenter.admin_forms import html, signed_in, words
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text
from tests.helpcenter.troubleshooting import ENGLISH as TROUBLESHOOTER

pytestmark = pytest.mark.django_db

SOURCE = """Introduction.

## Do it {#do}

### Open the page {step:open}

Click once.

### Confirm {step:confirm}

The limit is 95% of your margin.
"""
JAPANESE = """はじめに。

## やり方 {#do}

### 開く {step:open}

一回。

### 確認 {step:confirm}

上限は証拠金の95%です。
"""
CHANGED = SOURCE.replace("95%", "100%")
NEW = "\n### Wait {step:wait}\n\nWait for a day.\n"


@pytest.fixture
def guide():
    return ArticleFactory(slug="guide", guide=True, texts={"en": SOURCE, "ja": JAPANESE})


@pytest.fixture
def desk(translator):
    return signed_in(translator)


def screen(article, language="ja"):
    return reverse("admin:helpcenter_article_translate", args=[article.pk, language])


def test_a_translator_reads_that_the_public_source_is_newer_than_theirs(desk, guide):
    kept = "Translators still work from the text before the public one."
    assert kept not in html(desk.get(screen(guide)))
    publishing.publish(save_text(guide, "en", CHANGED), by=None, is_ready=False)
    assert kept in html(desk.get(screen(guide)))


def latest(article, language="ja"):
    return Revision.objects.of(article, language).newest_first().first()


def shown(answer):
    return {row.row.id: row for row in answer.context["rows"]}


def filled(answer, **changes):
    """What a browser posts from a screen; `changes` by the names of its fields, colons as `__`."""
    data = {name: answer.context[key] for name, key in (("seen", "seen"), ("source", "source_seen"))}
    data["earlier"] = ",".join(map(str, answer.context["typed"].earlier))
    for row in answer.context["rows"]:
        data[f"heading:{row.row.id}"] = row.words.heading
        data[f"text:{row.row.id}"] = row.words.text.replace("\n", "\r\n")
    return {**data, **changes}


def runs(found):
    return [(run.kind.value, run.text) for run in found if run.kind != "same"]


def outdated(article, language="ja"):
    revision = latest(article, language)
    return drafting.outdated_keys(revision, drafting.source_revision(article))


# What is shown


def test_each_part_of_the_source_has_a_row_with_its_translation(guide, desk):
    rows = shown(desk.get(screen(guide)))
    assert list(rows) == ["title", "intro", "section:do", "step:open", "step:confirm"]
    assert rows["step:open"].words.heading == "開く"
    assert rows["step:open"].words.text == "一回。"
    assert [row.label for row in rows.values()][-2:] == ["Step 1", "Step 2"]
    assert {row.status for row in rows.values()} == {"current"}


def test_the_changed_words_of_the_source_are_marked_and_the_other_parts_are_left_alone(guide, desk):
    publish_text(guide, "en", CHANGED)
    answer = desk.get(screen(guide))
    rows = shown(answer)
    assert rows["step:confirm"].status == "changed"
    assert [text for _, text in runs(rows["step:confirm"].text)] == ["95%", "100%"] or runs(
        rows["step:confirm"].text
    ) == [("removed", "95"), ("added", "100")]
    assert not any(runs(rows[name].text) for name in rows if name != "step:confirm")
    assert "<ins>" in html(answer)
    assert answer.context["parts_done"] == 4


def test_a_part_that_stayed_out_of_date_through_a_save_still_shows_what_changed(guide, desk):
    publish_text(guide, "en", CHANGED)
    desk.post(screen(guide), filled(desk.get(screen(guide)), **{"text:intro": "序文。", "_save": ""}))
    assert latest(guide).outdated == ["step:confirm"]
    row = shown(desk.get(screen(guide)))["step:confirm"]
    assert row.status == "changed"
    assert runs(row.text)[-1][1].startswith("100")


def test_parts_that_only_the_translation_has_come_last(guide, desk):
    publish_text(guide, "ja", JAPANESE.replace("## やり方", "## 日本で {#japan}\n\n別。\n\n## やり方"))
    publish_text(guide, "en", SOURCE[: SOURCE.index("### Confirm")])
    rows = shown(desk.get(screen(guide)))
    assert list(rows)[-2:] == ["section:japan", "step:confirm"]
    assert rows["section:japan"].status == "own"
    assert rows["step:confirm"].status == "removed"


def test_the_words_of_the_glossary_are_shown_with_the_rejected_one_that_is_used(guide, desk):
    GlossaryTerm.objects.create(key="margin", term_en="margin", term_ja="証拠金", rejected_ja="マージン")
    (hit,) = shown(desk.get(screen(guide)))["step:confirm"].hits
    assert (hit.term, hit.accepted, hit.is_used, hit.found) == ("margin", ("証拠金",), True, "")
    save_text(guide, "ja", JAPANESE.replace("証拠金", "マージン"))
    (hit,) = shown(desk.get(screen(guide)))["step:confirm"].hits
    assert (hit.is_used, hit.found) == (False, "マージン")


@pytest.mark.parametrize("language", ["ar", "zh-hans", "ko"])
def test_fields_carry_the_language_and_direction_of_the_translation(guide, desk, language):
    answer = html(desk.get(screen(guide, language)))
    tag, direction = {"ar": ("ar", "rtl"), "zh-hans": ("zh-Hans", "ltr"), "ko": ("ko", "ltr")}[language]
    assert f'lang="{tag}" dir="{direction}"' in answer


def test_what_people_wrote_is_shown_as_text(guide, desk):
    publish_text(guide, "en", drafting.Text("<script>alert(1)</script>", SOURCE + "\n<img src=x onerror=alert(2)>\n"))
    answer = html(desk.get(screen(guide)))
    assert "<script>alert" not in answer
    assert "<img src=x" not in answer


# Saving


def test_what_is_left_as_it_is_gives_the_text_back_byte_for_byte(guide, desk):
    desk.post(screen(guide), filled(desk.get(screen(guide)), _save=""))
    assert latest(guide).number == 1
    assert latest(guide).body == JAPANESE


def test_a_confirmed_part_is_up_to_date_and_the_others_stay_as_they_were(guide, desk):
    publish_text(guide, "en", CHANGED.replace("once", "twice"))
    page = desk.get(screen(guide))
    assert outdated(guide) == ["step:open", "step:confirm"]
    desk.post(screen(guide), filled(page, **{"text:step:confirm": "上限は100%。", "confirmed": ["step:confirm"]}))
    assert outdated(guide) == ["step:open"]
    assert latest(guide).body == JAPANESE.replace("上限は証拠金の95%です。", "上限は100%。")


def test_a_part_may_be_confirmed_without_a_change_of_its_words(guide, desk):
    publish_text(guide, "en", CHANGED)
    desk.post(screen(guide), filled(desk.get(screen(guide)), confirmed=["step:confirm"]))
    assert outdated(guide) == []
    assert latest(guide).body == JAPANESE


def test_a_change_without_confirming_leaves_the_part_out_of_date(guide, desk):
    publish_text(guide, "en", CHANGED)
    desk.post(screen(guide), filled(desk.get(screen(guide)), **{"text:step:confirm": "上限。"}))
    assert outdated(guide) == ["step:confirm"]


def test_a_new_part_gets_the_marks_of_the_source_and_counts_once_it_is_filled(guide, desk):
    publish_text(guide, "en", SOURCE + NEW)
    page = desk.get(screen(guide))
    desk.post(screen(guide), filled(page))
    assert outdated(guide) == ["step:wait"]
    page = desk.get(screen(guide))
    desk.post(screen(guide), filled(page, **{"heading:step:wait": "待つ", "text:step:wait": "一日待つ。"}))
    assert outdated(guide) == []
    assert latest(guide).body == JAPANESE + "\n### 待つ {step:wait}\n\n一日待つ。\n"


def test_an_emptied_part_that_the_source_has_no_longer_goes_away(guide, desk):
    publish_text(guide, "en", SOURCE[: SOURCE.index("### Confirm")])
    page = desk.get(screen(guide))
    desk.post(screen(guide), filled(page))
    assert shown(desk.get(screen(guide)))["step:confirm"].status == "removed"
    page = desk.get(screen(guide))
    desk.post(screen(guide), filled(page, **{"heading:step:confirm": "", "text:step:confirm": ""}))
    assert "確認" not in latest(guide).body
    assert outdated(guide) == []


def test_a_first_translation_is_written_part_by_part(guide, desk):
    page = desk.get(screen(guide, "ko"))
    assert {row.status for row in page.context["rows"]} == {"new"}
    assert {row.words for row in page.context["rows"]} == {type(page.context["rows"][0].words)()}
    desk.post(screen(guide, "ko"), filled(page, **{"heading:title": "제목", "text:intro": "소개."}))
    assert latest(guide, "ko").body == "소개.\n"
    assert outdated(guide, "ko") == ["section:do", "step:open", "step:confirm"]


def test_a_source_that_moved_on_while_somebody_translated_stays_to_be_done(guide, desk):
    publish_text(guide, "en", CHANGED)
    page = desk.get(screen(guide))
    publish_text(guide, "en", CHANGED.replace("100%", "120%"))
    desk.post(screen(guide), filled(page, **{"text:step:confirm": "上限は100%。", "confirmed": ["step:confirm"]}))
    assert outdated(guide) == ["step:confirm"]


def test_a_text_without_a_title_is_refused_and_kept_in_the_fields(guide, desk):
    answer = desk.post(screen(guide), filled(desk.get(screen(guide)), **{"heading:title": " ", "text:intro": "序。"}))
    assert answer.context["typed"].error == "The title is missing."
    assert shown(answer)["intro"].words.text == "序。"
    assert latest(guide).number == 1


def test_a_part_that_a_callout_swallows_is_named(guide, desk):
    answer = desk.post(
        screen(guide), filled(desk.get(screen(guide)), **{"text:step:open": "```\n一回。"}), follow=False
    )
    assert any("確認" in message for message in words(answer))


def test_a_troubleshooter_keeps_its_nodes_and_answers(desk):
    article = ArticleFactory(kind="troubleshooter", texts={"en": TROUBLESHOOTER})
    page = desk.get(screen(article))
    data = filled(page, **{"heading:title": "題"})
    for row in page.context["rows"]:
        if row.row.source and row.row.id != "title":
            data[f"heading:{row.row.id}"] = row.row.source.words.heading
            data[f"text:{row.row.id}"] = row.row.source.words.text
    desk.post(screen(article), data)
    assert latest(article).body == TROUBLESHOOTER
    assert outdated(article) == []


def test_saving_may_send_the_text_for_review(guide, desk, translator):
    desk.post(screen(guide), filled(desk.get(screen(guide)), **{"text:intro": "序。", "_submit": ""}))
    state = TranslationState.objects.get(article=guide, language="ja")
    assert (state.standing, state.submitted_by) == (Standing.IN_REVIEW, translator)


# Two people at once


def test_what_two_people_changed_in_different_parts_is_put_together(guide, desk, other_editor):
    page = desk.get(screen(guide))
    save_text(guide, "ja", JAPANESE.replace("一回。", "一度。"), by=other_editor)
    answer = desk.post(screen(guide), filled(page, **{"text:intro": "序。"}))
    assert latest(guide).number == 2
    assert shown(answer)["intro"].words.text == "序。"
    assert shown(answer)["step:open"].words.text == "一度。"
    desk.post(screen(guide), filled(answer))
    assert latest(guide).body == JAPANESE.replace("一回。", "一度。").replace("はじめに。", "序。")


def test_of_a_part_that_two_people_changed_both_texts_are_shown_before_one_is_put_on_top(guide, desk, other_editor):
    page = desk.get(screen(guide))
    save_text(guide, "ja", JAPANESE.replace("一回。", "一度。"), by=other_editor)
    answer = desk.post(screen(guide), filled(page, **{"text:step:open": "一回だけ。"}))
    row = shown(answer)["step:open"]
    assert row.words.text == "一回だけ。"
    assert "一度" in "".join(run.text for run in row.theirs if run.kind != "added")
    desk.post(screen(guide), filled(answer))
    assert latest(guide).body == JAPANESE.replace("一回。", "一回だけ。")


def test_a_part_that_somebody_took_out_comes_back_where_it_was_typed_in(guide, desk, other_editor):
    publish_text(guide, "ja", JAPANESE.replace("## やり方", "## 日本で {#japan}\n\n別。\n\n## やり方"))
    page = desk.get(screen(guide))
    save_text(guide, "ja", JAPANESE, by=other_editor)
    answer = desk.post(screen(guide), filled(page, **{"text:section:japan": "別のこと。"}))
    assert shown(answer)["section:japan"].words.text == "別のこと。"
    desk.post(screen(guide), filled(answer))
    assert "## 日本で {#japan}\n\n別のこと。\n\n## やり方" in latest(guide).body


def test_a_part_that_somebody_took_out_stays_away_where_nobody_else_typed_in_it(guide, desk, other_editor):
    publish_text(guide, "ja", JAPANESE.replace("## やり方", "## 日本で {#japan}\n\n別。\n\n## やり方"))
    page = desk.get(screen(guide))
    save_text(guide, "ja", JAPANESE, by=other_editor)
    answer = desk.post(screen(guide), filled(page, **{"text:intro": "序。"}))
    assert "section:japan" not in shown(answer)
    desk.post(screen(guide), filled(answer))
    assert "日本" not in latest(guide).body


def test_what_was_typed_for_a_part_that_the_source_lost_meanwhile_is_kept(guide, desk, other_editor):
    publish_text(guide, "en", SOURCE + NEW)
    page = desk.get(screen(guide))
    publish_text(guide, "en", SOURCE)
    save_text(guide, "ja", JAPANESE.replace("一回。", "一度。"), by=other_editor)
    answer = desk.post(screen(guide), filled(page, **{"heading:step:wait": "待つ", "text:step:wait": "一日待つ。"}))
    assert shown(answer)["step:wait"].words.text == "一日待つ。"
    desk.post(screen(guide), filled(answer))
    assert "### 待つ {step:wait}\n\n一日待つ。" in latest(guide).body
    assert "一度。" in latest(guide).body


def test_filling_from_the_memory_does_not_hide_that_somebody_saved_meanwhile(guide, desk, other_editor):
    page = desk.get(screen(guide))
    save_text(guide, "ja", JAPANESE.replace("一回。", "一度。"), by=other_editor)
    answer = desk.post(screen(guide), filled(page, _fill=""))
    desk.post(screen(guide), filled(answer, **{"text:intro": "序。"}))
    assert latest(guide).number == 2


# Who may


def test_who_is_in_the_team_of_another_language_reads_and_does_not_write(guide, desk, translator):
    TeamMember.objects.create(person=translator, language="ko")
    page = desk.get(screen(guide))
    assert page.context["may_write"] is False
    assert "readonly" in html(page)
    assert desk.post(screen(guide), filled(page)).status_code == 403


def test_a_person_without_the_right_sees_nothing(guide, trader, agent):
    assert signed_in(trader).get(screen(guide)).status_code == 302
    assert signed_in(agent).post(screen(guide), {}).status_code == 403


def test_the_source_language_and_unknown_ones_are_not_found(guide, desk):
    assert desk.get(screen(guide, "en")).status_code == 404
    assert desk.get(screen(guide, "xx")).status_code == 404


def test_an_article_without_a_source_text_leads_to_its_form(desk):
    article = ArticleFactory()
    answer = desk.get(screen(article))
    assert answer.url == reverse("admin:helpcenter_article_change", args=[article.pk])
    assert "no text to translate" in words(answer)[0]


# Numbers of things


@pytest.mark.parametrize("parts", [3, 30])
def test_the_screen_asks_the_database_at_most_twelve_times(desk, django_assert_max_num_queries, parts):
    body = "\n\n".join(f"### Part {n} {{step:p{n}}}\n\nText {n} about margin." for n in range(parts))
    article = ArticleFactory(guide=True, texts={"en": body, "ja": body})
    publish_text(article, "en", body.replace("about", "of the"))
    GlossaryTerm.objects.create(key="margin", term_en="margin", term_ja="証拠金")
    save_text(article, "ja", drafting.Text("題", body + "\nx\n", outdated=("step:p1",)))
    desk.get(screen(article))
    with django_assert_max_num_queries(12):
        assert desk.get(screen(article)).status_code == 200


def test_a_text_of_76_000_characters_in_more_parts_than_a_form_usually_has_fields_for_is_taken(desk):
    body = "\n\n".join(f"### Part {n} {{step:p{n}}}\n\n{'Words of it. ' * 10}" for n in range(510))
    article = ArticleFactory(guide=True, texts={"en": body})
    page = desk.get(screen(article))
    data = filled(page, **{"heading:title": "題"})
    data |= {f"text:{row.row.id}": "保" * 130 for row in page.context["rows"]}
    data |= {f"heading:{row.row.id}": "部" for row in page.context["rows"]}
    assert desk.post(screen(article), data).status_code == 302
    assert len(latest(article).body) > 60_000


# Differences that are accepted


def test_a_figure_that_differs_is_told_beside_its_part_until_a_lead_accepts_it(guide, content_lead, desk):
    publish_text(guide, "en", CHANGED)
    row = shown(desk.get(screen(guide)))["step:confirm"]
    (check,) = row.failing
    assert ("100%" in check.difference.message, "95%" in check.difference.message) == (True, True)
    assert not any(other.failing for other in shown(desk.get(screen(guide))).values() if other.row.id != row.row.id)
    name = check.difference.fingerprint
    lead = signed_in(content_lead)
    page = lead.get(screen(guide))
    answer = lead.post(
        screen(guide), filled(page, **{"text:intro": "序。", "_accept": name, f"reason:{name}": "The law says 95%."})
    )
    row = shown(answer)["step:confirm"]
    assert (row.failing, row.checks[0].reason) == ([], "The law says 95%.")
    assert shown(answer)["intro"].words.text == "序。"
    assert latest(guide).number == 1


def test_a_reason_that_says_nothing_is_refused_on_the_screen(guide, content_lead):
    publish_text(guide, "en", CHANGED)
    lead = signed_in(content_lead)
    page = lead.get(screen(guide))
    (check,) = shown(page)["step:confirm"].failing
    answer = lead.post(screen(guide), filled(page, _accept=check.difference.fingerprint))
    assert "in a few words" in answer.context["typed"].error
    assert not ParityOverride.objects.exists()


def test_the_count_of_checks_leads_to_the_first_of_them(guide, desk):
    publish_text(guide, "en", CHANGED)
    page = desk.get(screen(guide))
    failing = shown(page)["step:confirm"]
    assert failing.failing
    assert f'href="#row-{failing.number}"' in html(page)
    assert f'id="row-{failing.number}"' in html(page)


def test_who_does_not_lead_is_not_offered_to_accept(guide, desk):
    publish_text(guide, "en", CHANGED)
    page = desk.get(screen(guide))
    (check,) = shown(page)["step:confirm"].failing
    assert "_accept" not in html(page)
    data = filled(page, _accept=check.difference.fingerprint)
    assert desk.post(screen(guide), {**data, f"reason:{check.difference.fingerprint}": "so"}).status_code == 403


DIFFERS = Difference(Check.PERCENTAGE, "step:confirm", 15, "100%", "95%")


def test_a_lead_accepts_a_difference_with_a_reason_and_others_do_not(guide, content_lead, translator):
    revision = latest(guide)
    with pytest.raises(parity.PermissionDenied):
        parity.accept_difference(revision, DIFFERS, by=translator, reason="it is so")
    with pytest.raises(parity.NotAllowedNow):
        parity.accept_difference(revision, DIFFERS, by=content_lead, reason=" x ")
    parity.accept_difference(revision, DIFFERS, by=content_lead, reason="it is so")
    parity.accept_difference(revision, DIFFERS, by=content_lead, reason="again")
    (override,) = ParityOverride.objects.all()
    assert (override.reason, override.by, override.fingerprint) == ("it is so", content_lead, DIFFERS.fingerprint)
    assert ContentEvent.objects.filter(kind=EventKind.DIFFERENCE_ACCEPTED).count() == 1


@pytest.mark.parametrize(
    ("check", "expected", "found", "offered"),
    [
        (Check.NUMBER, "60 seconds", "45秒", "60秒"),
        (Check.PERCENTAGE, "60%", "45 %", "60 %"),
        (Check.NUMBER, "60 seconds", "пару секунд", ""),
        (Check.NUMBER, "1 to 3", "3", ""),
        (Check.TICKER, "BTCUSDT", "BTCUSD", "BTCUSDT"),
        (Check.TIME, "08:00", "09:00", ""),
        (Check.NUMBER, "60", "", ""),
    ],
)
def test_a_figure_is_offered_with_the_unit_of_the_translation(check, expected, found, offered):
    assert ShownCheck(Difference(check, "step:confirm", 15, expected, found)).replacement == offered
