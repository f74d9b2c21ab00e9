"""The command line: everything an operator does without a browser."""

from c360.cli.app import main

__all__ = ["main"]
