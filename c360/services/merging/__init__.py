"""Merging: several customers that are one become one, with a plan that is true and an undo that puts all back."""
