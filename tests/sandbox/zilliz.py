# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Zilliz Cloud control plane (API v2), as its documents tell it and harsher where they are silent.

What no document answers is a switch; its default is the worst answer that a client can still live with. Codes from
96100 on are the sandbox's own: the vendor publishes none for these cases. Whether private traffic passes the IP
allowlist, and whether a project endpoint has a private link, are questions to the data plane: nothing here shows them.
"""
from __future__ import annotations

import collections
import inspect
import json
import re
import time
import urllib.parse
import zlib
from typing import Any, Callable

from werkzeug.wrappers import Request, Response

from . import scenario as given
from .core import AFTER, SOCKET_FAULTS, BadRequest, Broken

SWITCHES = {
    # The numbers are those of the list of open questions; the clients' manner of asking decides nothing here.
    "repeat_post": ("fails", "1: registering a registered endpoint again 'fails' or 'succeeds'."),
    "unknown_delete": ("fails", "2: removing an unknown registration 'fails' or 'succeeds'."),
    "status_words": ("varying", "3: 'varying' spelling over a registration's life, 'documented' or 'accepted' words."),
    "failed_rows": ("listed", "4: a failed or rejected registration stays 'listed' or 'vanishes'."),
    "row_delay": (20, "5: seconds until a new registration shows in the list."),
    "delete_delay": (20, "5: seconds that a removed registration is still listed as DELETING."),
    "aws_whitelist": (True, "6: aws-us-east-1 wants whitelisted accounts."),
    "whitelist_repeat": ("succeeds", "7: whitelisting again 'succeeds' or 'fails' (then no client can tell)."),
    "whitelist_delay": (30, "7: seconds until a whitelisted account sees the service."),
    "several_services": (False, "8: aws-us-west-2 has two services (a client must then ask the user)."),
    "project_filter": ("empty", "9: the projectId filter of the service list gives an 'empty' list, or 'applies'."),
    "second_project": ("refused", "10: one endpoint in a second project is 'refused' or 'allowed'."),
    "link_form": ("mixed", "11: private hosts and ports 'mixed', all '-privatelink' or all 'plain'."),
    "address_early": (False, "12: the address is there before the endpoint is accepted."),
    "address_stays": (True, "12: the address stays after the last registration is gone."),
    "standard_links": (False, "13: Standard clusters get a private link."),
    "project_plan": (True, "13: a project of the Standard plan may not register endpoints (96028)."),
    "suspended_address": ("lost", "14: a suspended cluster's address is 'lost' or 'kept'."),
    "public_flag": ("some", "15: publicAddressEnabled is shown for 'some', 'all' or 'no' Dedicated clusters."),
    "org_id_required": (False, "16: PATCH wants the header OrgId (else 1800)."),
    "throttle_form": ("mixed", "17: over the limit comes 'http', 'text', 'envelope', or each in turn ('mixed')."),
    "retry_after": (False, "17: a throttled answer carries Retry-After."),
    "rate_limit": (20, "17: requests per real second, route and key; 0 is no limit."),
    "odd_codes": (True, "18: now and then code is a numeric string, 200, or absent on success."),
    "quota": (1000, "19: registrations per project and region."),
    "huawei": (False, "20: a region whose cloud id and host follow from no prefix."),
    "removed_with_cluster": (False, "21: dropping the last cluster of a project and region removes its registrations."),
    "unknown_endpoint": ("fails_later", "An endpoint that is not in the cloud is 'refused' or 'fails_later'."),
    "accept_rejected": (False, "A rejected cloud endpoint can be accepted again."),
    "gcp_reaccept": (False, "A Google endpoint that was deleted and made again under its registered name is accepted like the old one."),
    "gcp_connection_survives": (False, "Removing a registration leaves an accepted Google connection as it is."),
    "stale_status": ("AVAILABLE", "The status of a registration whose endpoint was deleted."),
    "region_must_be_bound": (True, "Registering needs the region among the project's regions."),
    "rows": ("shift", "Rows 'shift' by one between pages, some are 'skip'ped in every other reading, or 'stable'."),
    "page_cap": (100, "Private endpoint routes answer a larger page size with their default of 10."),
    "verify_delay": (30, "Seconds from registration to acceptance."),
    "link_delay": (300, "Seconds from acceptance to the first private link."),
    "link_spread": (60, "Seconds from the first to the last private link of one acceptance."),
    "public_delay": (120, "Seconds that switching the public address takes."),
    "public_lag": (10, "Seconds until a cluster's status shows that its public address is being switched."),
    "public_early": ("some", "publicAddressEnabled tells the new value before it is true for 'some', 'all' or 'no' clusters."),
    "public_words": ("varying", "'varying' spelling of the status while the public address is switched, or 'comment': the provider's."),
}

INVALID, ALREADY, UNKNOWN, NO_SERVICE, QUOTA, ELSEWHERE = 96101, 96102, 96103, 96104, 96105, 96106
ENDPOINT_ID = {"aws": r"vpce-[0-9a-f]{8,17}", "gcp": r"[a-z]([-a-z0-9]*[a-z0-9])?",
               "azure": r"[^./]+\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ali": r"ep-[0-9a-z]+"}
# A closed connection is Google's.
DEAD = ("deleting", "deleted", "failed", "expired", "closed")
CLOUDS = {"aws": "Amazon Web Services", "gcp": "Google Cloud", "azure": "Microsoft Azure", "ali": "Alibaba Cloud"}

SHOWN = ("clusterId", "clusterName", "description", "projectId", "regionId", "plan", "deploymentOption", "cuType",
         "cuSize", "status", "connectAddress", "privateLinkAddress", "createTime")

ROUTES = [
    ("GET", "privateEndpointServices", "ListPrivateEndpointServices"),
    ("GET", "projects/{project_id}/privateEndpoints", "ListPrivateEndpoints"),
    ("POST", "projects/{project_id}/privateEndpoints", "CreatePrivateEndpoint"),
    ("DELETE", "projects/{project_id}/privateEndpoints/{endpoint_id}", "DeletePrivateEndpoint"),
    ("POST", "projects/{project_id}/privateEndpointWhitelist", "AddPrivateEndpointWhitelistEntry"),
    ("GET", "clusters", "ListClusters"),
    ("GET", "clusters/{cluster_id}", "DescribeCluster"),
    ("PATCH", "clusters/{cluster_id}", "ModifyCluster"),
    ("GET", "projects", "ListProjects"),
    ("GET", "projects/{project_id}", "DescribeProject"),
    ("GET", "clouds", "ListClouds"),
    ("GET", "regions", "ListRegions"),
]


class Problem(Exception):
    """A refusal: most come with HTTP 200."""

    def __init__(self, code, message, http=200):
        super().__init__(message)
        self.code, self.message, self.http = code, message, http


class Zilliz:
    SWITCHES = SWITCHES
    DRIFTS = ("lose_registration", "reject_registration", "stale_registration", "foreign_registration",
              "suspend_cluster", "resume_cluster", "drop_cluster", "modify_cluster", "add_cluster", "change_link",
              "switch_public_endpoint")

    def __init__(self, world):
        self.world = world
        self._requests = 0

    def __getitem__(self, switch):
        return self.world.switches[switch]

    def reset(self, scenario):
        given_data = scenario["zilliz"]
        self.projects = {project["projectId"]: dict(project) for project in given_data["projects"]}
        self.clusters = {cluster["clusterId"]: dict(cluster) for cluster in given_data["clusters"]}
        self.dropped = []
        self.whitelist = {}
        self.registrations = []
        self._hits = collections.defaultdict(collections.deque)
        self._passes = collections.Counter()
        self._turns = collections.Counter()
        self._version = 0
        self._drifts = 0
        now = self.world.clock.now()
        for row in given_data["registrations"]:
            self.registrations.append(dict(row, phase="ready", since=now - 86400, outside=True))
        for cluster in self.clusters.values():
            if self._ready(cluster) and self._linkable(cluster) and cluster["status"] == "RUNNING":
                cluster["privateLinkAddress"] = self._address(cluster)

    def state(self, residue=False):
        rows = [{"project_id": r["projectId"], "region_id": r["regionId"], "endpoint_id": r["endpointId"],
                 "gcp_project_id": r["gcpProjectId"], "status": r["phase"]} for r in self.registrations]
        clusters = [{"cluster_id": c["clusterId"], "cluster_name": c["clusterName"], "project_id": c["projectId"],
                     "region_id": c["regionId"], "description": c["description"],
                     "suspended": c["status"] in ("STOPPING", "STOPPED"),
                     "public_address_enabled": c["publicAddressEnabled"]} for c in self.clusters.values()]
        found: dict = {"registrations": sorted(rows, key=lambda r: [str(v) for v in r.values()]),
                       "clusters": sorted(clusters, key=lambda c: c["cluster_id"])}
        if residue:
            found["whitelist"] = sorted(list(key) for key in self.whitelist)
            found["private_link_addresses"] = {c["clusterId"]: c["privateLinkAddress"] for c in sorted(
                self.clusters.values(), key=lambda c: c["clusterId"]) if c["privateLinkAddress"]}
            found["dropped_clusters"] = sorted(self.dropped)
        return found

    # What the cloud side asks.

    def whitelisted(self, account, service_name):
        """Whether this account sees the endpoint service: always, unless the region wants whitelisted accounts."""
        for region_id, _cloud_id, service, required in self._services():
            if service == service_name and required:
                since = self.whitelist.get((region_id, str(account)))
                return since is not None and self.world.clock.now() >= since
        return True

    # One request.

    def app(self, environ, start_response):
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request):
        operation, args = _route(request)
        body, sound = _body(request)
        query = request.args.to_dict()
        mutating = request.method not in ("GET", "HEAD", "OPTIONS")
        ids = {"project_id": args.get("project_id") or query.get("projectId"),
               "region_id": body.get("regionId") or query.get("regionId") or query.get("region"),
               "endpoint_id": args.get("endpoint_id") or body.get("endpointId"),
               "gcp_project_id": body.get("gcpProjectId") or query.get("gcpProjectId"),
               "cluster_id": args.get("cluster_id"), "outer_user_id": body.get("outerUserId")}
        ids = {name: value for name, value in ids.items() if value is not None}
        world = self.world
        world.gate.enter("zilliz", operation, mutating)
        with world.lock:
            world.tick()
            self._requests += 1
            request_id = f"rq-{given.digest('request', self._requests)[:24]}"
            fault = world.faults.take("zilliz", operation, mutating, **ids)
            entry = world.log.add("zilliz", operation, mutating, "ok", **ids, request_id=request_id,
                                  path=request.full_path.rstrip("?"), client=request.headers.get("User-Agent", ""))
            if fault:
                entry["outcome"] = f"fault:{fault}"
                if fault in SOCKET_FAULTS and fault not in AFTER:
                    raise Broken(fault)
            try:
                response = self._faulted(fault) or self._served(request, operation, args, query, body, sound)
            except Problem as problem:
                entry["code"] = problem.code
                if not fault:
                    entry["outcome"] = str(problem.code)
                response = self._json({"code": self._spelled(problem.code), "message": problem.message}, problem.http)
            if getattr(response, "throttled", False) and not fault:
                entry["outcome"] = "throttled"
            if fault in AFTER:
                raise Broken(fault)
            response.headers["requestid"] = request_id
            return response

    def _faulted(self, fault):
        if fault in ("500", "503"):
            reason = {"500": "Internal Server Error", "503": "Service Temporarily Unavailable"}[fault]
            return Response(f"<html><head><title>{fault} {reason}</title></head><body><center><h1>{fault} {reason}"
                            "</h1></center></body></html>", status=int(fault), content_type="text/html")
        if fault == "throttle":
            return self._throttled()
        if fault == "business":
            raise Problem(40003, "The current status does not allow this operation. Please try again later.")
        if fault == "denied":
            raise Problem(96013, "You do not have permission for this operation: security:manage on the project "
                                 "is required.")
        return None

    def _served(self, request, operation, args, query, body, sound):
        key = _bearer(request)
        if self["rate_limit"]:
            hits, now = self._hits[operation, key], time.monotonic()
            while hits and now - hits[0] >= 1:
                hits.popleft()
            if len(hits) >= self["rate_limit"]:
                return self._throttled()
            hits.append(now)
        rights = _rights(key)
        if operation not in HANDLERS:
            raise Problem(404, f"No route for {request.method} {request.path}.", 404)
        if not sound:
            raise Problem(INVALID, "The request body is not a JSON object.")
        if "project_id" in args:
            self._project(args["project_id"], rights)
        if "cluster_id" in args:
            self._cluster(args["cluster_id"], rights)
        if request.method != "GET" and rights == "read":
            raise Problem(96015 if "cluster_id" in args else 96013,
                          "You are not the owner of the " + ("cluster." if "cluster_id" in args else "project."))
        if operation == "ModifyCluster" and self["org_id_required"] and not request.headers.get("OrgId"):
            raise Problem(1800, "User hasn't authenticated")
        data = HANDLERS[operation](self, query, body, rights, **args)
        if request.method != "GET":
            self._version += 1
        answer = {"code": 0, "data": data}
        if self["odd_codes"]:
            code = self._turn("success", [0, 0, "0", 0, 200, 0, None])
            answer = {"data": data} if code is None else {"code": code, "data": data}
        return self._json(answer)

    @staticmethod
    def _json(data, http=200):
        return Response(json.dumps(data), status=http, content_type="application/json")

    def _turn(self, what, choices):
        self._turns[what] += 1
        return choices[(self._turns[what] - 1) % len(choices)]

    def _spelled(self, code):
        return self._turn("error", [code, str(code)]) if self["odd_codes"] else code

    def _throttled(self):
        form = self["throttle_form"]
        if form == "mixed":
            form = self._turn("throttle", ["http", "envelope", "text"])
        if form == "text":
            response: Any = Response("Too Many Requests", status=429, content_type="text/plain")
        else:
            text = "Request rate limit exceeded, please reduce the frequency of your requests."
            response = self._json({"code": 429 if form == "http" else 80429, "message": text},
                                  429 if form == "http" else 200)
        response.throttled = True
        if self["retry_after"]:
            response.headers["Retry-After"] = "1"
        return response

    # Who may see what.

    def _project(self, project_id, rights):
        if not re.fullmatch(r"proj-[0-9a-z]{20,24}", project_id):
            raise Problem(96005, f"Invalid project id: {project_id}.")
        if project_id not in self.projects:
            raise Problem(96012, "The project belongs to another organization.")
        if rights == "none":
            raise Problem(96027, "The API key has no access to this project.")
        return self.projects[project_id]

    def _cluster(self, cluster_id, rights):
        if not re.fullmatch(r"(in\d\d|glo)-[0-9a-f]{15}", cluster_id):
            raise Problem(96036, f"Invalid cluster id: {cluster_id}.")
        if cluster_id not in self.clusters:
            raise Problem(96018, f"The cluster {cluster_id} does not exist.")
        if rights == "none":
            raise Problem(96016, "The API key has no access to this cluster.")
        return self.clusters[cluster_id]

    def _regions(self):
        regions = list(given.REGIONS)
        if self["huawei"]:
            regions.append(("eu-west-101", "hwc", None, False))
        return regions

    def _region(self, region_id):
        for region in self._regions():
            if region[0] == region_id:
                return region
        raise Problem(96001, f"The region {region_id} does not exist.")

    def _services(self):
        found = [(r, c, s, w and (c != "aws" or self["aws_whitelist"])) for r, c, s, w in self._regions() if s]
        if self["several_services"]:
            found.append((given.REGION_ID, "aws", given.SECOND_SERVICE, False))
        return found

    # Pages.

    def _page(self, name, rows, query, strict, show=dict):
        """One page. The order changes whenever something was written; rows move on between the pages."""
        number, size = self._numbers(query, strict)
        rows = sorted(rows, key=self._disorder)
        first = (number - 1) * size
        if number == 1:
            self._passes[name] += 1
        elif size > 1 and self["rows"] != "stable":
            missed = self["rows"] == "skip" and self._passes[name] % 2 == 1
            first += 1 if missed else -1
        page = [show(row) for row in rows[first:first + size]]
        return {name: page, "currentPage": number, "pageSize": size, "count": len(rows)}

    def _disorder(self, row):
        name = f"{row.get('clusterId') or row.get('endpointId') or row['endpointService']}{row.get('gcpProjectId')}"
        return zlib.crc32(f"{self._version}/{name}".encode()), name

    def _numbers(self, query, strict):
        try:
            number = int(query.get("currentPage", 1))
        except ValueError:
            number = 0
        try:
            size = int(query.get("pageSize", 10))
        except ValueError:
            size = 0
        if strict:
            if not 1 <= size <= 100:
                raise Problem(96008, "The page size must be between 1 and 100.")
            if number < 1:
                raise Problem(96009, "The page number must be 1 or greater.")
            return number, size
        return max(number, 1), size if 1 <= size <= min(100, self["page_cap"]) else 10

    # The routes.

    def list_services(self, query, _body, _rights):
        if query.get("regionId"):
            self._region(query["regionId"])
        rows = [{"regionId": region_id, "cloudId": cloud_id, "endpointService": service,
                 "whitelistRequired": required} for region_id, cloud_id, service, required in self._services()
                if query.get("regionId") in (None, "", region_id)]
        if query.get("projectId") and self["project_filter"] == "empty":
            rows = []
        return self._page("endpointServices", rows, query, strict=False)

    def list_endpoints(self, query, _body, _rights, project_id):
        now = self.world.clock.now()
        rows = [r for r in self.registrations if r["projectId"] == project_id
                and (r.get("outside") or now >= r["since"] + self["row_delay"])]
        return self._page("endpoints", rows, query, strict=False, show=self._shown_row)

    def _shown_row(self, row):
        shown = {"regionId": row["regionId"], "cloudId": row["cloudId"], "endpointService": row["endpointService"],
                 "endpointServiceStatus": "AVAILABLE", "endpointId": row["endpointId"],
                 "endpointStatus": self._word(row), "gcpProjectId": row["gcpProjectId"]}
        # Seen both ways: null, and not there at all.
        if row["gcpProjectId"] is None and zlib.crc32(row["endpointId"].encode()) % 2:
            del shown["gcpProjectId"]
        return shown

    def _word(self, row):
        """The status as the list spells it today."""
        phase, now = row["phase"], self.world.clock.now()
        if phase == "ready" and row["cloudId"] in ("aws", "gcp") and not row.get("outside") and self._gone(row):
            return self["stale_status"]
        words = {"documented": {"pending": "PENDING", "ready": "AVAILABLE"},
                 "accepted": {"pending": "pending", "ready": "accepted"}}.get(self["status_words"])
        if words:
            return words.get(phase, phase.lower() if self["status_words"] == "accepted" else phase.upper())
        if phase == "pending":
            return "BINDING" if now < row["since"] + self["verify_delay"] * 0.8 else "pendingAcceptance"
        if phase == "ready":
            return "accepted" if now < row.get("accepted", 0) + 60 else "AVAILABLE"
        return {"failed": "Failed", "rejected": "REJECTED"}.get(phase, phase.upper())

    def create_endpoint(self, _query, body, _rights, project_id):
        region_id, endpoint_id = body.get("regionId"), body.get("endpointId")
        for name in ("regionId", "endpointId"):
            if not isinstance(body.get(name), str) or not body[name]:
                raise Problem(INVALID, f"The parameter {name} is missing or not a string.")
        project, (_region, cloud_id, service, _required) = self.projects[project_id], self._region(region_id)
        if self["region_must_be_bound"] and region_id not in project["regionIds"]:
            raise Problem(96001, f"The region {region_id} is not one of the project's regions.")
        if not service:
            raise Problem(NO_SERVICE, f"Private link is not available in the region {region_id}.")
        if not re.fullmatch(ENDPOINT_ID.get(cloud_id, ".+"), endpoint_id):
            raise Problem(INVALID, f"The endpoint id {endpoint_id} is not valid for {cloud_id}.")
        gcp_project_id = body.get("gcpProjectId") if cloud_id == "gcp" else None
        if cloud_id == "gcp" and not gcp_project_id:
            raise Problem(INVALID, "The parameter gcpProjectId is required for Google Cloud regions.")
        if project["plan"] == "Standard" and self["project_plan"]:
            raise Problem(96028, "This operation requires the Enterprise plan or higher.")
        answer = {"endpointId": endpoint_id, "regionId": region_id}
        same = self._find(endpoint_id, region_id, gcp_project_id)
        if any(r["projectId"] == project_id for r in same):
            if self["repeat_post"] == "succeeds" and same[0]["phase"] != "deleting":
                return answer
            raise Problem(ALREADY, f"The endpoint {endpoint_id} is already registered.")
        if same and self["second_project"] == "refused":
            raise Problem(ELSEWHERE, f"The endpoint {endpoint_id} is registered by another project.")
        if sum(r["projectId"] == project_id and r["regionId"] == region_id
               for r in self.registrations) >= self["quota"]:
            raise Problem(QUOTA, "The number of private endpoints in this project and region has reached the limit.")
        row = {"projectId": project_id, "regionId": region_id, "cloudId": cloud_id, "endpointService": service,
               "endpointId": endpoint_id, "gcpProjectId": gcp_project_id, "phase": "pending",
               "since": self.world.clock.now()}
        if self["unknown_endpoint"] == "refused" and not self._connected(row):
            raise Problem(UNKNOWN, f"The endpoint {endpoint_id} was not found on the service.")
        self.registrations.append(row)
        if self["address_early"]:
            for cluster in self._eligible(project_id, region_id):
                cluster["privateLinkAddress"] = self._address(cluster)
        self.world.later(self["verify_delay"], lambda: self._verify(row))
        return answer

    def delete_endpoint(self, query, _body, _rights, project_id, endpoint_id):
        region_id = query.get("regionId")
        if not region_id:
            raise Problem(INVALID, "The parameter regionId is missing.")
        rows = [r for r in self._find(endpoint_id, region_id, query.get("gcpProjectId"))
                if r["projectId"] == project_id and r["phase"] != "deleting"]
        if not rows:
            if self["unknown_delete"] == "succeeds":
                return {"endpointId": endpoint_id}
            raise Problem(UNKNOWN, f"The endpoint {endpoint_id} is not registered in {region_id}.")
        row = rows[0]
        row["phase"] = "deleting"
        if self["delete_delay"]:
            self.world.later(self["delete_delay"], lambda: self._remove(row))
        else:
            self._remove(row)
        if row["cloudId"] != "gcp" or not self["gcp_connection_survives"]:
            self._reject(row)
        self._last_gone(row)
        return {"endpointId": endpoint_id}

    def add_whitelist(self, _query, body, _rights, project_id):  # pylint: disable=unused-argument
        for name in ("regionId", "outerUserId"):
            if not isinstance(body.get(name), str) or not body[name]:
                raise Problem(INVALID, f"The parameter {name} is missing or not a string.")
        key = (self._region(body["regionId"])[0], body["outerUserId"])
        if key in self.whitelist and self["whitelist_repeat"] == "fails":
            raise Problem(ALREADY, f"The account {key[1]} is already in the whitelist.")
        self.whitelist.setdefault(key, self.world.clock.now() + self["whitelist_delay"])
        return "success"

    def list_clusters(self, query, _body, rights):
        if query.get("region"):
            self._region(query["region"])
        rows = [c for c in self.clusters.values()
                if query.get("region") in (None, "", c["regionId"]) and rights != "none"]
        return self._page("clusters", rows, query, strict=True, show=self._shown)

    def describe_cluster(self, _query, _body, _rights, cluster_id):
        return self._shown(self.clusters[cluster_id], describe=True)

    def _shown(self, cluster, describe=False):
        shown = {name: cluster[name] for name in SHOWN}
        if cluster["plan"] == "Free":
            shown["plan"] = "Serverless"
        if cluster["index"] % 3 == 1:
            del shown["deploymentOption"]
        if describe:
            shown.update(replica=1, storageSize=0, snapshotNumber=0, createProgress=100, globalClusterMeta=None)
            if self._has_public_flag(cluster):
                shown["publicAddressEnabled"] = self._shown_public(cluster)
        return shown

    def _shown_public(self, cluster):
        wanted = self._switching(cluster)
        early = self["public_early"] == "all" or self["public_early"] == "some" and cluster["index"] % 2
        begun = "PUBLIC" in cluster["status"]
        return wanted if wanted is not None and early and begun else cluster["publicAddressEnabled"]

    def _has_public_flag(self, cluster):
        if cluster["plan"] in given.PREFIX or self["public_flag"] == "all":
            return True
        return self["public_flag"] == "some" and cluster["index"] % 4 != 2

    def modify_cluster(self, _query, body, _rights, cluster_id):
        cluster = self.clusters[cluster_id]
        if not set(body) & {"clusterName", "description", "publicAddressEnabled"}:
            raise Problem(INVALID, "Nothing to change.")
        wanted = body.get("publicAddressEnabled")
        if wanted is not None and not isinstance(wanted, bool):
            raise Problem(INVALID, "publicAddressEnabled must be true or false.")
        if wanted is False and cluster["plan"] in given.PREFIX:
            raise Problem(96021, "The free or serverless cluster does not support this operation.")
        if cluster["status"] != "RUNNING":
            raise Problem(40003, f"The cluster status {cluster['status']} does not allow this operation.")
        if wanted is False and not (cluster["privateLinkAddress"] and self._ready(cluster)):
            raise Problem(40059, "The public address cannot be disabled without a private link.")
        if wanted is not None and self._switching(cluster) not in (None, wanted):
            raise Problem(40003, "The public address of the cluster is being switched.")
        name = body.get("clusterName")
        if name and any(c["clusterName"] == name and c["projectId"] == cluster["projectId"]
                        for c in self.clusters.values() if c is not cluster):
            raise Problem(96017, f"The cluster name {name} is already in use.")
        cluster["clusterName"] = name or cluster["clusterName"]
        cluster["description"] = body.get("description", cluster["description"])
        # A merge patch ignores what a deployment does not know, and says so with success.
        if wanted is not None and self._has_public_flag(cluster):
            self._switch_public(cluster, wanted)
        return {"clusterId": cluster_id}

    def _switching(self, cluster):
        """The value that the public address is about to take, or None; what overtook it has ended it."""
        passage, wanted = cluster.get("switching", (None, None))
        return wanted if passage is not None and passage is cluster.get("passage") else None

    def _switch_public(self, cluster, wanted):
        if wanted == cluster["publicAddressEnabled"] or self._switching(cluster) is not None:
            return

        def done(switched):
            switched.update(publicAddressEnabled=wanted, switching=(None, None))
            self._running(switched)

        def begun(switched):
            words = ("ENABLE", "ENABLING") if wanted else ("DISABLE", "DISABLING")
            word = words[switched["index"] % 2 if self["public_words"] == "varying" else 0]
            self._through(switched, f"{word}_PUBLIC_DOMAIN", self["public_delay"], done)
            switched["switching"] = (switched["passage"], wanted)

        if self["public_lag"]:
            self._through(cluster, "RUNNING", self["public_lag"], begun)
            cluster["switching"] = (cluster["passage"], wanted)
        else:
            begun(cluster)

    def list_projects(self, _query, _body, rights):
        # Not paginated.
        return [] if rights == "none" else [self._shown_project(p) for p in self.projects.values()]

    def describe_project(self, _query, _body, _rights, project_id):
        return self._shown_project(self.projects[project_id])

    def _shown_project(self, project):
        shown = dict(project, instanceCount=sum(c["projectId"] == project["projectId"]
                                                for c in self.clusters.values()))
        # Recorded answers lacked all but id and name.
        if project["projectId"] in (given.BIG_PROJECT, given.MANY_PROJECT):
            for name in ("regionIds", "description", "orgType", "plan"):
                del shown[name]
        return shown

    def list_clouds(self, _query, _body, _rights):
        found = sorted({region[1] for region in self._regions()})
        return [{"cloudId": cloud_id, "description": CLOUDS.get(cloud_id, cloud_id)} for cloud_id in found]

    def list_regions(self, query, _body, _rights):
        if query.get("cloudId") and query["cloudId"] not in {region[1] for region in self._regions()}:
            raise Problem(96000, f"The cloud {query['cloudId']} does not exist.")
        return [{"cloudId": cloud_id, "regionId": region_id,
                 "domain": given.DOMAIN + (".cn" if cloud_id == "ali" else "")}
                for region_id, cloud_id, _service, _required in self._regions()
                if query.get("cloudId") in (None, "", cloud_id)]

    # A registration's life.

    def _find(self, endpoint_id, region_id, gcp_project_id=None):
        return [r for r in self.registrations if (r["endpointId"], r["regionId"]) == (endpoint_id, region_id)
                and (r["cloudId"] != "gcp" or r["gcpProjectId"] == gcp_project_id)]

    def _cloud(self, row):
        """The cloud that the endpoint is in, where it is simulated."""
        return getattr(self.world, row["cloudId"], None) if row["cloudId"] in ("aws", "gcp") else None

    def _place(self, row):
        """What names an endpoint to its cloud: on Google a name is unique only with its project and region."""
        if row["cloudId"] == "aws":
            return (row["endpointId"],)
        return row["gcpProjectId"], row["endpointId"], row["regionId"].partition("-")[2]

    def _endpoint(self, row):
        cloud = self._cloud(row)
        return cloud.find_endpoint(*self._place(row)) if cloud is not None else None

    def _service_of(self, row):
        """(the service that the endpoint is on, its state in lower case); both None without an endpoint."""
        endpoint = self._endpoint(row)
        if endpoint is None:
            return None, None
        if row["cloudId"] == "aws":
            return endpoint.get("service_name"), endpoint.get("state", "").lower()
        return _attachment(endpoint["target"]), endpoint["status"].lower()

    def _gone(self, row):
        """Nothing of the endpoint is left; a cloud that is not simulated is believed."""
        return row["cloudId"] == "aws" and self._service_of(row)[1] in (None, "deleting", "deleted") or \
            row["cloudId"] == "gcp" and self._cloud(row) is not None and self._endpoint(row) is None

    def _connected(self, row):
        """Whether the customer's endpoint exists on this service. A cloud that is not simulated is believed."""
        if row["cloudId"] == "aws" or self._cloud(row) is not None:
            service, state = self._service_of(row)
            services = [s for r, _c, s, _w in self._services() if r == row["regionId"]]
            return service in services and state not in DEAD and (state != "rejected" or self["accept_rejected"])
        required = [w for r, _c, _s, w in self._services() if r == row["regionId"]][0]
        return not required or any(region_id == row["regionId"] for region_id, _account in self.whitelist)

    def _accept(self, row):
        if self._cloud(row) is not None:
            row["endpointService"] = self._service_of(row)[0]
            self._cloud(row).accept(*self._place(row))

    def _reject(self, row):
        if self._endpoint(row) is not None:
            self._cloud(row).reject(*self._place(row))

    def accepts(self, gcp_project_id, name, region):
        """Whether a Google endpoint that comes into being now is let in at once, being registered under its name."""
        return self["gcp_reaccept"] and any(
            r["phase"] == "ready" and not r.get("outside") and r["cloudId"] == "gcp" and self._place(r) == (gcp_project_id, name, region)
            for r in self.registrations)

    def _verify(self, row):
        if row not in self.registrations or row["phase"] != "pending":
            return
        if not self._connected(row):
            self._fail(row, "failed")
            return
        self._accept(row)
        row["phase"], row["accepted"] = "ready", self.world.clock.now()
        self._version += 1
        self._allocate(row["projectId"], row["regionId"])

    def _fail(self, row, phase):
        row["phase"] = phase
        self._version += 1
        if self["failed_rows"] == "vanishes":
            self._remove(row)

    def _remove(self, row):
        self.registrations = [r for r in self.registrations if r is not row]
        self._version += 1

    def _last_gone(self, row):
        for cluster in self.clusters.values():
            if (cluster["projectId"], cluster["regionId"]) == (row["projectId"], row["regionId"]):
                if not self["address_stays"] and not self._ready(cluster):
                    cluster["privateLinkAddress"] = ""

    # A cluster's private link.

    def _ready(self, cluster):
        return any(r["phase"] == "ready" and r["projectId"] == cluster["projectId"]
                   and r["regionId"] == cluster["regionId"] for r in self.registrations)

    def _linkable(self, cluster):
        return cluster["plan"] not in given.PREFIX and (cluster["plan"] != "Standard" or self["standard_links"])

    def _eligible(self, project_id, region_id):
        """Those that wait for a link now, always in the same order."""
        return sorted((c for c in self.clusters.values() if c["projectId"] == project_id
                       and c["regionId"] == region_id and self._linkable(c) and c["status"] == "RUNNING"
                       and not c["privateLinkAddress"]), key=lambda c: c["clusterName"])

    def _allocate(self, project_id, region_id):
        waiting = self._eligible(project_id, region_id)
        if not waiting or not self._ready(waiting[0]):
            return
        for i, cluster in enumerate(waiting):
            self._through(cluster, "SET_PRIVATE_LINK",
                          self["link_delay"] + self["link_spread"] * i / max(1, len(waiting) - 1), self._allocated)

    def _allocated(self, cluster):
        if self._ready(cluster):
            cluster["privateLinkAddress"] = self._address(cluster)
        cluster["status"] = "RUNNING"
        self._version += 1

    def _address(self, cluster):
        if cluster.get("changed_link"):
            return cluster["changed_link"]
        forms = {"privatelink": [("-privatelink", ":19531")], "plain": [("", ":19531")]}.get(
            self["link_form"].lstrip("-"),
            [("-privatelink", ":19531"), ("-privatelink", ":19532"), ("", ":19532"), ("-privatelink", ""), ("", ""),
             ("-privatelink", ":443")])
        suffix, port = forms[cluster["index"] % len(forms)]
        return f"https://{cluster['clusterId']}{suffix}.{cluster['regionId']}.vectordb.zillizcloud.com{port}"

    def _running(self, cluster):
        cluster["status"] = "RUNNING"
        self._version += 1
        self._allocate(cluster["projectId"], cluster["regionId"])

    def _through(self, cluster, status, seconds, then):
        """The cluster is in `status` for a time; a later change of status overtakes it."""
        cluster["status"] = status
        cluster["passage"] = passage = object()
        self.world.later(seconds, lambda: cluster.get("passage") is passage and then(cluster))

    # Drift: what others do behind the tool's back.

    def drift(self, kind, **args):
        method = getattr(self, f"_drift_{kind}")
        try:
            inspect.signature(method).bind(**args)
        except TypeError as error:
            takes = ", ".join(inspect.signature(method).parameters)
            raise BadRequest(f"The drift {kind} takes {takes}: {error}.") from None
        self._version += 1
        self._drifts += 1
        touched = method(**args)
        self.world.log.add("drift", kind, True, "ok", **touched)
        return touched

    def _registration(self, endpoint_id, gcp_project_id=None):
        rows = [r for r in self.registrations if gcp_project_id in (None, r["gcpProjectId"])
                and (r["endpointId"] == endpoint_id if endpoint_id else not r.get("outside"))]
        if len(rows) != 1:
            raise BadRequest(f"There are {len(rows)} registrations of {endpoint_id or 'endpoints of ours'}, not one.")
        return rows[0]

    def _known_cluster(self, cluster_id):
        if not isinstance(cluster_id, str) or cluster_id not in self.clusters:
            raise BadRequest(f"There is no cluster {cluster_id!r}.")
        return self.clusters[cluster_id]

    def _drift_lose_registration(self, endpoint_id=None, reject=False, gcp_project_id=None):
        row = self._registration(endpoint_id, gcp_project_id)
        self._remove(row)
        if reject:
            self._reject(row)
        self._last_gone(row)
        return _touched(row)

    def _drift_reject_registration(self, endpoint_id=None, connection=True, gcp_project_id=None):
        """connection: the cloud's endpoint is rejected with it."""
        row = self._registration(endpoint_id, gcp_project_id)
        self._fail(row, "rejected")
        if connection:
            self._reject(row)
        return _touched(row)

    def _drift_stale_registration(self, project_id=None, region_id=None, endpoint_id=None, gcp_project_id=None):
        """A registration whose endpoint has vanished."""
        return self._add_row(project_id, region_id, endpoint_id, gcp_project_id, outside=False)

    def _drift_foreign_registration(self, project_id=None, region_id=None, endpoint_id=None, gcp_project_id=None):
        """A registration of somebody else's endpoint, in an account or project that nobody here can read."""
        return self._add_row(project_id, region_id, endpoint_id, gcp_project_id, outside=True)

    def _add_row(self, project_id, region_id, endpoint_id, gcp_project_id, outside):
        """Without a region: in the scenario's AWS one, or in its Google one when a Google project is named."""
        google = str(region_id or "").startswith("gcp") or gcp_project_id is not None or project_id == given.GCP_PROJECT
        region_id = region_id or ("gcp-us-west1" if google else given.REGION_ID)
        project_id = project_id or (given.GCP_PROJECT if google else given.AWS_PROJECT)
        number = given.digest("other" if outside else "gone", self._drifts)
        if google:
            endpoint_id = endpoint_id or f"endpoint-{number[:8]}"
            gcp_project_id = gcp_project_id or (f"tenant-{number[:6]}" if outside else self.world.scenario["gcp"]["gcp_project_id"])
        endpoint_id = endpoint_id or f"vpce-0{number[:16]}"
        services = {region: (cloud_id, service) for region, cloud_id, service, _w in self._services()}
        if project_id not in self.projects or region_id not in services:
            raise BadRequest(f"There is no project {project_id!r} or no service in {region_id!r}.")
        if self._find(endpoint_id, region_id, gcp_project_id):
            raise BadRequest(f"The endpoint {endpoint_id} is already registered.")
        cloud_id, service = services[region_id]
        row = {"projectId": project_id, "regionId": region_id, "cloudId": cloud_id, "endpointService": service, "endpointId": endpoint_id,
               "gcpProjectId": gcp_project_id if cloud_id == "gcp" else None, "phase": "ready", "since": self.world.clock.now() - 86400,
               "outside": outside}
        self.registrations.append(row)
        self._allocate(project_id, region_id)
        return _touched(row)

    def _drift_suspend_cluster(self, cluster_id):
        cluster = self._known_cluster(cluster_id)
        if self["suspended_address"] == "lost":
            cluster["privateLinkAddress"] = ""
        self._through(cluster, "STOPPING", 30, lambda c: c.update(status="STOPPED"))
        return {"cluster_id": cluster_id}

    def _drift_resume_cluster(self, cluster_id):
        self._through(self._known_cluster(cluster_id), "RESUMING", 60, self._running)
        return {"cluster_id": cluster_id}

    def _drift_modify_cluster(self, cluster_id, status="MODIFYING", seconds=300):
        self._through(self._known_cluster(cluster_id), status, float(seconds), self._running)
        return {"cluster_id": cluster_id}

    def _drift_switch_public_endpoint(self, cluster_id, enabled=False):
        """Somebody clicks in the console, which every deployment has."""
        cluster = self._known_cluster(cluster_id)
        self._switch_public(cluster, bool(enabled))
        return {"cluster_id": cluster_id}

    def _drift_drop_cluster(self, cluster_id):
        self._through(self._known_cluster(cluster_id), "DELETING", 30, self._dropped)
        return {"cluster_id": cluster_id}

    def _dropped(self, cluster):
        del self.clusters[cluster["clusterId"]]
        self.dropped.append(cluster["clusterId"])
        self._version += 1
        place = (cluster["projectId"], cluster["regionId"])
        if self["removed_with_cluster"] and not any((c["projectId"], c["regionId"]) == place
                                                    for c in self.clusters.values()):
            self.registrations = [r for r in self.registrations if (r["projectId"], r["regionId"]) != place]

    def _drift_add_cluster(self, project_id=given.AWS_PROJECT, region_id=given.REGION_ID, plan="Enterprise",
                           cluster_name=None, status="CREATING", seconds=120):
        if project_id not in self.projects:
            raise BadRequest(f"There is no project {project_id!r}.")
        name = cluster_name or f"added-{self._drifts}"
        cluster = given.cluster(project_id, region_id, plan, status, name, index=self._drifts)
        if cluster["clusterId"] in self.clusters:
            raise BadRequest(f"There is a cluster {name!r} in {project_id} and {region_id} already.")
        self.clusters[cluster["clusterId"]] = cluster
        if status == "RUNNING":
            self._running(cluster)
        else:
            self._through(cluster, status, float(seconds), self._running)
        return {"cluster_id": cluster["clusterId"]}

    def _drift_change_link(self, cluster_id, host=None, port=None):
        """The vendor moves a cluster to another private address."""
        cluster = self._known_cluster(cluster_id)
        if not cluster["privateLinkAddress"]:
            raise BadRequest(f"The cluster {cluster_id} has no private link.")
        now = urllib.parse.urlsplit(cluster["privateLinkAddress"])
        first, _dot, domain = now.hostname.partition(".")
        host = host or (f"{first}-2.{domain}" if port is None else now.hostname)
        port = int(port) if port is not None else now.port
        cluster["changed_link"] = cluster["privateLinkAddress"] = f"https://{host}" + (f":{port}" if port else "")
        return {"cluster_id": cluster_id, "private_link_address": cluster["privateLinkAddress"]}


HANDLERS: dict[str, Callable] = {
    "ListPrivateEndpointServices": Zilliz.list_services,
    "ListPrivateEndpoints": Zilliz.list_endpoints,
    "CreatePrivateEndpoint": Zilliz.create_endpoint,
    "DeletePrivateEndpoint": Zilliz.delete_endpoint,
    "AddPrivateEndpointWhitelistEntry": Zilliz.add_whitelist,
    "ListClusters": Zilliz.list_clusters,
    "DescribeCluster": Zilliz.describe_cluster,
    "ModifyCluster": Zilliz.modify_cluster,
    "ListProjects": Zilliz.list_projects,
    "DescribeProject": Zilliz.describe_project,
    "ListClouds": Zilliz.list_clouds,
    "ListRegions": Zilliz.list_regions,
}


def _touched(row):
    return {name: value for name, value in (("endpoint_id", row["endpointId"]), ("gcp_project_id", row["gcpProjectId"])) if value is not None}


def _attachment(url):
    """projects/P/regions/R/serviceAttachments/N, as services are listed, of any form of its URL."""
    return url[url.rindex("projects/"):] if "projects/" in url else url


def _route(request):
    """The operation and the ids in the path. The raw path: an id that was not percent-encoded must not match."""
    raw = request.environ.get("REQUEST_URI") or request.environ.get("RAW_URI") or request.path
    path = urllib.parse.urlsplit(raw).path if raw.startswith("/") else request.path
    parts = path.strip("/").split("/")
    if parts[0] == "v2":
        for method, form, operation in ROUTES:
            wanted = form.split("/")
            if request.method != method or len(wanted) != len(parts) - 1:
                continue
            if all(want == part or (want.startswith("{") and part) for want, part in zip(wanted, parts[1:])):
                return operation, {want[1:-1]: urllib.parse.unquote(part)
                                   for want, part in zip(wanted, parts[1:]) if want.startswith("{")}
    return f"{request.method} {path}", {}


def _body(request):
    """The JSON object sent, and whether it was sound."""
    raw = request.get_data()
    if not raw:
        return {}, request.method not in ("POST", "PATCH")
    try:
        body = json.loads(raw)
    except ValueError:
        return {}, False
    return (body, True) if isinstance(body, dict) else ({}, False)


def _bearer(request):
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme == "Bearer" else ""


def _rights(key):
    if not key:
        raise Problem(1800, "User hasn't authenticated")
    if ":" in key:
        raise Problem(80001, "The token is malformed: the control plane accepts API keys only.")
    rights = {given.API_KEY: "all", given.READONLY_KEY: "read", given.NO_RIGHTS_KEY: "none"}.get(key)
    if rights is None:
        raise Problem(21119, "The API key is invalid.", 401)
    return rights
