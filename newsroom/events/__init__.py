"""Events: their kinds and arguments, scripts of them, and how they edit a story."""
