"""Who got the old answer: what replies quote, and which of them a change of an article makes old."""

import pytest

from helpcenter.actions import drafting, publishing
from helpcenter.enums import Significance
from helpcenter.models import ArticleUse, ContentEvent, SlugRedirect
from supportdesk.outbox import delivery
from tests.helpcenter.factories import ArticleFactory, publish_text
from tests.tickets.factories import MacroFactory, TicketFactory, answered
from tickets.access import Access
from tickets.actions import drafting as reply_drafts
from tickets.actions import merging, old_answers, personal, quoting, replying
from tickets.models import ArticleChange, Macro, OldAnswer, Quote
from tickets.workspace import macros
from tickets.workspace import old_answers as pages

pytestmark = pytest.mark.django_db

GUIDE = """Before you begin, wait for the network.

## How to {#how}

### Find the number {step:find}

Open the wallet{find}.

### Send it to us {step:send}

Write to us{send}.

## How long it takes {#long}

An hour{long}.
"""
GUIDE_ZH = """开始之前请等待网络确认。

## 方法 {#how}

### 找到编号 {step:find}

打开钱包。

### 发给我们 {step:send}

写信给我们。
"""


def guide(find="", send="", long=""):
    return GUIDE.replace("{find}", find).replace("{send}", send).replace("{long}", long)


@pytest.fixture
def article():
    return ArticleFactory(slug="deposit-number", kind="guide", texts={"en": guide(), "zh-hans": GUIDE_ZH})


@pytest.fixture
def link(article, settings):
    """Addresses of the article: `link()`, `link("step-send")`, `link(language="ja")`."""

    def address(anchor="", language="en", slug=article.slug):
        return f"{settings.SITE_URL}/{language}/articles/{slug}/" + (f"#{anchor}" if anchor else "")

    return address


@pytest.fixture
def answer(agent, topic):
    """A ticket that was answered with these links."""

    def write(*links, ticket=None, by=agent, **values):
        found = answered(ticket or TicketFactory(topic=topic, **values), by=by, body=f"See: {', '.join(links)}.")
        deliver()
        return found

    return write


def deliver():
    """Let the consumers of the outbox hear of everything."""
    while delivery.deliver_due():
        pass


def publish(article, body, language="en", significance=Significance.MAJOR, title="Deposit number (en)"):
    text = drafting.Text(title, body)
    saved = drafting.save_revision(article, language, text, by=None, significance=significance)
    publishing.publish(saved, by=None)
    deliver()
    return saved


def quoted():
    return list(Quote.objects.order_by("pk").values_list("language", "step_key", "revision__number"))


def old():
    """The tickets that somebody should look at, by the languages of the texts."""
    rows = OldAnswer.objects.order_by("pk").values_list("change__language", "quote__message__ticket")
    return [(language, ticket) for language, ticket in rows]


# What is quoted


@pytest.mark.parametrize(
    ("anchor", "language", "found"),
    [
        ("", "en", ("en", "", 1)),
        ("step-send", "en", ("en", "step:send", 1)),
        ("how", "en", ("en", "section:how", 1)),
        ("step-send", "zh-hans", ("zh-hans", "step:send", 1)),
        ("step-find", "ja", ("en", "step:find", 1)),  # Japanese readers are shown the English text
        ("comments", "en", ("en", "", 1)),  # a place that the text does not have
    ],
)
def test_a_reply_remembers_what_it_linked_to(answer, link, anchor, language, found):
    answer(link(anchor, language))
    assert quoted() == [found]


def test_the_text_is_the_one_that_was_public_then(article, answer, link):
    answer(link())
    publish(article, guide(send=" today"))
    answer(link("step-send"))
    assert quoted() == [("en", "", 1), ("en", "step:send", 2)]


def test_a_former_address_is_known_and_another_host_is_not(article, answer, link):
    SlugRedirect.objects.create(slug="txid", article=article)
    answer(link(slug="txid"), "https://evil.example/en/articles/deposit-number/#step-send", link(slug="nothing"))
    assert quoted() == [("en", "", 1)]


def test_the_same_link_twice_is_one_quote_and_so_is_hearing_of_it_twice(answer, link):
    ticket = answer(link("how"), link("how"))
    quoting.remember(ticket.events.get(kind="replied").pk)
    assert len(quoted()) == 1


def test_what_customers_and_colleagues_write_quotes_nothing(ticket, agent, trader, link):
    replying.write_to_ticket(ticket, f"I read {link()}", by=trader)
    replying.write_note(ticket, f"Look at {link()}", by=agent)
    deliver()
    assert quoted() == []


def test_a_reply_that_was_taken_back_quotes_nothing(ticket, agent, link):
    replying.undo_reply(replying.reply(ticket, f"See {link()}", by=agent), by=agent)
    deliver()
    assert quoted() == []


def test_writers_see_which_tickets_use_a_step(answer, link):
    ticket = answer(link("step-send"))
    use = ArticleUse.objects.get()
    assert (use.source_kind, use.label, use.step_key) == ("ticket", ticket.reference, "step:send")


# Whom a change makes old


def test_a_major_change_of_the_quoted_step_lists_everybody_who_got_it(article, answer, link):
    tickets = [answer(link("step-send")) for _ in range(2)]
    publish(article, guide(send=" with the amount"))
    assert old() == [("en", ticket.pk) for ticket in tickets]


@pytest.mark.parametrize("anchor", ["step-find", "long"])
def test_a_major_change_of_another_part_lists_nobody(article, answer, link, anchor):
    answer(link(anchor))
    publish(article, guide(send=" with the amount"))
    assert ArticleChange.objects.exists()
    assert old() == []


@pytest.mark.parametrize("anchor", ["", "how"])
def test_who_got_the_whole_or_the_section_got_the_step(article, answer, link, anchor):
    ticket = answer(link(anchor))
    publish(article, guide(send=" with the amount"))
    assert old() == [("en", ticket.pk)]


@pytest.mark.parametrize("significance", [Significance.TYPO, Significance.MINOR])
def test_a_change_of_wording_lists_nobody(article, answer, link, significance):
    answer(link("step-send"))
    publish(article, guide(send=" please"), significance=significance)
    assert not ArticleChange.objects.exists()


def test_a_typo_mended_in_a_major_draft_leaves_it_major(article, answer, link):
    ticket = answer(link("step-send"))
    drafting.save_revision(article, "en", drafting.Text("Deposit number (en)", guide(send=" wiht it")), by=None)
    publish(article, guide(send=" with it"), significance=Significance.TYPO)
    assert old() == [("en", ticket.pk)]


def test_languages_are_apart(article, answer, link):
    english, chinese, japanese = (answer(link("step-send", code)) for code in ("en", "zh-hans", "ja"))
    publish(article, guide(send=" with the amount"))
    assert old() == [("en", english.pk), ("en", japanese.pk)]
    publish(article, GUIDE_ZH.replace("写信给我们", "请附上金额"), "zh-hans", title="充值编号")
    assert old()[2:] == [("zh-hans", chinese.pk)]


def test_a_step_that_is_gone_is_a_change(article, answer, link):
    ticket = answer(link("step-send"))
    body = guide()
    publish(article, body[: body.index("### Send")] + body[body.index("## How long") :])
    assert old() == [("en", ticket.pk)]
    assert ArticleChange.objects.get().part_titles == ["Send it to us"]


def test_a_text_that_came_back_makes_no_answer_old(article, answer, link):
    first = answer(link("step-send"))
    publish(article, guide(send=" with the amount"))
    second = answer(link("step-send"))
    publish(article, guide())
    changes = ArticleChange.objects.order_by("at")
    found = [set(change.old_answers.values_list("quote__message__ticket", flat=True)) for change in changes]
    assert found == [{first.pk}, {second.pk}]


def test_the_first_publication_of_a_language_changes_nothing(article, answer, link):
    answer(link())
    publish_text(article, "ja", drafting.Text("入金番号", "お待ちください。"))
    deliver()
    assert not ArticleChange.objects.exists()


def test_hearing_of_a_publication_twice_lists_everybody_once(article, answer, link):
    answer(link())
    publish(article, guide(send=" with the amount"))
    old_answers.look_at_change(ArticleChange.objects.get().event_id)
    assert len(old()) == 1


def test_a_quote_that_is_written_down_after_the_change_is_found(article, ticket, agent, link):
    answered(ticket, by=agent, body=link("step-send"))
    event = publishing.publish(
        drafting.save_revision(article, "en", drafting.Text("Deposit number (en)", guide(send="!")), by=None), by=None
    )
    old_answers.look_at_change(ContentEvent.objects.filter(kind="published", revision=event.published).get().pk)
    assert old() == []
    quoting.remember(ticket.events.get(kind="replied").pk)
    assert old() == [("en", ticket.pk)]


def test_who_gets_the_new_text_has_been_told(article, answer, link):
    ticket = answer(link("step-send"))
    publish(article, guide(send=" with the amount"))
    answer(link("step-find"), ticket=ticket)
    assert OldAnswer.objects.open().exists()
    answer(link("step-send"), ticket=ticket)
    assert not OldAnswer.objects.open().exists()


def test_a_quote_goes_where_its_ticket_is_merged(article, answer, link, agent, trader):
    first, second = (answer(link("step-send"), by=agent, ticket=TicketFactory(by=trader)) for _ in range(2))
    merging.merge(first, second, by=agent)
    publish(article, guide(send=" with the amount"))
    assert {ticket for _, ticket in old()} == {second.pk}


# Macros


def uses():
    return {(use.label, use.step_key) for use in ArticleUse.objects.filter(source_kind="macro")}


def test_macros_say_which_articles_and_steps_they_use(article, link, agent):
    macro = Macro()
    body = "Read {{ article:deposit-number#step-send }} and {{ article:nothing }}"
    personal.save_macro(macro, by=agent, name="Number", language="en", body=body)
    assert uses() == {("Number", "step:send")}
    personal.save_macro(macro, by=agent, name="Number", language="ja", body=f"{link(language='ja')} を見てください")
    assert uses() == {("Number", "step:send"), ("Number", "")}
    personal.delete_macro(macro, by=agent)
    assert uses() == set()


def test_a_macro_that_is_older_than_the_article_is_found_when_it_changes(agent):
    personal.save_macro(Macro(), by=agent, name="Fees", language="en", body="See {{ article:fees }}")
    assert uses() == set()
    article = ArticleFactory(slug="fees", texts={"en": "Low."})
    publish(article, "High.", title="Fees (en)")
    assert uses() == {("Fees", "")}


def test_a_macro_puts_in_the_step_of_an_article(ticket, agent, article, link):
    macro = MacroFactory(body_en="See {{ article:deposit-number#step-send }}")
    assert macros.render(macro, ticket, reply_drafts.agent_of(agent)).text == f"See {link('step-send')}"


def test_the_page_says_in_which_languages_the_same_is_still_to_change(article, answer, link, team_lead):
    answer(link("step-send", "zh-hans"))
    answer(link("step-find", "zh-hans"))
    publish(article, guide(send=" with the amount"))
    change = ArticleChange.objects.get()
    assert pages.not_changed_yet(change, Access.of_staff(team_lead)) == [("简体中文", 1)]
    publish(article, GUIDE_ZH.replace("写信给我们", "请附上金额"), "zh-hans", title="充值编号")
    assert pages.not_changed_yet(change, Access.of_staff(team_lead)) == []
