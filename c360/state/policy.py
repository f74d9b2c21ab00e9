"""What a handler says about itself: who may call it, and with what. Put the mark under ``@rx.event``."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from inspect import Parameter, signature
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from annotated_types import MaxLen
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, create_model
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY, form_data_as_dict

from c360.core.actor import Actor, Verb

MARK = "__policy__"
LONGEST_TEXT = 100_000
LONGEST_LIST = 20_000
DEEPEST = 32

F = TypeVar("F", bound=Callable[..., Any])


class Payload(BaseModel):
    """Base of what a handler takes: nothing else, nothing of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, str_max_length=LONGEST_TEXT, arbitrary_types_allowed=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a handler: anybody, or a signed-in user who may do ``verb`` to records of ``entity``."""

    signed_in: bool = True
    verb: Verb | None = None
    entity: str | None = None
    payload: type[BaseModel] | None = None

    def allows(self, actor: Actor | None, state: type) -> bool:
        """Tell whether this actor may call the handler on this state; an entity not named is the state's own."""
        if actor is None:
            return not self.signed_in
        entity = self.entity or getattr(state, "entity_key", None)
        if self.verb is None:
            return True
        # A list of both kinds is open to whoever may do this to either: the services keep him to that one.
        kinds = ("contact", "account") if entity == "customer" else (entity,)
        return any(kind is not None and actor.may(self.verb, kind) for kind in kinds)


def public(handler: F) -> F:
    """Let anybody call a handler; every name is also frozen in ``anonymous.txt``."""
    setattr(handler, MARK, Policy(signed_in=False))
    return handler


def requires(
    verb: Verb | str | None = None, entity: str | None = None, *, payload: type[BaseModel] | None = None
) -> Callable[[F], F]:
    """Let signed-in users call a handler, those only who may do ``verb`` to records of ``entity`` when it is named.

    Its arguments are checked strictly against its annotations, or against ``payload`` where one is given.
    """
    policy = Policy(verb=Verb(verb) if verb else None, entity=entity, payload=payload)

    def mark(handler: F) -> F:
        setattr(handler, MARK, policy)
        return handler

    return mark


def policy_of(handler: Callable[..., Any]) -> Policy | None:
    """Return the mark of a handler, or None when it has none."""
    return getattr(handler, MARK, None)


@cache
def payload_of(handler: Callable[..., Any]) -> type[BaseModel]:
    """Return the strict model of a handler's arguments; ``TypeError`` when one is not annotated."""
    policy = policy_of(handler)
    if policy and policy.payload:
        return policy.payload
    hints = get_type_hints(handler, include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in list(signature(handler).parameters.items())[1:]:
        where = f"{handler.__qualname__}({name})"
        if parameter.kind not in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY):
            raise TypeError(f"{where}: a handler takes named arguments only")
        if hints.get(name, Any) is Any:
            raise TypeError(f"{where} needs an annotation: what a browser sends is checked against it")
        fields[name] = (_capped(hints[name]), ... if parameter.default is Parameter.empty else parameter.default)
    return create_model(f"{handler.__qualname__}Payload", __base__=Payload, **fields)


def _capped(hint: Any) -> Any:
    """Cap what a container of an annotation may hold; text is capped by the model."""
    if get_origin(hint) is list:
        return Annotated[list[tuple(_capped(a) for a in get_args(hint))], MaxLen(LONGEST_LIST)]  # pyright: ignore[reportInvalidTypeArguments]
    if hint is str:
        return Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
    return hint


def checked(handler: Callable[..., Any], payload: dict[str, Any]) -> dict[str, Any] | None:
    """Return the arguments in their annotated types, or None when they are not what the handler takes."""
    model = payload_of(handler)
    plain = {
        name: _form(value) if isinstance(value, dict) and FORM_DATA_ENTRIES_KEY in value else value
        for name, value in payload.items()
    }
    try:
        if depth(plain) > DEEPEST:
            return None
        found = model.model_validate_json(json.dumps(plain))
    except (ValidationError, ValueError, TypeError, RecursionError):
        return None
    return {name: getattr(found, name) for name in found.model_fields_set}


def _form(value: dict[str, Any]) -> Any:
    """Return a submitted form as a dict; the values of a name that ends in ``[]`` are one text, joined."""
    form = form_data_as_dict(value)
    entries = value[FORM_DATA_ENTRIES_KEY]
    for name in [name for name in form if str(name).endswith("[]")]:
        form[name] = "; ".join(str(said) for key, said in entries if key == name)
    return form


def depth(value: Any) -> int:
    """Return how deep lists and objects are nested."""
    level, layer = 0, [value]
    while layer:
        layer = [
            inner
            for outer in layer
            if isinstance(outer, dict | list | tuple)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        level += 1
        if level > DEEPEST:
            break
    return level
