"""What reviewers answered, put to use: the score is corrected by it, and who was told apart stays apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from c360.matching import clusters, guards
from c360.matching.blocking import Pairs
from c360.matching.column import Ints
from c360.matching.comparison.base import Comparison, Levels, alike
from c360.matching.engine import TOLD, Compared
from c360.matching.records import Records
from c360.matching.scoring import Floats, Scores, probability

ENOUGH = 50
"""Answers, some of either kind, before anything can be learned from them."""
PENALTY = 1.0
CLIPPED = 15.0
ROUNDS = 30
TEXTS = ("name", "website", "street", "family", "given", "mailbox")
STRATA = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)

Answers = Mapping[int, bool]
"""For the place of a pair, whether it is one person or organisation."""


@dataclass(frozen=True, eq=False)
class Correction:
    """How the model's log-odds are to be read, learned from answers."""

    weights: NDArray[np.float64]


def corrected(compared: Compared, answers: Answers) -> Compared:
    """Return what was found, scored and grouped anew in the light of the answers."""
    odds = compared.scores.odds
    correction = learn(compared, answers)
    if correction is not None:
        features = _features(compared.prepared.records, compared.pairs, compared.levels, odds, compared.fields)
        odds = (features @ correction.weights).astype(np.float32)
        odds = guards.guarded(Scores(odds, compared.scores.rival), compared.levels, compared.fields).odds
    odds = odds.copy()
    places = np.fromiter(answers, np.int64, len(answers))
    same = np.fromiter(answers.values(), bool, len(answers))
    odds[places] = np.where(same, TOLD, -TOLD)
    scores = Scores(odds, compared.scores.rival)
    size = compared.prepared.records.size
    grouping = clusters.group(size, compared.pairs, odds, compared.least, apart=places[~same])
    return Compared(
        compared.prepared, compared.fields, compared.model, compared.pairs, compared.levels, scores, grouping,
        compared.least,
    )  # fmt: skip


def learn(compared: Compared, answers: Answers) -> Correction | None:
    """Return what the answers teach; nothing from few or from answers of one kind only."""
    if len(answers) < ENOUGH or len(set(answers.values())) < 2:
        return None
    places = np.fromiter(answers, np.int64, len(answers))
    truth = np.fromiter(answers.values(), float, len(answers))
    some = Pairs(compared.pairs.left[places], compared.pairs.right[places])
    features = _features(
        compared.prepared.records, some, compared.levels[places], compared.scores.odds[places], compared.fields
    )
    return Correction(_logistic(features, truth))


def ask(compared: Compared, answers: Answers, count: int) -> list[int]:
    """Return the places of the pairs worth asking next: some of every height of score, then the doubtful ones."""
    odds = corrected(compared, answers).scores.odds if answers else compared.scores.odds
    share = probability(odds)
    open_ = np.array([place for place in range(len(share)) if place not in answers], np.int64)
    if not answers:
        order = np.lexsort((open_, np.abs(share[open_] - 0.5)))
        height = np.digitize(share[open_], STRATA)[order]
        turn = np.zeros(len(order), np.int64)
        for stratum in np.unique(height):
            here = np.flatnonzero(height == stratum)
            # Spread over the stratum, so that not all of it lies at its edge.
            turn[here[np.argsort((np.arange(len(here)) * 0.6180339887) % 1, kind="stable")]] = np.arange(len(here))
        return open_[order[np.argsort(turn, kind="stable")]][:count].tolist()
    return open_[np.lexsort((open_, np.abs(share[open_] - 0.5)))][:count].tolist()


def _features(
    records: Records, pairs: Pairs, levels: Levels, odds: Floats, fields: Sequence[Comparison]
) -> NDArray[np.float64]:
    """Return what a pair is judged by: the model's log-odds, the level of each field, how alike its texts are."""
    columns = [np.clip(odds, -CLIPPED, CLIPPED).astype(np.float64) / 5, np.ones(len(pairs))]
    for k, one in enumerate(fields):
        columns += [(levels[:, k] == level).astype(np.float64) for level in range(-1, len(one.levels))]
    left, right = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
    for name in TEXTS:
        if name in records and records[name].filled:
            columns += _likeness(records, name, left, right)
    return np.column_stack(columns)


def _likeness(records: Records, name: str, left: Ints, right: Ints) -> list[NDArray[np.float64]]:
    column = records[name]
    a, b = column.codes[left], column.codes[right]
    known = np.flatnonzero((a >= 0) & (b >= 0))
    found = []
    for scorer, scale in ((JaroWinkler.normalized_similarity, 1.0), (fuzz.token_set_ratio, 100.0), (fuzz.ratio, 100.0)):
        told = np.full(len(left), -1.0)
        if len(known):
            told[known] = alike(column, a[known], b[known], scorer) / scale
        found.append(told)
    return found


def _logistic(features: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit a logistic regression with a ridge penalty, by Newton's method."""
    weights = np.zeros(features.shape[1])
    penalty = np.full(features.shape[1], 1 / PENALTY)
    penalty[1] = 1e-6  # The constant is free.
    for _ in range(ROUNDS):
        share = probability(features @ weights)
        slope = features.T @ (truth - share) - penalty * weights
        curve = (features * (share * (1 - share))[:, None]).T @ features + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-6:
            break
    return weights
