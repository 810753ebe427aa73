"""Tests of what subscribers are sent."""
