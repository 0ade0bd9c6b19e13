"""The visible graph in forms that other programs read."""
