"""The whole way without a network: a small site of our own pages, crawled at two dates."""
