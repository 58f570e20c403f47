"""The bell by ear: a sound and a message of the browser, for whoever wishes them, once, and the count in the title."""

import pytest

from tests.browser.test_desk import signed_in

WATCHED = """
window.heard = []; window.shown = [];
HTMLMediaElement.prototype.play = function () {
  window.heard.push(new URL(this.src).pathname);
  return Promise.resolve();
};
window.Notification = class { constructor(title, about) { window.shown.push([title, about.tag]); } };
window.Notification.permission = "granted";
"""
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def own(window):
    found = signed_in(window)
    found.page.add_init_script(WATCHED)
    return found


def wish(own, sound, message):
    page = own.open("/admin/notices/settings/")
    page.set_checked("[name=notice_sound]", sound)
    page.set_checked("[name=notice_window]", message)
    page.click("[type=submit].default")


def something_new(page):
    """The bell as it stood before its newest notice, in a browser that has told an older one."""
    page.evaluate(
        """() => {
            const bell = document.querySelector("[data-bell]"), shown = bell.querySelector("details").dataset;
            const older = shown.version.split("-")[0] - 1;
            localStorage.setItem(`bell-${bell.dataset.person}`, older);
            shown.version = `${older}-0`;
        }"""
    )
    with page.expect_response("**/admin/notices/bell/*"):
        page.evaluate(LOOK)
    page.wait_for_selector(".sd-bell details:not([data-version$='-0'])")
    return page.evaluate("[heard, shown]")


def test_what_is_new_is_heard_and_shown_once_on_wish_alone(own):
    assert own.open("/admin/").title().startswith("(")
    assert something_new(own.page) == [[], []]
    wish(own, True, True)
    heard, shown = something_new(own.open("/admin/"))
    assert [path.endswith("notice.wav") for path in heard] == [True]
    assert [tag for _, tag in shown] == ["notices"]
    with own.page.expect_response("**/admin/notices/bell/*"):
        own.page.evaluate(LOOK)
    assert own.page.evaluate("[heard.length, shown.length]") == [1, 1]
    wish(own, False, False)
    assert something_new(own.open("/admin/")) == [[], []]
    assert own.troubles == []


def test_the_sound_can_be_heard_before_it_is_wished(own):
    page = own.open("/admin/notices/settings/")
    page.click("[data-play]")
    assert len(page.evaluate("heard")) == 1
    assert (
        page.evaluate("fetch(document.querySelector('[data-play]').dataset.play).then((answer) => answer.status)")
        == 200
    )
    assert "shows messages" in page.inner_text("[data-said]")
    assert own.troubles == []
