"""Addresses of the desk, outside of the languages' folders: its pages speak the language of who works there."""

from django.urls import path

from tickets.workspace.views import acts, clocks, lead, me, questions, queue, speed, surge, thread, writing

app_name = "workspace"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("bulk/", queue.several, name="bulk"),
    path("views/", queue.keep_view, name="keep-view"),
    path("views/<int:pk>/drop/", queue.drop_view, name="drop-view"),
    path("people/", queue.colleagues, name="people"),
    path("new/", writing.new_ticket, name="new"),
    path("me/", me.profile, name="me"),
    path("me/presence/", me.presence, name="presence"),
    path("me/macros/new/", me.macro, name="new-macro"),
    path("me/macros/<int:pk>/", me.macro, name="macro"),
    path("me/macros/<int:pk>/drop/", me.drop_macro, name="drop-macro"),
    path("questions/", questions.index, name="questions"),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("questions/<int:pk>/end/", questions.end, name="end-question"),
    path("lead/", lead.show, name="lead"),
    path("lead/updates/", lead.updates, name="lead-updates"),
    path("lead/assign-all/", lead.assign_all, name="lead-assign-all"),
    path("lead/replay/", lead.replay, name="lead-replay"),
    path("lead/speed/", speed.show, name="speed"),
    path("surge/", surge.index, name="surge"),
    path("surge/do/<slug:name>/", surge.decide, name="decide-surge"),
    path("files/<slug:number>/", thread.download, name="file"),
    path("tickets/<slug:number>/", thread.show, name="thread"),
    path("tickets/<slug:number>/side/", thread.side, name="side"),
    path("tickets/<slug:number>/updates/", thread.updates, name="updates"),
    path("tickets/<slug:number>/look/", thread.look, name="look"),
    path("tickets/<slug:number>/print/", thread.printed, name="print"),
    path("tickets/<slug:number>/clocks/", clocks.explain, name="clocks"),
    path("tickets/<slug:number>/write/", writing.write, name="write"),
    path("tickets/<slug:number>/draft/", writing.keep_draft, name="draft"),
    path("tickets/<slug:number>/macros/", writing.choose_macro, name="macros"),
    path("tickets/<slug:number>/macros/<int:pk>/", writing.macro_text, name="macro-text"),
    path("tickets/<slug:number>/articles/", writing.choose_article, name="articles"),
    path("tickets/<slug:number>/messages/<int:pk>/undo/", writing.undo, name="undo"),
    path("tickets/<slug:number>/messages/<int:pk>/send/", writing.send_anyway, name="send-anyway"),
    path("tickets/<slug:number>/do/<slug:name>/", acts.act, name="act"),
]
