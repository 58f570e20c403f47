"""A translator finds what changed, translates it with the help of the screen, and sends it for review."""

import pytest

from tests.browser.test_accessibility import violations

PASSWORD = "northgate-demo"
GUIDE = "kyc-documents"  # other journeys write in other articles
CHANGED = "Keep this page open until the letter is there."


def signed_in(window, who, **options):
    """A window of a member of the demo's staff."""
    own = window(**options)
    page = own.open("/admin/login/")
    page.fill("#id_username", f"{who}@northgate.example")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    return own


@pytest.fixture(scope="module")
def guide(chromium, address):
    """The address of the guide's translations after its source has a step more; done by hand, in the article form."""
    from tests.browser.conftest import Window

    lead = signed_in(lambda **options: Window(chromium, address, **options), "lead")
    page = lead.open(f"/admin/helpcenter/article/?q={GUIDE}")
    page.click(f"th a:text-is('{GUIDE}')")
    place = page.url.split("change/")[0].removeprefix(address)
    body = page.input_value("#id_text_body").rstrip()
    page.fill("#id_text_body", f"{body}\n\n## Wait for the letter {{#letter}}\n\n{CHANGED}\n")
    page.check("[name=is_ready]")
    with page.expect_navigation():  # nobody else looks before it is published
        page.click("[name=_publish]")
    lead.context.close()
    return place


@pytest.mark.parametrize(
    ("language", "heading", "text"),
    [
        ("zh-hans", "等待信件", "收到信件之前，请不要关闭此页面。"),
        ("ar", "انتظروا الرسالة", "أبقوا هذه الصفحة مفتوحة."),
    ],
)
def test_a_translator_finds_the_new_part_fills_it_and_sends_it(window, guide, language, heading, text):
    w = signed_in(window, "translator")
    page = w.open(f"{guide}translate/{language}/")
    page.keyboard.press("Alt+ArrowDown")
    assert page.locator("[data-open]").first.locator("textarea:focus").count() == 1
    row = page.locator("[data-open]", has_text=CHANGED)
    assert CHANGED in row.locator("ins").last.inner_text()
    assert row.locator("textarea").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    row.locator("input[type=text]").fill(heading)
    row.locator("textarea").fill(text)
    page.click("[name=_submit]")
    assert page.locator(".messagelist li").count() == 1
    assert page.locator("[data-open]", has_text=CHANGED).count() == 0
    assert page.locator(".tr-row textarea:not([name=questions])").last.input_value() == text
    assert w.troubles == []


def test_what_was_typed_and_not_saved_is_there_again(window, guide):
    w = signed_in(window, "translator")
    page = w.open(f"{guide}translate/ja/")
    field = page.locator("[data-open] textarea").last
    field.fill("この画面を開いたままにします。")
    page.reload()
    assert page.locator("[data-open] textarea").last.input_value() == "この画面を開いたままにします。"
    page.click("[role=status] button")
    assert page.locator("[data-open] textarea").last.input_value() == ""
    assert w.troubles == []


def test_a_word_of_the_glossary_is_put_where_the_caret_stands(window, guide):
    page = signed_in(window, "translator").open(f"{guide}translate/ja/")
    row = page.locator(".tr-row", has=page.locator("[data-term]")).first
    field = row.locator("textarea")
    field.fill("")
    field.press("Alt+g")
    assert field.input_value() == row.locator("[data-term]").first.get_attribute("data-term")


def test_the_screen_saves_without_javascript(window, guide):
    page = signed_in(window, "translator", java_script_enabled=False).open(f"{guide}translate/ko/")
    is_open = page.locator("[data-open]").count()
    page.locator("[data-open] input[type=text]").last.fill("편지를 기다리세요")
    page.locator("[data-open] textarea").last.fill("편지가 올 때까지 이 페이지를 열어 두세요.")
    page.click("[name=_save]")
    assert page.locator("[data-open]").count() == is_open - 1


@pytest.mark.parametrize(("language", "theme", "width"), [
    ("zh-hans", "light", 1280), ("ar", "dark", 1280), ("ar", "light", 390), ("ja", "dark", 390)
])  # fmt: skip
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(window, guide, language, theme, width):
    w = signed_in(window, "translator", viewport={"width": width, "height": 900}, color_scheme=theme)
    page = w.open(f"{guide}translate/{language}/")
    assert w.overflow <= 0
    assert w.troubles == []
    assert violations(page) == []


def test_files_for_translators_pass_axe_too(window, guide):
    w = signed_in(window, "translator", viewport={"width": 390, "height": 900})
    page = w.open(f"{guide.rsplit('/', 2)[0]}/exchange/?articles=1&language=ja")
    assert w.overflow <= 0
    assert violations(page) == []
