"""Runs readers' SQL in a process of its own, within limits; `archive.publish.database.sql_sandbox` asks it."""
