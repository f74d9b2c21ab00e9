"""A file as a field of a form: sent at once, the form carries its id."""

import reflex as rx

LIBRARY = rx.asset("evidence.jsx", shared=True).importable_path


class FileField(rx.NoSSRComponent):
    """A button that chooses a file, its progress, and the file's name once it lies in the store."""

    library = LIBRARY
    tag = "FileField"

    name: rx.Var[str]
    input_id: rx.Var[str]
    invalid: rx.Var[bool]


file_field = FileField.create
