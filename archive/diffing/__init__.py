"""How one text became another: read in tokens, compared, made readable, and summed up. Pure; no clock inside."""
