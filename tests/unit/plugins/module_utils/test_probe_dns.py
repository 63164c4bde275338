# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The DNS client of the probe, against a real little server, and its reader against anything that may come."""

from __future__ import annotations

import socket
import time

import pytest
from ansible_collections.zilliz.cloud.plugins.module_utils import _probe_dns
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_dns import DnsError, lookup, parse, server_of
from hypothesis import given
from hypothesis import strategies as st

from unit.plugins.module_utils.probe_servers import HOST, Dns, message

QUERY = _probe_dns._query(7, HOST, 1)


@pytest.fixture
def dns():
    made = []

    def make(*args, **kwargs):
        made.append(Dns(*args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.close()


def refused(server, family="ipv4", timeout=2, host=HOST):
    started = time.monotonic()
    with pytest.raises(DnsError) as caught:
        lookup(host, family, server.server, timeout)
    assert time.monotonic() - started < timeout + 1
    return caught.value.absent, str(caught.value)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("10.0.0.2", ("10.0.0.2", 53)),
        (" 10.0.0.2:5353 ", ("10.0.0.2", 5353)),
        ("fd00:ec2::253", ("fd00:ec2::253", 53)),
        ("[fd00:ec2::253]", ("fd00:ec2::253", 53)),
        ("[fd00:ec2::253]:5353", ("fd00:ec2::253", 5353)),
        ("dns.example.test", None),
        ("10.0.0.2:", None),
        ("10.0.0.2:0", None),
        ("10.0.0.2:65536", None),
        ("10.0.0.2:\u0665", None),
        ("[fd00::1", None),
        ("[fd00::1]5353", None),
        ("", None),
    ],
)
def test_a_resolver_can_be_written_in_these_ways(text, server):
    assert server_of(text) == server


def test_addresses_of_both_families(dns):
    server = dns(records={(HOST, "A"): ["10.0.0.5", "10.0.1.5"], (HOST, "AAAA"): ["fd00::5"]})
    assert lookup(HOST, "ipv4", server.server, 2) == ["10.0.0.5", "10.0.1.5"]
    assert lookup(f"{HOST.upper()}.", "ipv6", server.server, 2) == ["fd00::5"]


def test_a_server_by_ipv6(dns):
    server = dns(records={(HOST, "A"): ["10.0.0.5"]}, address="::1")
    assert lookup(HOST, "ipv4", server.server, 2) == ["10.0.0.5"]


def test_an_address_that_comes_twice_counts_once(dns):
    server = dns(records={(HOST, "A"): ["10.0.0.5", "10.0.0.5"]})
    assert lookup(HOST, "ipv4", server.server, 2) == ["10.0.0.5"]


def test_no_such_name_and_no_such_record_are_both_absent(dns):
    server = dns(records={(HOST, "A"): ["10.0.0.5"]})
    assert refused(server, host="other.example.test") == (True, "NXDOMAIN: no such name")
    assert refused(server, family="ipv6") == (True, "no AAAA record")


def test_a_cname_is_followed_within_an_answer_and_beyond_it(dns):
    server = dns(records={(HOST, "CNAME"): ["a.test"], ("a.test", "A"): ["10.0.0.5"]})
    assert lookup(HOST, "ipv4", server.server, 2) == ["10.0.0.5"] and len(server.queries) == 1
    records = {(HOST, "CNAME"): ["a.test"], ("a.test", "CNAME"): ["b.test"], ("b.test", "A"): ["10.0.0.5"]}
    server = dns(records=records)
    assert lookup(HOST, "ipv4", server.server, 2) == ["10.0.0.5"]
    assert [name for name, *unused in server.queries] == [HOST, "a.test"]


def test_a_cname_to_nothing_says_so(dns):
    server = dns(records={(HOST, "CNAME"): ["vpce-1.example.test"]})
    absent, text = refused(server)
    assert absent and text == "it is a CNAME of vpce-1.example.test, which has NXDOMAIN: no such name"


@pytest.mark.parametrize(
    "records",
    [
        {(HOST, "CNAME"): [HOST]},
        {(HOST, "CNAME"): ["a.test"], ("a.test", "CNAME"): [HOST]},
        {(HOST if n == 0 else f"n{n}.test", "CNAME"): [f"n{n + 1}.test"] for n in range(40)},
    ],
    ids=["itself", "two", "endless"],
)
def test_cnames_in_a_circle_end(dns, records):
    absent, text = refused(dns(records=records))
    assert absent and "CNAMEs lead nowhere" in text


def test_a_circle_within_one_answer_ends(dns):
    circle = [(HOST, "CNAME", "a.test"), ("a.test", "CNAME", HOST)]
    assert refused(dns(lambda query, way: message(query, circle)))[0]


@pytest.mark.parametrize(("rcode", "word"), [(1, "FORMERR"), (2, "SERVFAIL"), (4, "NOTIMP"), (5, "REFUSED"), (9, "code 9")])
def test_a_server_that_will_not_answer_is_not_an_absent_name(dns, rcode, word):
    assert refused(dns(lambda query, way: message(query, rcode=rcode))) == (False, f"it answers {word}")


def test_a_refusal_without_the_question_is_understood(dns):
    server = dns(lambda query, way: query[:2] + b"\x81\x85" + b"\0" * 8)
    assert refused(server) == (False, "it answers REFUSED")


def test_silence_is_bounded_and_asked_again(dns):
    server = dns(lambda query, way: None)
    assert refused(server, timeout=0.6) == (False, "no answer in time")
    assert len(server.queries) == 3


def test_a_lost_answer_is_asked_for_again(dns):
    answers = iter([None])
    server = dns(lambda query, way: next(answers, message(query, [(HOST, "A", "10.0.0.5")])))
    assert lookup(HOST, "ipv4", server.server, 1.5) == ["10.0.0.5"]


def test_nobody_listens():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    with pytest.raises(DnsError) as caught:
        lookup(HOST, "ipv4", ("127.0.0.1", port), 1)
    assert not caught.value.absent and "Connection refused" in str(caught.value)


def test_answers_to_other_questions_are_not_taken(dns):
    def answer(query, way):
        ident = (query[0] << 8 | query[1]) ^ 1
        other = _probe_dns._query(0, "other.example.test", 1)[12:]
        forged = [(HOST, "A", "10.6.6.6")]
        return [
            b"",
            b"\0",
            query,
            message(query, forged, ident=ident),
            message(query, forged, question=other),
            message(query, [(HOST, "A", "10.0.0.5")]),
        ]

    assert lookup(HOST, "ipv4", dns(answer).server, 2) == ["10.0.0.5"]


def test_addresses_of_other_names_are_not_taken(dns):
    server = dns(lambda query, way: message(query, [("other.example.test", "A", "10.6.6.6")]))
    assert refused(server) == (True, "no A record")


def test_a_truncated_answer_comes_by_tcp(dns):
    many = [f"10.0.{n}.5" for n in range(60)]

    def answer(query, way):
        if way == "udp":
            return message(query, flags=0x8380)
        return message(query, [(HOST, "A", address) for address in many])

    server = dns(answer)
    assert lookup(HOST, "ipv4", server.server, 2) == many
    assert [way for *unused, way in server.queries] == ["udp", "tcp"]


def test_a_truncated_answer_without_tcp_is_no_answer(dns):
    server = dns(lambda query, way: message(query, flags=0x8380) if way == "udp" else None)
    assert refused(server) == (False, "it ends the connection in the middle of its answer")
    server.tcp.shutdown(socket.SHUT_RDWR)
    server.tcp.close()
    assert refused(server)[0] is False


def test_a_stranger_by_tcp_is_not_taken(dns):
    server = dns(lambda query, way: message(query, flags=0x8380) if way == "udp" else message(query, ident=0, flags=0x0100))
    assert refused(server) == (False, "its answer is not for the question asked")


def test_tcp_that_drips_is_bounded(dns):
    class Slow(Dns):
        def _reply(self, query, way):
            if way == "udp":
                return [message(query, flags=0x8380)]
            time.sleep(3)
            return []

    server = Slow()
    try:
        assert refused(server, timeout=0.5) == (False, "no answer in time")
    finally:
        server.close()


@pytest.mark.parametrize(
    "answer",
    [
        lambda query: message(query)[:7] + b"\x01" + message(query)[8:],
        lambda query: message(query, [(HOST, "A", "10.0.0.5")])[:-2],
        lambda query: message(query, [(HOST, "A", "10.0.0.5")])[:-6] + b"\0\x02\x0a\0",
        lambda query: message(query)[:7] + b"\x01" + message(query)[8:] + b"\xc0\xff" + b"\0" * 10,
        lambda query: message(query, [(HOST, "AAAA", "fd00::5")]).replace(b"\0\x1c\0\x01\0\0\0", b"\0\x01\0\x01\0\0\0"),
        lambda query: message(query)[:7] + b"\x01" + message(query)[8:] + b"\x40" + b"\0" * 10,
        lambda query: message(query)[:7] + b"\x01" + message(query)[8:] + b"\x3fabc",
    ],
    ids=["missing", "cut", "short address", "pointer ahead", "long address", "long label", "cut label"],
)
def test_a_malformed_answer_is_no_answer(dns, answer):
    assert refused(dns(lambda query, way: answer(query))) == (False, "its answer is malformed")


@pytest.mark.parametrize("host", ["a..b", "x" * 64 + ".test", ".".join(["x" * 60] * 5), "b\u00fccher.test"])
def test_a_name_that_dns_cannot_carry(host):
    with pytest.raises(DnsError) as caught:
        lookup(host, "ipv4", ("127.0.0.1", 9), 1)
    assert caught.value.absent


def understood(data):
    try:
        rcode, records = parse(data)
    except DnsError as error:
        assert str(error) == "its answer is malformed"
        return
    assert 0 <= rcode < 16 and all(len(one) == 3 for one in records)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    understood(data)


@given(st.data())
def test_any_damage_to_an_answer_is_read_or_refused(data):
    whole = bytearray(message(QUERY, [(HOST, "CNAME", "a.test"), ("a.test", "A", "10.0.0.5")]))
    for _unused in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    understood(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_pointers_cannot_lead_in_circles(targets):
    """Names made of nothing but pointers and short labels."""
    body = b"".join(b"\x01x" + bytes([0xC0, 12 + target]) for target in targets)
    understood(message(QUERY)[:4] + b"\0\0" + bytes([0, len(targets)]) + b"\0" * 4 + body)


def test_compressed_names_are_read():
    answer = message(QUERY)[:6] + b"\0\x01" + message(QUERY)[8:]
    answer += b"\xc0\x0c" + b"\0\x05\0\x01\0\0\0\x3c\0\x04" + b"\x01a" + b"\xc0\x0c"
    assert parse(answer) == (0, [(HOST, 5, f"a.{HOST}")])


def test_a_record_of_a_type_that_nobody_asked_for_is_passed_over(dns):
    def answer(query, way):
        head = message(query)
        records = b"\xc0\x0c\0\x10\0\x01\0\0\0\x3c\0\x02\x01x" + b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x0a\0\0\x05"
        return head[:6] + b"\0\x02" + head[8:] + records

    assert lookup(HOST, "ipv4", dns(answer).server, 2) == ["10.0.0.5"]
