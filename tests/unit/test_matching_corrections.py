"""What review answers do to the scores."""

from dataclasses import replace

import numpy as np
import pytest

from c360.matching import corrections, engine, grouped, ruling
from c360.matching.rule import Rule, everywhere
from c360.services.duplicates import columns
from tests.labelled import ENTITY, HOME, fit, truth

FIRST, TURN = 100, 20


@pytest.fixture(scope="module", params=["restaurants", "orgs_hard"])
def reviewed(request):
    """Give a set before any answer, its ids, its truth and a reviewer who knows it."""
    path = HOME / f"{request.param}.csv"
    table, ids, _ = columns.read(path, ENTITY[request.param], "id", {})
    found = engine.match(table, ENTITY[request.param])
    true = truth(path.with_suffix(".truth.csv"))
    first = found.prepared.collapsed.first

    def answer(place):
        left, right = (ids[first[side[place]]] for side in (found.pairs.left, found.pairs.right))
        return true[left] == true[right]

    return found, ids, true, answer


def asked(found, answer, count):
    answers = {place: answer(place) for place in corrections.ask(found, {}, FIRST)}
    while len(answers) < count:
        answers |= {place: answer(place) for place in corrections.ask(found, answers, TURN)}
    return answers


@pytest.mark.feature("B-DUP-14")
def test_two_hundred_answers_leave_hardly_an_error(reviewed):
    found, ids, true, answer = reviewed
    groups = grouped.groups(corrections.corrected(found, asked(found, answer, 200)))
    assert fit([[ids[row] for row in group] for group in groups], true)[2] >= 0.99


@pytest.mark.feature("B-DUP-14")
def test_answers_about_what_scored_high_do_not_unlearn_the_rest(reviewed):
    found, ids, true, answer = reviewed
    queue = np.flatnonzero(found.scores.odds >= found.least)[:200].tolist()

    def f1(compared):
        return fit([[ids[row] for row in group] for group in grouped.groups(compared)], true)[2]

    answers = {place: answer(place) for place in queue}
    assert f1(corrections.corrected(found, answers)) >= 0.98
    told = [corrections.answer(found, place, same=same) for place, same in answers.items()]
    assert f1(corrections.taught(found, corrections.learn(found, told))) > f1(found) - 0.002


@pytest.mark.feature("B-DUP-14")
def test_answers_are_about_the_evidence_not_about_what_a_rule_made_of_it(reviewed):
    found, *_ = reviewed
    rules = everywhere([Rule("One city", {"address": 4})])
    scores = ruling.ruled(found.raw, found.pairs, found.levels, found.fields, rules)
    lifted = replace(found, scores=scores)
    place = int(np.argmax(scores.odds - found.raw.odds))
    assert scores.odds[place] > found.raw.odds[place]
    assert corrections.answer(lifted, place, same=False).odds == pytest.approx(float(found.raw.odds[place]))
    told = [corrections.answer(found, one, same=one % 2 == 0) for one in range(60)]
    assert corrections.learn(lifted, told) == corrections.learn(found, told)


def test_who_was_told_apart_stays_apart(reviewed):
    found, *_ = reviewed
    pair = next(place for place in range(len(found.pairs)) if found.scores.odds[place] > 5)
    again = corrections.corrected(found, {pair: False}).grouping.group
    assert again[found.pairs.left[pair]] != again[found.pairs.right[pair]]


def test_few_answers_teach_nothing_and_none_change_nothing(reviewed):
    found, _, _, answer = reviewed
    few = corrections.ask(found, {}, corrections.ENOUGH - 1)
    told = [corrections.answer(found, place, same=answer(place)) for place in few]
    assert corrections.learn(found, told) is None
    assert (corrections.corrected(found, {}).grouping.group == found.grouping.group).all()


def test_nothing_is_asked_twice(reviewed):
    found, _, _, answer = reviewed
    answers = {place: answer(place) for place in corrections.ask(found, {}, 60)}
    assert answers.keys().isdisjoint(corrections.ask(found, answers, 60))
    assert len(answers) == 60
