"""Duplicates: found in a file or among the customers, explained, and declared not to be any."""
