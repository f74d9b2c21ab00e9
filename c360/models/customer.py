"""A customer: one table for people and organisations, two entities over it and one for both."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, String
from sqlmodel import Field, SQLModel

from c360.core.errors import Invalid
from c360.core.fold import fold
from c360.models.computed import AGE, SHELVES
from c360.models.contact_figures import ContactFigures
from c360.models.customer_indexes import MANAGERS, indexes
from c360.registry.entity import Entity, Section, register
from c360.registry.kinds import (
    SENSITIVE,
    BirthDate,
    Choice,
    Choices,
    Country,
    Day,
    EmailAddress,
    Flag,
    Json,
    Language,
    LongText,
    Moment,
    Money,
    PersonalNote,
    PersonalText,
    PersonName,
    PhoneNumber,
    Reference,
    Text,
    Timezone,
    Web,
    Whole,
)
from c360.registry.marks import NEEDED, SYSTEM_SET, MadeOf, OnMerge, Options, PickList, Privacy, Searched, Target
from c360.registry.record import JSON_TYPE, Owned

KINDS = ("contact", "account")
NATURES = ("company", "group", "person")
"""What an account is treated as: whoever it is, it gathers identities."""
MEDIA = Options("medium", ("email", "phone", "sms", "post", "visit", "web"))
SORT_TYPE = String(1000).with_variant(String(1000, collation="C"), "postgresql")
"""Folded text sorts by its bytes, so that both databases give the same order."""
NAME = 500
"""The longest name; people do have such names."""
NAMES = ("given_name", "middle_name", "family_name")
"""What a person's name is put together from."""


def choice(title: str) -> Any:
    """Return the column of a choice from a pick list."""
    return Field(default=None, foreign_key="choice.id", title=title)


class PersonFields(SQLModel):
    """What only a person has."""

    salutation_id: Annotated[Choice | None, PickList("salutation")] = choice("Salutation")
    academic_title: PersonalText | None = Field(default=None, max_length=100, title="Title")
    given_name: PersonName | None = Field(default=None, max_length=NAME, title="First name")
    middle_name: PersonName | None = Field(default=None, max_length=NAME, title="Middle name")
    family_name: PersonName | None = Field(default=None, max_length=NAME, title="Last name")
    name_suffix: PersonalText | None = Field(default=None, max_length=50, title="Suffix")
    gender_id: Annotated[Choice | None, PickList("gender"), SENSITIVE] = choice("Gender")
    birth_date: BirthDate | None = Field(default=None, title="Birth date")
    contact_type_id: Annotated[Choice | None, PickList("contact_type")] = choice("Type")
    job_title: PersonalText | None = Field(default=None, max_length=200, title="Job title")
    department: PersonalText | None = Field(default=None, max_length=200)
    employer_id: Annotated[Reference | None, Target("account"), OnMerge.MOVE] = Field(
        default=None, foreign_key="customer.id", index=True, title="Employer"
    )
    marital_status_id: Annotated[Choice | None, PickList("marital_status"), SENSITIVE] = choice("Marital status")
    household_size: Annotated[Whole | None, SENSITIVE] = Field(default=None, title="Household size")
    children: Annotated[Whole | None, SENSITIVE] = Field(default=None, title="Children")


class OrganisationFields(SQLModel):
    """What only an organisation has."""

    code: Annotated[Text | None, SYSTEM_SET] = Field(default=None, max_length=50, title="Code")
    alternative_names: Text | None = Field(default=None, max_length=1000, title="Alternative names")
    account_type_id: Annotated[Choice | None, PickList("account_type")] = choice("Type")
    category_ids: Annotated[Choices, PickList("category")] = Field(
        default_factory=list, sa_type=JSON_TYPE, title="Categories"
    )
    treated_as: Annotated[Text | None, Options("account_nature", NATURES)] = Field(
        default=None, max_length=10, title="Treated as"
    )
    industry_id: Annotated[Choice | None, PickList("industry")] = choice("Industry")
    legal_form_id: Annotated[Choice | None, PickList("legal_form")] = choice("Legal form")
    ownership_id: Annotated[Choice | None, PickList("ownership")] = choice("Ownership form")
    parent_id: Annotated[Reference | None, Target("account"), OnMerge.MOVE] = Field(
        default=None, foreign_key="customer.id", title="Parent"
    )
    employees: Whole | None = Field(default=None, title="Employees")
    employee_range_id: Annotated[Choice | None, PickList("employee_range")] = choice("Employee range")
    revenue: Money | None = Field(default=None, sa_type=BigInteger, title="Annual revenue")
    revenue_range_id: Annotated[Choice | None, PickList("revenue_range")] = choice("Revenue range")
    tax_number: Text | None = Field(default=None, max_length=50, title="Tax number")
    registration_number: Text | None = Field(default=None, max_length=50, title="Registration number")
    founded_on: Day | None = Field(default=None, title="Founded")


class Customer(PersonFields, OrganisationFields, ContactFigures, Owned, table=True):
    """Anyone in the base: a person (contact) or an organisation (account)."""

    __table_args__ = tuple(indexes())
    managers: ClassVar[tuple[str, ...]] = MANAGERS

    kind: Annotated[Text, SYSTEM_SET, Options("customer_kind", KINDS)] = Field(max_length=10, title="Kind")
    name: Annotated[PersonName, NEEDED, Searched("name"), MadeOf(NAMES)] = Field(
        default="", max_length=2 * NAME, title="Name"
    )
    sort_name: Annotated[PersonName, SYSTEM_SET] = Field(default="", sa_type=SORT_TYPE)  # pyright: ignore[reportArgumentType]
    email: Annotated[EmailAddress | None, Searched("email")] = Field(default=None, max_length=320, title="E-mail")
    phone: Annotated[PhoneNumber | None, Searched("phone")] = Field(default=None, max_length=50, title="Phone")
    website: Web | None = Field(default=None, max_length=500, title="Website")
    city: Annotated[PersonalText | None, SYSTEM_SET] = Field(default=None, max_length=200, title="City")
    country: Annotated[Country | None, SYSTEM_SET] = Field(default=None, max_length=2, title="Country")
    language: Language | None = Field(default=None, max_length=3, title="Language")
    timezone: Timezone | None = Field(default=None, max_length=50, title="Time zone")
    segment_id: Annotated[Choice | None, PickList("segment"), NEEDED] = choice("Segment")
    status_id: Annotated[Choice | None, PickList("status"), NEEDED] = choice("Status")
    channel_id: Annotated[Choice | None, PickList("channel"), NEEDED] = choice("Attraction channel")
    responsible_id: Annotated[Reference | None, Target("user"), NEEDED] = Field(
        default=None, foreign_key="user.id", title="Responsible manager"
    )
    service_manager_id: Annotated[Reference | None, Target("user")] = Field(
        default=None, foreign_key="user.id", title="Service manager"
    )
    notes: PersonalNote | None = Field(default=None, title="Notes")
    preferred_media: Annotated[list[str], MEDIA, Privacy.PERSONAL] = Field(
        default_factory=list, sa_type=JSON_TYPE, title="Preferred channels"
    )
    forbidden_media: Annotated[list[str], MEDIA, Privacy.PERSONAL] = Field(
        default_factory=list, sa_type=JSON_TYPE, title="Forbidden channels"
    )
    forbidden_reason: PersonalText | None = Field(default=None, max_length=500, title="Why forbidden")
    inactive_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Inactive since")
    inactive_reason_id: Annotated[Choice | None, PickList("inactive_reason"), SYSTEM_SET] = choice("Inactive because")
    inactive_note: Annotated[LongText | None, SYSTEM_SET] = Field(default=None, title="Note on inactivity")
    merged_into_id: Annotated[UUID | None, SYSTEM_SET, Privacy.PLAIN, OnMerge.KEEP] = Field(
        default=None, foreign_key="customer.id"
    )
    restricted_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Restricted")
    """Since when the record is frozen for processing: archived besides, and seen by data protection alone."""
    erased_at: Annotated[Moment | None, SYSTEM_SET] = Field(default=None, title="Erased")
    photo: Annotated[str | None, SYSTEM_SET, Privacy.PERSONAL] = Field(default=None, max_length=64, title="Photo")
    is_demo: Annotated[Flag, SYSTEM_SET] = Field(default=False, title="Demo")
    custom: Annotated[Json, Privacy.PERSONAL] = Field(default_factory=dict, sa_type=JSON_TYPE)

    def settle(self) -> None:
        """Keep the name people read and the one lists sort by; refuse a customer without one."""
        if self.kind == "contact":
            self.name = " ".join(filter(None, (getattr(self, name) for name in NAMES)))
        elif not self.treated_as:
            self.treated_as = NATURES[0]
        self.name = self.name.strip()
        if not self.name:
            raise Invalid.field("family_name" if self.kind == "contact" else "name", "customer.nameless")
        self.sort_name = fold(self.name)[: 2 * NAME]


COMMON = (
    "id", "kind", "name", "email", "phone", "website", "city", "country", "language", "timezone", "segment_id",
    "status_id", "channel_id", "owner_id", "responsible_id", "service_manager_id", "notes", "preferred_media",
    "forbidden_media", "forbidden_reason", "inactive_at", "inactive_reason_id", "inactive_note", "created_at",
    "created_by_id", "updated_at", "updated_by_id", "archived_at", "custom", "photo", "tags", "folders",
    "possible_duplicate",
    *ContactFigures.model_fields,
)  # fmt: skip
PERSON = (*PersonFields.model_fields, "age")
ORGANISATION = tuple(OrganisationFields.model_fields)
LISTED = ("email", "phone", "city", "segment_id", "status_id", "owner_id")
MARKETING = Section("marketing", "Marketing", ("segment_id", "status_id", "channel_id", "responsible_id"))
REACH = Section(
    "reach", "Language and channels", ("language", "timezone", "preferred_media", "forbidden_media", "forbidden_reason")
)
COMPANY = ("name", "alternative_names", "account_type_id", "treated_as", "code", "parent_id")
DETAILS = (
    "category_ids", "industry_id", "legal_form_id", "ownership_id", "tax_number", "registration_number", "founded_on",
)  # fmt: skip
RELATED = (
    ("communication", "customer_id"), ("address", "customer_id"), ("bank_account", "customer_id"),
    ("tagging", "customer_id"), ("external_reference", "customer_id"), ("activity_customer", "customer_id"),
    ("activity_product", "customer_id"), ("post", "customer_id"),
)  # fmt: skip


CONTACT = register(
    Entity(
        key="contact",
        model=Customer,
        label="Contact",
        plural="Contacts",
        path="contacts",
        icon="user-round",
        narrow=("kind", "contact"),
        names=(*COMMON, *PERSON),
        computed=(*SHELVES, AGE),
        readonly=("name",),
        title=("name",),
        columns=("name", "employer_id", "job_title", *LISTED),
        sections=(
            Section(
                "name",
                "Name",
                ("salutation_id", "academic_title", "given_name", "middle_name", "family_name", "name_suffix"),
            ),
            Section("reachable", "Contact data", ("email", "phone", "website")),
            Section("work", "Work", ("employer_id", "job_title", "department", "contact_type_id")),
            MARKETING,
            Section("people", "People in charge", ("owner_id", "service_manager_id")),
            Section(
                "demographic",
                "Socio-demographic",
                ("gender_id", "birth_date", "marital_status_id", "household_size", "children"),
            ),
            REACH,
            Section("general", "General", ("notes",)),
        ),
        related=(*RELATED, ("employment", "contact_id"), ("contact_person", "contact_id")),
    )
)
ACCOUNT = register(
    Entity(
        key="account",
        model=Customer,
        label="Account",
        plural="Accounts",
        path="accounts",
        icon="building-2",
        narrow=("kind", "account"),
        names=(*COMMON, *ORGANISATION),
        computed=SHELVES,
        title=("name",),
        columns=("name", "account_type_id", "industry_id", *LISTED),
        sections=(
            Section("company", "Company", COMPANY),
            Section("reachable", "Contact data", ("email", "phone", "website")),
            MARKETING,
            Section("people", "People in charge", ("owner_id", "service_manager_id")),
            Section("details", "Company details", DETAILS),
            Section("size", "Size", ("employees", "employee_range_id", "revenue", "revenue_range_id")),
            REACH,
            Section("general", "General", ("notes",)),
        ),
        related=(*RELATED, ("contact_person", "account_id"), ("contact", "employer_id"), ("account", "parent_id")),
    )
)
CUSTOMER = register(
    Entity(
        key="customer",
        model=Customer,
        label="Customer",
        plural="Customers",
        path="customers",
        icon="users-round",
        names=COMMON,
        computed=SHELVES,
        readonly=("name",),
        title=("name",),
        columns=("name", "kind", *LISTED),
        related=RELATED,
    )
)
