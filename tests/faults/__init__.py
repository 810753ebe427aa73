"""Faults: what is broken, killed or filled up on purpose, and that nothing is lost by it."""
