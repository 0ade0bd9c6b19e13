"""Three fictional agencies that work, unknowingly, on one network: written from a seed, the same for everyone.

Nobody and nothing in here is real: towns, agencies, sites and people are invented, telephone numbers come from the
range that is kept for fiction (555-0100 to 555-0199), domains end in `.example`.
"""

from __future__ import annotations

from datetime import date

DEMO_SEED = 7
"""The world that `casefold demo` tells of."""

DEMO_DAY = date(2026, 10, 1)
"""The day on which that world's agencies write their last report."""
