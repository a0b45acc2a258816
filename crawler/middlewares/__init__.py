"""What stands between a request and the network: robots, politeness, address guard, validators."""
