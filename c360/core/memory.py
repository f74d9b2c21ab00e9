"""What a process does with its memory once it has started."""

import gc


def settle() -> None:
    """Let the garbage collector pass over what starting made.

    It lives as long as the process; walking it again and again would stop every hundredth click for a tenth of a
    second.
    """
    gc.collect()
    gc.freeze()
