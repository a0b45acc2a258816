"""Rules as pure functions: identity, revisions from sightings, standing, significance. No clock, no database."""
