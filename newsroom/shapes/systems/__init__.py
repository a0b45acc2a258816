"""Sites made with publishing systems."""
