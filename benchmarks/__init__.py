"""Timings that the project promises; run with ``python -m benchmarks``."""
