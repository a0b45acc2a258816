"""Handles every request and reply: allowed hosts, headers, rendering, errors, caching."""
