"""Readers: a body becomes something that paths can address; one module or folder a format."""
