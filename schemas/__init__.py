"""The shared entity schema: what every other folder speaks, and what nothing of ours stands below.

Entities, links, values, identifiers, provenance, handling, records, principals. Frozen pydantic models at the
borders; plain tuples (`schemas.mapped`) where two hundred thousand records pass.
"""

from __future__ import annotations

SCHEMA_VERSION = "1.0"
"""Version of the entity schema. Additions raise the minor number; nothing is ever deleted, only deprecated."""
