"""Settings of thinker.toml, checked: each fault is one line with its remedy."""
