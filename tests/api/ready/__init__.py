"""Tests of answers that are kept ready."""
