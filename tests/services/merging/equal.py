"""What a merge may do to activities and posts that say the same, told once more in plain Python."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

State = Mapping[str, Mapping[Any, Mapping[str, Any]]]
ACTIVITY = ("kind", "subject", "text", "medium", "direction", "purpose_id", "status", "starts_at", "ends_at", "due_at",
            "duration", "place", "outcome", "owner_id", "at")  # fmt: skip
POST = ("text", "created_by_id", "created_at")


def of(state: State, table: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a table that are in use."""
    return (row for row in state[table].values() if row["archived_at"] is None)


def said(row: Mapping[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    """What a row says, moments to the minute."""
    values = [row[name] for name in names]
    return tuple(v.replace(second=0, microsecond=0) if isinstance(v, datetime) else v for v in values)


def standing(state: State) -> dict[UUID, set[UUID]]:
    """The activities in use and the customers each is with."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    used = {row["id"] for row in of(state, "activity")}
    for link in of(state, "activity_customer"):
        if link["activity_id"] in used:
            found[link["activity_id"]].add(link["customer_id"])
    return found


def check(before: State, after: State, ids: set[UUID]) -> None:
    """Of what says the same on two participants one stays, or all something hangs on; nothing else goes."""
    were, are = standing(before), standing(after)
    for customer in {one for ends in (*were.values(), *are.values()) for one in ends} - ids:
        assert {a for a, ends in were.items() if customer in ends} == {a for a, ends in are.items() if customer in ends}
    hung = {row["record_id"] for row in of(before, "attachment") if row["entity"] == "activity"}
    hung |= {row["follows_id"] for row in of(before, "activity")}
    hung |= {a for a, ends in were.items() if ends - ids}
    hung |= {row["id"] for row in of(before, "activity") if row["external_id"]}
    mine = {a: ends & ids for a, ends in were.items() if ends & ids}
    _check(before["activity"], mine, ACTIVITY, hung, are.keys())
    answered = {row["post_id"] for table in ("post_comment", "post_like") for row in of(before, table)}
    posts = {row["id"]: {row["customer_id"]} for row in of(before, "post") if row["customer_id"] in ids}
    _check(before["post"], posts, POST, answered, {row["id"] for row in of(after, "post")})


def _check(rows: Any, owners: Mapping[Any, set[UUID]], names: tuple[str, ...], hung: set[Any], left: Any) -> None:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for one in owners:
        groups[said(rows[one], names)].append(one)
    for group in groups.values():
        stay = {one for one in group if one in left}
        if len({customer for one in group for customer in owners[one]}) < 2 or len(group) < 2:
            assert stay == set(group)
        else:
            assert stay >= hung & set(group)
            assert len(stay) == max(1, len(hung & set(group)))
