"""Benchmarks: each figure beside its peer or its physical limit, measured in one run, in CPU time."""
