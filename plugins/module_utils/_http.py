# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One call of the Zilliz Cloud API: envelope, errors with their remedy, and trying again where that is safe."""

from __future__ import annotations

import email.utils
import ipaddress
import os
import random
import re
import time
import traceback
from urllib.parse import urlsplit

from ansible_collections.zilliz.cloud.plugins.module_utils._answer import Endless, brief, content, parsed, within
from ansible_collections.zilliz.cloud.plugins.module_utils._names import snake
from ansible_collections.zilliz.cloud.plugins.module_utils._secret import Secret

try:
    import requests
    import urllib3
except ImportError:
    requests = None  # type: ignore[assignment]  # None: not installed
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

GLOBAL_HOST = "https://api.cloud.zilliz.com"
CHINA_HOST = "https://api.cloud.zilliz.com.cn"

_CONNECT_TIMEOUT = 10
_BUDGET = 120  # seconds for all tries of one call
_TRIES = 5  # for trouble other than the rate limit, which many processes share and which may need the whole budget

_KEY_CODES = {1800, 21119, 80001, 80002}
_REMEDIES = {
    **dict.fromkeys(
        (80015, 96012, 96013, 96027),
        "The API key has no rights on this project, or the project does not exist: check project_id, "
        "or use a key of an organization owner or project admin",
    ),
    **dict.fromkeys(
        (40022, 96014, 96015, 96016),
        "The API key has no rights on this cluster: use a key of an organization owner or project admin",
    ),
    **dict.fromkeys((40021, 80020, 96018, 96025, 96036), "There is no such cluster: list them with cluster_info"),
    96000: "There is no such cloud: region_info lists the clouds of this host",
    96001: "There is no such region: region_info lists the regions of this host",
    96005: "The form of project_id is wrong: project_info lists the projects",
    96028: "The plan of the project must be Enterprise or higher",
    40003: "The state of the cluster forbids it now: run again later",
    40059: "Without a private link nobody could reach the cluster any more: register an endpoint (private_endpoint) first",
    **dict.fromkeys((96021, 96022), "The public endpoint of a free or serverless cluster cannot be disabled"),
}


class ZillizError(Exception):
    """What went wrong at Zilliz Cloud, where, and what to do."""

    def __init__(self, message, code=None, request_id=None, status=None, call=None, remedy=None, in_doubt=False):
        self.message = message
        self.code = code
        self.request_id = request_id
        self.status = status
        self.call = call
        self.remedy = remedy
        self.in_doubt = in_doubt  # the effect may have happened although the call failed
        super().__init__(message)

    def __str__(self):
        facts = [f"code {self.code}"] if self.code is not None else [f"HTTP {self.status}"] if self.status else []
        facts += [f"request id {self.request_id}"] if self.request_id else []
        text = f"{self.call}: {self.message}" if self.call else self.message
        text += f" ({', '.join(facts)})" if facts else ""
        return f"{text}. {self.remedy}" if self.remedy else text


def input_problems(api_key, host_address=None, timeout=70):
    """What is wrong with a connection's settings, one sentence each."""
    problems = []
    key = (api_key or "").strip()
    if not key:
        problems.append("api_key is empty: give the option, or export ZILLIZCLOUD_API_KEY")
    elif not re.fullmatch(r"[!-~]+", key):
        problems.append("api_key holds white space or other characters that no API key has: copy the key again")
    try:
        _base_url(host_address)
    except ValueError as error:
        problems.append(str(error))
    if timeout <= 0:
        problems.append(f"timeout must be more than 0 seconds, not {timeout}")
    return problems


def _base_url(host_address):
    address = (host_address or "").strip() or GLOBAL_HOST
    # It is not quoted, because it may be the key, given in the wrong place.
    wrong = f"host_address is not an address: write it as {GLOBAL_HOST}"
    try:
        parts = urlsplit(address)
        parts.port  # raises for a port that is no number
    except ValueError:
        raise ValueError(wrong) from None
    if "@" in parts.netloc:
        raise ValueError(f"host_address must not hold a user or password: write it as {GLOBAL_HOST}")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(wrong)
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise ValueError("host_address must begin with https://: without TLS everybody on the way could read the API key")
    path = re.sub(r"/v2$", "", parts.path.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}/v2"


def _loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Connection:
    """The way to one account of Zilliz Cloud."""

    def __init__(
        self, api_key, host_address=None, timeout=70, validate_certs=True, sleep=time.sleep, clock=time.monotonic
    ):
        problems = input_problems(api_key, host_address, timeout)
        if problems:
            raise ZillizError("; ".join(problems))
        if requests is None:
            raise ZillizError("the Python package requests is missing: install it for the Python that runs this task")
        self._api_key = api_key.strip()
        self._secret = Secret(self._api_key)
        self._base = _base_url(host_address)
        self.host = urlsplit(self._base).netloc
        self._timeout = (min(_CONNECT_TIMEOUT, timeout), timeout)
        self._verify = validate_certs
        self.sleep = sleep
        self.clock = clock
        self._session = requests.Session()
        if not validate_certs:
            urllib3.disable_warnings()

    def __repr__(self):
        return f"{type(self).__name__}({self.host})"

    def call(self, method, path, query=None, body=None, headers=None):
        """The data of an answer. Asks again only where that is safe, and never for longer than the budget."""
        start, tries, throttled = self.clock(), 0, 0
        while True:
            try:
                return self._once(method, path, query, body, headers or {})
            except _Again as again:
                tries, throttled = tries + 1, throttled + again.throttled
                safe = again.before_work or method == "GET"
                delay = random.uniform(0, min(30, 2 ** (tries - 1))) + (again.retry_after or 0)
                spent = self.clock() - start + delay
                if not safe or tries - throttled >= _TRIES or spent > _BUDGET:
                    again.error.in_doubt = not again.before_work
                    raise again.error from None
                self.sleep(delay)
            except ZillizError:
                raise
            except Exception as error:
                # Nobody foresaw it, and its text may hold what was sent.
                raise self._unforeseen(f"{method} {path}", error) from None

    def _once(self, method, path, query, body, headers):
        call = f"{method} {path}"
        # A kept connection that the other side has just closed leaves a write in doubt: writes open their own.
        send = self._session.request if method == "GET" else requests.request

        def ask():
            answer = send(
                method,
                f"{self._base}/{path}",
                params={name: value for name, value in (query or {}).items() if value is not None},
                json=body,
                headers={"Accept": "application/json", "User-Agent": "ansible-collection-zilliz.cloud", **headers},
                # As auth and not as a header, because a .netrc entry of this host would replace the header.
                auth=self._sign,
                timeout=self._timeout,
                # On each request, because REQUESTS_CA_BUNDLE beats the session's own setting.
                verify=self._verify,
                # A redirect would take the key to wherever it points.
                allow_redirects=False,
                stream=True,
            )
            return answer, content(answer)

        try:
            answer, text = within(sum(self._timeout), ask)
        except Endless as error:
            raise ZillizError(f"{self.host} {error}", call=call, remedy=f"Check that {self.host} is the Zilliz Cloud API", in_doubt=True) from None
        except requests.RequestException as error:
            raise self._network_trouble(call, error) from None
        except OSError as error:
            raise self._no_authorities(call) if "CA certificate" in str(error) else error
        return self._read(call, answer, parsed(text))

    def _sign(self, request):
        request.headers["Authorization"] = f"Bearer {self._api_key}"
        return request

    @staticmethod
    def _unforeseen(call, error):
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(frame.filename)}, line {frame.lineno}"
        remedy = "This is a fault of the collection zilliz.cloud or of its Python packages: please report it with this text"
        return ZillizError(f"the call ended in {type(error).__name__} ({place})", call=call, remedy=remedy, in_doubt=True)

    def _network_trouble(self, call, error):
        exceptions = requests.exceptions
        if isinstance(error, ValueError):
            # Its text can quote a header, so only its kind is told.
            return ZillizError(f"the request could not be made ({type(error).__name__})", call=call)
        if isinstance(error, exceptions.SSLError):
            return ZillizError(
                f"the certificate of {self.host} was not accepted",
                call=call,
                remedy="Check host_address and REQUESTS_CA_BUNDLE; validate_certs=false switches the check off",
            )
        if isinstance(error, exceptions.ConnectTimeout):
            problem, before_work = f"{self.host} did not take the connection in {self._timeout[0]} s", True
        elif isinstance(error, exceptions.Timeout):
            problem, before_work = f"{self.host} did not answer in {self._timeout[1]} s", False
        else:
            # Only urllib3's NewConnectionError says that nothing was sent; it also covers unknown host names.
            before_work = isinstance(getattr(_first(error), "reason", None), _new_connection_error())
            problem = f"{self.host} {'cannot be reached' if before_work else 'broke the connection'}"
        remedy = "Check host_address, the network and the proxy settings"
        return _Again(ZillizError(problem, call=call, remedy=remedy), before_work=before_work)

    @staticmethod
    def _no_authorities(call):
        """requests raises a bare OSError for it."""
        remedy = "Check the file that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names"
        return ZillizError("the certificate authorities cannot be read", call=call, remedy=remedy)

    def _read(self, call, answer, body):
        body = self._secret.out_of(body)
        envelope = body if isinstance(body, dict) else {}
        code = number(envelope.get("code"), envelope.get("code"))
        code = brief(code) if isinstance(code, (str, list, dict, float)) else code
        if answer.status_code < 300 and code in (None, 0, 200) and isinstance(body, (dict, list)):
            return snake(body.get("data") if isinstance(body, dict) else body)
        error = self._error(call, answer, envelope, None if code in (0, 200) else code)
        # An answer that cannot be read says nothing about what the call did.
        error.in_doubt = answer.status_code < 300 and body is None
        throttled = answer.status_code == 429 or "rate limit" in error.message.lower()
        if throttled:
            error.remedy = "Zilliz Cloud takes 20 requests per second and route: run fewer tasks at once"
        if throttled or answer.status_code >= 500:
            before_work = throttled or answer.status_code == 503
            raise _Again(error, before_work, throttled, _retry_after(answer.headers.get("Retry-After")))
        raise error

    def _error(self, call, answer, envelope, code):
        message = envelope.get("message") or envelope.get("msg")
        remedy = _REMEDIES.get(code)
        if code in _KEY_CODES or answer.status_code == 401:
            remedy = self._key_remedy()
        elif 300 <= answer.status_code < 400:
            message = "it sends the caller elsewhere, where the API key does not go"
            remedy = f"Check that {self.host} is the Zilliz Cloud API, and set host_address to the address of the API itself"
        elif not message:
            message = f"{answer.reason or 'no reason given'}, without a message that can be read"
            remedy = remedy or f"Check that {self.host} is the Zilliz Cloud API"
        request_id = answer.headers.get("requestid") or envelope.get("requestId") or envelope.get("request_id")
        return ZillizError(
            brief(self._secret.out_of(str(message or answer.reason))).rstrip(". "),
            code=code,
            request_id=brief(self._secret.out_of(str(request_id))) if request_id else None,
            status=answer.status_code,
            call=call,
            remedy=remedy,
        )

    def _key_remedy(self):
        other = f"A key of an account of cloud.zilliz.com.cn needs host_address {CHINA_HOST}"
        if self._base.startswith(CHINA_HOST):
            other = "A key of an account of cloud.zilliz.com needs no host_address"
        return f"The API key was not accepted by {self.host}: check api_key or ZILLIZCLOUD_API_KEY. {other}"


class _Again(Exception):
    """A failure that may pass: whether the request was surely refused before any work, and how long to stay away."""

    def __init__(self, error, before_work=False, throttled=False, retry_after=None):
        super().__init__(str(error))
        self.error = error
        self.before_work = before_work
        self.throttled = throttled
        self.retry_after = retry_after


def number(value, default=None):
    """An integer that may come as text."""
    try:
        return default if value is None else int(value)
    except (OverflowError, TypeError, ValueError):
        return default


def _retry_after(value):
    """Seconds, from a number or a date; None for anything else."""
    seconds = number(value)
    if seconds is None and value:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except (OverflowError, TypeError, ValueError):
            return None
    return max(seconds, 0) if seconds is not None else None


def _first(error):
    return error.args[0] if error.args else None


def _new_connection_error():
    return urllib3.exceptions.NewConnectionError
