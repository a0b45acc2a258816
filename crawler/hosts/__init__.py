"""Hosts: which addresses are one host, how often each may be asked, and what is never fetched."""
