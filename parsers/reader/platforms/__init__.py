"""Platforms: electronic newspapers, WeChat and text mirrors, with the places of their properties."""
