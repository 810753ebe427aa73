"""Tests of the benchmarks themselves: what they ask is what the product would be asked."""
