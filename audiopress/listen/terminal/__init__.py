"""Listening in the terminal: `listen`."""

from __future__ import annotations

from audiopress.listen.terminal.listen import listen

__all__ = ["listen"]
