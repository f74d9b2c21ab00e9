"""React components the app wraps: readable ``.jsx`` files, each with a typed Python face beside it."""
