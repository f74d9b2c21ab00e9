"""Relationships: who is tied to whom, drawn, listed, made, changed and ended."""
