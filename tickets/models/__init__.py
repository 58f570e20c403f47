"""Rows of the desk."""

from tickets.models.agent import Agent, AgentCertificate, AgentLanguage
from tickets.models.attachment import Attachment
from tickets.models.clock import Clock
from tickets.models.deflection import Deflection
from tickets.models.department import Department
from tickets.models.event import TicketEvent
from tickets.models.macro import Macro, SavedView
from tickets.models.mention import Looking, Mention, Reminder
from tickets.models.message import Message, ReplyDraft
from tickets.models.pending import PendingRequest
from tickets.models.quote import ArticleChange, OldAnswer, Quote
from tickets.models.rating import Rating
from tickets.models.side_conversation import SideConversation, SideMessage
from tickets.models.speed import SpeedDay
from tickets.models.ticket import Tag, Ticket, TicketLink
from tickets.models.topic import FieldChoice, Topic, TopicField
from tickets.models.upload import Upload

__all__ = [
    "Agent",
    "AgentCertificate",
    "AgentLanguage",
    "ArticleChange",
    "Attachment",
    "Clock",
    "Deflection",
    "Department",
    "FieldChoice",
    "Looking",
    "Macro",
    "Mention",
    "Message",
    "OldAnswer",
    "PendingRequest",
    "Quote",
    "Rating",
    "Reminder",
    "ReplyDraft",
    "SavedView",
    "SideConversation",
    "SideMessage",
    "SpeedDay",
    "Tag",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "Topic",
    "TopicField",
    "Upload",
]
