"""Tests of what usages cost."""
