"""Tests of the lists' own machinery."""
