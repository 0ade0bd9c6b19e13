"""Defaults, examples and the fictional agencies of the demo."""
