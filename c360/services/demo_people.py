"""Made-up customers of many countries, the same ones every time; some are one person twice, some only seem so."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

SEED = 20261122
HEADER = (
    "Customer ID", "First name", "Last name", "Suffix", "E-mail", "Phone", "Mobile", "Street", "Postal code", "City",
    "Country", "Birth date", "Employer", "Job title", "Segment", "Status", "Attraction channel", "Tags", "Notes",
)  # fmt: skip
Row = dict[str, str]

LANDS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str, str]] = {
    "DE": ("+49 30", ("Anna", "Jürgen", "Katharina", "Matthias", "Änne", "Uwe", "Leonie", "Sabine", "Moritz"),
           ("Müller", "Schäfer", "Groß", "Weiß", "Krüger", "Böhm", "Vogt", "Lüdenscheidt", "Zimmermann", "von Arnim"),
           ("Berlin", "Köln", "München", "Görlitz"), "Hauptstraße", "0{:04}"),
    "FR": ("+33 1", ("Élodie", "François", "Hélène", "Loïc", "Chloé", "Jérôme", "Maëlle", "Étienne"),
           ("Lefèvre", "Dubois", "Béranger", "Garçon", "Chevalier", "d'Estaing", "Noël", "Fontaine"),
           ("Paris", "Nîmes", "Besançon", "Lyon"), "rue de l'Église", "{:05}"),
    "GB": ("+44 20", ("Oliver", "Siobhan", "Harriet", "Angus", "Imogen", "Rhys", "Beatrice", "Callum"),
           ("O'Brien", "Smith", "MacGregor", "Whitfield", "Llewellyn", "Ashworth", "St John", "Fforde"),
           ("London", "Leeds", "Aberdeen", "Cardiff"), "High Street", "SW{0} 4JH"),
    "ES": ("+34 91", ("Iñaki", "Begoña", "José Luis", "Núria", "Ángela", "Álvaro", "Lucía"),
           ("García Márquez", "Ibáñez", "Peña", "Núñez", "Muñoz", "Ortega"),
           ("Madrid", "A Coruña", "Cádiz", "León"), "Calle Mayor", "{:05}"),
    "PL": ("+48 22", ("Łukasz", "Małgorzata", "Grażyna", "Wojciech", "Zofia", "Stanisław"),
           ("Wójcik", "Kowalska", "Dąbrowski", "Zieliński", "Łoś", "Szczęsny"),
           ("Warszawa", "Łódź", "Kraków", "Gdańsk"), "ulica Długa", "00-{:03}"),
    "SE": ("+46 8", ("Åsa", "Björn", "Göran", "Malin", "Örjan", "Linnéa"),
           ("Ångström", "Lindqvist", "Sjöberg", "Öberg", "Hägg", "Nyström"),
           ("Stockholm", "Göteborg", "Malmö", "Umeå"), "Drottninggatan", "{:05}"),
    "TR": ("+90 212", ("Ayşe", "Çağlar", "İpek", "Oğuz", "Şebnem", "Barış"),
           ("Yılmaz", "Öztürk", "Çelik", "Şahin", "Güneş", "Doğan"),
           ("İstanbul", "İzmir", "Ankara", "Muğla"), "Bağdat Caddesi", "{:05}"),
    "GR": ("+30 21", ("Γιώργος", "Ελένη", "Νίκος", "Αθηνά"),
           ("Παπαδόπουλος", "Νικολάου", "Γεωργίου", "Βασιλείου"),
           ("Αθήνα", "Πάτρα", "Βόλος", "Χανιά"), "Ερμού", "{:05}"),
    "JP": ("+81 3", ("陽子", "健一", "美咲", "大輔"), ("佐藤", "鈴木", "高橋", "渡辺"),
           ("東京", "大阪", "京都", "札幌"), "中央通り", "{:03}-0001"),
    "EG": ("+20 2", ("ليلى", "أحمد", "نور", "يوسف"), ("حداد", "منصور", "فاروق", "سليم"),
           ("القاهرة", "الإسكندرية", "الجيزة", "أسوان"), "شارع النيل", "{:05}"),
    "US": ("+1 206", ("Madison", "Tyrone", "Rosalinda", "Hunter", "Shaniqua", "Zachary", "Mei-Ling", "Kaleo"),
           ("Nguyen", "Johnson", "Rodriguez", "Begay", "Kowalczyk", "Kealoha", "van der Berg", "Park"),
           ("Seattle", "Honolulu", "San José", "Baton Rouge"), "Maple Avenue", "9{:04}"),
}  # fmt: skip
"""Country: dialling code, first names, last names, cities, a street, the form of a postal code."""
TITLES = ("Buyer", "Head of Sales", "Owner", "Engineer", "Accountant", "Office Manager", "Chief Executive", "Nurse")
SEGMENTS = ("Standard", "Key account", "Small business", "Private")
STATES = ("Prospect", "Active", "Active", "Active", "Dormant", "Lost")
CHANNELS = ("Unknown", "Website", "Recommendation", "Trade fair", "Advertising")
TAGS = ("", "", "", "", "Newsletter", "VIP", "Trade fair 2026")
NICKNAMES = {
    "Katharina": "Kathi", "Matthias": "Matze", "Oliver": "Olly", "Beatrice": "Bea", "Zachary": "Zach",
    "Madison": "Maddie",
    "Małgorzata": "Gosia", "François": "Fanfan", "José Luis": "Pepe", "Rosalinda": "Rosa",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are (``same``) or only seem one person, and of what kind the likeness is."""

    kind: str
    same: bool
    ids: tuple[str, ...]


def people(n: int) -> Iterator[Row]:
    """Yield so many different people, the same ones every time."""
    random, lands = Random(SEED), list(LANDS)  # noqa: S311 - the same demo everywhere, not a secret
    for i in range(n):
        land = lands[random.randrange(len(lands))]
        dial, given, family, cities, street, code = LANDS[land]
        first, last = random.choice(given), random.choice(family)
        born = f"{random.randint(1945, 2004)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        yield {
            "Customer ID": f"D{i:05}", "First name": first, "Last name": last,
            "E-mail": f"person{i}@demo-{random.randint(1, 60)}.example" if random.random() < 0.85 else "",
            "Phone": f"{dial} {random.randint(1000000, 9999999)}" if random.random() < 0.8 else "",
            "Street": f"{street} {random.randint(1, 180)}", "Postal code": code.format(random.randint(1, 999)),
            "City": random.choice(cities), "Country": land, "Birth date": born if random.random() < 0.6 else "",
            "Job title": random.choice(TITLES), "Segment": random.choice(SEGMENTS), "Status": random.choice(STATES),
            "Attraction channel": random.choice(CHANNELS), "Tags": random.choice(TAGS),
        }  # fmt: skip


def twins(rows: list[Row]) -> tuple[list[Row], list[Group]]:
    """Return further rows that are, or seem, some of these people again: 40 groups of eight kinds."""
    more: list[Row] = []
    groups: list[Group] = []
    kinds = list(KINDS)
    for i in range(40):
        kind = kinds[i % len(kinds)]
        same, change = KINDS[kind]
        base = rows[i * 17]
        if kind == "nickname":
            base["First name"] = list(NICKNAMES)[i % len(NICKNAMES)]
        base["E-mail"] = base["E-mail"] or f"{base['Customer ID'].lower()}@demo-0.example"
        base["Birth date"] = base["Birth date"] or "1970-05-17"
        other = {**base, "Customer ID": f"T{i:05}", **change(base)}
        more.append(other)
        groups.append(Group(kind, same, (base["Customer ID"], other["Customer ID"])))
    return more, groups


def _typo(row: Row) -> Row:
    name = row["Last name"]
    return {"Last name": name[:1] + name[2:3] + name[1:2] + name[3:], "Phone": ""}


KINDS = {
    "typo": (True, _typo),
    "nickname": (True, lambda row: {"First name": NICKNAMES[row["First name"]], "E-mail": ""}),
    "half_address": (True, lambda row: {"Street": "", "Postal code": "", "Birth date": "", "E-mail": ""}),
    "other_email": (True, lambda row: {"E-mail": f"private-{row['E-mail']}", "Phone": ""}),
    "swapped_names": (True, lambda row: {"First name": row["Last name"], "Last name": row["First name"]}),
    "twins": (False, lambda row: {"First name": "Luca", "E-mail": ""}),
    "junior_senior": (False, lambda row: {"Suffix": "Jr.", "Birth date": "2001-03-04", "E-mail": ""}),
    "shared_mailbox": (False, lambda row: {"First name": "Robin", "Last name": "Sommer", "Birth date": ""}),
}
