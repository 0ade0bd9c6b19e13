"""Mapping turns one record into the mentions and links that it asserts, by a declarative spec."""
