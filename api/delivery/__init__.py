"""Subscriptions and the signed messages that they are sent; no web framework is known here."""
