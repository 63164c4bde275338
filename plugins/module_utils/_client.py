# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Zilliz Cloud control-plane API, one method per call. Knows HTTP and nothing of Ansible."""

from __future__ import annotations

import email.utils
import random
import re
import time
import traceback
from urllib.parse import quote, urlsplit

from ansible_collections.zilliz.cloud.plugins.module_utils._names import endpoint_leaving, snake

try:
    import requests
except ImportError:
    requests = None
    REQUESTS_IMPORT_ERROR = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

GLOBAL_HOST = "https://api.cloud.zilliz.com"
CHINA_HOST = "https://api.cloud.zilliz.com.cn"
LISTING_LAG = 60  # seconds that a new registration may be missing from the list

_CONNECT_TIMEOUT = 10
_PAGE_SIZE = 100
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
    wrong = f"host_address '{address}' is not an address: write it as {GLOBAL_HOST}"
    try:
        parts = urlsplit(address)
        parts.port  # raises for a port that is no number
    except ValueError:
        raise ValueError(wrong) from None
    if "@" in parts.netloc:
        raise ValueError(f"host_address must not hold a user or password: write it as {GLOBAL_HOST}")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(wrong)
    path = re.sub(r"/v2$", "", parts.path.rstrip("/")).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}/v2"


class ZillizClient:
    """One account of Zilliz Cloud. Answers are dicts with the API's names in snake_case."""

    def __init__(
        self, api_key, host_address=None, timeout=70, validate_certs=True, sleep=time.sleep, clock=time.monotonic
    ):
        problems = input_problems(api_key, host_address, timeout)
        if problems:
            raise ZillizError("; ".join(problems))
        if requests is None:
            raise ZillizError("the Python package requests is missing: install it for the Python that runs this task")
        self._api_key = api_key.strip()
        self._base = _base_url(host_address)
        self.host = urlsplit(self._base).netloc
        self._timeout = (min(_CONNECT_TIMEOUT, timeout), timeout)
        self._verify = validate_certs
        self._sleep = sleep
        self._clock = clock
        self._session = requests.Session()
        if not validate_certs:
            requests.packages.urllib3.disable_warnings()

    def __repr__(self):
        return f"ZillizClient({self.host})"

    # --- one method per call of the API ---

    def endpoint_services(self, region_id=None, project_id=None):
        query = {"regionId": region_id, "projectId": project_id}
        return self._list("privateEndpointServices", "endpoint_services", ("region_id", "endpoint_service"), query)

    def services_for(self, region_id, project_id=None):
        """The services of a region, and whether the project had to be left out of the question to find any."""
        services = self.endpoint_services(region_id, project_id)
        if services or not project_id:
            return services, False
        # What the project does in this question is not documented; without it the region's own service is found.
        services = self.endpoint_services(region_id)
        return services, bool(services)

    def endpoints(self, project_id):
        path = _path("projects", project_id, "privateEndpoints")
        return self._list(path, "endpoints", ("region_id", "gcp_project_id", "endpoint_id"))

    def endpoint(self, project_id, region_id, endpoint_id, gcp_project_id=None):
        """One registration, or None. A Google endpoint's id is a name that other projects may use too."""
        wanted = (region_id, endpoint_id, gcp_project_id or "")
        for row in self.endpoints(project_id):
            if (row.get("region_id"), row.get("endpoint_id"), row.get("gcp_project_id") or "") == wanted:
                return row
        return None

    def create_endpoint(self, project_id, region_id, endpoint_id, gcp_project_id=None):
        """Register an endpoint unless it is registered; whether something changed."""
        ids = (project_id, region_id, endpoint_id, gcp_project_id)
        row = self.endpoint(*ids)
        if row and not endpoint_leaving(row.get("endpoint_status")):
            return False
        if row and not self._turns_out(lambda: not self.endpoint(*ids), LISTING_LAG):
            raise ZillizError(f"the old registration of {endpoint_id} is still being removed: run again later")
        body = {"regionId": region_id, "endpointId": endpoint_id}
        if gcp_project_id:
            body["gcpProjectId"] = gcp_project_id
        try:
            self._call("POST", _path("projects", project_id, "privateEndpoints"), body=body)
        except ZillizError as error:
            # A row that was just made may not be listed yet, so doubt and "already there" are worth the wait.
            patient = error.in_doubt or re.search(r"already|exist|duplicate", error.message, re.IGNORECASE)
            if not self._turns_out(lambda: self.endpoint(*ids), LISTING_LAG if patient else 0):
                raise
        return True

    def delete_endpoint(self, project_id, region_id, endpoint_id, gcp_project_id=None):
        """Remove a registration if there is one; whether something changed. It may stay listed for a while."""

        def going():
            row = self.endpoint(project_id, region_id, endpoint_id, gcp_project_id)
            return not row or endpoint_leaving(row.get("endpoint_status"))

        if going():
            return False
        path = _path("projects", project_id, "privateEndpoints", endpoint_id)
        try:
            self._call("DELETE", path, query={"regionId": region_id, "gcpProjectId": gcp_project_id or None})
        except ZillizError as error:
            if not self._turns_out(going, LISTING_LAG if error.in_doubt else 0):
                raise
        return True

    def whitelist(self, project_id, region_id, outer_user_id):
        """Allow a cloud account to see the endpoint service. The API can neither list nor undo it."""
        path = _path("projects", project_id, "privateEndpointWhitelist")
        body = {"regionId": region_id, "outerUserId": outer_user_id}
        try:
            return self._call("POST", path, body=body)
        except ZillizError as error:
            if not error.in_doubt:
                raise
            # Nothing can be listed to judge by, and a repeat does no harm.
            return self._call("POST", path, body=body)

    def clusters(self, region_id=None):
        return self._list("clusters", "clusters", ("cluster_id",), {"region": region_id})

    def cluster(self, cluster_id):
        return self._one(_path("clusters", cluster_id))

    def projects(self):
        return self._rows(self._call("GET", "projects"), "projects")

    def project(self, project_id):
        return self._one(_path("projects", project_id))

    def regions(self, cloud_id=None):
        return self._rows(self._call("GET", "regions", query={"cloudId": cloud_id}), "regions")

    def clouds(self):
        return self._rows(self._call("GET", "clouds"), "clouds")

    def cloud_of(self, region_id):
        """The cloud of a region, by the API's own table: prefixes lie (az- is azure)."""
        regions = {region.get("region_id"): region.get("cloud_id") for region in self.regions()}
        if region_id not in regions:
            remedy = f"Regions of an account of cloud.zilliz.com.cn need host_address {CHINA_HOST}"
            raise ZillizError(
                f"there is no region '{region_id}' at {self.host}, which has {', '.join(sorted(map(str, regions)))}",
                remedy=remedy if self._base.startswith(GLOBAL_HOST + "/") else None,
            )
        return regions[region_id]

    # --- paging ---

    def _list(self, path, key, unique, query=None):
        rows = {}
        # The list can shift while its pages are read, and a shift can hide a row: then it is read again.
        for attempt in range(3):
            rows, steady = self._pages(path, key, unique, query or {})
            if steady:
                break
        return list(rows.values())

    def _pages(self, path, key, unique, query):
        rows, total, size, offset, steady = {}, None, _PAGE_SIZE, 0, True
        while True:
            data = self._call("GET", path, query={**query, "currentPage": offset // size + 1, "pageSize": size})
            page = self._rows(data, key)
            before = len(rows)
            rows.update({tuple(row.get(name) or "" for name in unique): row for row in page})
            facts = data if isinstance(data, dict) else {}
            count = _number(facts.get("count"))
            steady = steady and total in (None, count)
            total = count
            if total and len(rows) >= total:
                return rows, steady
            # An empty page, or one with nothing new: a server that repeats its last page must not hold us for ever.
            if len(rows) == before:
                return rows, steady and not total
            # A server that does not like the size silently takes its own: go on from where its page ended.
            size = max(_number(facts.get("page_size")) or size, 1)
            offset += size

    def _one(self, path):
        data = self._call("GET", path)
        if isinstance(data, list) and len(data) == 1:
            data = data[0]
        if isinstance(data, dict):
            return data
        raise ZillizError("the answer holds no data", call=f"GET {path}")

    @staticmethod
    def _rows(data, key):
        rows = data.get(key) if isinstance(data, dict) else data
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    # --- one call ---

    def _call(self, method, path, query=None, body=None):
        """The data of an answer. Asks again only where that is safe, and never for longer than the budget."""
        start, tries, throttled = self._clock(), 0, 0
        while True:
            try:
                return self._once(method, path, query, body)
            except _Again as again:
                tries, throttled = tries + 1, throttled + again.throttled
                safe = again.before_work or method == "GET"
                delay = random.uniform(0, min(30, 2 ** (tries - 1))) + (again.retry_after or 0)
                spent = self._clock() - start + delay
                if not safe or tries - throttled >= _TRIES or spent > _BUDGET:
                    again.error.in_doubt = not again.before_work
                    raise again.error from None
                self._sleep(delay)

    def _once(self, method, path, query, body):
        call = f"{method} {path}"
        # A kept connection that the other side has just closed leaves a write in doubt: writes open their own.
        send = self._session.request if method == "GET" else requests.request
        try:
            answer = send(
                method,
                f"{self._base}/{path}",
                params={name: value for name, value in (query or {}).items() if value is not None},
                json=body,
                headers={"Accept": "application/json", "User-Agent": "ansible-collection-zilliz.cloud"},
                # As auth and not as a header, because a .netrc entry of this host would replace the header.
                auth=self._sign,
                timeout=self._timeout,
                # On each request, because REQUESTS_CA_BUNDLE beats the session's own setting.
                verify=self._verify,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise self._network_trouble(call, error) from None
        return self._read(call, answer)

    def _sign(self, request):
        request.headers["Authorization"] = f"Bearer {self._api_key}"
        return request

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

    def _read(self, call, answer):
        try:
            body = answer.json()
        except ValueError:
            body = None
        envelope = body if isinstance(body, dict) else {}
        code = _number(envelope.get("code"), envelope.get("code"))
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
        elif not message:
            message = f"{answer.reason or 'no reason given'}, without a message that can be read"
            remedy = remedy or f"Check that {self.host} is the Zilliz Cloud API"
        return ZillizError(
            str(message or answer.reason).replace(self._api_key, "********").rstrip(". "),
            code=code,
            request_id=answer.headers.get("requestid") or envelope.get("requestId") or envelope.get("request_id"),
            status=answer.status_code,
            call=call,
            remedy=remedy,
        )

    def _key_remedy(self):
        other = f"A key of an account of cloud.zilliz.com.cn needs host_address {CHINA_HOST}"
        if self._base.startswith(CHINA_HOST):
            other = "A key of an account of cloud.zilliz.com needs no host_address"
        return f"The API key was not accepted by {self.host}: check api_key or ZILLIZCLOUD_API_KEY. {other}"

    def _turns_out(self, check, patience):
        """Whether a check comes true within some seconds, looking at least once."""
        start, delay = self._clock(), 1
        while not check():
            if self._clock() - start + delay > patience:
                return False
            self._sleep(delay)
            delay = min(delay * 2, 10)
        return True


class _Again(Exception):
    """A failure that may pass: whether the request was surely refused before any work, and how long to stay away."""

    def __init__(self, error, before_work=False, throttled=False, retry_after=None):
        super().__init__(str(error))
        self.error = error
        self.before_work = before_work
        self.throttled = throttled
        self.retry_after = retry_after


def _path(*parts):
    if any(part in ("", ".", "..") for part in parts):
        raise ZillizError("an id in a call must not be empty, '.' or '..'")
    return "/".join(quote(part, safe="") for part in parts)


def _number(value, default=None):
    """An integer that may come as text."""
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        return default


def _retry_after(value):
    """Seconds, from a number or a date; None for anything else."""
    seconds = _number(value)
    if seconds is None and value:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except (TypeError, ValueError):
            return None
    return max(seconds, 0) if seconds is not None else None


def _first(error):
    return error.args[0] if error.args else None


def _new_connection_error():
    return requests.packages.urllib3.exceptions.NewConnectionError
