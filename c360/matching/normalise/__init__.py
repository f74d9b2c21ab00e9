"""One spelling for one value: what people type, made comparable. Functions of one text."""
