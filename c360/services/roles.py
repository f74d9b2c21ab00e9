"""Roles: what each comes with, and how several together become what one user may do."""

from c360.core.actor import Reach, Verb

CUSTOMERS = ("contact", "account")
KEPT = (
    "tag", "view", "view_preference", "folder", "import_batch", "import_template", "notification", "stored_file",
    "merge_recipe",
    "agenda",
)  # fmt: skip
"""What everybody keeps for himself: his own, and what others share."""
LISTED = ("choice", "user", "team", "custom_field", "setting", "purpose", "consent_text", "relation_type",
          "required_role")  # fmt: skip
"""What everybody reads and administrators keep."""
PRIVACY = ("subject_request", "legal_hold")
"""What data protection works on."""


ACTIVITIES = {verb.value: Reach.TEAM.value for verb in Verb} | {"read": "all", "create": "all"}
"""Whose customers one sees decides which activities one sees; work may be planned for any colleague."""


def _rights(customers: dict[str, str], *, settings: bool = False) -> dict[str, dict[str, str]]:
    every = {verb.value: Reach.ALL.value for verb in Verb}
    own = {verb.value: Reach.OWN.value for verb in Verb}
    rights: dict[str, dict[str, str]] = {}
    rights |= dict.fromkeys(CUSTOMERS, customers) | dict.fromkeys(KEPT, own)
    rights |= dict.fromkeys(LISTED, every if settings else {"read": "all"})
    rights["activity"] = every if settings else ACTIVITIES
    if settings:
        rights |= dict.fromkeys(("role", "user_role", "team_member", "tag", "view", "folder"), every)
        rights["journal"] = {"read": "all"}
    return rights


WORK = {"read": "team", "create": "own", "update": "own", "archive": "own", "export": "own", "import": "own"}
TEAM = {"read": "team", "create": "team", "update": "team", "archive": "team", "assign": "team", "merge": "team",
        "unmerge": "team"}  # fmt: skip
ALL = {verb.value: Reach.ALL.value for verb in Verb}
ROLES = (
    {"key": "business_user", "name": "Business user", "rights": _rights(WORK)},
    {"key": "manager", "name": "Manager", "rights": _rights({**TEAM, "export": "team", "import": "team"})},
    {
        "key": "administrator",
        "name": "Administrator",
        "rights": _rights(ALL, settings=True) | {"journal": {"read": "all"}} | dict.fromkeys(PRIVACY, ALL),
    },
    {
        "key": "data_protection_officer",
        "name": "Data protection officer",
        "rights": _rights({"read": "all", "export": "all"})
        | {"journal": {"read": "all"}}
        | dict.fromkeys((*PRIVACY, "purpose", "consent_text"), ALL),
    },
)


def combined(rights: list[dict[str, dict[str, str]]]) -> dict[str, dict[Verb, Reach]]:
    """Return the rights of several roles together: the widest reach of each verb."""
    order = [Reach.OWN, Reach.TEAM, Reach.ALL]
    found: dict[str, dict[Verb, Reach]] = {}
    for role in rights:
        for entity, verbs in role.items():
            mine = found.setdefault(entity, {})
            for verb, reach in verbs.items():
                mine[Verb(verb)] = max(mine.get(Verb(verb), Reach.OWN), Reach(reach), key=order.index)
    return found


def shared(lists: list[list[str]]) -> frozenset[str]:
    """Return the fields every role closes: one role that opens a field opens it."""
    return frozenset.intersection(*map(frozenset, lists)) if lists else frozenset()
