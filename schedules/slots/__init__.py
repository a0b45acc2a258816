"""Slots: the moments that owe a crawl, what became of each, and how other programs write them."""

from schedules.slots.schedule import CrontabTrigger  # schedule.db names it so

__all__ = ["CrontabTrigger"]
