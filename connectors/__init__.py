"""Connectors fetch, split and key the records of an agency's system; they never write back and keep no state."""
