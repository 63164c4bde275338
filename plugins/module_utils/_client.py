# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Zilliz Cloud control-plane API, one method per call. Knows nothing of Ansible."""

from __future__ import annotations

import re
from urllib.parse import quote

from ansible_collections.zilliz.cloud.plugins.module_utils._http import (
    CHINA_HOST,
    GLOBAL_HOST,
    Connection,
    ZillizError,
    number,
)
from ansible_collections.zilliz.cloud.plugins.module_utils._names import endpoint_leaving, switching

LISTING_LAG = 60  # seconds that a new registration may be missing from the list

_PAGE_SIZE = 100
_PAGES = 1000  # of one listing; a server may go on for ever
_WRITES = 3  # tries of a write whose effect stays in doubt
_NO_AUTHORITY = 1800

# What the rest of the collection takes for granted in an answer; null is always possible.
_TEXTS = {
    "cloud_id", "cluster_id", "cluster_name", "connect_address", "deployment_option", "endpoint_id", "endpoint_service",
    "endpoint_service_status", "endpoint_status", "gcp_project_id", "plan", "private_link_address", "project_id", "project_name",
    "region_id", "status",
}
_SWITCHES = {"public_address_enabled", "whitelist_required"}
_LISTS = {"region_ids"}
_OPTIONAL = {"gcp_project_id"}


class ZillizClient(Connection):
    """One account of Zilliz Cloud. Answers are dicts with the API's names in snake_case."""

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
        path = _path("projects", project_id, "privateEndpoints")
        self._sent(lambda: self.call("POST", path, body=body), lambda: self.endpoint(*ids))
        return True

    def delete_endpoint(self, project_id, region_id, endpoint_id, gcp_project_id=None):
        """Remove a registration if there is one; whether something changed. It may stay listed for a while."""

        def going():
            row = self.endpoint(project_id, region_id, endpoint_id, gcp_project_id)
            return not row or endpoint_leaving(row.get("endpoint_status"))

        if going():
            return False
        path = _path("projects", project_id, "privateEndpoints", endpoint_id)
        query = {"regionId": region_id, "gcpProjectId": gcp_project_id or None}
        self._sent(lambda: self.call("DELETE", path, query=query), going)
        return True

    def whitelist(self, project_id, region_id, outer_user_id):
        """Allow a cloud account to see the endpoint service. The API can neither list nor undo it."""
        path = _path("projects", project_id, "privateEndpointWhitelist")
        body = {"regionId": region_id, "outerUserId": outer_user_id}
        try:
            return self.call("POST", path, body=body)
        except ZillizError as error:
            if not error.in_doubt:
                raise
            # Nothing can be listed to judge by, and a repeat does no harm.
            return self.call("POST", path, body=body)

    def clusters(self, region_id=None):
        return self._list("clusters", "clusters", ("cluster_id",), {"region": region_id})

    def cluster(self, cluster_id):
        return self._one(_path("clusters", cluster_id))

    def switch_public_address(self, cluster_id, enabled, org_id=None):
        """Begin to open or close a cluster's public endpoint, which takes minutes; its description tells the end."""
        path = _path("clusters", cluster_id)
        # The reference wants OrgId on this route, the vendor's own provider leaves it out.
        headers = {"OrgId": org_id} if org_id else {}

        def send():
            self.call("PATCH", path, body={"publicAddressEnabled": enabled}, headers=headers)

        try:
            send()
        except ZillizError as error:
            if error.in_doubt:
                # Asking for the same state twice does no harm, unless the first time has already begun to work.
                return None if switching(self.cluster(cluster_id)) is enabled else send()
            if not org_id and (error.code == _NO_AUTHORITY or error.status in (401, 403)):
                error.remedy = "The key may read this cluster: check that it may also modify it, and give org_id"
            raise

    def projects(self):
        return _rows(self.call("GET", "projects"), "projects", "GET projects", ("project_id",))

    def project(self, project_id):
        return self._one(_path("projects", project_id))

    def regions(self, cloud_id=None):
        return _rows(self.call("GET", "regions", query={"cloudId": cloud_id}), "regions", "GET regions", ("region_id",))

    def clouds(self):
        return _rows(self.call("GET", "clouds"), "clouds", "GET clouds", ("cloud_id",))

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
        for _attempt in range(3):
            rows, steady = self._pages(path, key, unique, query or {})
            if steady:
                break
        return list(rows.values())

    def _pages(self, path, key, unique, query):
        rows, total, size, offset, steady = {}, None, _PAGE_SIZE, 0, True
        for _page in range(_PAGES):
            data = self.call("GET", path, query={**query, "currentPage": offset // size + 1, "pageSize": size})
            page = _rows(data, key, f"GET {path}", [name for name in unique if name not in _OPTIONAL])
            before = len(rows)
            rows.update({tuple(row.get(name) or "" for name in unique): row for row in page})
            facts = data if isinstance(data, dict) else {}
            count = number(facts.get("count"))
            steady = steady and total in (None, count)
            total = count
            if total and len(rows) >= total:
                return rows, steady
            # An empty page, or one with nothing new: a server that repeats its last page must not hold us for ever.
            if len(rows) == before:
                return rows, steady and not total
            # A server that does not like the size silently takes its own: go on from where its page ended.
            size = max(number(facts.get("page_size")) or size, 1)
            offset += size
        raise ZillizError(f"the list does not end after {_PAGES} pages", call=f"GET {path}", remedy=f"Check that {self.host} is the Zilliz Cloud API")

    def _one(self, path):
        data = self.call("GET", path)
        if isinstance(data, list) and len(data) == 1:
            data = data[0]
        if isinstance(data, dict):
            return _row(data, f"GET {path}")
        raise ZillizError("the answer holds no data", call=f"GET {path}")

    def _sent(self, send, done):
        """Send a write until it is done; a failure that leaves its effect in doubt does not end the run."""
        for left in range(_WRITES - 1, -1, -1):
            try:
                send()
                return
            except ZillizError as error:
                # A row that was just made may not be listed yet, so doubt and "already there" are worth the wait.
                patient = error.in_doubt or re.search(r"already|exist|duplicate", error.message, re.IGNORECASE)
                if self._turns_out(done, LISTING_LAG if patient else 0):
                    return
                # What is not to be seen after all this time was not done, so sending it again repeats nothing.
                if not error.in_doubt or not left:
                    raise

    def _turns_out(self, check, patience):
        """Whether a check comes true within some seconds, looking at least once."""
        start, delay = self.clock(), 1
        while not check():
            if self.clock() - start + delay > patience:
                return False
            self.sleep(delay)
            delay = min(delay * 2, 10)
        return True


def _path(*parts):
    if any(part in ("", ".", "..") for part in parts):
        raise ZillizError("an id in a call must not be empty, '.' or '..'")
    return "/".join(quote(part, safe="", errors="replace") for part in parts)


def _rows(data, key, call, needs):
    rows = data.get(key) if isinstance(data, dict) else data
    if rows and not isinstance(rows, list):
        raise ZillizError(f"the answer cannot be used: {key} is {_kind(rows)} instead of a list", call=call)
    return [_row(row, call, needs) for row in rows or []]


def _row(row, call, needs=()):
    """A row whose fields are what the rest takes them for."""
    if not isinstance(row, dict):
        raise ZillizError(f"the answer cannot be used: it lists {_kind(row)} instead of an object", call=call)
    wrong = [
        f"{name} is {_kind(row[name])} instead of a {wanted}"
        for names, kinds, wanted in ((_TEXTS, (str, int), "text"), (_SWITCHES, bool, "boolean"), (_LISTS, list, "list"))
        for name in sorted(names & set(row))
        if row[name] is not None and (not isinstance(row[name], kinds) or isinstance(row[name], bool) and names is _TEXTS)
    ]
    wrong += [f"{name} is missing" for name in needs if row.get(name) in (None, "")]
    if wrong:
        raise ZillizError(f"the answer cannot be used: {'; '.join(wrong)}", call=call)
    return {name: str(value) if name in _TEXTS and value is not None else value for name, value in row.items()}


def _kind(value):
    return {dict: "an object", list: "a list", str: "a text", bool: "a boolean"}.get(type(value), "a number" if value is not None else "null")
