"""Messages verify with receivers' own libraries, and with one byte changed with none."""

from datetime import UTC, datetime
from random import Random

from api.delivery.signing import signed_headers
from api.delivery.tokens import new_secret
from tests.api.delivery.verifying import VERIFIERS, count_tampered, random_message

MESSAGES = 1000
TAMPERS = 10_000


def test_a_thousand_messages_verify_with_every_library() -> None:
    random = Random(20261122)  # noqa: S311 chances of a test
    for _ in range(MESSAGES):
        message = random_message(random)
        for accepts in VERIFIERS.values():
            assert accepts(message.secret, message.body, message.headers)


def test_of_ten_thousand_messages_with_one_byte_changed_none_is_taken() -> None:
    assert count_tampered(Random(20261122), TAMPERS) == 0  # noqa: S311 chances of a test


def test_during_a_rotation_a_receiver_verifies_by_either_secret() -> None:
    old, new, other = new_secret(), new_secret(), new_secret()
    headers = signed_headers("msg_1", "{}", [new, old], datetime.now(UTC))
    for accepts in VERIFIERS.values():
        assert accepts(old, b"{}", headers)
        assert accepts(new, b"{}", headers)
        assert not accepts(other, b"{}", headers)
