"""What a process does with its memory once it has started."""

import gc

ROUNDS = (20_000, 20, 10)
"""New objects after which the collector looks at the young ones, and how often at each older lot."""


def settle() -> None:
    """Let the garbage collector pass over what starting made, and look at the rest less often.

    What starting made lives as long as the process; walking it again and again would stop every hundredth click for a
    tenth of a second. A merge or an import makes hundreds of thousands of rows that all stay until it ends: looking
    every 700 objects, as Python does, takes half of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*ROUNDS)
