# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The probe of private links: its judgement by properties, its stages against servers on loopback that do what goes wrong."""

from __future__ import annotations

import datetime
import errno
import ipaddress
import json
import socket
import ssl
import time
from unittest import mock

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils import _probe, _probe_certificate
from ansible_collections.zilliz.cloud.plugins.module_utils import _probe_judge as judging
from ansible_collections.zilliz.cloud.plugins.module_utils._probe import Probe, read_links, tls_context
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_http import Fault, Reader
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_judge import OK, judge, judge_addresses, judge_call, plain
from hypothesis import given
from hypothesis import strategies as st

from unit.plugins.module_utils.probe_servers import HOST, Authority, Dns, Front, answering, full, request_of, reset

VPCE = "vpce-0ce90d01341533a5c-12345678.vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com"
KEY = "0123456789abcdef0123456789abcdef0123456789abcdef"
BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
# Seconds for what never answers; what does answer gets PATIENCE, so that a busy machine spoils nothing.
TIMEOUT, PATIENCE = 0.4, 4

PATH_WORDS = sorted(set(judging._TELLING))
RESOLVE_WORDS = ["no_private_dns", "resolver_silent", "public_address", "wrong_address"]
# A few of every sort, so that they meet, and any other.
addresses_v4 = st.sampled_from(
    ["10.0.0.5", "10.0.1.5", "172.31.0.1", "192.168.1.1", "100.64.0.1", "203.0.113.7", "52.1.2.3", "0.0.0.0", "169.254.1.1"]
) | st.integers(0, 2**32 - 1).map(lambda one: str(ipaddress.IPv4Address(one)))
addresses = addresses_v4 | st.sampled_from(
    ["fd00::5", "2600:1f14::5", "::ffff:10.0.0.5", "64:ff9b::a00:5", "::", "fe80::1", "::ffff:203.0.113.7"]
)
paths = st.dictionaries(addresses, st.sampled_from([OK, *PATH_WORDS]), max_size=6).map(lambda one: list(one.items()))


# --- Judgement ---


@given(st.sampled_from([OK, *RESOLVE_WORDS]), paths, st.sampled_from([None, OK, "key_refused", "call_failed"]))
def test_no_fault_is_called_healthy(resolve, paths, call):
    verdict, about = judge(resolve, paths, call)
    words = [word for unused, word in paths]
    if verdict == "healthy":
        assert resolve == OK and call in (None, OK) and OK in words
        # What was left out is a family that this host does not have.
        lost = {ipaddress.ip_address(address).version for address, word in paths if word != OK}
        assert set(words) <= {OK, "no_route"}
        assert not lost & {ipaddress.ip_address(address).version for address, word in paths if word == OK}
    assert set(about) <= {address for address, unused in paths}
    assert judging.VERDICTS[verdict][0] == ("ok" if verdict == "healthy" else judging.VERDICTS[verdict][0])


@given(st.lists(addresses, min_size=1, unique=True), st.sampled_from([None, OK]))
def test_no_healthy_path_is_called_faulty(found, call):
    assert judge(OK, [(address, OK) for address in found], call) == ("healthy", found)


@given(paths.filter(len), st.sampled_from(PATH_WORDS))
def test_a_fault_on_every_address_is_told_by_its_name(paths, word):
    assert judge(OK, [(address, word) for address, unused in paths])[0] == word


@given(paths)
def test_a_stranger_is_told_even_next_to_healthy_addresses(paths):
    words = {word for unused, word in paths}
    verdict = judge(OK, paths)[0]
    strangers = words & set(judging._IMPOSTORS)
    if strangers:
        assert verdict in strangers
    elif OK in words:
        assert verdict in ("healthy", "partly")


@pytest.mark.parametrize(
    ("seen", "verdict", "about"),
    [
        ({"10.0.0.5": OK, "10.0.1.5": "hangs"}, "partly", ["10.0.1.5"]),
        ({"10.0.0.5": OK, "10.0.1.5": "cluster_down"}, "partly", ["10.0.1.5"]),
        ({"10.0.0.5": "hangs", "10.0.1.5": "cluster_down"}, "cluster_down", ["10.0.1.5"]),
        ({"10.0.0.5": OK, "fd00::5": "no_route"}, "healthy", ["10.0.0.5"]),
        ({"10.0.0.5": "no_route", "fd00::5": OK}, "healthy", ["fd00::5"]),
        ({"10.0.0.5": "hangs", "fd00::5": "no_route"}, "hangs", ["10.0.0.5"]),
        ({"10.0.0.5": OK, "10.0.1.5": "no_route"}, "partly", ["10.0.1.5"]),
        ({"10.0.0.5": OK, "fd00::5": "hangs"}, "partly", ["fd00::5"]),
        ({"10.0.0.5": "no_route", "fd00::5": "no_route"}, "no_route", ["10.0.0.5", "fd00::5"]),
        ({}, "no_private_dns", []),
    ],
)
def test_several_addresses(seen, verdict, about):
    assert judge(OK, list(seen.items())) == (verdict, about)


def test_a_refused_key_is_told_apart_from_the_path():
    assert judge(OK, [("10.0.0.5", OK)], "key_refused")[0] == "key_refused"
    assert judge(OK, [("10.0.0.5", "hangs")], "key_refused")[0] == "hangs"


@given(st.lists(addresses, min_size=1, unique=True), st.lists(addresses, min_size=1))
def test_expected_addresses_are_the_measure(found, expected):
    right = {plain(one) for one in expected}
    word, about = judge_addresses(found, expected)
    assert (word == OK) == all(plain(one) in right for one in found)
    assert not {plain(one) for one in about} & right
    assert judge_addresses(found, found) == (OK, [])


@given(st.lists(addresses_v4, min_size=1), st.lists(addresses_v4, min_size=1))
def test_a_public_address_never_passes_for_a_private_one(found, public):
    word, about = judge_addresses(found, [], public)
    if word == OK:
        assert all(judging.is_private(one) for one in found)
    elif word == "public_address":
        assert all(not judging.is_private(one) or one in public for one in about)


@pytest.mark.parametrize(
    ("found", "word"),
    [
        (["10.0.0.5"], OK),
        (["172.31.255.1", "192.168.1.1"], OK),
        (["100.64.0.1"], OK),
        (["fd00::5"], OK),
        (["::ffff:10.0.0.5"], OK),
        (["64:ff9b::a00:5"], OK),
        (["203.0.113.7"], "public_address"),
        (["172.32.0.1"], "public_address"),
        (["10.0.0.5", "203.0.113.7"], "public_address"),
        (["2600:1f14::5"], "public_address"),
        # Next to a private IPv4 address it is the VPC's own.
        (["10.0.0.5", "2600:1f14::5"], OK),
        (["0.0.0.0"], "wrong_address"),
        (["::"], "wrong_address"),
        (["10.0.0.5", "::"], "wrong_address"),
        (["169.254.1.1"], "wrong_address"),
    ],
)
def test_addresses_without_expectation(found, word):
    assert judge_addresses(found, [])[0] == word


def test_the_answer_of_the_public_name_tells_what_is_public():
    # Some let the public name lead to the endpoint as well.
    assert judge_addresses(["10.0.0.5"], [], ["10.0.0.5"]) == (OK, [])
    assert judge_addresses(["10.0.0.9"], ["10.0.0.5"], ["10.0.0.9"]) == ("public_address", ["10.0.0.9"])
    assert judge_addresses(["10.0.0.5", "2600:1f14::5"], [], ["2600:1f14::5"])[0] == "public_address"
    assert judge_addresses(["10.0.0.5"], ["10.0.0.5"], ["10.0.0.5"])[0] == OK


def test_a_public_name_may_lead_anywhere_that_exists():
    assert judge_addresses(["203.0.113.7"], [], public=True)[0] == OK
    assert judge_addresses(["10.0.0.5"], [], public=True)[0] == OK
    assert judge_addresses(["0.0.0.0"], [], public=True)[0] == "wrong_address"


@given(st.integers(100, 599), st.none() | st.integers() | st.lists(st.none()) | st.fixed_dictionaries(
    {}, optional={"code": st.sampled_from([0, 200, 1800, "0", True, None, [], {}]), "message": st.none() | st.integers() | st.text()}))
def test_only_a_right_answer_to_a_call_is_right(status, answer):
    word = judge_call(status, answer)
    assert word in (OK, "key_refused", "call_failed")
    if word == OK:
        assert status == 200 and answer["code"] in (0, 200)


@pytest.mark.parametrize(
    ("status", "answer", "word"),
    [
        (200, {"code": 0, "data": []}, OK),
        (200, {"code": 200, "data": []}, OK),
        (200, {"code": False}, "call_failed"),
        (200, {"code": [1800]}, "call_failed"),
        (200, None, "call_failed"),
        (401, None, "key_refused"),
        (403, {"code": 0}, "key_refused"),
        (200, {"code": 1800, "message": "user hasn't authenticated"}, "key_refused"),
        (400, {"code": 80001}, "key_refused"),
        (200, {"code": 65535, "message": "rpc error: code = PermissionDenied"}, "key_refused"),
        (200, {"code": 1100, "message": "database not found"}, "call_failed"),
        (503, {"code": 1, "message": "permission denied"}, "call_failed"),
    ],
)
def test_calls(status, answer, word):
    assert judge_call(status, answer) == word


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("verdict", judging.VERDICTS)
def test_every_verdict_has_its_words(verdict, public):
    told = judging.told(verdict, public, host="h.test", port=19531, resolver="The resolver of this host", expected="")
    assert told["state"] in ("ok", "degraded", "broken") and (told["state"] == "ok") == (verdict == "healthy")
    assert told["cause"].endswith(".") and "{" not in told["cause"] + told["mend"]
    assert (told["mend"] == "") == (verdict == "healthy") and told["mend"][-1:] in ("", ".")


def test_every_verdict_is_reached_or_judged_here():
    words = {"healthy", "partly", "key_refused", "call_failed", *RESOLVE_WORDS, *PATH_WORDS}
    assert words == set(judging.VERDICTS)


# --- Input ---


def test_links_of_a_plan_fit_as_they_are():
    plan = {
        "cluster_id": "in01-1", "cluster_name": "search", "plan": "Enterprise", "status": "RUNNING", "host": f"{HOST}.", "port": 19531,
        "url": f"https://{HOST}:19531", "public_host": "In01.example.test", "ready": True, "reason": None, "snippets": {},
    }
    waiting = {**plan, "host": None, "port": None, "url": None, "ready": False}
    links, problems = read_links([plan, waiting, f"https://{HOST}:19532", f"{HOST}", {"url": f"https://{HOST}:1"}], ["10.0.0.5"])
    assert not problems and [(link["host"], link["port"]) for link in links] == [(HOST, n) for n in (19531, 19532, 443, 1)]
    assert links[0] == {
        "cluster_id": "in01-1", "cluster_name": "search", "host": HOST, "port": 19531, "public_host": "in01.example.test",
        "expected": ["10.0.0.5"],
    }


def test_own_expected_addresses_go_first():
    links = read_links([{"host": HOST, "port": 1, "expected_addresses": "10.0.0.9"}], ["10.0.0.5"])[0]
    assert links[0]["expected"] == ["10.0.0.9"]


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (5, "must be a dict"),
        ({}, "is no host name"),
        ({"host": "a b", "port": 1}, "host 'a b' is no host name"),
        ({"host": "a..b", "port": 1}, "is no host name"),
        ({"host": "x" * 64 + ".test", "port": 1}, "is no host name"),
        ({"host": "h\r\nX: y", "port": 1}, "is no host name"),
        ({"host": HOST}, "port '' must be"),
        ({"host": HOST, "port": True}, "port '' must be"),
        ({"host": HOST, "port": "65536"}, "port '65536' must be"),
        ({"host": HOST, "port": 0}, "port '0' must be"),
        ({"host": HOST, "port": 1, "public_host": "/"}, "public_host '/' is no host name"),
        ({"host": HOST, "port": 1, "expected_addresses": ["x"]}, "expected_addresses must be IP addresses, not 'x'"),
        ({"host": HOST, "port": 1, "expected_addresses": 5}, "expected_addresses must be IP addresses, not 'int'"),
        ("https://h.test:port", "is no host name"),
        ("https://[::1", "is no host name"),
    ],
)
def test_entries_that_cannot_be_probed_are_named(entry, word):
    links, problems = read_links([f"{HOST}:1", entry])
    assert len(links) == 1 and len(problems) == 1 and problems[0].startswith("entry 2 of links") and word in problems[0]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(
    st.sampled_from(["host", "port", "url", "public_host", "expected_addresses", "ready", "x"]), x), max_leaves=8))
def test_any_entry_is_read_or_named(entry):
    links, problems = read_links([entry])
    assert len(links) + len(problems) <= 1
    for link in links:
        assert link["host"] and 0 < link["port"] < 65536 and link["host"].isprintable()


def test_authorities_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(ValueError, match="No such file"):
        tls_context(str(tmp_path / "missing.pem"))
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(ValueError, match="no certificate in PEM form"):
        tls_context(str(tmp_path / "empty.pem"))


def test_authorities_are_judged_as_other_clients_do():
    """Python 3.13 and newer refuse authorities that the cluster's clients take."""
    assert not tls_context().verify_flags & ssl.VERIFY_X509_STRICT


# --- Stages, against servers ---


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = Authority()
    made.path = made.write(tmp_path_factory.mktemp("authority") / "ca.pem")
    made.host = made.context(HOST)
    return made


@pytest.fixture
def made():
    things = []

    def keep(thing):
        things.append(thing)
        return thing

    yield keep
    for thing in things:
        thing.close()


@pytest.fixture
def go(made, authority):
    """Probes one link whose name leads to 127.0.0.1 unless `records` say otherwise."""

    def probe(port, host=HOST, records=None, link=None, validate_certs=True, ca=True, dns=None, timeout=PATIENCE, **how):
        records = {(host, "A"): ["127.0.0.1"]} if records is None else records
        server = dns or made(Dns(records=records))
        context = tls_context(authority.path if ca else None, validate_certs)
        links, problems = read_links([{"host": host, "port": port, "cluster_id": "in01-1", **(link or {})}])
        assert not problems
        started = time.monotonic()
        result = Probe(context, resolver=server.server, timeout=timeout, **how).run(links)[0]
        assert time.monotonic() - started < 6 * timeout + 1
        assert json.loads(json.dumps(result)) == result
        assert "Error" not in result["evidence"] and "Errno" not in json.dumps(result) and "_ssl.c" not in json.dumps(result)
        return result

    return probe


@pytest.fixture
def front(made, authority):
    def listen(behave, context=None, **kwargs):
        return made(Front(behave, context=context or authority.host, **kwargs))

    return listen


def test_a_healthy_link(go, front):
    server = front(answering(BAD_REQUEST))
    found = go(server.port, link={"cluster_name": "search", "public_host": "public.test"})
    assert (found["verdict"], found["state"], found["mend"]) == ("healthy", "ok", "")
    assert [(stage["stage"], stage["ok"]) for stage in found["stages"]] == [(n, True) for n in ("resolve", "tcp", "tls", "http")]
    assert found["addresses"] == ["127.0.0.1"] and found["public_addresses"] == [] and found["cluster_name"] == "search"
    assert HOST in found["stages"][2]["evidence"] and found["evidence"] == "127.0.0.1: HTTP 400"
    request = server.requests[0].decode()
    assert request.startswith("GET / HTTP/1.1\r\n") and f"\r\nHost: {HOST}:{server.port}\r\n" in request
    assert "authorization" not in request.lower()


HEALTHY_ANSWERS = {
    "200": b"HTTP/1.1 200 OK\r\n\r\n",
    "401": b"HTTP/1.1 401 Unauthorized\r\n\r\n",
    "404 without a reason": b"HTTP/1.1 404\r\n\r\n",
    "bare line ends": b"HTTP/1.1 400 Bad Request\n\n",
    "HTTP/1.0": b"HTTP/1.0 400 Bad Request\r\n\r\n",
    "in pieces": [bytes([one]) for one in BAD_REQUEST],
    "after 100": [b"HTTP/1.1 100 Continue\r\n\r\n", BAD_REQUEST],
    "after 103": [b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 4", b"00 x\r\n\r\n"],
    "huge headers": b"HTTP/1.1 400 x\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 500) for n in range(500)) + b"\r\n",
    "no more than a status": b"HTTP/1.1 400 Bad Request\r\n",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://other.test/\r\n\r\n",
}


@pytest.mark.parametrize("answer", HEALTHY_ANSWERS.values(), ids=HEALTHY_ANSWERS)
def test_no_healthy_answer_is_called_faulty(go, front, answer):
    assert go(front(answering(answer)).port)["verdict"] == "healthy"


def test_an_answer_before_the_request_is_read_counts(go, front):
    def early(sock, front):
        with front.secure(sock) as tls:
            tls.sendall(BAD_REQUEST)
            request_of(tls)

    assert go(front(early).port)["verdict"] == "healthy"


@pytest.mark.parametrize("names", [[f"*.{HOST.split('.', 1)[1]}"], ["other.test", HOST]], ids=["wildcard", "one of several"])
def test_certificates_that_name_the_host(go, front, authority, names):
    assert go(front(answering(BAD_REQUEST), authority.context(*names)).port)["verdict"] == "healthy"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_each_version_of_tls(go, front, authority, version):
    context = authority.context(HOST)
    context.minimum_version = context.maximum_version = version
    found = go(front(answering(BAD_REQUEST), context).port)
    assert found["verdict"] == "healthy" and version.name.replace("_", ".") in found["stages"][2]["evidence"]


def test_http_1_is_asked_for_where_http_2_is_spoken_too(go, front, authority):
    context, chosen = authority.context(HOST), []
    context.set_alpn_protocols(["h2", "http/1.1"])

    def behave(sock, front):
        with front.secure(sock) as tls:
            chosen.append(tls.selected_alpn_protocol())
            request_of(tls)
            tls.sendall(BAD_REQUEST)

    assert go(front(behave, context).port)["verdict"] == "healthy" and chosen == ["http/1.1"]


def hold(sock, front):
    front.done.wait(10)


def hold_in_tls(sock, front):
    with front.secure(sock):
        front.done.wait(10)


def drip(first):
    """A byte now and then, for ever."""

    def behave(sock, front):
        with (sock if first is None else front.secure(sock)) as way:
            for one in (first or b"\x16\x03\x03\x3f\xff") + b"\x02" * 1000:
                way.sendall(bytes([one]))
                if front.done.wait(0.05):
                    return

    return behave


def close_in_tls(sock, front):
    with front.secure(sock) as tls:
        request_of(tls)


def reset_in_tls(sock, front):
    tls = front.secure(sock)
    tls.recv(10)
    reset(tls)


def reset_at_once(sock, front):
    reset(sock)


def reset_in_the_handshake(sock, front):
    sock.recv(100)
    reset(sock)


def close_in_the_handshake(sock, front):
    sock.recv(10000)


def plain_http(sock, front):
    sock.recv(1000)
    sock.sendall(BAD_REQUEST)


def ssh(sock, front):
    sock.sendall(b"SSH-2.0-OpenSSH_9.9\r\n")
    sock.recv(1000)


def endless(sock, front):
    with front.secure(sock) as tls:
        while True:
            tls.sendall(b"HTTP/1.1 400 x" + b"y" * 65536)


FAULTS = {
    "reset at once": (reset_at_once, "closed"),
    "reset in the handshake": (reset_in_the_handshake, "closed"),
    "closed at once": (lambda sock, front: None, "closed"),
    "closed in the handshake": (close_in_the_handshake, "closed"),
    "silent before TLS": (hold, "no_answer"),
    "TLS drips": (drip(None), "no_answer"),
    "plain HTTP": (plain_http, "not_tls"),
    "SSH": (ssh, "not_tls"),
    "silent in TLS": (hold_in_tls, "no_answer"),
    "closed in TLS": (close_in_tls, "no_answer"),
    "reset in TLS": (reset_in_tls, "no_answer"),
    "HTTP drips": (drip(b"HTTP/1.1 4"), "no_answer"),
    "100 and nothing more": (answering(b"HTTP/1.1 100 Continue\r\n\r\n"), "no_answer"),
    "HTTP/2 only": (answering(b"\0\0\x12\x04\0\0\0\0\0"), "odd_answer"),
    "another protocol": (answering(b"220 mail.example.test ESMTP\r\n"), "odd_answer"),
    "bad status": (answering(b"HTTP/1.1 OK\r\n\r\n"), "odd_answer"),
    "nearly HTTP": (answering(b"HTTX"), "odd_answer"),
    "without end": (endless, "odd_answer"),
    "500": (answering(b"HTTP/1.1 500 Internal Server Error\r\n\r\n"), "cluster_down"),
    "503": (answering(b"HTTP/1.1 503 Service Unavailable\r\n\r\n"), "cluster_down"),
}


@pytest.mark.parametrize(("behave", "verdict"), FAULTS.values(), ids=FAULTS)
def test_each_fault_has_its_verdict(go, front, behave, verdict):
    found = go(front(behave).port, timeout=TIMEOUT if verdict == "no_answer" else PATIENCE)
    assert found["verdict"] == verdict and found["state"] == "broken" and found["mend"] and found["evidence"]
    assert not found["stages"][-1]["ok"] and all(stage["ok"] for stage in found["stages"][:-1])


def now(**shift):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**shift)


CERTIFICATES = {
    "other names": (["other.test"], {}, HOST, "wrong_certificate"),
    "a wildcard one level up": ([f"*.{HOST.split('.', 2)[2]}"], {}, HOST, "wrong_certificate"),
    "the endpoint's own name": ([f"*.{HOST.split('.', 1)[1]}"], {}, VPCE, "endpoint_name_used"),
    "the endpoint's own address": ([HOST], {}, "127.0.0.1", "endpoint_name_used"),
    "expired": ([HOST], {"not_after": now(days=-1)}, HOST, "expired_certificate"),
    "not yet": ([HOST], {"not_before": now(days=1)}, HOST, "expired_certificate"),
}


@pytest.mark.parametrize(("names", "dates", "host", "verdict"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_each_wrong_certificate_has_its_verdict(go, front, authority, names, dates, host, verdict):
    found = go(front(answering(BAD_REQUEST), authority.context(*names, **dates)).port, host=host)
    assert found["verdict"] == verdict and [stage["stage"] for stage in found["stages"]] == ["resolve", "tcp", "tls"]
    assert f"certificate for {names[0]}, issued by trustme" in found["evidence"]
    if "expired" in verdict:
        date = next(iter(dates.values()))
        assert f"{date:%Y-%m-%d %H:%M} UTC" in found["evidence"] and f"clock says {now():%Y-%m-%d}" in found["evidence"]


def test_an_address_may_be_the_name(go, front, authority):
    found = go(front(answering(BAD_REQUEST), authority.context("127.0.0.1")).port, host="127.0.0.1")
    assert found["verdict"] == "healthy" and "an address itself" in found["stages"][0]["evidence"]


def test_a_certificate_of_another_authority_is_told(go, front):
    found = go(front(answering(BAD_REQUEST), Authority().context(HOST)).port)
    assert found["verdict"] == "untrusted_certificate" and "issued by trustme" in found["evidence"]


def test_without_ca_path_the_systems_authorities_count(go, front):
    assert go(front(answering(BAD_REQUEST)).port, ca=False)["verdict"] == "untrusted_certificate"


def test_a_self_signed_certificate_is_told(go, front, authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stranger = Authority()
    # An authority's own certificate, used for a server.
    blob = stranger.ca.private_key_pem.bytes() + stranger.ca.cert_pem.bytes()
    path = f"{authority.path}.self"
    with open(path, "wb") as file:
        file.write(blob)
    context.load_cert_chain(path)
    found = go(front(answering(BAD_REQUEST), context).port)
    assert found["verdict"] == "untrusted_certificate" and "self" in found["evidence"]


def test_a_certificate_shown_only_once_is_still_judged(go, front, authority):
    times = iter([answering(BAD_REQUEST)])

    def once(*given):
        return next(times, hold)(*given)

    found = go(front(once, authority.context("other.test")).port, timeout=TIMEOUT)
    assert found["verdict"] == "wrong_certificate" and "did not show twice" in found["evidence"]


def test_unchecked_certificates_pass_and_say_so(go, front, authority):
    found = go(front(answering(BAD_REQUEST), Authority().context("other.test")).port, validate_certs=False)
    assert found["verdict"] == "healthy" and "(not checked)" in found["stages"][2]["evidence"]


def test_a_server_that_breaks_tls_off(go, front, authority):
    context = authority.context(HOST)

    def refuse(sock, name, context):
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context.sni_callback = refuse
    found = go(front(answering(BAD_REQUEST), context).port)
    assert found["verdict"] == "closed" and "unrecognized name" in found["evidence"]


def test_nothing_listens(go):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    found = go(port)
    assert found["verdict"] == "refused" and str(port) in found["cause"] and "onnection refused" in found["evidence"]


def test_what_is_dropped_hangs(go):
    listener, waiting = full()
    try:
        found = go(listener.getsockname()[1], timeout=TIMEOUT)
    finally:
        for sock in [listener, *waiting]:
            sock.close()
    assert found["verdict"] == "hangs" and "security group" in found["mend"] and found["stages"][-1]["seconds"] >= TIMEOUT - 0.1


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        (errno.EHOSTUNREACH, "no_route"), (errno.ENETUNREACH, "no_route"), (errno.EPERM, "no_route"), (errno.EACCES, "no_route"),
        (errno.EINVAL, "no_route"), (errno.ECONNRESET, "closed"), (errno.ETIMEDOUT, "hangs"), (errno.ECONNREFUSED, "refused"),
    ],
    ids=lambda one: errno.errorcode.get(one, one),
)
def test_each_refusal_of_the_kernel(go, monkeypatch, made, number, verdict):
    server = made(Dns(records={(HOST, "A"): ["127.0.0.1"]}))

    def connect(self, address):
        if self.type == socket.SOCK_STREAM:
            raise OSError(number, "as the kernel says")
        return super(Mine, self).connect(address)

    class Mine(socket.socket):
        pass

    Mine.connect = connect
    monkeypatch.setattr(_probe.socket, "socket", Mine)
    found = go(19531, dns=server)
    assert found["verdict"] == verdict


def test_a_host_without_ipv6(go, front, monkeypatch):
    server, real = front(answering(BAD_REQUEST)), socket.socket

    def lacking(family=socket.AF_INET, *args, **kwargs):
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return real(family, *args, **kwargs)

    records = {(HOST, "A"): ["127.0.0.1"], (HOST, "AAAA"): ["fd00::5"]}
    monkeypatch.setattr(_probe.socket, "socket", lacking)
    assert go(server.port, records=records)["verdict"] == "healthy"
    assert go(server.port, records=records, family="ipv6")["verdict"] == "no_route"


# --- Several addresses ---


def test_every_address_is_tried(go, front):
    first = front(answering(BAD_REQUEST))
    second = front(answering(BAD_REQUEST), address="127.0.0.2", port=first.port)
    found = go(first.port, records={(HOST, "A"): ["127.0.0.1", "127.0.0.2"]})
    assert found["verdict"] == "healthy" and len(first.requests) == len(second.requests) == 1
    assert found["evidence"] == "127.0.0.1: HTTP 400; 127.0.0.2: HTTP 400"


def test_an_address_that_refuses_is_told(go, front):
    server = front(answering(BAD_REQUEST))
    found = go(server.port, records={(HOST, "A"): ["127.0.0.1", "127.0.0.9"]})
    assert (found["verdict"], found["state"]) == ("partly", "degraded") and found["evidence"].startswith("127.0.0.9: ")
    assert [stage["ok"] for stage in found["stages"]] == [True, False, True, True]


def test_a_stranger_on_one_address_is_told(go, front, authority):
    first = front(answering(BAD_REQUEST))
    front(answering(BAD_REQUEST), authority.context("other.test"), address="127.0.0.2", port=first.port)
    found = go(first.port, records={(HOST, "A"): ["127.0.0.1", "127.0.0.2"]})
    assert found["verdict"] == "wrong_certificate" and found["evidence"].startswith("127.0.0.2: ")


def test_ipv6_alone_and_beside(go, front):
    six = front(answering(BAD_REQUEST), address="::1")
    front(answering(BAD_REQUEST), port=six.port)
    records = {(HOST, "A"): ["127.0.0.1"], (HOST, "AAAA"): ["::1"]}
    assert go(six.port, records=records)["addresses"] == ["127.0.0.1", "::1"]
    assert go(six.port, records=records, family="ipv4")["addresses"] == ["127.0.0.1"]
    found = go(six.port, records=records, family="ipv6")
    assert found["addresses"] == ["::1"] and found["verdict"] == "healthy"
    assert go(six.port, records={(HOST, "A"): ["127.0.0.1"]}, family="ipv6")["verdict"] == "no_private_dns"


def test_many_links_side_by_side(made, front, authority):
    server = front(hold)
    dns = made(Dns(records={(f"h{n}.test", "A"): ["127.0.0.1"] for n in range(30)}))
    links = read_links([f"https://h{n}.test:{server.port}" for n in range(30)])[0]
    started = time.monotonic()
    found = Probe(tls_context(authority.path), resolver=dns.server, timeout=1.5, parallel=30).run(links)
    assert [one["host"] for one in found] == [f"h{n}.test" for n in range(30)]
    assert {one["verdict"] for one in found} == {"no_answer"} and time.monotonic() - started < 15


def test_no_links(authority):
    assert Probe(tls_context(authority.path)).run([]) == []


# --- Names ---


def test_a_flood_of_addresses_ends(go, front):
    server = front(hold)
    found = go(server.port, records={(HOST, "A"): [f"127.0.0.{n}" for n in range(1, 25)], (HOST, "AAAA"): ["fd00::5"] * 60}, timeout=TIMEOUT)
    assert found["verdict"] == "no_answer" and len(found["addresses"]) == 25 and found["stages"][1]["evidence"].count(";") == 23


def test_no_record(go):
    found = go(1, records={})
    assert found["verdict"] == "no_private_dns" and "NXDOMAIN" in found["evidence"] and found["cause"].startswith("The resolver 127.0.0.1")
    assert [stage["stage"] for stage in found["stages"]] == ["resolve"]


def test_a_resolver_that_hangs(go, made):
    assert go(1, dns=made(Dns(lambda query, way: None)), timeout=TIMEOUT)["verdict"] == "resolver_silent"


def test_a_resolver_that_answers_for_one_family_only(go, front, made):
    from unit.plugins.module_utils.probe_servers import asked, message

    server = front(answering(BAD_REQUEST))
    dns = made(Dns(lambda query, way: message(query, [(HOST, "A", "127.0.0.1")]) if asked(query)[1] == "A" else message(query, rcode=2)))
    found = go(server.port, dns=dns)
    assert found["verdict"] == "healthy" and "for AAAA: it answers SERVFAIL" in found["stages"][0]["evidence"]
    assert go(server.port, dns=dns, family="ipv6")["verdict"] == "resolver_silent"


@pytest.fixture
def untouchable(monkeypatch):
    """No connection may be made."""

    def connect(self, address, port, deadline):
        raise AssertionError(f"connected to {address}")

    monkeypatch.setattr(Probe, "_connect", connect)


def test_a_public_address_is_never_connected_to(go, untouchable):
    found = go(1, records={(HOST, "A"): ["203.0.113.7"]})
    assert found["verdict"] == "public_address" and found["addresses"] == ["203.0.113.7"] and "203.0.113.7" in found["evidence"]


def test_the_public_name_is_only_resolved(go, untouchable):
    records = {(HOST, "A"): ["127.0.0.7"], ("public.test", "A"): ["127.0.0.7"]}
    found = go(1, records=records, link={"public_host": "public.test", "expected_addresses": ["127.0.0.8"]})
    assert found["verdict"] == "public_address" and found["public_addresses"] == ["127.0.0.7"]
    assert "as does the public name public.test" in found["evidence"]


def test_an_address_that_is_not_the_endpoints(go, untouchable):
    found = go(1, link={"expected_addresses": ["127.0.0.5", "127.0.0.6"]})
    assert found["verdict"] == "wrong_address" and "the endpoint is 127.0.0.5, 127.0.0.6" in found["evidence"]
    assert "(127.0.0.5, 127.0.0.6)" in found["mend"]


def test_public_names_lead_to_public_addresses(go, front, monkeypatch):
    server, real = front(answering(BAD_REQUEST)), Probe._connect
    monkeypatch.setattr(Probe, "_connect", lambda self, address, *rest: real(self, "127.0.0.1", *rest))
    records = {(HOST, "A"): ["203.0.113.7"]}
    assert go(server.port, records=records)["verdict"] == "public_address"
    assert go(server.port, records=records, public=True)["verdict"] == "healthy"
    assert "private DNS" not in go(1, records={}, public=True)["cause"]


def system(monkeypatch, answer):
    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return Probe(None, timeout=0.3).resolve(HOST)


def test_the_systems_resolver(monkeypatch):
    rows = [(2, 1, 6, "", (address, 0)) for address in ("10.0.0.5", "10.0.0.6", "10.0.0.5")]
    stage, found = system(monkeypatch, lambda host, port, family, kind: rows)
    assert found == ["10.0.0.5", "10.0.0.6"] and stage.word == OK


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "no_private_dns"),
        (socket.gaierror(socket.EAI_NODATA, "No address associated with hostname"), "no_private_dns"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "resolver_silent"),
        (socket.gaierror(socket.EAI_FAIL, "Non-recoverable failure in name resolution"), "resolver_silent"),
        (OSError(errno.EMFILE, "Too many open files"), "resolver_silent"),
        (UnicodeError("label too long"), "resolver_silent"),
    ],
)
def test_the_systems_resolver_fails(monkeypatch, error, word):
    def fail(*args):
        raise error

    stage, found = system(monkeypatch, fail)
    assert (stage.word, found) == (word, []) and stage.evidence and "Errno" not in stage.evidence


def test_the_systems_resolver_hangs(monkeypatch):
    started = time.monotonic()
    stage, found = system(monkeypatch, lambda *args: time.sleep(5))
    assert stage.word == "resolver_silent" and time.monotonic() - started < 4


# --- A call with a key ---


def cluster(answer):
    def respond(request):
        return answer(request) if request.startswith(b"POST") else BAD_REQUEST

    return answering(respond)


def reply(status, body, chunked=False):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    if chunked:
        body = b"".join(b"%x;x=y\r\n%s\r\n" % (len(body[n:n + 7]), body[n:n + 7]) for n in range(0, len(body), 7)) + b"0\r\n\r\n"
        return b"HTTP/1.1 %d x\r\nTransfer-Encoding: chunked\r\n\r\n" % status + body
    return b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body


@pytest.mark.parametrize("chunked", [False, True])
def test_a_call_that_works(go, front, chunked):
    server = front(cluster(lambda request: reply(200, {"code": 0, "data": ["a collection"]}, chunked)))
    found = go(server.port, token=KEY)
    assert found["verdict"] == "healthy" and found["stages"][-1]["stage"] == "call" and found["stages"][-1]["ok"]
    call = next(one for one in server.requests if one.startswith(b"POST")).decode()
    assert call.startswith("POST /v2/vectordb/collections/list HTTP/1.1\r\n") and f"\r\nAuthorization: Bearer {KEY}\r\n" in call
    assert "a collection" not in json.dumps(found)


def test_an_answer_until_the_connection_ends(go, front):
    server = front(cluster(lambda request: b'HTTP/1.1 200 OK\r\n\r\n{"code": 200}'))
    assert go(server.port, token=KEY)["verdict"] == "healthy"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda request: reply(401, b""), "key_refused"),
        (lambda request: reply(200, {"code": 80001, "message": f"bad {KEY}"}), "key_refused"),
        (lambda request: reply(200, {"code": 1100, "message": f"no database for {KEY}"}), "call_failed"),
        (lambda request: reply(200, {"code": 1100, "message": "for s3cret-0123456789\u001b[31m"}), "call_failed"),
        (lambda request: reply(200, {"code": KEY}), "call_failed"),
        (lambda request: reply(200, b"<html>"), "call_failed"),
        (lambda request: reply(200, b"[" * 100000), "call_failed"),
        (lambda request: request, "call_failed"),
        (lambda request: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nx\r\nzz\r\n", "call_failed"),
        (lambda request: b"", "call_failed"),
        (lambda request: reply(503, b""), "call_failed"),
    ],
)
@pytest.mark.parametrize("token", [KEY, "db_admin:s3cret-0123456789"])
def test_a_call_that_fails_is_no_fault_of_the_path(go, front, answer, verdict, token):
    found = go(front(cluster(answer)).port, token=token)
    assert (found["verdict"], found["state"]) == (verdict, "degraded")
    assert [stage["ok"] for stage in found["stages"]] == [True, True, True, True, False]
    text = json.dumps(found)
    assert token not in text and token.rpartition(":")[2] not in text and "\\u001b" not in text


def test_a_key_is_sent_to_nobody_but_the_cluster(go, front, authority):
    strange = front(answering(BAD_REQUEST), authority.context("other.test"))
    assert go(strange.port, token=KEY)["verdict"] == "wrong_certificate"
    down = front(answering(b"HTTP/1.1 503 x\r\n\r\n"))
    assert go(down.port, token=KEY)["verdict"] == "cluster_down"
    assert not any(KEY.encode() in request for server in (strange, down) for request in server.requests)
    with pytest.raises(ValueError, match="validate_certs") as caught:
        _probe.read_token(KEY, False)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("token", [f"{KEY}\r\nX: y", f"{KEY}\0", f"a\n{KEY}"])
def test_a_key_that_would_break_the_request(token):
    with pytest.raises(ValueError) as caught:
        _probe.read_token(token, True)
    assert KEY not in str(caught.value)


def test_a_key_goes_to_a_healthy_address_only(go, front):
    server = front(cluster(lambda request: reply(401, b"")))
    found = go(server.port, records={(HOST, "A"): ["127.0.0.9", "127.0.0.1"]}, token=KEY)
    assert found["verdict"] == "partly" and found["stages"][-1]["stage"] == "call" and not found["stages"][-1]["ok"]


# --- Readers ---


class Pieces:
    """A socket that gives what it has in the pieces in which it has it, then ends."""

    def __init__(self, data, cuts):
        edges = [0, *sorted(set(cut % (len(data) + 1) for cut in cuts)), len(data)]
        self.pieces = [data[a:b] for a, b in zip(edges, edges[1:]) if a < b]

    def settimeout(self, seconds):
        assert seconds > 0

    def recv(self, size):
        return self.pieces.pop(0) if self.pieces else b""


def status_of(data, cuts=()):
    try:
        return Reader(Pieces(data, cuts), time.monotonic() + 5, 5).status()
    except Fault as fault:
        return fault.word


@given(st.integers(200, 599), st.lists(st.integers(0, 200)), st.integers(0, 3))
def test_an_answer_in_any_pieces_is_the_same(status, cuts, before):
    data = b"HTTP/1.1 103 x\r\nA: b\r\n\r\n" * before + b"HTTP/1.1 %d Some Reason\r\nContent-Length: 0\r\n\r\n" % status
    assert status_of(data, cuts) == status


def test_an_answer_is_read_even_when_the_request_could_not_be_sent():
    """A server may answer and close before it has read all; then sending fails."""
    sock = Pieces(BAD_REQUEST, [])
    sock.sendall = mock.Mock(side_effect=BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert Probe(None)._exchange(sock, b"GET", time.monotonic() + 5).status() == 400


@pytest.mark.parametrize("late", [{"deadline": -1}, {"side_effect": TimeoutError("timed out")}])
def test_a_request_that_is_not_taken_in_time(late):
    sock = Pieces(BAD_REQUEST, [])
    sock.sendall = mock.Mock(side_effect=late.get("side_effect"))
    with pytest.raises(Fault, match="it takes no request within 5 s") as caught:
        Probe(None, timeout=5)._exchange(sock, b"GET", time.monotonic() + late.get("deadline", 5))
    assert caught.value.word == "no_answer"


def test_a_connection_that_breaks_before_the_answer():
    sock = Pieces(b"", [])
    sock.recv = mock.Mock(side_effect=ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
    with pytest.raises(Fault, match="no HTTP answer: Connection reset by peer"):
        Reader(sock, time.monotonic() + 5, 5).status()


def test_a_switch_of_protocols_is_an_answer():
    assert status_of(b"HTTP/1.1 101 Switching Protocols\r\n\r\n") == 101


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda one: b"HTTP/1.1 " + one))
def test_any_bytes_are_a_status_or_a_fault(data):
    found = status_of(data)
    assert found in ("odd_answer", "no_answer") or 200 <= found <= 999 or found == 101


@given(st.text(), st.lists(st.integers(0, 400)), st.booleans())
def test_a_body_in_any_pieces_is_the_same(text, cuts, chunked):
    reader = Reader(Pieces(reply(200, {"text": text}, chunked), cuts), time.monotonic() + 5, 5)
    assert reader.status() == 200 and json.loads(reader.body()) == {"text": text}


@given(st.binary(max_size=200))
def test_any_body_is_read(data):
    reader = Reader(Pieces(b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n" + data, []), time.monotonic() + 5, 5)
    assert reader.status() == 200 and isinstance(reader.body(), bytes)


def test_what_a_certificate_says(authority):
    before, after = datetime.datetime(1999, 2, 3, 4, 5), datetime.datetime(2051, 6, 7, 8, 9)
    leaf = authority.ca.issue_cert("a.test", "*.b.test", "10.0.0.5", "fd00::5", not_before=before, not_after=after)
    der = ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())
    names, issuer, begins, ends = _probe_certificate.read(der)
    assert names == ["a.test", "*.b.test", "10.0.0.5", "fd00::5"] and issuer.startswith("trustme")
    assert (begins, ends) == ("1999-02-03 04:05 UTC", "2051-06-07 08:09 UTC")
    own = ssl.PEM_cert_to_DER_cert(authority.ca.cert_pem.bytes().decode())
    assert _probe_certificate.describe(own).startswith("certificate for ")


@given(st.binary(max_size=100))
def test_any_bytes_are_described(data):
    assert _probe_certificate.describe(data) == "a certificate that cannot be read"


DER = ssl.PEM_cert_to_DER_cert(Authority().ca.issue_cert("a.test", "10.0.0.5").cert_chain_pems[0].bytes().decode())


@given(st.data())
def test_any_damage_to_a_certificate_is_described(data):
    whole = bytearray(DER)
    for _unused in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, 300))] = data.draw(st.integers(0, 255))
    assert "certificate" in _probe_certificate.describe(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


# The first of its dates.
DATES = DER.index(b"\x17\x0d") + 2


@pytest.mark.parametrize(
    "damaged", [b"\x30\x00", DER[:-1], b"\x30\x80\x00\x00", DER[:DATES] + b"when" + DER[DATES + 4:]], ids=["empty", "cut", "no length", "no time"])
def test_a_certificate_without_what_it_must_have(damaged):
    assert _probe_certificate.describe(damaged) == "a certificate that cannot be read"
