"""`manage.py guard`: what the secret guard says of messages, as JSON lines in and out."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from supportdesk import guard

DIRECTIONS = ("inbound", "outbound")


class Command(BaseCommand):
    help = (
        'Read lines {"id", "direction": "inbound"|"outbound", "language", "text"} and write, for each, '
        '{"id", "text", "findings": [{"type", "start", "end"}], "verdict": "pass"|"redacted"|"warn"|"block"}. '
        "Positions count characters of the text that came in."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for number, line in enumerate(sys.stdin, 1):
            if line.strip():
                self.stdout.write(json.dumps(examine(_message(line, number)), ensure_ascii=False))


def examine(message: dict[str, Any]) -> dict[str, Any]:
    """The answer to one message. Notes about what was removed are in the message's language, where we have it."""
    with override(_language(message.get("language"))):
        read = _inbound if message["direction"] == "inbound" else _outbound
        text, found, verdict = read(message["text"])
    findings = [{"type": one.kind.value, "start": one.start, "end": one.end} for one in found]
    return {"id": message.get("id"), "text": text, "findings": findings, "verdict": verdict}


def _inbound(text: str) -> tuple[str, Iterable[guard.Finding], str]:
    cleaned = guard.clean(text, door="command")
    return cleaned.text, cleaned.findings, "redacted" if cleaned.is_redacted else "pass"


def _outbound(text: str) -> tuple[str, Iterable[guard.Finding], str]:
    asked, documents = guard.asks_secret(text), guard.asks_document(text)
    secrets = guard.findings(text)
    found = sorted((*asked, *documents, *secrets), key=lambda one: one.start)
    verdict = "block" if asked or secrets else "warn" if documents else "pass"
    return text, found, verdict


def _language(code: Any) -> str:
    """The code of ours for what a line says: "zh" is simplified Chinese, "pt" Brazilian Portuguese."""
    wanted = {"zh": "zh-hans", "pt": "pt-br"}.get(str(code).lower(), str(code).lower())
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _message(line: str, number: int) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CommandError(f"Line {number} is not JSON: {error}") from error
    if not isinstance(message, dict) or message.get("direction") not in DIRECTIONS:
        raise CommandError(f'Line {number} needs a "direction", "inbound" or "outbound".')
    if not isinstance(message.get("text"), str):
        raise CommandError(f'Line {number} needs a "text".')
    return message
