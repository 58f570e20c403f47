"""Addresses of the help centre, below the reader's language."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from helpcenter.feeds import AnnouncementFeed
from helpcenter.views import (
    announcements,
    articles,
    categories,
    changes,
    contracts,
    documents,
    feedback,
    glossary,
    home,
    machines,
    pictures,
    search,
    troubleshooters,
)

app_name = "helpcenter"
urlpatterns = [
    path("", home.home, name="home"),
    path("categories/<slug:slug>/", categories.category, name="category"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("articles/<slug:slug>/calculator/", contracts.calculator, name="calculator"),
    path("contracts/", contracts.comparison, name="contracts"),
    path("articles/<slug:slug>.md", documents.markdown, name="markdown"),
    path("articles/<slug:slug>/changes/", changes.changes, name="changes"),
    path("troubleshoot/<slug:slug>/", troubleshooters.troubleshooter, name="troubleshooter"),
    path("announcements/", announcements.announcements, name="announcements"),
    path("announcements/feed/", require_safe(AnnouncementFeed()), name="feed"),
    path("announcements/<slug:slug>/", announcements.announcement, name="announcement"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("search/", search.search, name="search"),
    path("suggest/", search.suggest, name="suggest"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("beacon/", feedback.beacon, name="beacon"),
    path("feedback/<slug:slug>/", feedback.feedback, name="feedback"),
    path("feedback/<slug:slug>/thanks/", feedback.thanks, name="thanks"),
    re_path(r"^pictures/(?P<digest>[0-9a-f]{32})-(?P<width>[1-9][0-9]{0,3})\.webp$", pictures.picture, name="picture"),
]
