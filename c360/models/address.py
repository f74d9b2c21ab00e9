"""Addresses and locations of a customer."""

from datetime import datetime
from typing import Annotated

from sqlmodel import Field

from c360.registry.entity import Entity, Section, register
from c360.registry.kinds import Country, Flag, PersonalNote, PersonalText, PhoneNumber, Timezone
from c360.registry.marks import SYSTEM_SET, OnMerge, Options, Privacy
from c360.registry.record import CustomerId, Record

ROLES = ("main", "delivery", "invoice", "working", "other")
UNIQUE_ROLES = ("main", "delivery", "invoice")
"""A customer has one address of each of these roles at most."""


class Address(Record, table=True):
    """One place of a customer, in a role: main, delivery, invoice, working or other."""

    customer_id: Annotated[CustomerId, OnMerge.UNION] = Field(foreign_key="customer.id", index=True, title="Customer")
    role: Annotated[PersonalText, Options("address_role", ROLES)] = Field(default="main", max_length=20, title="Role")
    label: PersonalText | None = Field(default=None, max_length=200, title="Name of the place")
    street: PersonalText | None = Field(default=None, max_length=500, title="Street")
    extra: PersonalText | None = Field(default=None, max_length=500, title="Addition")
    postal_code: PersonalText | None = Field(default=None, max_length=20, index=True, title="Postal code")
    city: PersonalText | None = Field(default=None, max_length=200, title="City")
    region: PersonalText | None = Field(default=None, max_length=200, title="Region")
    country: Country | None = Field(default=None, max_length=2, title="Country")
    timezone: Timezone | None = Field(default=None, max_length=50, title="Time zone")
    phone: PhoneNumber | None = Field(default=None, max_length=50, title="Phone at the place")
    opening_hours: PersonalText | None = Field(default=None, max_length=500, title="Opening hours")
    notes: PersonalNote | None = Field(default=None, title="Notes")
    is_working_place: Flag = Field(default=False, title="Working place")
    verified_at: Annotated[datetime | None, SYSTEM_SET, Privacy.PLAIN] = Field(default=None, title="Verified")


ADDRESS = register(
    Entity(
        key="address",
        model=Address,
        label="Address",
        plural="Locations",
        icon="map-pin",
        title=("street", "city"),
        columns=("role", "label", "street", "postal_code", "city", "country"),
        sections=(
            Section("place", "Place", ("role", "label", "street", "extra", "postal_code", "city", "region", "country")),
            Section("there", "At the place", ("phone", "opening_hours", "timezone", "is_working_place", "notes")),
        ),
        twins=("role", "street", "extra", "postal_code", "city", "country"),
        within="customer_id",
        sort="role",
    )
)
