"""Rules between records, one module a noun; ``services/invariants.py`` names them."""
