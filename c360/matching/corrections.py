"""What reviewers answered, put to use: the score is corrected by it, and who was told apart stays apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from c360.matching import clusters, guards, ruling, scoring
from c360.matching.comparison.base import Comparison, Levels
from c360.matching.correction import Correction
from c360.matching.engine import TOLD, Compared
from c360.matching.scoring import Floats, Scores, probability

ENOUGH = 50
"""Answers, some of either kind, before anything can be learned from them."""
PENALTY, ANCHOR, ANCHORS, SEED = 1.0, 3.0, 3_000, 20_261_122
"""How dear a correction is; how much unanswered pairs weigh against the answers, and how many of them are asked."""
CLIPPED = 15.0
ROUNDS, STILL, SMALLEST = 60, 1e-6, 1e-4
STRATA = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)

Answers = Mapping[int, bool]
"""For the place of a pair, whether it is one person or organisation."""
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said of two records: how the evidence scored them, how alike their fields were, if they are one."""

    odds: float
    levels: Mapping[str, int]
    same: bool


def taught(compared: Compared, correction: Correction | None) -> Compared:
    """Return what was found, scored and grouped anew by what the answers taught."""
    if correction is None:
        return compared
    scores = scoring.adjusted(compared.raw, correction, compared.levels, compared.fields)
    scores = ruling.ruled(scores, compared.pairs, compared.levels, compared.fields, compared.rules)
    linked = guards.guarded(scores, compared.levels, compared.fields, guards.REFUSED)
    grouping = clusters.group(compared.prepared.records.size, compared.pairs, linked.odds, compared.least)
    scores = guards.guarded(scores, compared.levels, compared.fields)
    return replace(compared, model=replace(compared.model, correction=correction), scores=scores, grouping=grouping)


def corrected(compared: Compared, answers: Answers) -> Compared:
    """Return what was found in the light of the answers, each of which holds for its own pair."""
    found = taught(compared, learn(compared, [answer(compared, place, same=same) for place, same in answers.items()]))
    odds = found.scores.odds.copy()
    places = np.fromiter(answers, np.int64, len(answers))
    same = np.fromiter(answers.values(), bool, len(answers))
    odds[places] = np.where(same, TOLD, -TOLD)
    size = compared.prepared.records.size
    grouping = clusters.group(size, compared.pairs, odds, compared.least, apart=places[~same])
    return replace(found, scores=Scores(odds, compared.scores.rival), grouping=grouping)


def answer(compared: Compared, place: int, *, same: bool) -> Answer:
    """Return what was said of a pair as an answer to learn from."""
    levels = {one.name: int(level) for one, level in zip(compared.fields, compared.levels[place], strict=True)}
    return Answer(float(compared.raw.odds[place]), levels, same)


def learn(compared: Compared, answers: Sequence[Answer]) -> Correction | None:
    """Return what the answers teach; nothing from few or from answers of one kind only.

    People answer what a queue shows them, which is what scored high: so answers correct the score rather than make
    it, and pairs nobody was asked about hold the correction to what the score says of them.
    """
    if len(answers) < ENOUGH or len({one.same for one in answers}) < 2:
        return None
    fields = compared.fields
    said = np.array([[one.levels.get(field.name, -1) for field in fields] for one in answers], np.int8)
    some = np.random.default_rng(SEED).permutation(len(compared.pairs))[:ANCHORS]
    given = np.array([one.odds for one in answers], np.float32)
    odds = np.clip(np.concatenate([given, compared.raw.odds[some]]), -CLIPPED, CLIPPED).astype(np.float64)
    truth = probability(odds)
    truth[: len(answers)] = [one.same for one in answers]
    weight = np.full(len(odds), ANCHOR * len(answers) / max(len(some), 1))
    weight[: len(answers)] = 1
    features = _features(np.concatenate([said, compared.levels[some]]), fields)
    return _read(_logistic(features, truth, odds, weight), fields)


def _read(weights: Vector, fields: Sequence[Comparison]) -> Correction:
    found, place = {}, 1
    for one in fields:
        width = len(one.levels) + 1
        found[one.name] = [round(float(some), 4) for some in weights[place : place + width]]
        place += width
    return Correction(round(float(weights[0]), 4), found)


def ask(compared: Compared, answers: Answers, count: int) -> list[int]:
    """Return the places of the pairs worth asking next: some of every height of score, then the doubtful ones."""
    odds = corrected(compared, answers).scores.odds if answers else compared.scores.odds
    share = probability(odds)
    open_ = np.setdiff1d(np.arange(len(share)), np.fromiter(answers, np.int64, len(answers)))
    doubt = np.lexsort((open_, np.abs(share[open_] - 0.5)))
    if answers:
        return open_[doubt][:count].tolist()
    height = np.digitize(share[open_], STRATA)[doubt]
    turn = np.zeros(len(doubt), np.int64)
    for stratum in np.unique(height):
        here = np.flatnonzero(height == stratum)
        # Spread over the stratum, so that not all of it lies at its edge.
        turn[here[np.argsort((np.arange(len(here)) * 0.6180339887) % 1, kind="stable")]] = np.arange(len(here))
    return open_[doubt[np.argsort(turn, kind="stable")]][:count].tolist()


def _features(levels: Levels, fields: Sequence[Comparison]) -> Vector:
    """Return the level of each field, one column a level."""
    columns = [np.ones(len(levels))]
    for k, one in enumerate(fields):
        columns += [(levels[:, k] == level).astype(np.float64) for level in range(-1, len(one.levels))]
    return np.column_stack(columns)


def _logistic(features: Vector, truth: Vector, odds: Floats | Vector, weight: Vector) -> Vector:
    """Fit what a logistic regression adds to given log-odds, with a ridge penalty, by Newton's method.

    Steps that do not help are halved: far out the curve is so flat that a whole one leaps away.
    """

    def loss(weights: Vector) -> float:
        told = odds + features @ weights
        return float((weight * (np.logaddexp(0, told) - truth * told)).sum() + PENALTY * (weights @ weights) / 2)

    weights = np.zeros(features.shape[1])
    now = loss(weights)
    for _ in range(ROUNDS):
        share = probability(odds + features @ weights)
        slope = features.T @ (weight * (truth - share)) - PENALTY * weights
        curve = (features * (weight * share * (1 - share))[:, None]).T @ features + PENALTY * np.eye(len(weights))
        step = np.linalg.solve(curve, slope)
        length = 1.0
        while loss(weights + length * step) > now and length > SMALLEST:
            length /= 2
        weights = weights + length * step
        now = loss(weights)
        if np.abs(length * step).max() < STILL:
            break
    return weights
