"""``python -m c360``: the command line."""

from c360.cli import main

if __name__ == "__main__":
    main()
