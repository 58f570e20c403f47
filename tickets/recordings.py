"""Recordings of a browser (HAR), without what would let somebody else go on with its sessions. Pure."""

import re
from typing import Any

BLANK = "[removed]"  # not translated, programs read the file

_SECRET_HEADERS = re.compile(
    r"authori[sz]ation|cookie|token|secret|signature|api-?key|session|csrf|xsrf|referer|location|^:path$", re.IGNORECASE
)


def blank_sessions(content: Any) -> int:
    """Take cookies, authorisation, posted data, parameters and socket messages out of a HAR, in place: how many."""
    blanked = 0
    for entry in map(_dict, _list(_dict(_dict(content).get("log")).get("entries"))):
        blanked += _blank_request(_dict(entry.get("request"))) + _blank_response(_dict(entry.get("response")))
        blanked += len(_list(entry.pop("_webSocketMessages", None)))
    return blanked


def _blank_request(request: dict[str, Any]) -> int:
    blanked = _blank_values(request.get("cookies"), every=True) + _blank_values(request.get("headers"))
    blanked += _blank_values(request.get("queryString"), every=True) + _blank_parameters(request, "url")
    if request.get("postData"):
        request["postData"] = {"mimeType": "text/plain", "text": BLANK}
        blanked += 1
    return blanked


def _blank_response(response: dict[str, Any]) -> int:
    """Of what came back only plain JSON stays, for the guard to read; pages, styles and pictures help nobody."""
    blanked = _blank_values(response.get("cookies"), every=True) + _blank_values(response.get("headers"))
    blanked += _blank_parameters(response, "redirectURL")
    content = _dict(response.get("content"))
    if content.get("text") and (content.get("encoding") or "json" not in str(content.get("mimeType"))):
        content["text"] = BLANK
        blanked += 1
    return blanked


def _blank_parameters(message: dict[str, Any], key: str) -> int:
    address = message.get(key)
    if not isinstance(address, str) or not re.search("[?#]", address):
        return 0
    message[key] = f"{re.split('[?#]', address)[0]}?{BLANK}"
    return 1


def _blank_values(pairs: Any, *, every: bool = False) -> int:
    blanked = 0
    for pair in map(_dict, _list(pairs)):
        if every or _SECRET_HEADERS.search(str(pair.get("name", ""))):
            pair["value"] = BLANK
            blanked += 1
    return blanked


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
