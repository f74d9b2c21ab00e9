"""The rights of the people we keep data about: access, erasure, restriction, objection; and what outlasts them."""
