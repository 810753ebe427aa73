"""One POST goes where it was checked to go, within its time, and nowhere else."""

import ssl
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
import trustme

from api.delivery.addresses import policy_of
from api.delivery.dialing import MOST_READ, Dialler
from api.delivery.targets import Resolve
from catalog.vocabulary import AttemptOutcome
from tests.api.delivery.desk import TLS
from tests.api.delivery.hostile import ADDRESSES, URLS
from tests.api.delivery.rebinding import post, rebound
from tests.api.delivery.receivers import Receiver, Says, receiving

OPEN = policy_of(allow_loopback=True)
CLOSED = policy_of(allow_loopback=False)
TRIES = 2000


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    """Give threads to resolve names in."""
    with ThreadPoolExecutor(32) as threads:
        yield threads


def leading_to(*addresses: str) -> Resolve:
    """Resolve every name to these addresses."""

    def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def test_an_answer_is_taken_as_it_is(receiver: Receiver, executor: ThreadPoolExecutor) -> None:
    receiver.says["/full"] = Says(429, {"Retry-After": "30"}, b"later")
    [ok, full] = post(Dialler(OPEN, executor), receiver.url("/"), receiver.url("/full"))
    assert (ok.outcome, ok.status) == (AttemptOutcome.OK, 200)
    assert (full.outcome, full.status) == (AttemptOutcome.STATUS, 429)
    assert (full.retry_after, full.body) == ("30", b"later")


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_is_not_followed(
    receiver: Receiver, executor: ThreadPoolExecutor, status: int
) -> None:
    with receiving() as elsewhere:
        receiver.says["/"] = Says(status, {"Location": elsewhere.url("/")})
        [answer] = post(Dialler(OPEN, executor), receiver.url("/"))
        assert (answer.outcome, answer.status) == (AttemptOutcome.REDIRECT, status)
        assert elsewhere.accepted == 0


def test_gone_is_told_apart(receiver: Receiver, executor: ThreadPoolExecutor) -> None:
    receiver.says["/"] = Says(410)
    assert post(Dialler(OPEN, executor), receiver.url())[0].outcome is AttemptOutcome.GONE


def test_no_more_of_an_answer_is_read_than_16_kib(
    receiver: Receiver, executor: ThreadPoolExecutor
) -> None:
    receiver.says["/"] = Says(body=b"x" * (1024 * 1024))
    [answer] = post(Dialler(OPEN, executor), receiver.url())
    assert answer.body == b"x" * MOST_READ


def test_a_receiver_that_hangs_or_drips_is_cut_at_the_deadline(
    receiver: Receiver, executor: ThreadPoolExecutor
) -> None:
    receiver.says |= {"/hangs": Says(hangs=True), "/drips": Says(drips=True)}
    dialler = Dialler(OPEN, executor, deadline=0.5)
    for answer in post(dialler, receiver.url("/hangs"), receiver.url("/drips")):
        assert (answer.outcome, answer.why) == (AttemptOutcome.TIMEOUT, "no answer within 0.5 s")


def test_a_name_that_does_not_resolve_in_time_is_cut_too(executor: ThreadPoolExecutor) -> None:
    hangs = threading.Event()

    def resolve(_host: str, _port: int) -> Sequence[str]:
        hangs.wait(20)
        return ["8.8.8.8"]

    [answer] = post(Dialler(CLOSED, executor, resolve, deadline=0.2), "https://example.com/")
    hangs.set()
    assert answer.outcome is AttemptOutcome.TIMEOUT


def test_nobody_there_is_a_failure_of_the_network(executor: ThreadPoolExecutor) -> None:
    with receiving() as gone:
        url = gone.url()
    assert post(Dialler(OPEN, executor), url)[0].outcome is AttemptOutcome.NETWORK


def test_every_address_that_is_not_public_is_refused_at_an_attempt(
    executor: ThreadPoolExecutor,
) -> None:
    for address in ADDRESSES:
        host = f"[{address}]" if ":" in address else address
        behind = Dialler(CLOSED, executor, leading_to("8.8.8.8", address), TLS)
        itself = Dialler(CLOSED, executor, leading_to(address), TLS)
        [one, other] = [post(behind, "https://example.com/"), post(itself, f"https://{host}/")]
        assert {answer.outcome for answer in (*one, *other)} == {AttemptOutcome.REFUSED}, address


def test_every_url_that_could_mean_something_else_is_refused_at_an_attempt(
    executor: ThreadPoolExecutor,
) -> None:
    for answer in post(Dialler(CLOSED, executor, leading_to("127.0.0.1")), *URLS):
        assert answer.outcome is AttemptOutcome.REFUSED


def test_this_machine_is_refused_unless_it_is_opened(
    receiver: Receiver, executor: ThreadPoolExecutor
) -> None:
    [answer] = post(Dialler(CLOSED, executor), receiver.url())
    assert answer.outcome is AttemptOutcome.REFUSED
    assert receiver.accepted == 0


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
def test_a_name_that_turns_to_another_address_never_reaches_it(
    executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted, answers = rebound(monkeypatch, executor, TRIES)
    assert (accepted, len(answers)) == (0, TRIES)
    outcomes = {answer.outcome for answer in answers}
    assert outcomes == {AttemptOutcome.REFUSED, AttemptOutcome.NETWORK}


def test_proxies_of_the_environment_are_not_used(
    receiver: Receiver, executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving() as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        [answer] = post(Dialler(OPEN, executor), receiver.url())
        assert (answer.status, proxy.accepted) == (200, 0)


@pytest.fixture
def authority() -> trustme.CA:
    """Give an authority that signs certificates of this test."""
    return trustme.CA()


def served_by_tls(receiver: Receiver, authority: trustme.CA, name: str) -> list[str | None]:
    """Let a receiver serve by TLS under a name; give the names that clients ask for."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    context.sni_callback = lambda _socket, said, _context: asked.append(said)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    return asked


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Trust that authority only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    authority.configure_trust(context)
    return context


def test_tls_goes_on_under_the_name_though_an_address_is_dialled(
    authority: trustme.CA, executor: ThreadPoolExecutor
) -> None:
    with receiving() as receiver:
        asked = served_by_tls(receiver, authority, "hooks.example")
        dialler = Dialler(OPEN, executor, leading_to("127.0.0.1"), trusting(authority))
        [answer] = post(dialler, f"https://hooks.example:{receiver.server_port}/")
        assert (answer.status, asked) == (200, ["hooks.example"])
        assert receiver.taken[0].headers["host"] == f"hooks.example:{receiver.server_port}"


def test_a_certificate_of_another_name_is_refused(
    authority: trustme.CA, executor: ThreadPoolExecutor
) -> None:
    with receiving() as receiver:
        served_by_tls(receiver, authority, "hooks.example")
        dialler = Dialler(OPEN, executor, leading_to("127.0.0.1"), trusting(authority))
        [answer] = post(dialler, f"https://other.example:{receiver.server_port}/")
        assert (answer.outcome, receiver.taken) == (AttemptOutcome.NETWORK, [])
