import pytest

from bot.wechat import signature

# From the official page on encrypted pushes, and from wechatpy's tests.
VECTORS = [
    ("f464b24fc39322e44b38aa78f5edd27bd1441696", "AAAAA", "1714036504", "1514711492"),
    ("899cf89e464efb63f54ddac96b0a0a235f53aa78", "AAAAA", "1714037059", "486452656"),
    ("6c5c811b55cc85e0e1b54100749188c20beb3f5d", "AAAAA", "1714112445", "415670741"),
    ("cc0c594499c1634947d5b502f158ee518947db27", "AAAAA", "1715943329", "1590219412"),
    ("f21891de399b4e33a1a93c9a7b8a8fffb5a443ff", "test", "1410685589", "test"),
    (
        "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        "AAAAA",
        "1713424427",
        "415670741",
        "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==",
    ),
    (
        "03e0812039325c2712ef5f0f980fd14c70d6e307",
        "AAAAA",
        "1713424427",
        "415670741",
        (
            "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZ"
            "bSvPT9t/o11MI7d6WELwqrGd7jMnV0zv3Zc9Nq7"
        ),
    ),
]


@pytest.mark.parametrize("vector", VECTORS)
def test_official_vectors_are_reproduced(vector):
    assert signature.sign(*vector[1:]) == vector[0]
    assert signature.matches(*vector)


def test_the_order_of_the_parts_does_not_matter():
    assert signature.sign("b", "a", "c") == signature.sign("c", "b", "a")


@pytest.mark.parametrize("wrong", ["", "0" * 40, "你好", "\udcff" * 40, "f" * 39, "F464" * 10])
def test_a_wrong_signature_of_any_bytes_is_only_wrong(wrong):
    assert not signature.matches(wrong, "AAAAA", "1714036504", "1514711492")


def test_parts_of_any_bytes_can_be_signed():
    assert len(signature.sign("token", "时间", "\ud800\udcff")) == 40


def test_parts_are_sorted_by_their_bytes():
    assert signature.sign("\uffff", "\U0001f600") == signature.sign("\uffff\U0001f600")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("0123456789abcdef0123456789abcdef01234567", True),
        ("0123456789ABCDEF0123456789ABCDEF01234567", False),
        ("0123456789abcdef0123456789abcdef0123456", False),
        ("0123456789abcdef0123456789abcdef01234567\n", False),
        ("０" * 40, False),
        ("", False),
    ],
)
def test_a_signature_is_forty_lower_case_hexadecimal_digits(text, is_one):
    assert signature.has_form(text) is is_one
