"""How alike two values are: per field a few ordered levels, 0 the same, the last one different, -1 not known."""
