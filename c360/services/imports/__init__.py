"""Files on their way in: reading, mapping, checking, writing, mending, undoing."""
