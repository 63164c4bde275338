# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

MODULE = "gcp_labels"


@pytest.mark.parametrize("kind, google_kind", [("address", "addresses"), ("forwarding_rule", "forwardingRules")])
def test_added_and_others_stay(run_gcp, google, kind, google_kind):
    thing = google.things[google_kind, "zlz"] = {"name": "zlz", "labels": {"theirs": "1", "team": "old"}, "labelFingerprint": "l0"}
    wanted = {"kind": kind, "name": "zlz", "region": "us-west1", "labels": {"team": "new", "cost": 42, "on": True}}
    planned = run_gcp(MODULE, check_mode=True, **wanted)
    assert planned["changed"] and google.written == []
    # Somebody else adds a label in the same moment.
    real = google.label

    def label(*args):
        google.label = real
        thing.update(labels={**thing["labels"], "late": "1"}, labelFingerprint="l9")
        return real(*args)

    google.label = label
    done = run_gcp(MODULE, **wanted)
    assert done["diff"]["before"] == planned["diff"]["before"] == {"theirs": "1", "team": "old"}
    assert done["labels"] == thing["labels"] == {**planned["labels"], "late": "1"}
    assert planned["labels"] == {"theirs": "1", "team": "new", "cost": "42", "on": "true"}
    assert not run_gcp(MODULE, **wanted)["changed"]


def test_what_is_not_there(run_gcp, google):
    failed = run_gcp(MODULE, kind="address", name="zlz", region="us-west1", labels={"a": "b"})
    assert "could not read the address zlz in us-west1" in failed["msg"] and "check the name, its region" in failed["msg"]


def test_the_operation_fails(run_gcp, google):
    google.things["addresses", "zlz"] = {"name": "zlz", "labelFingerprint": "l0"}
    google.script["compute.addresses.setLabels"] = [("failed", "PERMISSION_DENIED", "Required 'compute.addresses.setLabels' permission")]
    failed = run_gcp(MODULE, kind="address", name="zlz", region="us-west1", labels={"a": "b"})
    assert "allow compute.addresses.setLabels for the credentials in use in project my-project" in failed["msg"]


def test_of_a_key_given_as_a_dictionary_the_secret_alone_is_hidden(run_gcp, google, key):
    google.things["addresses", "zlz"] = {"name": "zlz", "labels": {"owner": "my-project"}, "labelFingerprint": "l0"}
    answer = run_gcp(MODULE, access_token=None, service_account_contents=key, kind="address", name="zlz", region="us-west1", labels={"a": "b"})
    assert answer["labels"] == {"owner": "my-project", "a": "b"}
    failed = run_gcp(
        MODULE, access_token=None, service_account_contents={**key, "private_key": "-----BEGIN SECRET"}, kind="address", name="zlz", region="us-west1",
        labels={"a": "b"})
    assert "private_key that cannot be read" in failed["msg"] and key["private_key_id"] not in str(failed) and "BEGIN SECRET" not in str(failed)
