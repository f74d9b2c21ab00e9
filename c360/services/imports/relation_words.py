"""What people call the parts of a relation in files, in English and German."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "from_id": (
        "from", "von", "customer", "kunde", "source", "customer 1", "kunde 1", "person", "contact", "kontakt",
        "subject", "a",
    ),
    "to_id": (
        "to", "to customer", "zu", "mit", "with", "target", "related to", "customer 2", "kunde 2", "other", "account",
        "company", "firma", "object", "b",
    ),
    "type_id": ("type", "relation", "relationship", "relation type", "wording", "art", "typ", "beziehung", "role"),
    "since_on": ("since", "seit", "start", "from date", "start date", "beginn", "valid from", "gültig ab"),
    "until_on": ("until", "bis", "end", "end date", "ende", "valid to", "gültig bis"),
    "is_former": ("former", "ehemalig", "früher", "over", "beendet"),
    "is_primary": ("primary", "main", "haupt"),
    "strength": ("strength", "stärke"),
    "source": ("known from", "bekannt aus", "quelle"),
    "note": ("note", "notes", "comment", "description", "notiz", "bemerkung", "beschreibung"),
    "id": ("id", "relation id", "record id"),
}  # fmt: skip
