"""A file whose rows are shorter or longer than its header, as programs and people write them."""

from c360.services.duplicates import columns


def test_a_short_row_lacks_its_last_values_and_a_long_one_has_none_of_its_own(tmp_path):
    file = tmp_path / "ragged.csv"
    file.write_text(
        "id,First name,Last name,E-mail\n1,Zoë,Öztürk,zoe@x.example\n2,山田\n3,Bo,Ng,bo@x.example,x,y,z\n4\n",
        encoding="utf-8",
    )
    table, ids, _ = columns.read(file, "contact", "id", {"email": "E-mail", "family_name": "Last name"})
    assert ids == ["1", "2", "3", "4"]
    told = {name: table.columns[name].padded[table.columns[name].codes].tolist() for name in ("email", "family_name")}
    assert told == {
        "email": ["zoe@x.example", None, "bo@x.example", None], "family_name": ["Öztürk", None, "Ng", None],
    }  # fmt: skip
