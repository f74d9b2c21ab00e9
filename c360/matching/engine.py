"""The whole way from a table to groups of duplicates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from c360.matching import guards, ruling
from c360.matching.blocking import Pairs, candidates
from c360.matching.clusters import Grouping, group
from c360.matching.comparison.base import Comparison, Levels
from c360.matching.comparison.fields import can_tell, comparisons
from c360.matching.executors import HERE, Executor
from c360.matching.kinds_of_pair import kinds
from c360.matching.model import EVENLY, Model, learn, strangers
from c360.matching.passes import order, passes
from c360.matching.prepare import Prepared, prepare
from c360.matching.records import Records
from c360.matching.rule import Asked
from c360.matching.scoring import Scores, compare, score
from c360.matching.table import Table

THRESHOLD = 0.5
TOLD = 12.0
"""The log-odds of a pair somebody answered for."""
Step = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Compared:
    """Everything found out about a table: its records, the pairs looked at, their scores, who belongs together.

    ``raw`` is what the evidence alone says of the pairs; ``scores`` is that lifted by ``rules``, as they are asked of
    the records, and capped by guards.
    """

    prepared: Prepared
    fields: tuple[Comparison, ...]
    model: Model
    pairs: Pairs
    levels: Levels
    raw: Scores
    scores: Scores
    grouping: Grouping
    least: float
    rules: tuple[Asked, ...] = ()


def log_odds(share: float) -> float:
    """Return a share between 0 and 1 as log-odds."""
    share = min(max(share, 1e-9), 1 - 1e-9)
    return float(np.log(share / (1 - share)))


def match(
    table: Table, entity: str, threshold: float = THRESHOLD, *, model: Model | None = None,
    step: Step = lambda _: None, rules: Sequence[Asked] = (), executor: Executor = HERE,
    emphasis: Mapping[str, float] = EVENLY,
) -> Compared:  # fmt: skip
    """Compare the rows of a table with each other; a ``model`` learned before is used instead of learning anew.

    ``executor`` compares the pairs; everything else, which looks at all of them at once, happens here. ``emphasis`` is
    how many times as much as learned a field counts.
    """
    step("prepare")
    prepared = prepare(table, entity, ruling.sides(rules, table.size))
    rules = ruling.taken(rules, prepared.collapsed.first)
    records = prepared.records
    fields = tuple(comparisons(records, entity))
    step("block")
    ways = passes(records)
    twins = np.flatnonzero(prepared.collapsed.times > 1).astype(np.int64)
    pairs = candidates(ways, records.size, order(records), twins) if fields else _none()
    step("compare")
    size = executor.part
    parts = [Pairs(pairs.left[n : n + size], pairs.right[n : n + size]) for n in range(0, len(pairs), size)]
    levels = np.concatenate([_no_levels(fields), *executor.map(_levels, (records, entity), parts)])
    step("learn")
    if model is None or model.fields != tuple(one.name for one in fields):
        model = learn(levels, fields, kinds(fields, ways, strangers(records, fields)), can_tell(fields))
    model = model.emphasised(emphasis)
    step("score")
    raw = score(model, records, pairs, levels, fields)
    scores = ruling.ruled(raw, pairs, levels, fields, rules)
    step("group")
    least = log_odds(threshold)
    # What only must not be sure is linked as it scored; what is refused is not.
    linked = guards.guarded(scores, levels, fields, guards.REFUSED)
    grouping = group(records.size, pairs, linked.odds, least)
    scores = guards.guarded(scores, levels, fields)
    return Compared(prepared, fields, model, pairs, levels, raw, scores, grouping, least, rules)


def _levels(shared: tuple[Records, str], part: Pairs) -> Levels:
    """Return the levels of a part of the pairs, wherever that is."""
    records, entity = shared
    return compare(records, part, comparisons(records, entity))


def _no_levels(fields: Sequence[Comparison]) -> Levels:
    return np.empty((0, len(fields)), np.int8)


def kept_apart(compared: Compared, places: Sequence[int]) -> Compared:
    """Return what was found with these pairs never in one group."""
    apart = np.array(places, np.int64)
    odds = compared.scores.odds.copy()
    odds[apart] = -TOLD
    grouping = group(compared.prepared.records.size, compared.pairs, odds, compared.least, apart)
    return replace(compared, scores=Scores(odds, compared.scores.rival), grouping=grouping)


def _none() -> Pairs:
    return Pairs(np.empty(0, np.int32), np.empty(0, np.int32))
