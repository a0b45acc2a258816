"""The headline: what heading, meta, JSON-LD and <title> agree on."""
