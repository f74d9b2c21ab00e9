"""Consent: what was recorded, what it means today, and the one question everybody asks: may we contact him?"""

from c360.services.consents.asking import Answer, contactable, may_contact, require
from c360.services.consents.ledger import HEARD, SAID, Said, opt_out, record

__all__ = ["HEARD", "SAID", "Answer", "Said", "contactable", "may_contact", "opt_out", "record", "require"]
