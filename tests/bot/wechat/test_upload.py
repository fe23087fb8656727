import io

from bot.wechat import upload


async def written(form):
    class Wire(bytearray):
        async def write(self, data):
            self += data

    wire = Wire()
    await form().write(wire)
    return bytes(wire)


def test_json_is_utf_8_without_escapes():
    assert upload.json_bytes({"name": "问一问"}) == '{"name":"问一问"}'.encode()
    assert upload.body({"name": "问"}, None)() == '{"name":"问"}'.encode()


def test_a_body_that_is_no_dict_goes_out_as_it_is():
    assert upload.body(b"raw", None)() == b"raw"
    assert upload.body(None, None)() is None


async def test_a_form_can_be_sent_twice(tmp_path):
    path = tmp_path / "课程.jpg"
    path.write_bytes(b"picture")
    with path.open("rb") as file:
        made = upload.body({"description": "{}"}, {"media": file})
    for wire in (await written(made()), await written(made())):
        assert b'filename="\xe8\xaf\xbe\xe7\xa8\x8b.jpg"' in wire
        assert b"picture" in wire
        assert b'name="description"' in wire


def test_files_come_as_objects_contents_and_tuples():
    read = upload.read_files(
        {
            "a": io.BytesIO(b"1"),
            "b": b"2",
            "c": ("name.txt", "你", "text/plain"),
            "d": ("name.bin", io.BytesIO(b"4")),
        }
    )
    assert read == {
        "a": ("a", b"1", "application/octet-stream"),
        "b": ("b", b"2", "application/octet-stream"),
        "c": ("name.txt", "你".encode(), "text/plain"),
        "d": ("name.bin", b"4", "application/octet-stream"),
    }
    assert upload.read_files([("a", b"1")]) == {"a": ("a", b"1", "application/octet-stream")}
