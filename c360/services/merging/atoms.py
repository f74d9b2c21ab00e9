"""Fields that are one in a merge: a name, a job."""

from collections.abc import Mapping

from c360.models.customer import NAMES

NAME = ("salutation_id", "academic_title", *NAMES, "name_suffix")
ATOMS: Mapping[str, tuple[str, ...]] = {
    "name": NAME,
    "job": ("employer_id", "job_title", "department"),
    "inactive": ("inactive_at", "inactive_reason_id", "inactive_note"),
    "forbidden_media": ("forbidden_media", "forbidden_reason"),
}
"""Fields that are chosen as one: nobody gets one's first and another's last name."""
