"""Tests of cron/."""
