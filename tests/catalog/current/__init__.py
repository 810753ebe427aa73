"""Tests of catalog/."""
