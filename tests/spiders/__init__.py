"""Tests of spiders/."""
