"""A contact at each door for duplicates: whether somebody is found who may be the same."""

import csv
from uuid import UUID

from sqlmodel import col, select

from c360.core.actor import SYSTEM
from c360.models.choice import Choice
from c360.services.duplicates import check, reviewing, running
from c360.services.imports import direct
from c360.services.programs_writing import Door, Refused, create
from c360.services.uow import ask, perform


def choice(pick_list, place=0):
    query = select(Choice.id).where(Choice.pick_list == pick_list).order_by(col(Choice.position), col(Choice.id))
    return ask(SYSTEM, lambda uow: uow.session.exec(query).all())[place]


def search(*, changed=False):
    running.at_once(SYSTEM, "contact", changed=changed)


def groups():
    return [sorted(UUID(one.id) for one in line.members) for line in ask(SYSTEM, reviewing.groups)]


def at_form(door):
    return lambda agent, values, *_: bool(ask(agent, check.check, "contact", values, door=door).likely)


def at_api(agent, values, *_):
    try:
        return bool(perform(agent, create, "contact", values, Door("refuse")).found.likely)
    except Refused as error:
        return bool(error.found.likely)


def at_import(agent, values, _, folder):
    head = {"given_name": "First name", "family_name": "Last name", "phone": "Phone", "segment_id": "Segment"}
    segment = ask(SYSTEM, lambda uow: uow.session.get_one(Choice, UUID(values["segment_id"])).name)
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(head.values()))
        writer.writeheader()
        writer.writerow({head[name]: text for name, text in {**values, "segment_id": segment}.items()})
    told = direct.run_file(agent, path, "contact", match="external_id", on_duplicate="refuse", dry_run=True)
    return bool(told["problems"])


def at_search(agent, values, make_as, _):
    made = make_as(agent, "contact", **values)
    search(changed=True)
    return any(made in group for group in groups())


DOORS = {"typing": at_form("typing"), "save": at_form("save"), "api": at_api, "imports": at_import, "scan": at_search}
