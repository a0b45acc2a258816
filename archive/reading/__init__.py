"""A fetched page is read: whether it is whole, by which parser, in a process of its own."""
