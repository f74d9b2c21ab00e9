"""Finding records that mean the same person or organisation: pure functions on plain values, no database.

``engine.match`` reads a ``Table`` and answers with pairs, groups and the model it learned. The way there: ``normalise``
(one spelling for one value), ``blocking`` (which pairs are worth a look), ``comparison`` (how alike they are, field by
field, in ordered levels), ``model`` (what each level is worth, learned without labels), ``clusters`` (who belongs
together), ``explanation`` (why). One record is looked up by its ``keys`` and weighed ``online``.
"""
