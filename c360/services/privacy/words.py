"""Words a free text should rather not hold, until an administrator keeps lists of his own; ``*`` is any ending."""

WORDS = {
    "en": (
        "health*", "illness*", "disease*", "sick leave", "cancer", "diabet*", "depress*", "HIV", "AIDS", "disab*",
        "handicap*", "pregnan*", "allerg*", "medication*", "therap*", "psych*", "addict*", "alcoholi*", "religio*",
        "church*", "mosque*", "synagogue*", "muslim*", "islam*", "jewish", "catholic*", "protestant*", "atheis*",
        "political*", "party member*", "trade union*", "ethnic*", "racial*", "gay", "lesbian*", "bisexual*",
        "homosexual*", "transgender*", "sexual*", "criminal*", "convicted", "prison*",
    ),
    "de": (
        "gesundheit*", "krank*", "erkrank*", "schwerkrank*", "krebs*", "diabet*", "depress*", "HIV", "Aids",
        "behinder*", "schwerbehinder*", "schwanger*", "allerg*", "medikament*", "therap*", "psych*", "sucht*",
        "süchtig*", "alkoholi*", "religi*", "kirche*", "moschee*", "synagoge*", "konfession*", "muslim*", "islam*",
        "jüdisch*", "katholi*", "evangelisch*", "atheis*", "parteimitglied*", "gewerkschaft*", "ethnisch*",
        "rassisch*", "schwul*", "lesbisch*", "bisexuell*", "homosexuell*", "transgender*", "sexuell*", "vorbestraft*",
        "straffällig*", "gefängnis*",
    ),
}  # fmt: skip
