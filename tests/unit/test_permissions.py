# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages have what the table of permissions has; the proof from the log says what is wrong; refusals name the action."""
from __future__ import annotations

import json
import pathlib
import re
import sys
import types

import pytest
import yaml

from ansible_collections.zilliz.cloud.plugins.module_utils import _aws_write, _gcp_errors

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import permissions  # noqa: E402
from permissions_table import GCP, NOT_NEEDED, TABLE, actions  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORM = {"aws": r"[a-z0-9]+:[A-Z]\w+", "gcp": r"(compute|dns|servicedirectory)\.[a-zA-Z]+\.[a-zA-Z]+"}


@pytest.mark.parametrize("path", permissions.pages(), ids=lambda path: path.name)
def test_the_page_is_as_the_table_has_it(path):
    assert path.read_text(encoding="utf-8") == permissions.pages()[path], "run python tests/tools/permissions.py --write"


@pytest.mark.parametrize("cloud", TABLE)
def test_the_names_are_those_of_the_cloud(cloud):
    assert all(re.fullmatch(FORM[cloud], action) for action in actions(cloud))
    assert not set(NOT_NEEDED) & set(actions(cloud))
    assert len({feature.name for feature in TABLE[cloud]}) == len(TABLE[cloud])


def test_the_policy_fits_into_a_managed_one_and_allows_each_action_once_at_most_per_feature():
    policy = permissions.policy(permissions.own("aws"))
    # The limit of AWS for a managed policy, white space not counted.
    assert len(json.dumps(policy, separators=(",", ":"))) < 6144
    names = [one["Sid"] for one in policy["Statement"]]
    assert len(names) == len(set(names)) and all(re.fullmatch(r"[A-Za-z0-9]+", name) for name in names)
    marked = [one for one in policy["Statement"] if "Condition" in one]
    assert {action for one in marked for action in one["Action"]} == {"ec2:DeleteVpcEndpoints", "ec2:DeleteSecurityGroup"}
    free = {action for one in policy["Statement"] if "Condition" not in one for action in one["Action"]}
    assert not free & {"ec2:DeleteVpcEndpoints", "ec2:DeleteSecurityGroup"}


def test_the_roles_together_have_all_permissions():
    assert set().union(*permissions.roles().values()) == {action for feature in GCP for action in feature.actions}


# The proof

def log(folder, needed, complete=True, name="session-gw0"):
    (folder / f"{name}.json").write_text(json.dumps({"complete": complete, "needed": needed}), encoding="utf-8")


def everything():
    return {cloud: {action: "a call in a test" for action in actions(cloud)} for cloud in TABLE}


def test_without_a_complete_run_nothing_is_proven(tmp_path):
    assert permissions.logged(tmp_path) is None
    log(tmp_path, everything(), complete=False)
    assert permissions.logged(tmp_path) is None


def test_the_workers_of_a_run_are_read_together(tmp_path):
    needed = everything()
    for cloud in needed:
        log(tmp_path, {cloud: needed[cloud]}, name=f"session-{cloud}")
    log(tmp_path, {}, complete=False, name="another-main")
    assert not list(permissions.differences(permissions.logged(tmp_path)))


def test_both_directions_are_named():
    needed = everything()
    needed["aws"]["ec2:RunInstances"] = "RunInstances in tests/e2e/test_x.py"
    needed["aws"]["iam:ListAccountAliases"] = "may be refused"
    del needed["gcp"]["dns.changes.get"]
    assert list(permissions.differences(needed)) == [
        "ec2:RunInstances is needed (RunInstances in tests/e2e/test_x.py), and the table does not have it",
        "dns.changes.get is in the table, and no test needed it"]


# Sentences

@pytest.mark.parametrize("cloud", TABLE)
def test_what_the_role_says_of_a_task_is_in_the_table(cloud):
    path = ROOT / "roles" / f"{cloud}_private_link" / "vars" / "main.yml"
    takes = yaml.safe_load(path.read_text(encoding="utf-8"))[f"__{cloud}_private_link_permissions"]
    assert {action for names in takes.values() for action in names} <= set(actions(cloud))


def sentence_of_aws(action, text):
    service, _colon, operation = action.partition(":")
    client = types.SimpleNamespace(meta=types.SimpleNamespace(service_model=types.SimpleNamespace(signing_name=service)))
    return str(_aws_write.failure(client, operation, "do it", "AccessDenied", text))


@pytest.mark.parametrize("action", actions("aws"))
def test_every_denied_action_of_aws_is_named(action):
    told = f"User: arn:aws:iam::111122223333:user/x is not authorized to perform: {action} because no identity-based policy allows the {action} action"
    assert f"allow {action} in the IAM policy" in sentence_of_aws("ec2:CreateVpcEndpoint", told)
    if ":" in action:
        assert f"allow {action}" in sentence_of_aws(action, "User: arn:aws:iam::111122223333:user/x is not authorized to access this resource")


@pytest.mark.parametrize("call", ["CreateHostedZone", "AssociateVPCWithHostedZone", "DisassociateVPCFromHostedZone", "ListHostedZonesByVPC"])
def test_what_route53_wants_beside_is_named_where_it_does_not_say(call):
    said = sentence_of_aws(f"route53:{call}", "User: arn:aws:iam::111122223333:user/x is not authorized to access this resource")
    assert f"allow route53:{call} and ec2:DescribeVpcs" in said and ("ec2:DescribeRegions" in said) == (call == "CreateHostedZone")


@pytest.mark.parametrize("permission", actions("gcp"))
def test_every_denied_permission_of_google_is_named(permission):
    text = f"Required '{permission}' permission for 'projects/my-project/regions/us-west1/addresses/x'"
    answer = {"error": {"code": 403, "message": text, "errors": [{"message": text, "domain": "global", "reason": "forbidden"}]}}
    url = "https://compute.googleapis.com/compute/v1/projects/my-project/regions/us-west1/addresses"
    error = _gcp_errors.refused(403, answer, url, "do it", "compute.addresses.list", "me@example.com")
    assert error.permission == permission and f"allow {permission} for me@example.com" in str(error)
