"""The scaffold of a page: its shape, its empty shell, its redirect, and a copy of it without words."""
