"""Tests of the exports, with the clients that read them."""
