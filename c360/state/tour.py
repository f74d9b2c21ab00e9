"""The tour on the first page, for the user who looks at it."""

import reflex as rx

from c360.services import tour
from c360.services.tour import Step
from c360.state.guard import requires
from c360.state.session import ServiceCalls


class TourState(ServiceCalls, rx.State):
    """What of the tour is done, and what comes next."""

    steps: list[Step] = []

    @rx.event
    @requires()
    async def look(self):
        """Find out how far the user is."""
        self.steps = await self._ask(tour.steps)
