"""What the lead's page shows: `board` of the newest count, `team` of who is there, `risks` of what is due first; and
`replays` of what can be played."""
