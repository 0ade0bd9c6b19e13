"""Sync: pull, map, land, publish, once per call, and killed anywhere it loses nothing and doubles nothing.

Every batch is one database transaction: records, mentions, links, quarantine, checkpoint, lease and the run's row
become durable together or not at all.
"""
