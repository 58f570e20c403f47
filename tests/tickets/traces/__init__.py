"""Days of the desk for replays: a given crash of 75 minutes with thirty agents, and days made from a seed."""

from pathlib import Path

FOLDER = Path(__file__).parent
CRASH = FOLDER / "crash_mini_75min.csv"
AGENTS = FOLDER / "agents30.json"
