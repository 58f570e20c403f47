"""Rows of the channels: what came in, what went out, where nothing arrives."""

from tickets.channels.models.incoming import IncomingMail
from tickets.channels.models.outgoing import DeadAddress, OutgoingMail

__all__ = ["DeadAddress", "IncomingMail", "OutgoingMail"]
