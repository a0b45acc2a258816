"""The headline, on which heading, meta, JSON-LD and <title> agree."""
