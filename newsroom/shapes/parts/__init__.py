"""Parts that several shapes share."""
