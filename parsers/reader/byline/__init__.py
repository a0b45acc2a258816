"""Who wrote, edited and published."""
