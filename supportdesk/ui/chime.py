"""The sound of a new notice, two sine tones: `python -m supportdesk.ui.chime` writes the file that is shipped."""

import io
import math
import wave
from pathlib import Path

RATE = 11_025  # samples a second, 8 bits each
LENGTH = 0.6  # seconds
TONES = ((880.0, 0.0), (1318.5, 0.12))  # hertz, and the second at which each begins
FADE = 7.0  # how fast a tone dies away: e to this power in a second
FILE = Path(__file__).parent / "static" / "ui" / "sound" / "notice.wav"


def loudness(second: float) -> float:
    """Of all tones together at a moment, from -1 to 1."""
    heard = 0.0
    for pitch, begin in TONES:
        since = second - begin
        if since >= 0:
            rise = min(1.0, since / 0.01)  # without it a loudspeaker clicks
            heard += rise * math.exp(-FADE * since) * math.sin(2 * math.pi * pitch * since)
    return heard / len(TONES) * min(1.0, (LENGTH - second) / 0.05)


def chime() -> bytes:
    """The whole file, the same whenever it is made."""
    samples = bytes(round(128 + 110 * loudness(number / RATE)) for number in range(round(RATE * LENGTH)))
    made = io.BytesIO()
    with wave.open(made, "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(1)
        target.setframerate(RATE)
        target.writeframes(samples)
    return made.getvalue()


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_bytes(chime())
