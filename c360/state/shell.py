"""What the frame of every page shows: who is signed in, what he may open, what the palette finds."""

import reflex as rx
from reflex_base.event import Event

from c360.core.actor import Verb
from c360.services import sign_in, users
from c360.state import browser
from c360.state.guard import requires
from c360.state.session import SESSION, ServiceCalls, off_the_loop


class ShellState(ServiceCalls, rx.State):
    """The signed-in user as the frame shows him."""

    name: str = ""
    initials: str = ""
    may: dict[str, bool] = {}

    @rx.event
    @requires()
    async def load(self):
        """Load what the frame shows."""
        actor = await self._actor()
        self.name, self.initials = actor.name, "".join(word[0] for word in actor.name.split()[:2]).upper()
        self.may = {
            "duplicates": any(actor.may(Verb.UPDATE, key) for key in ("contact", "account")),
            "import": any(actor.may(Verb.IMPORT, key) for key in ("contact", "account")),
            "audit": actor.may(Verb.READ, "journal") or "administrator" in actor.roles,
            "privacy": actor.may(Verb.READ, "subject_request"),
            "admin": "administrator" in actor.roles,
        }
        return _show_in(actor.language)

    @rx.event
    @requires()
    async def sign_out(self):
        """End the session; its sockets close, and every tab leaves for the sign-in page."""
        await off_the_loop(sign_in.leave, SESSION.get())

    @rx.event
    @requires()
    async def speak(self, code: str):
        """Keep the language the user has chosen."""
        await self._call(users.speak, code)
        return _show_in(code)


def _show_in(code: str) -> Event:
    """Show the page in a language: only once the server speaks it too, so that both change together."""
    return browser.emit("c360:language", code)
