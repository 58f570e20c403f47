"""Pictures that were sent and that no text has come to show are forgotten after a month; all others stay."""

from datetime import timedelta

import pytest
import time_machine

from helpcenter.actions import picturing, publishing, working_drafts
from helpcenter.actions.drafting import Text
from helpcenter.models import Picture, PictureFile
from helpcenter.tasks import forget_pictures
from supportdesk.outbox.tasks import JOBS
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text
from tests.helpcenter.samples import drawing, encoded, files_below

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

BEGIN = "2026-10-01T12:00:00+00:00"
MONTH = timedelta(days=30)
SHOWN = "![A page](pictures/page.png)"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def sent(name="page.png", language="en", kind="PNG", size: tuple[int, int] = (60, 40)) -> PictureFile:
    return picturing.save_picture(name, language, encoded(kind, drawing(*size)), by=None)


@pytest.fixture
def forget(clock, django_capture_on_commit_callbacks):
    """Let a month go by, and the job run; what is still there."""

    def run(after=MONTH + timedelta(seconds=1)):
        clock.shift(after)
        with django_capture_on_commit_callbacks(execute=True):
            forget_pictures.call()
        return sorted(Picture.objects.values_list("name", flat=True))

    return run


def test_a_picture_that_no_text_names_goes_with_all_its_files(forget, media):
    file = sent()
    picturing.sized(file, 60)
    sent(language="ja", size=(50, 40))
    assert len(files_below(media)) == 3
    assert forget() == []
    assert not PictureFile.objects.exists()
    assert files_below(media) == {}


def test_a_picture_that_no_text_names_stays_for_a_month(forget):
    sent()
    assert forget(MONTH) == ["page.png"]
    assert forget(timedelta(seconds=1)) == []


def test_who_sends_it_again_has_a_month_again(forget, clock):
    sent()
    clock.shift(MONTH)
    sent()
    assert forget(MONTH) == ["page.png"]


def test_a_picture_of_which_one_file_is_new_is_in_work(forget, clock):
    sent()
    clock.shift(MONTH)
    sent(language="ja", size=(50, 40))
    assert forget(MONTH) == ["page.png"]
    assert PictureFile.objects.count() == 2


def a_public_text(person):
    ArticleFactory(texts={"en": SHOWN})


def a_draft(person):
    save_text(ArticleFactory(), "en", SHOWN)


def an_earlier_revision(person):
    publish_text(ArticleFactory(texts={"en": SHOWN}), "en", "No picture any more.")


def a_text_that_was_taken_back(person):
    article = ArticleFactory(texts={"en": SHOWN})
    publishing.unpublish(article, "en", by=None)


def an_archived_article(person):
    publishing.archive(ArticleFactory(texts={"en": SHOWN}), by=None)


def a_translation(person):
    save_text(ArticleFactory(texts={"en": "Text."}), "ja", SHOWN)


def a_private_draft(person):
    working_drafts.keep(ArticleFactory(), "en", Text("A title", SHOWN), by=person)


def a_private_draft_of_a_new_article(person):
    working_drafts.keep(None, "en", Text("A title", SHOWN), by=person)


PLACES = [
    a_public_text,
    a_draft,
    an_earlier_revision,
    a_text_that_was_taken_back,
    an_archived_article,
    a_translation,
    a_private_draft,
    a_private_draft_of_a_new_article,
]


@pytest.mark.parametrize("place", PLACES)
def test_a_picture_that_a_text_names_stays_wherever_the_text_is(forget, media, content_editor, place):
    sent()
    sent("other.png", size=(50, 40))
    place(content_editor)
    assert forget() == ["page.png"]
    assert len(files_below(media)) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("my page.png", "![A page](<pictures/my page.png>)"),
        ("my page.png", "![A page](pictures/my%20page.png)"),
        ("my_page.png", "![A page](pictures/my\\_page.png)"),
        ("a&b.png", "![A page](pictures/a&amp;b.png)"),
        ("页.png", "![A page](pictures/%E9%A1%B5.png)"),
        ("page.png", "![A page][p]\n\n[p]: pictures/page.png"),
    ],
)
def test_a_name_is_known_however_a_writer_spells_it(forget, name, text):
    sent(name)
    save_text(ArticleFactory(), "en", text)
    assert forget() == [name]


def test_the_bytes_stay_while_another_picture_is_the_very_same(forget, media):
    sent("one.png")
    sent("two.png")
    save_text(ArticleFactory(), "en", "![A page](pictures/two.png)")
    assert forget() == ["two.png"]
    assert len(files_below(media)) == 1


def test_a_file_that_is_gone_already_keeps_nothing_from_being_forgotten(forget, media):
    sent()
    for path in files_below(media):
        (media / path).unlink()
    assert forget() == []


def test_unused_pictures_are_looked_for_every_day():
    job = JOBS["forget_pictures"]
    assert (job.path, job.every) == ("helpcenter.tasks.forget_pictures", timedelta(days=1))
