"""Optimizers behind one ask-and-tell adapter. A method is "asktell-<solver>" or a file here."""

from __future__ import annotations

from peers.adapter import Method, find

__all__ = ["Method", "find"]
