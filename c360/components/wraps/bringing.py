"""Ways to bring files by our own routes: a place to drop several, a form's field for one, a photo; a file's picture."""

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from c360.components.wraps import i18n, shared

I18N = i18n.LIBRARY
LIBRARY = shared(__name__, "bringing.jsx").importable_path


class FilesDrop(rx.NoSSRComponent):
    """A part of a page files are dropped on: each is sent with its progress; the handler gets its name and number."""

    library = LIBRARY
    tag = "FilesDrop"

    address: rx.Var[str]
    most: rx.Var[int]
    refused: rx.Var[list[str]]
    enabled: rx.Var[bool]
    on_attached: rx.EventHandler[passthrough_event_spec(str, int)]


class FilesPick(rx.NoSSRComponent):
    """A button inside a ``FilesDrop`` that chooses files; with ``to`` one, as the next version of a file."""

    library = LIBRARY
    tag = "FilesPick"

    label: rx.Var[str]
    kind: rx.Var[str]
    to: rx.Var[str]
    quiet: rx.Var[bool]


class FileField(rx.NoSSRComponent):
    """A form's field for one file: brought at once, the form sends its id."""

    library = LIBRARY
    tag = "FileField"
    _is_form_control = True

    input_id: rx.Var[str]
    name: rx.Var[str]
    label: rx.Var[str]
    value: rx.Var[str]
    shown: rx.Var[str]
    most: rx.Var[int]
    refused: rx.Var[list[str]]
    invalid: rx.Var[bool]
    described_by: rx.Var[str]


class PhotoPick(rx.NoSSRComponent):
    """A face with a button that brings a photo; the handler is called once it hangs."""

    library = LIBRARY
    tag = "PhotoPick"

    address: rx.Var[str]
    most: rx.Var[int]
    label: rx.Var[str]
    on_hung: rx.EventHandler[no_args_event_spec]


class FilePicture(rx.NoSSRComponent):
    """A file as the server has drawn it, page by page."""

    library = LIBRARY
    tag = "FilePicture"

    address: rx.Var[str]
    label: rx.Var[str]


files_drop = FilesDrop.create
files_pick = FilesPick.create
file_field = FileField.create
photo_pick = PhotoPick.create
file_picture = FilePicture.create
