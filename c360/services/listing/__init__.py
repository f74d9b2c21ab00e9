"""Lists of any entity: a query in, a page of plain rows out, within the actor's reach."""

from c360.services.listing.columns import ColumnInfo, OperatorInfo, Option, columns, exportable
from c360.services.listing.mailing import left_out
from c360.services.listing.neighbours import Neighbours, neighbours
from c360.services.listing.query import Count, ListQuery, Mailing, Page, from_json, to_json
from c360.services.listing.rows import count, following, ids, only, rows

__all__ = [
    "ColumnInfo",
    "Count",
    "ListQuery",
    "Mailing",
    "Neighbours",
    "OperatorInfo",
    "Option",
    "Page",
    "columns",
    "count",
    "exportable",
    "following",
    "from_json",
    "ids",
    "left_out",
    "neighbours",
    "only",
    "rows",
    "to_json",
]
