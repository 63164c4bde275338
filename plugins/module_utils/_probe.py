# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Goes the way of a client along private links, stage by stage, each in bounded time. Standard library only, no Ansible."""

from __future__ import annotations

import errno
import queue
import re
import socket
import ssl
import threading
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from ansible_collections.zilliz.cloud.plugins.module_utils import _probe_dns, _probe_http
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_certificate import describe
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_http import Fault, Reader, clean, left, read_json, why
from ansible_collections.zilliz.cloud.plugins.module_utils._probe_judge import (
    CALL_FAILED,
    CLOSED,
    EXPIRED_CERTIFICATE,
    HANGS,
    HEALTHY,
    NO_ANSWER,
    NO_PRIVATE_DNS,
    NO_ROUTE,
    NOT_TLS,
    OK,
    PARTLY,
    REFUSED,
    RESOLVER_SILENT,
    UNTRUSTED_CERTIFICATE,
    WRONG_CERTIFICATE,
    is_address,
    judge,
    judge_addresses,
    judge_call,
    judge_name,
    judge_status,
    plain,
    told,
)
from ansible_collections.zilliz.cloud.plugins.module_utils._secret import Secret

_FAMILIES = {"any": socket.AF_UNSPEC, "ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
# More than any endpoint has; a resolver must not make the probe endless.
_MOST_PATHS = 24

# OpenSSL's numbers: a certificate not yet or no longer valid; one that does not name the host or the address.
_TIMES, _NAMES = (9, 10), (62, 64)
# Reasons of OpenSSL to give up on an other end that does speak TLS.
_TLS_QUARREL = ("ALERT", "TLSV1", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS_AVAILABLE", "NO_SHARED_CIPHER", "KEY_TOO_SMALL", "EOF", "UNSAFE_LEGACY")

Stage = namedtuple("Stage", "stage word evidence seconds")


def read_links(entries, expected=()):
    """The links to probe, and what is wrong with the entries."""
    found, problems = [], []
    for number, entry in enumerate(entries, 1):
        entry = {"url": entry} if isinstance(entry, str) else entry
        if not isinstance(entry, dict):
            problems.append(f"entry {number} of links must be a dict with host and port, or a URL")
        elif entry.get("ready") is not False:
            try:
                found.append(_read_link(entry, expected))
            except ValueError as error:
                problems.append(f"entry {number} of links: {error}")
    return found, problems


def _read_link(entry, expected):
    host, port = entry.get("host"), entry.get("port")
    if not host and entry.get("url"):
        text = str(entry["url"]).strip()
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            host, port = parts.hostname, parts.port or 443
        except ValueError:
            host = None
    return {
        "cluster_id": str(entry.get("cluster_id") or ""),
        "cluster_name": str(entry.get("cluster_name") or ""),
        "host": _host(host, "host"),
        "port": _port(port),
        "public_host": _host(entry["public_host"], "public_host") if entry.get("public_host") else "",
        "expected": read_addresses(entry.get("expected_addresses") or expected),
    }


def _host(value, option):
    host = str(value or "").strip().lower().strip("[]").rstrip(".")
    if is_address(host) or len(host) <= 253 and _HOST.fullmatch(host):
        return host
    raise ValueError(f"{option} '{value or ''}' is no host name: take the host of the private link as Zilliz Cloud gives it")


def _port(value):
    text = "" if isinstance(value, bool) or value is None else str(value)
    if re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) < 65536:
        return int(text)
    raise ValueError(f"port '{text}' must be a number from 1 to 65535")


def read_addresses(values):
    """Expected addresses in their one form; ValueError names what is none."""
    try:
        return [plain(value) for value in ([values] if isinstance(values, str) else values)]
    except (TypeError, ValueError):
        shown = values if isinstance(values, str) else ", ".join(map(str, values)) if isinstance(values, list) else type(values).__name__
        raise ValueError(f"expected_addresses must be IP addresses, not '{shown}'")


def read_resolver(text):
    """A DNS server to ask, or None for the system's."""
    server = _probe_dns.server_of(text) if text else None
    if text and not server:
        raise ValueError(f"resolver '{text}' must be an IP address, such as 10.0.0.2, 10.0.0.2:53 or [fd00:ec2::253]:53")
    return server


def read_token(text, validate_certs):
    """What stands after Bearer; the text itself stays out of what is said about it."""
    token = (text or "").strip()
    if not token.isprintable():
        raise ValueError("token must be one line without control characters")
    if token and not validate_certs:
        raise ValueError("token needs validate_certs: a token is sent to nobody whose certificate was not checked")
    return token


def tls_context(ca_path=None, validate_certs=True):
    """How TLS is spoken. ValueError when the file of authorities is of no use."""
    try:
        context = ssl.create_default_context(cafile=ca_path or None)
    except (OSError, ssl.SSLError) as error:
        why = "it holds no certificate in PEM form" if isinstance(error, ssl.SSLError) else error.strerror
        raise ValueError(f"ca_path {ca_path} cannot be used: {why}")
    # Newer Pythons are stricter about authorities than other clients of the cluster.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["http/1.1"])
    if not validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


class Probe:
    """The way of a client, as often as there are links."""

    def __init__(self, context, resolver=None, family="any", timeout=5, token="", public=False, parallel=20):
        self.context = context
        self.resolver = resolver
        self.family = family
        self.timeout = timeout
        self.token = token
        self.public = public
        self.parallel = parallel

    def run(self, links):
        if not links:
            return []
        with ThreadPoolExecutor(min(self.parallel, len(links))) as pool:
            return list(pool.map(self.link, links))

    def link(self, link):
        """One link: all stages, and the verdict."""
        started, host = time.monotonic(), link["host"]
        wanted = [host, link["public_host"]] if link["public_host"] else [host]
        with ThreadPoolExecutor(2) as pool:
            (found, addresses), *others = pool.map(self.resolve, wanted)
        public_addresses = others[0][1] if others else []
        if found.word == OK:
            found = self._judged(found, link, addresses, public_addresses)
        paths = {}
        if found.word == OK:
            tried = addresses[:_MOST_PATHS]
            with ThreadPoolExecutor(len(tried)) as pool:
                paths = dict(zip(tried, pool.map(lambda address: self.path(link, address), tried)))
        ends = [(address, stages[-1].word) for address, stages in paths.items()]
        verdict, about = judge(found.word, ends)
        call = None
        if self.token and verdict in (HEALTHY, PARTLY):
            call = self.call(link, next(address for address, word in ends if word == OK))
            if verdict == HEALTHY:
                verdict, about = judge(found.word, ends, call.word)
        words = told(
            verdict,
            self.public,
            host=host,
            port=link["port"],
            resolver=f"The resolver {self.resolver[0]}" if self.resolver else "The resolver of this host",
            expected=f" ({', '.join(link['expected'])})" if link["expected"] else "",
        )
        return {
            "cluster_id": link["cluster_id"],
            "cluster_name": link["cluster_name"],
            "host": host,
            "port": link["port"],
            "verdict": verdict,
            "state": words["state"],
            "cause": words["cause"],
            "evidence": _evidence(verdict, found, paths, about, call),
            "mend": words["mend"],
            "addresses": addresses,
            "public_addresses": public_addresses,
            "seconds": round(time.monotonic() - started, 3),
            "stages": _rows(found, paths, call),
        }

    def _judged(self, found, link, addresses, public_addresses):
        word, about = judge_addresses(addresses, link["expected"], public_addresses, self.public)
        if word == OK:
            return found
        same = set(map(plain, about)) & set(map(plain, public_addresses))
        note = f"it gives {', '.join(about)}"
        note += f", as does the public name {link['public_host']}" if same else ""
        note += f"; the endpoint is {', '.join(link['expected'])}" if link["expected"] else ""
        return found._replace(word=word, evidence=note)

    # --- Resolve ---

    def resolve(self, host):
        """The stage, and the addresses in the order in which a client would try them."""
        started = time.monotonic()
        try:
            if is_address(host):
                addresses, evidence = [host], f"{host} is an address itself"
            else:
                addresses, evidence = self._asked(host) if self.resolver else self._system(host)
            word = OK
        except Fault as fault:
            addresses, word, evidence = [], fault.word, fault.evidence
        return Stage("resolve", word, evidence, time.monotonic() - started), addresses

    def _asked(self, host):
        families = [family for family in ("ipv4", "ipv6") if self.family in ("any", family)]

        def ask(family):
            try:
                return _probe_dns.lookup(host, family, self.resolver, self.timeout)
            except _probe_dns.DnsError as error:
                return error

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(ask, families))
        addresses = [address for answer in answers if isinstance(answer, list) for address in answer]
        errors = [answer for answer in answers if not isinstance(answer, list)]
        if addresses:
            silent = [f"; for {_probe_dns.KINDS['ipv6'][0]}: {error}" for error in errors if not error.absent]
            return addresses, f"{', '.join(addresses)}{''.join(silent)}"
        failed = [error for error in errors if not error.absent]
        raise Fault(RESOLVER_SILENT if failed else NO_PRIVATE_DNS, str((failed or errors)[0]))

    def _system(self, host):
        answers = queue.Queue()

        def ask():
            try:
                answers.put(socket.getaddrinfo(host, None, _FAMILIES[self.family], socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        # The system's resolver takes no time limit: when it hangs, it is left behind.
        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=self.timeout)
        except queue.Empty:
            raise Fault(RESOLVER_SILENT, f"no answer within {self.timeout:g} s")
        if isinstance(answer, list):
            addresses = list(dict.fromkeys(row[4][0] for row in answer))
            return addresses, ", ".join(addresses)
        number = answer.errno if isinstance(answer, socket.gaierror) else None
        absent = [getattr(socket, name, None) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY")]
        text = clean(answer.strerror if isinstance(answer, OSError) and answer.strerror else "the name cannot be asked for")
        raise Fault(NO_PRIVATE_DNS if number is not None and number in absent else RESOLVER_SILENT, text)

    # --- TCP, TLS, HTTP ---

    def path(self, link, address):
        """The stages from TCP on, towards one address; the last one tells."""
        stages, sock = [], None
        try:
            sock = self._stage(stages, "tcp", self._connect, address, link["port"])
            sock = self._stage(stages, "tls", self._secure, sock, link, address)
            self._stage(stages, "http", self._get, sock, link)
        except Fault:
            pass
        finally:
            if sock:
                sock.close()
        return stages

    def _stage(self, stages, name, function, *args):
        started = time.monotonic()
        try:
            value, evidence = function(*args, started + self.timeout)
        except Fault as fault:
            stages.append(Stage(name, fault.word, fault.evidence, time.monotonic() - started))
            raise
        stages.append(Stage(name, OK, evidence, time.monotonic() - started))
        return value

    def _connect(self, address, port, deadline):
        sock = None
        try:
            sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
            sock.settimeout(left(deadline))
            sock.connect((address, port))
            return sock, "connected"
        except OSError as error:
            if sock:
                sock.close()
            if isinstance(error, socket.timeout) or error.errno == errno.ETIMEDOUT:
                raise Fault(HANGS, f"no connection on port {port} within {self.timeout:g} s")
            word = REFUSED if error.errno == errno.ECONNREFUSED else CLOSED if error.errno == errno.ECONNRESET else NO_ROUTE
            raise Fault(word, f"port {port}: {why(error)}")

    def _secure(self, sock, link, address, deadline):
        try:
            sock.settimeout(left(deadline))
            tls = self.context.wrap_socket(sock, server_hostname=link["host"])
        except ssl.SSLCertVerificationError as error:
            raise self._distrust(error, link, address)
        except socket.timeout:
            raise Fault(NO_ANSWER, f"connected, but no answer to TLS within {self.timeout:g} s")
        except ssl.SSLError as error:
            reason = str(error.reason or "EOF")
            if any(one in reason for one in _TLS_QUARREL):
                raise Fault(CLOSED, f"connected, but TLS is broken off: {why(error)}")
            raise Fault(NOT_TLS, f"no TLS: {why(error)}")
        except (OSError, ValueError) as error:
            raise Fault(CLOSED, f"connected, but then: {why(error)}")
        checked = "" if self.context.check_hostname else " (not checked)"
        return tls, f"{tls.version()}, {clean(describe(tls.getpeercert(True) or b''))}{checked}"

    def _distrust(self, error, link, address):
        number = error.verify_code
        word = EXPIRED_CERTIFICATE if number in _TIMES else WRONG_CERTIFICATE if number in _NAMES else UNTRUSTED_CERTIFICATE
        evidence = f"{clean(self._shown(link, address))}: {clean(error.verify_message)}"
        if word == EXPIRED_CERTIFICATE:
            evidence += f"; this host's clock says {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}"
        return Fault(judge_name(link["host"], word), evidence)

    def _shown(self, link, address):
        """A second look, for the evidence only: at the certificate that was refused."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        deadline = time.monotonic() + self.timeout
        try:
            with self._connect(address, link["port"], deadline)[0] as sock:
                sock.settimeout(left(deadline))
                with context.wrap_socket(sock, server_hostname=link["host"]) as tls:
                    return describe(tls.getpeercert(True) or b"")
        except (Fault, OSError, ValueError):
            return "a certificate that it did not show twice"

    def _get(self, sock, link, deadline):
        status = self._exchange(sock, _probe_http.get(link), deadline).status()
        word = judge_status(status)
        if word != OK:
            raise Fault(word, f"HTTP {status}")
        return None, f"HTTP {status}"

    def _exchange(self, sock, request, deadline):
        try:
            sock.settimeout(left(deadline))
            sock.sendall(request)
        except socket.timeout:
            raise Fault(NO_ANSWER, f"it takes no request within {self.timeout:g} s")
        except OSError:
            # It may have answered before it closed: reading tells.
            pass
        return Reader(sock, deadline, self.timeout)

    # --- A call with a key ---

    def call(self, link, address):
        """Lists the collections, on a connection of its own to an address that was found healthy."""
        started = time.monotonic()
        deadline, sock = started + self.timeout, None
        try:
            sock = self._connect(address, link["port"], deadline)[0]
            sock = self._secure(sock, link, address, deadline)[0]
            reader = self._exchange(sock, _probe_http.call(link, self.token), deadline)
            status = reader.status()
            answer = read_json(reader.body())
            word, evidence = judge_call(status, answer), f"POST /v2/vectordb/collections/list: HTTP {status}"
            if isinstance(answer, dict) and "code" in answer:
                evidence += f", code {answer['code']}"
                # What is said about a key could repeat it.
                evidence += f": {answer.get('message')}" if word == CALL_FAILED and answer.get("message") else ""
        except Fault as fault:
            word, evidence = CALL_FAILED, f"POST /v2/vectordb/collections/list: {fault.evidence}"
        finally:
            if sock:
                sock.close()
        return Stage("call", word, clean(self._without_token(evidence)), time.monotonic() - started)

    def _without_token(self, text):
        for secret in [self.token, *self.token.split(":", 1)[1:]]:
            text = Secret(secret).out_of(text) if secret else text
        return text


def _evidence(verdict, found, paths, about, call):
    """What tells for the verdict."""
    if found.word != OK:
        return found.evidence
    if call and call.word == verdict:
        return call.evidence
    return "; ".join(f"{address}: {paths[address][-1].evidence}" for address in about)


def _rows(found, paths, call):
    """The stages as returned: over all addresses."""
    rows = [found]
    for name in ("tcp", "tls", "http"):
        reached = [(address, stage) for address, stages in paths.items() for stage in stages if stage.stage == name]
        if reached:
            failed = [stage.word for unused, stage in reached if stage.word != OK]
            evidence = "; ".join(f"{address}: {stage.evidence}" for address, stage in reached)
            rows.append(Stage(name, failed[0] if failed else OK, evidence, max(stage.seconds for unused, stage in reached)))
    rows += [call] if call else []
    return [
        {"stage": row.stage, "ok": row.word == OK, "seconds": round(row.seconds, 3), "evidence": row.evidence} for row in rows
    ]
