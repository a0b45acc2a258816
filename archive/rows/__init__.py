"""Rows of the database, table by table: SQL and nothing else."""
