"""The indexes of the customer table: one for every sort a list offers, and those that hold what few have."""

from collections.abc import Iterator

from sqlalchemy import Index, text

from c360.registry.record import unique_index

LIVE = "archived_at IS NULL AND merged_into_id IS NULL AND inactive_at IS NULL"
MANAGERS = ("responsible_id", "service_manager_id")
"""Who is in charge of a customer beside the owner."""
SORTED = ("sort_name", "updated_at", "created_at", "email", "phone", "city", "last_contact_at", "next_step_at")
COVERED = ("owner_id", "kind", "archived_at", "merged_into_id", "inactive_at")
"""What every list asks of a row; behind the id in each index, so that skipping rows never reads the table."""


def index_of(*names: str) -> str:
    """Return the name of the index of live rows by these columns."""
    return f"ix_customer_live_{'_'.join(names)}"


def domain_of(column: str) -> str:
    """Return what stands behind the @ of an e-mail address, in words both databases know and can index."""
    return f"replace({column}, rtrim({column}, replace({column}, '@', '')), '')"


def indexes() -> Iterator[Index]:
    """Yield an index for every sort a list offers: live rows alone, the id last so that pages never overlap."""
    live = text(LIVE)
    columns = [(name,) for name in SORTED[:3]] + [("kind", name) for name in SORTED]
    columns += [("owner_id", "sort_name"), ("responsible_id", "sort_name")]
    columns += [("segment_id", "status_id", "sort_name"), ("status_id", "sort_name"), ("channel_id", "sort_name")]
    for names in columns:
        covered = (name for name in COVERED if name not in names)
        yield Index(index_of(*names), *names, "id", *covered, sqlite_where=live, postgresql_where=live)
    # Few have these. With everybody's nothing in an index, the planner takes one look-up for a walk through them all.
    for index, name, rare in (
        ("restricted", "id", "restricted_at"), ("parent_id", "parent_id", "parent_id"),
        ("merged_into_id", "merged_into_id", "merged_into_id"),
    ):  # fmt: skip
        few = text(f"{rare} IS NOT NULL")
        yield Index(f"ix_customer_{index}", name, sqlite_where=few, postgresql_where=few)
    for name in MANAGERS:
        apart = text(f"{name} <> owner_id")
        yield Index(f"ix_customer_apart_{name}", name, "id", sqlite_where=apart, postgresql_where=apart)
    mailed = text("email IS NOT NULL")
    yield Index("ix_customer_domain", text(domain_of("email")), sqlite_where=mailed, postgresql_where=mailed)
    yield unique_index("uq_customer_code", "code", where="archived_at IS NULL AND merged_into_id IS NULL")
