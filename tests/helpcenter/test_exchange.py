"""Articles as files for translators: what goes out, what a report says of what comes back, and what is saved."""

import io
import zipfile
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from helpcenter.actions import drafting, exchanging
from helpcenter.actions.exchanging import Effect, Format
from helpcenter.content import po, xliff
from helpcenter.content.exchange import State
from helpcenter.errors import InvalidText, StalePlan
from helpcenter.models import Revision, TeamMember, TranslationState
from tests.helpcenter.admin_forms import html, listed, signed_in
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text

pytestmark = pytest.mark.django_db

ENGLISH = "You wait 24 hours.\n\n## Why {#why}\n\nBecause it is safe.\n\nSee [fees](fees.md).\n"
JAPANESE = "24時間待ちます。\n\n## 理由 {#why}\n\n安全だからです。\n\n[手数料](fees.md)をご覧ください。\n"
SCREEN = "admin:helpcenter_article_exchange"


@pytest.fixture
def article():
    return ArticleFactory(slug="hold", texts={"en": ENGLISH})


@pytest.fixture
def translated(article):
    publish_text(article, "ja", drafting.Text("待機", JAPANESE))
    return article


def out(*articles, language="ja", kind=Format.XLIFF, is_all=True, by=None):
    packed = exchanging.export(articles, language, kind, is_all=is_all, by=by)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def given(article, **options):
    (data,) = out(article, **options).values()
    return (po if options.get("kind") == Format.PO else xliff).read(data)


def back(exchange, texts, state=State.TRANSLATED):
    """The file as a translator brings it back, with other texts by their keys."""
    units = (replace(u, target=texts.get(u.key, u.target), state=state if u.key in texts else u.state)
             for u in exchange.units)  # fmt: skip
    return xliff.write(replace(exchange, units=tuple(units)))


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def effects(plan):
    (file,) = plan.files
    assert file.problem == ""
    return {step.key: step.effect for step in file.steps}


def take_in(data, by=None):
    digest = exchanging.plan("a.xlf", data, by=by).digest
    return exchanging.apply("a.xlf", data, by=by, digest=digest)


def latest(article, language="ja"):
    return Revision.objects.of(article, language).newest_first().first()


ALL = {
    "title": "待機",
    "intro/0": "24時間待ちます。",
    "section:why/heading": "理由",
    "section:why/0": "安全だからです。",
    "section:why/1": "[手数料](fees.md)をご覧ください。",
}


# Out


@pytest.mark.parametrize("kind", Format)
def test_an_article_goes_out_with_what_is_translated(translated, kind):
    exchange = given(translated, kind=kind)
    assert {unit.key: unit.target for unit in exchange.units} == ALL
    assert (exchange.slug, exchange.language, exchange.source_number) == ("hold", "ja", 1)


def test_only_what_is_missing_or_out_of_date_goes_out_on_demand(translated):
    publish_text(translated, "en", ENGLISH.replace("safe", "safer"))
    keys = [unit.key for unit in given(translated, is_all=False).units]
    assert keys == ["section:why/heading", "section:why/0", "section:why/1"]


def test_what_is_up_to_date_gives_no_file(translated, article):
    with pytest.raises(InvalidText, match="nothing to translate"):
        out(translated, is_all=False)


def test_each_article_has_a_file_of_its_own(article):
    other = ArticleFactory(slug="other", texts={"en": "Text."})
    assert list(out(article, other, kind=Format.PO)) == ["hold.ja.po", "other.ja.po"]


def test_who_does_not_write_in_the_language_gets_no_file(article, translator):
    TeamMember.objects.create(person=translator, language="ko")
    with pytest.raises(PermissionDenied):
        out(article, by=translator)


# The report


def test_a_report_stores_nothing_and_tells_new_changed_and_same(translated):
    data = back(given(translated), {"intro/0": "24 時間お待ちください。"})
    found = effects(exchanging.plan("a.xlf", data, by=None))
    assert found == {**dict.fromkeys(ALL, Effect.SAME), "intro/0": Effect.CHANGED}
    assert latest(translated).number == 1


@pytest.mark.parametrize(
    ("texts", "key", "reason"),
    [
        ({"intro/0": "42時間待ちます。"}, "intro/0", "42"),
        ({"section:why/1": "[手数料](other.md)をご覧ください。"}, "section:why/1", "fees.md"),
        ({"intro/0": "24時間\n\n待ちます。"}, "intro/0", "one block"),
    ],
    ids=["figure", "link", "frame"],
)
def test_what_differs_from_the_source_is_named_and_not_taken(article, texts, key, reason):
    data = back(given(article), {**ALL, **texts})
    (file,) = exchanging.plan("a.xlf", data, by=None).files
    step = next(step for step in file.steps if step.key == key)
    assert step.effect == Effect.CONFLICT
    assert reason in step.reason


def test_a_changed_source_is_a_conflict_of_that_segment_alone(article):
    data = back(given(article), ALL)
    publish_text(article, "en", ENGLISH.replace("24 hours", "48 hours"))
    found = effects(exchanging.plan("a.xlf", data, by=None))
    assert [key for key, effect in found.items() if effect == Effect.CONFLICT] == ["intro/0"]


def test_a_translation_that_changed_since_is_a_conflict(translated):
    data = back(given(translated), {"intro/0": "24 時間お待ちください。"})
    save_text(translated, "ja", drafting.Text("待機", JAPANESE.replace("待ちます", "かかります")))
    assert effects(exchanging.plan("a.xlf", data, by=None))["intro/0"] == Effect.CONFLICT


def test_a_segment_that_the_source_has_no_longer_is_a_conflict(article):
    data = back(given(article), ALL)
    publish_text(article, "en", ENGLISH.replace("\n\nSee [fees](fees.md).", ""))
    assert effects(exchanging.plan("a.xlf", data, by=None))["section:why/1"] == Effect.CONFLICT


def test_a_file_of_an_article_that_is_not_there_and_one_that_is_cut_short_are_told(article):
    data = back(given(article), ALL)
    foreign = back(replace(given(article), slug="nowhere"), ALL)
    plan = exchanging.plan("a.zip", zipped(a=foreign, b=data[: len(data) // 2], c=data, d=data), by=None)
    assert [bool(file.problem) for file in plan.files] == [True, True, False, True]
    assert "nowhere" in plan.files[0].problem
    assert "cut short" in plan.files[1].problem


def test_a_file_for_a_language_that_one_does_not_write_is_told(article, translator):
    TeamMember.objects.create(person=translator, language="ko")
    (file,) = exchanging.plan("a.xlf", back(given(article), ALL), by=translator).files
    assert "do not write" in file.problem


BOMB = zipped(a=b"0" * 30_000_000)
HOSTILE = {
    "bomb": BOMB,
    "many": zipped(**{f"f{number}": b"x" for number in range(201)}),
    "outside": zipped(**{"../../etc/passwd": b"x"}),
    "absolute": zipped(**{"/etc/passwd": b"x"}),
    "cut": BOMB[:-20],
    "large": b"<" * 5_000_001,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_archive_that_means_harm_is_refused(name):
    with pytest.raises(InvalidText):
        exchanging.plan("a.zip", HOSTILE[name], by=None)


def test_what_a_file_manager_packs_beside_the_files_is_passed_over(article):
    files = {
        "ja/a.xlf": back(given(article), ALL),
        "__MACOSX/ja/._a.xlf": b"\0\5",
        "ja/.DS_Store": b"\0",
        "notes.txt": b"x",
    }
    found = exchanging.plan("a.zip", zipped(**files), by=None).files
    assert [file.name for file in found] == ["ja/a.xlf", "notes.txt"]
    assert [bool(file.problem) for file in found] == [False, True]


# Taking in


def test_a_whole_translation_becomes_one_draft_and_is_not_public(article, translator):
    (revision,) = take_in(back(given(article), ALL), by=translator)
    assert (revision.title, revision.body, revision.created_by) == ("待機", JAPANESE, translator)
    state = TranslationState.objects.get(article=article, language="ja")
    assert (state.is_published, state.standing) == (False, "draft")
    assert drafting.outdated_keys(revision, drafting.source_revision(article)) == []


def test_taking_the_same_file_in_twice_makes_one_draft(article):
    data = back(given(article), ALL)
    take_in(data)
    assert take_in(data) == []
    assert latest(article).number == 1


def test_a_part_that_is_half_translated_is_out_of_date_and_says_the_rest_in_the_sources_words(article):
    (revision,) = take_in(back(given(article), {"title": "待機", "section:why/0": "安全だからです。"}))
    assert "安全だからです。\n\nSee [fees](fees.md)." in revision.body
    assert drafting.outdated_keys(revision, drafting.source_revision(article)) == ["section:why", "intro"]


def test_a_changed_part_is_up_to_date_again_when_it_comes_back(translated):
    publish_text(translated, "en", ENGLISH.replace("safe", "safer"))
    texts = {key: text for key, text in ALL.items() if key.startswith("section:why")}
    texts["section:why/0"] = "より安全だからです。"
    (revision,) = take_in(back(given(translated, is_all=False), texts))
    assert revision.body == JAPANESE.replace("安全", "より安全")
    assert drafting.outdated_keys(revision, drafting.source_revision(translated)) == []


def test_what_a_translator_left_as_not_finished_stays_out_of_date(translated):
    publish_text(translated, "en", ENGLISH.replace("safe", "safer"))
    data = back(given(translated, is_all=False), {"section:why/0": "より安全です。"}, State.NEEDS_TRANSLATION)
    (revision,) = take_in(data)
    assert drafting.outdated_keys(revision, drafting.source_revision(translated)) == ["section:why"]


def test_a_part_that_is_cut_otherwise_is_left_alone(article):
    own = JAPANESE.replace("安全だからです。\n\n", "")
    publish_text(article, "ja", drafting.Text("待機", own))
    data = back(given(article), {"section:why/0": "安全だからです。"})
    assert effects(exchanging.plan("a.xlf", data, by=None))["section:why/0"] == Effect.CONFLICT
    assert take_in(data) == []


def test_a_report_that_is_out_of_date_is_not_acted_on(article):
    data = back(given(article), ALL)
    digest = exchanging.plan("a.xlf", data, by=None).digest
    publish_text(article, "en", ENGLISH.replace("24 hours", "48 hours"))
    with pytest.raises(StalePlan):
        exchanging.apply("a.xlf", data, by=None, digest=digest)
    assert latest(article) is None


# The screen


@pytest.fixture
def desk(translator):
    return signed_in(translator)


def file_of(data, name="a.xlf"):
    found = io.BytesIO(data)
    found.name = name
    return found


def test_articles_are_chosen_in_the_list_and_given_out_as_a_zip(desk, article):
    chosen = desk.post(listed("article"), {"action": "give_out", "_selected_action": [article.pk]})
    assert chosen.url == f"{reverse(SCREEN)}?articles={article.pk}"
    form = {"articles": str(article.pk), "language": "ja", "format": "po", "everything": "", "_export": ""}
    answer = desk.post(reverse(SCREEN), form)
    assert answer.headers["Content-Type"] == "application/zip"
    assert 'filename="ja-po.zip"' in answer.headers["Content-Disposition"]


def test_a_file_is_reported_first_and_saved_on_the_second_act(desk, article):
    page = desk.post(reverse(SCREEN), {"file": file_of(back(given(article), ALL))})
    assert latest(article) is None
    assert "24時間待ちます。" in html(page)
    hidden = page.context["take_in"].initial
    desk.post(reverse(SCREEN), {**hidden, "_apply": ""})
    assert latest(article).body == JAPANESE


def test_whoever_has_a_file_finds_the_way_in_without_choosing_articles(desk, agent):
    assert f'href="{reverse(SCREEN)}"' in html(desk.get(listed("article")))


def test_after_saving_one_goes_on_in_the_draft_and_after_several_in_the_drafts_of_the_language(desk, article):
    page = desk.post(reverse(SCREEN), {"file": file_of(back(given(article), ALL))})
    saved = desk.post(reverse(SCREEN), {**page.context["take_in"].initial, "_apply": ""})
    assert saved.url == reverse("admin:helpcenter_article_translate", args=[article.pk, "ja"])
    others = [ArticleFactory(slug=slug, texts={"en": ENGLISH}) for slug in ("one", "two")]
    both = zipped(**{f"{other.slug}.xlf": back(given(other), ALL) for other in others})
    page = desk.post(reverse(SCREEN), {"file": file_of(both, "a.zip")})
    saved = desk.post(reverse(SCREEN), {**page.context["take_in"].initial, "_apply": ""}, follow=True)
    assert saved.redirect_chain[0][0].endswith("?language=ja&state=draft")
    assert all(other.slug in html(saved) for other in others)


def test_the_languages_that_one_writes_in_are_offered_and_the_source_is_not_the_first(desk, article, translator):
    asked = {"articles": str(article.pk)}
    offered = desk.get(reverse(SCREEN), asked).context["export"]
    assert "en" in dict(offered.fields["language"].choices)
    assert offered["language"].value() != "en"
    TeamMember.objects.create(person=translator, language="ko")
    offered = desk.get(reverse(SCREEN), asked).context["export"]
    assert [code for code, _name in offered.fields["language"].choices] == ["ko"]
    assert offered["language"].value() == "ko"


def test_a_report_of_somebody_else_cannot_be_acted_on(desk, article, other_editor):
    page = desk.post(reverse(SCREEN), {"file": file_of(back(given(article), ALL))})
    answer = signed_in(other_editor).post(reverse(SCREEN), {**page.context["take_in"].initial, "_apply": ""})
    assert "Choose the file" in html(answer)
    assert latest(article) is None


def test_what_cannot_be_read_is_told_beside_the_field(desk):
    answer = desk.post(reverse(SCREEN), {"file": file_of(BOMB, "a.zip")})
    assert "more than can be taken" in html(answer)


def test_who_may_not_change_articles_sees_no_such_screen(agent):
    assert signed_in(agent).get(reverse(SCREEN)).status_code == 403


# A file of another article


LONG = "".join(f"## Part {name} {{#{name}}}\n\nWords about {name}.\n\n" for name in ("one", "two", "three", "four"))
OTHER = "".join(f"## Piece {name} {{#{name}}}\n\nTalk of {name}s.\n\n" for name in ("one", "two", "three", "four"))


@pytest.mark.parametrize("kind", Format)
def test_a_file_of_another_article_under_the_name_of_this_one_is_refused_as_a_whole(content_editor, kind):
    own, other = ArticleFactory(slug="own", texts={"en": LONG}), ArticleFactory(slug="other", texts={"en": OTHER})
    (data,) = out(other, kind=kind).values()
    (planned,) = exchanging.plan("own.ja.x", data.replace(b"other", b"own"), by=content_editor).files
    assert "the file of another article" in planned.problem
    assert not Revision.objects.of(own, "ja").exists()


def test_a_file_whose_source_was_rewritten_since_tells_segment_by_segment(content_editor):
    own = ArticleFactory(slug="own", texts={"en": LONG})
    (data,) = out(own).values()
    publish_text(own, "en", OTHER)
    (planned,) = exchanging.plan("own.ja.xlf", data, by=content_editor).files
    assert planned.problem == ""
    assert planned.counts[Effect.CONFLICT] > 0
