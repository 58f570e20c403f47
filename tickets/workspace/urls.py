"""Addresses of the desk, outside of the languages' folders: its pages speak the language of who works there."""

from django.urls import path

from tickets.workspace.views import acts, incident_acts, incidents, me, questions, queue, thread, writing

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
    path("incidents/", incidents.index, name="incidents"),
    path("incidents/new/", incidents.new, name="new-incident"),
    path("incidents/<slug:slug>/", incidents.show, name="incident"),
    path("incidents/<slug:slug>/edit/", incidents.edit, name="edit-incident"),
    path("incidents/<slug:slug>/got/", incidents.got, name="incident-got"),
    path("incidents/<slug:slug>/got.csv", incidents.got_file, name="incident-got-file"),
    path("incidents/<slug:slug>/answers/<slug:language>/", incidents.answer, name="incident-answer"),
    path("incidents/<slug:slug>/sample/<slug:number>/", incident_acts.sample, name="incident-sample"),
    path("incidents/<slug:slug>/do/<slug:name>/", incident_acts.act, name="incident-act"),
    path("files/<slug:number>/", thread.download, name="file"),
    path("tickets/<slug:number>/", thread.show, name="thread"),
    path("tickets/<slug:number>/side/", thread.side, name="side"),
    path("tickets/<slug:number>/updates/", thread.updates, name="updates"),
    path("tickets/<slug:number>/look/", thread.look, name="look"),
    path("tickets/<slug:number>/print/", thread.printed, name="print"),
    path("tickets/<slug:number>/write/", writing.write, name="write"),
    path("tickets/<slug:number>/draft/", writing.keep_draft, name="draft"),
    path("tickets/<slug:number>/macros/", writing.choose_macro, name="macros"),
    path("tickets/<slug:number>/macros/<int:pk>/", writing.macro_text, name="macro-text"),
    path("tickets/<slug:number>/articles/", writing.choose_article, name="articles"),
    path("tickets/<slug:number>/messages/<int:pk>/undo/", writing.undo, name="undo"),
    path("tickets/<slug:number>/messages/<int:pk>/send/", writing.send_anyway, name="send-anyway"),
    path("tickets/<slug:number>/do/<slug:name>/", acts.act, name="act"),
]
