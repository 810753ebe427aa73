"""Who is told of changes: keys, subscriptions and their messages, as the store keeps them."""
