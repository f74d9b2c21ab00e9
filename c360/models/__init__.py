"""Every table, imported once so that metadata and registry are complete."""

from c360.models import (
    activity,
    address,
    agenda,
    attachment,
    bank_account,
    choice,
    communication,
    consent,
    contact_person,
    custom_field,
    customer,
    employment,
    external_reference,
    job,
    journal,
    post,
    relationship,
    request,
    search,
    tag,
    user,
    view,
)
from c360.models.census import assert_complete

assert_complete()

__all__ = [
    "activity",
    "address",
    "agenda",
    "attachment",
    "bank_account",
    "choice",
    "communication",
    "consent",
    "contact_person",
    "custom_field",
    "customer",
    "employment",
    "external_reference",
    "job",
    "journal",
    "post",
    "relationship",
    "request",
    "search",
    "tag",
    "user",
    "view",
]
