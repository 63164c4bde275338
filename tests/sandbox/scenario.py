# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is there before anybody acts. The same ids after every start and reset: programs keep them.

build() gives what the clouds are made from; public() the part that scenario.json shows.
"""
from __future__ import annotations

import copy
import hashlib
import os
import shlex
import sys

# Long, because Ansible masks an api key wherever its text occurs.
API_KEY = "8f3b1c6de94a7052b1f0c8d2a6e37f59104bc2d8e6a97f30d5c41b82e09f6a73c5d18b04"
READONLY_KEY = "2d7e90c41ab58f36c0e9d7148b25fa6371e8c3d09b64f52a7718ce03d96b4f80a1e25c97"
NO_RIGHTS_KEY = "b60fa38d52c719e4470de6c18f93b2a5d8e04c7136fb9a20e5c87d14036bf92ae71d40c8"

AWS_PROJECT = "proj-4487580fcfe2c8a4391686"
SECOND_PROJECT = "proj-20e13e974c7d659a83b1c4"      # a second link in the same region
GCP_PROJECT = "proj-61e949d971f841b0c27f5e"
MANY_PROJECT = "proj-b44a39b0c51cf21791a8f0"        # more than 200 registrations
BIG_PROJECT = "proj-73cb8e5a0f1d4296e8b5d1"         # most of the account's clusters
MIXED_PROJECT = "proj-09d52fc7e6b31a48f09c2d"       # Standard and Enterprise clusters side by side
STANDARD_PROJECT = "proj-e81f60b92ad74c35b6e017"    # its plan has no private link
BARE_PROJECT = "proj-5ac0d7f3198e4b62d43f9a"        # no region, no cluster

REGION_ID = "aws-us-west-2"
SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74"
SECOND_SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0e2f81c4d6a79b350"
DOMAIN = "api.cloud.zilliz.com"

# region_id, cloud_id, service, whitelist required. No service: no private link in that region.
REGIONS = [
    ("aws-us-west-2", "aws", SERVICE, False),
    ("aws-us-east-2", "aws", "com.amazonaws.vpce.us-east-2.vpce-svc-07d4a1b9e3c58f206", False),
    ("aws-us-east-1", "aws", "com.amazonaws.vpce.us-east-1.vpce-svc-0a913c5f7e2d8b640", True),
    ("aws-eu-central-1", "aws", "com.amazonaws.vpce.eu-central-1.vpce-svc-0c47f29a6b1e3d850", False),
    ("aws-ap-southeast-1", "aws", None, False),
    ("gcp-us-west1", "gcp",
     "projects/vdc-prod/regions/us-west1/serviceAttachments/zilliz-us-west1-psc", False),
    ("gcp-asia-southeast1", "gcp", None, False),
    ("az-eastus", "azure",
     "zilliz-eastus.7d2c9e41-5b80-4f6a-93d7-0e1c8a52b6f4.eastus.azure.privatelinkservice", True),
    ("ali-cn-hangzhou", "ali", "com.aliyuncs.privatelink.cn-hangzhou.epsrv-bp1xk29fq07mzt64c8e5", True),
]

ASTRAY = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN",
          "AWS_SECURITY_TOKEN", "AWS_URL", "AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL_ROUTE_53",
          "AWS_ENDPOINT_URL_STS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ZILLIZ_API_KEY",
          "GCP_ACCESS_TOKEN", "GCP_ENV_TYPE", "GCP_PROJECT", "GCP_SCOPES", "GCP_SERVICE_ACCOUNT_CONTENTS", "GCP_SERVICE_ACCOUNT_EMAIL",
          "GOOGLE_API_CERTIFICATE_CONFIG", "GOOGLE_API_USE_CLIENT_CERTIFICATE", "GOOGLE_API_USE_MTLS_ENDPOINT", "GOOGLE_CLOUD_PROJECT",
          "GOOGLE_CLOUD_QUOTA_PROJECT", "GOOGLE_CLOUD_UNIVERSE_DOMAIN", "GCE_METADATA_MTLS_MODE", "NO_GCE_CHECK", "CURL_CA_BUNDLE")

STATUSES = ["RUNNING", "RUNNING", "RUNNING", "STOPPED", "CREATING", "MODIFYING", "ABNORMAL", "UPGRADING", "FROZEN",
            "RESIZING", "DELETING", "MIGRATING", "RESTORE_BACKUP", "RESUMING", "STOPPING", "UNFREEZED",
            "WRITING_OPERATION", "FREEZING"]
PLANS = ["Enterprise", "Standard", "Serverless", "Free", "BusinessCritical"]
PREFIX = {"Free": "in03", "Serverless": "in05"}


def digest(*parts):
    return hashlib.sha256("/".join(str(part) for part in parts).encode()).hexdigest()


def build(clusters=2, aws=None, gcp=None):
    """The whole scenario with `clusters` linkable clusters in the AWS and in the Google project; `aws`, `gcp`: those clouds' parts.

    `gcp` is beyond the agreed keys of its block, so it stands apart.
    """
    made = _clusters(clusters)
    return copy.deepcopy({
        "zilliz": {"api_key": API_KEY, "projects": _projects(made), "clusters": made,
                   "registrations": _registrations()},
        "aws": dict(aws or {}, region_id=REGION_ID, project_id=AWS_PROJECT),
        "gcp": {"region_id": "gcp-us-west1", "project_id": GCP_PROJECT, "gcp_project_id": "my-project",
                "region": "us-west1", "network": "my-vpc", "second_network": "my-second-vpc",
                "subnetwork": "my-subnet"},
        "gcp_more": dict(gcp or {}),
        "aws_services": _aws_services(),
    })


def _aws_services():
    """What AWS has to know of the services. It always knows the second one; Zilliz lists it by a switch only."""
    known = {name: {"region": region_id[4:]} for region_id, cloud_id, name, _whitelist in REGIONS
             if cloud_id == "aws" and name}
    return dict(known, **{SECOND_SERVICE: {"region": "us-west-2"}})


def public(scenario, host_address=None, folder=""):
    """What scenario.json shows. `extra` is beyond the agreed keys: for tests of refusals. Credential files lie in `folder`."""
    zilliz = scenario["zilliz"]
    return {
        "zilliz": {
            "host_address": host_address, "api_key": zilliz["api_key"],
            "projects": [{"project_id": p["projectId"], "region_ids": p["regionIds"]} for p in zilliz["projects"]],
            "clusters": [{"cluster_id": c["clusterId"], "cluster_name": c["clusterName"],
                          "project_id": c["projectId"], "region_id": c["regionId"], "plan": c["plan"],
                          "status": c["status"]} for c in zilliz["clusters"]]},
        "aws": {name: value for name, value in scenario["aws"].items() if name != "profiles"},
        "gcp": scenario["gcp"],
        "extra": {
            "readonly_api_key": READONLY_KEY, "no_rights_api_key": NO_RIGHTS_KEY,
            "second_project_id": SECOND_PROJECT, "many_registrations_project_id": MANY_PROJECT,
            "mixed_plans_project_id": MIXED_PROJECT, "standard_project_id": STANDARD_PROJECT,
            "bare_project_id": BARE_PROJECT, "whitelist_region_id": "aws-us-east-1",
            "no_service_region_id": "aws-ap-southeast-1", "no_service_gcp_region_id": "gcp-asia-southeast1",
            "gcp": {name: os.path.join(folder, value) if name.endswith("_file") else value for name, value in scenario["gcp_more"].items()}},
    }


def env(scenario, urls, folder, collections=None, environ=None):
    """The environment in which every program finds the sandbox and nothing else."""
    environ = os.environ if environ is None else environ
    main = scenario["aws"].get("profiles", {}).get("main", {})
    bin_dir = os.path.dirname(os.path.abspath(sys.executable))
    found = {
        "PATH": os.pathsep.join([bin_dir] + [p for p in environ.get("PATH", "/usr/bin:/bin").split(os.pathsep)
                                             if p != bin_dir]),
        "ANSIBLE_COLLECTIONS_PATH": collections or environ.get("ANSIBLE_COLLECTIONS_PATH"),
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        "SANDBOX_URL": urls["control"],
        "ZILLIZCLOUD_HOST_ADDRESS": urls["zilliz"],
        "ZILLIZCLOUD_API_KEY": scenario["zilliz"]["api_key"],
        "AWS_ENDPOINT_URL": urls.get("aws"),
        "AWS_CONFIG_FILE": os.path.join(folder, "aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": os.path.join(folder, "aws-credentials"),
        "AWS_ACCESS_KEY_ID": main.get("access_key_id"),
        "AWS_SECRET_ACCESS_KEY": main.get("secret_access_key"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        found[name] = found[name.lower()] = urls["escape"]
    found["NO_PROXY"] = found["no_proxy"] = "127.0.0.1,localhost"
    if urls.get("gcp"):
        found.update(_gcp_env(urls["gcp"], folder))
    return {name: value for name, value in found.items() if value is not None}


def _gcp_env(metadata, folder):
    """Google's hosts keep their names: the proxy knows them, and this authority vouches for it."""
    found = {name: os.path.join(folder, "ca.pem") for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")}
    found.update({name: os.path.join(folder, "gcp-service-account.json") for name in ("GCP_SERVICE_ACCOUNT_FILE", "GOOGLE_APPLICATION_CREDENTIALS")})
    found.update({name: metadata.partition("://")[2] for name in ("GCE_METADATA_HOST", "GCE_METADATA_IP", "GCE_METADATA_ROOT")})
    return dict(found, GCP_AUTH_KIND="serviceaccount")


def env_text(variables, environ=None):
    """`export K=V` lines, and where a variable here would lead programs astray, one line that takes it away."""
    environ = os.environ if environ is None else environ
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    astray = [name for name in ASTRAY if name in environ and name not in variables]
    return "\n".join(lines + ([f"unset {' '.join(astray)}"] if astray else [])) + "\n"


def aws_files(scenario):
    """(config, credentials): the default profile is the main account. Only it has a region: the others must be told."""
    profiles = scenario["aws"].get("profiles", {})
    config, credentials = ["[default]", "region = us-west-2"], []
    for name, keys in [("default", profiles.get("main"))] + list(profiles.items()):
        if keys:
            config += [f"[profile {name}]"] if name != "default" else []
            credentials += [f"[{name}]", f"aws_access_key_id = {keys['access_key_id']}",
                            f"aws_secret_access_key = {keys['secret_access_key']}"]
    return "\n".join(config) + "\n", "\n".join(credentials) + "\n"


def cluster(project_id, region_id, plan, status, name, cluster_id=None, index=0):
    """One cluster as the vendor keeps it; `index` chooses the forms that differ from cluster to cluster."""
    cluster_id = cluster_id or f"{PREFIX.get(plan, 'in01')}-{digest(project_id, region_id, name)[:15]}"
    dedicated = plan not in PREFIX
    host = f"{cluster_id}.{region_id}" if dedicated else f"{cluster_id}.serverless.{region_id}"
    port = [":19530", ":19538", ":443", ":19539"][index % 4] if dedicated else ""
    return {
        "clusterId": cluster_id, "clusterName": name, "description": "", "projectId": project_id,
        "regionId": region_id, "plan": plan, "deploymentOption": "Dedicated" if dedicated else plan,
        "cuType": "Performance-optimized" if dedicated else "", "cuSize": 1 if dedicated else 0, "status": status,
        "connectAddress": f"https://{host}.vectordb.zillizcloud.com{port}", "privateLinkAddress": "",
        "createTime": "2026-03-02T08:15:30Z", "publicAddressEnabled": True, "index": index,
    }


def _clusters(linkable):
    made = []

    def add(*args, **more):
        made.append(cluster(*args, **more))

    for i in range(linkable):
        add(AWS_PROJECT, REGION_ID, "Enterprise", "RUNNING", f"prod-{i + 1:02d}", index=i,
            cluster_id="in01-840ec44485bf25d" if i == 0 else None)
    for plan, status, name in (("Free", "RUNNING", "try-out"), ("Serverless", "RUNNING", "sparse-traffic"),
                               ("Enterprise", "STOPPED", "night-off")):
        add(AWS_PROJECT, REGION_ID, plan, status, name)
        add(GCP_PROJECT, "gcp-us-west1", plan, status, name)
    for i in range(linkable):
        add(GCP_PROJECT, "gcp-us-west1", "Enterprise", "RUNNING", f"prod-{i + 1:02d}", index=i,
            cluster_id="in01-61e949d971f841b" if i == 0 else None)
    for i in range(2):
        add(SECOND_PROJECT, REGION_ID, "Enterprise", "RUNNING", f"analytics-{i + 1}", index=i + 2)
    add(SECOND_PROJECT, "aws-us-east-1", "BusinessCritical", "RUNNING", "analytics-east", index=1)
    add(SECOND_PROJECT, "az-eastus", "Enterprise", "RUNNING", "analytics-azure")
    add(SECOND_PROJECT, "ali-cn-hangzhou", "Enterprise", "RUNNING", "analytics-hangzhou")
    # One name twice: names are unique in no documented scope.
    add(MANY_PROJECT, REGION_ID, "Enterprise", "RUNNING", "prod-01", index=1)
    add(MANY_PROJECT, REGION_ID, "BusinessCritical", "RUNNING", "tenants", index=4)
    add(MIXED_PROJECT, REGION_ID, "Enterprise", "RUNNING", "large", index=3)
    add(MIXED_PROJECT, REGION_ID, "Standard", "RUNNING", "small", index=2)
    add(STANDARD_PROJECT, REGION_ID, "Standard", "RUNNING", "starter")
    regions = ["aws-us-west-2", "aws-us-east-2", "gcp-us-west1", "az-eastus", "aws-eu-central-1"]
    for i in range(206):
        plan = PLANS[i % len(PLANS)]
        status = STATUSES[i % len(STATUSES)] if plan not in PREFIX else "RUNNING"
        add(BIG_PROJECT, regions[i // 5 % len(regions)], plan, status, f"fleet-{i + 1:03d}", index=i)
    return made


def _projects(clusters):
    names = [(AWS_PROJECT, "Default Project", "Enterprise", ["aws-us-west-2"]),
             (SECOND_PROJECT, "analytics", "BusinessCritical",
              ["aws-us-west-2", "aws-us-east-1", "aws-ap-southeast-1", "az-eastus", "ali-cn-hangzhou"]),
             (GCP_PROJECT, "google", "Enterprise", ["gcp-us-west1"]),
             (MANY_PROJECT, "many-vpcs", "Enterprise", ["aws-us-west-2", "gcp-us-west1"]),
             (BIG_PROJECT, "fleet", "Enterprise",
              ["aws-us-west-2", "aws-us-east-2", "gcp-us-west1", "az-eastus", "aws-eu-central-1"]),
             (MIXED_PROJECT, "mixed", "Enterprise", ["aws-us-west-2"]),
             (STANDARD_PROJECT, "analytics", "Standard", ["aws-us-west-2"]),
             (BARE_PROJECT, "empty", "Enterprise", [])]
    return [{"projectId": project_id, "projectName": name, "description": "", "regionIds": region_ids, "plan": plan,
             "instanceCount": sum(c["projectId"] == project_id for c in clusters), "orgType": "SAAS",
             "createTime": "2026-01-11T10:00:00Z"} for project_id, name, plan, region_ids in names]


def _registrations():
    """Registrations of other people's endpoints: their clouds are not simulated, so nothing verifies them."""
    services = {region_id: (cloud_id, service) for region_id, cloud_id, service, _whitelist in REGIONS}
    made = []
    for i in range(212):
        region_id = "gcp-us-west1" if i % 20 == 19 else REGION_ID
        cloud_id, service = services[region_id]
        # On Google the same name occurs in many consumer projects: only both together are unique.
        made.append({"projectId": MANY_PROJECT, "regionId": region_id, "cloudId": cloud_id,
                     "endpointService": service,
                     "endpointId": "my-psc-endpoint" if cloud_id == "gcp" else f"vpce-0{digest('vpce', i)[:16]}",
                     "gcpProjectId": f"tenant-{i:03d}" if cloud_id == "gcp" else None})
    return made
