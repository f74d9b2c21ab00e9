"""What people call activities and their parts in files, in English and German."""

SYNONYMS: dict[str, tuple[str, ...]] = {
    "customers": (
        "customer", "customers", "customer id", "customer number", "customer no", "customer name", "kunde", "kunden",
        "kundennummer", "kunden nr", "kundenname", "account", "account name", "account id", "contact", "contact name",
        "contact id", "contact email", "company", "firma", "person", "with", "mit", "e mail", "email", "who", "wer",
        "participants", "attendees", "teilnehmer", "regarding", "betrifft", "related to",
    ),
    "customers.more": ("further customers", "also with", "weitere kunden", "cc", "other participants"),
    "kind": (
        "kind", "type", "activity type", "activity", "art", "typ", "aktivität", "aktivitätsart", "vorgang",
        "interaction type",
    ),
    "subject": ("subject", "title", "betreff", "titel", "thema", "topic", "summary", "headline", "name"),
    "text": (
        "text", "description", "body", "notes", "note", "comment", "comments", "beschreibung", "notiz", "notizen",
        "bemerkung", "inhalt", "details", "content", "message", "nachricht",
    ),
    "medium": ("medium", "channel", "kanal", "media"),
    "direction": ("direction", "richtung", "in out", "inbound outbound"),
    "purpose_id": ("purpose", "zweck"),
    "status": ("status", "state", "zustand", "stand"),
    "starts_at": (
        "start", "starts at", "start date", "start time", "date", "datum", "when", "wann", "beginn", "beginnt",
        "anfang", "activity date", "date time", "timestamp", "zeitpunkt", "termin", "call date", "meeting date",
        "sent", "sent at", "gesendet",
    ),
    "ends_at": ("end", "ends at", "end date", "end time", "ende", "endet", "bis"),
    "due_at": ("due", "due date", "due at", "deadline", "fällig", "fällig am", "fälligkeit", "frist"),
    "ended_at": ("completed", "completed at", "completed on", "closed at", "done at", "erledigt am", "abgeschlossen"),
    "remind_at": ("reminder", "remind at", "erinnerung", "erinnern am"),
    "duration": ("duration", "minutes", "dauer", "minuten", "duration minutes", "length"),
    "place": ("place", "location", "ort", "where", "wo", "venue"),
    "outcome": ("outcome", "result", "ergebnis", "resultat", "ausgang"),
    "owner_id": (
        "owner", "operator", "user", "assigned to", "assignee", "besitzer", "bearbeiter", "mitarbeiter", "benutzer",
        "zuständig", "agent", "created by", "erfasst von",
    ),
    "external_id": (
        "id", "external id", "activity id", "call id", "task id", "meeting id", "event id", "message id", "uid",
        "key", "externe id", "vorgangsnummer",
    ),
}  # fmt: skip

ALIASES: dict[str, dict[str, str]] = {
    "activity_kind": {
        "phone call": "call", "phone": "call", "telefonat": "call", "telefon": "call", "appointment": "meeting",
        "event": "meeting", "visit": "meeting", "termin": "meeting", "besprechung": "meeting", "besuch": "meeting",
        "to do": "task", "todo": "task", "email": "mail", "e-mail": "mail", "comment": "note", "kommentar": "note",
    },
    "activity_status": {
        "done": "closed", "completed": "closed", "complete": "closed", "held": "closed", "finished": "closed",
        "erledigt": "closed", "abgeschlossen": "closed", "beendet": "closed", "sent": "closed",
        "planned": "open", "scheduled": "open", "pending": "open", "geplant": "open", "not started": "open",
        "in progress": "open", "in bearbeitung": "open", "canceled": "cancelled", "abgesagt": "cancelled",
    },
    "direction": {
        "outgoing": "out", "outbound": "out", "ausgehend": "out", "aus": "out",
        "incoming": "in", "inbound": "in", "eingehend": "in", "ein": "in",
    },
}  # fmt: skip
"""Words for a fixed value beside its names in the app, as ``words.plain`` writes them."""
