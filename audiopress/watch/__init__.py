"""Watching feeds: what was seen, when to ask again, which reports tell the same story."""
