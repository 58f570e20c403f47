"""Addresses of the trader's tickets, below the reader's language."""

from django.urls import path

from tickets.portal.views import asking, files, incidents, mailed, own, pending, suggesting, ticket

app_name = "portal"
urlpatterns = [
    path("tickets/", own.tickets, name="tickets"),
    path("tickets/new/", asking.new, name="new"),
    path("tickets/suggestions/", suggesting.suggestions, name="suggestions"),
    path("tickets/solved/", suggesting.solved, name="solved"),
    path("tickets/uploads/", files.uploads, name="uploads"),
    path("tickets/pending/<slug:public_id>/", pending.pending, name="pending"),
    path("tickets/files/<slug:public_id>/", files.download, name="file"),
    path("tickets/<slug:public_id>/", ticket.ticket, name="ticket"),
    path("tickets/<slug:public_id>/updates", ticket.updates, name="updates"),
    path("incidents/<slug:slug>/", incidents.incident, name="incident"),
    path("t/<str:token>/", mailed.link, name="link"),
]
