"""Rows of the desk."""

from tickets.models.agent import Agent, AgentCertificate, AgentLanguage
from tickets.models.attachment import Attachment
from tickets.models.clock import Clock
from tickets.models.crash_replay import CrashReplay
from tickets.models.deflection import Deflection
from tickets.models.department import Department
from tickets.models.event import EventNote, TicketEvent
from tickets.models.incident import (
    BulkApproval,
    BulkRecipient,
    BulkSample,
    BulkSend,
    Incident,
    IncidentAnswer,
    IncidentTicket,
    JoiningApproval,
)
from tickets.models.macro import Macro, SavedView
from tickets.models.mention import Looking, Mention, Reminder
from tickets.models.message import Message, ReplyDraft
from tickets.models.overview import DeskSnapshot
from tickets.models.pending import PendingRequest
from tickets.models.policy import (
    Calendar,
    CalendarDate,
    CalendarVersion,
    ClockNotice,
    PolicyEdition,
    SlaPolicy,
    SlaTarget,
    WarnLevel,
)
from tickets.models.promise import Promise, PromiseDay, WaitOutlook
from tickets.models.quote import ArticleChange, OldAnswer, Quote
from tickets.models.rating import Rating
from tickets.models.routing import (
    AgentIdleTime,
    Decline,
    DispatchLease,
    PresenceChange,
    RoutingDecision,
    RoutingSetup,
    TierHeadStart,
)
from tickets.models.side_conversation import SideConversation, SideMessage
from tickets.models.speed import SpeedDay
from tickets.models.surge import (
    ArrivalCount,
    CountedArrival,
    MarketSignal,
    SignalSource,
    StreamHour,
    SurgeRaise,
    SurgeRule,
    SurgeSetup,
    SurgeState,
    SurgeText,
    SurgeTransition,
)
from tickets.models.ticket import Tag, Ticket, TicketLink
from tickets.models.topic import FieldChoice, Topic, TopicField
from tickets.models.triage import (
    TicketTriage,
    TriageGeneration,
    TriageLabel,
    TriagePhrases,
    TriageRule,
    TriageTable,
)
from tickets.models.upload import Upload

__all__ = [
    "Agent",
    "AgentCertificate",
    "AgentLanguage",
    "ArrivalCount",
    "ArticleChange",
    "Attachment",
    "Calendar",
    "CalendarDate",
    "CalendarVersion",
    "BulkApproval",
    "BulkRecipient",
    "BulkSample",
    "BulkSend",
    "Clock",
    "Decline",
    "ClockNotice",
    "CountedArrival",
    "Deflection",
    "Department",
    "EventNote",
    "DispatchLease",
    "CrashReplay",
    "DeskSnapshot",
    "FieldChoice",
    "Incident",
    "IncidentAnswer",
    "IncidentTicket",
    "JoiningApproval",
    "Looking",
    "Macro",
    "MarketSignal",
    "Mention",
    "Message",
    "OldAnswer",
    "PendingRequest",
    "PresenceChange",
    "PolicyEdition",
    "Promise",
    "PromiseDay",
    "Quote",
    "Rating",
    "Reminder",
    "ReplyDraft",
    "RoutingDecision",
    "RoutingSetup",
    "SavedView",
    "SideConversation",
    "SideMessage",
    "SpeedDay",
    "SlaPolicy",
    "SlaTarget",
    "SignalSource",
    "StreamHour",
    "SurgeRaise",
    "SurgeRule",
    "SurgeSetup",
    "SurgeState",
    "SurgeText",
    "SurgeTransition",
    "Tag",
    "Ticket",
    "TicketEvent",
    "TicketLink",
    "TierHeadStart",
    "Topic",
    "TopicField",
    "AgentIdleTime",
    "TicketTriage",
    "Topic",
    "TopicField",
    "TriageGeneration",
    "TriageLabel",
    "TriagePhrases",
    "TriageRule",
    "TriageTable",
    "Upload",
    "WaitOutlook",
    "WarnLevel",
]
