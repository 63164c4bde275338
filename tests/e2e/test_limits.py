# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A project with a thousand clusters: every name, in as few calls as the clouds' own limits allow."""
from __future__ import annotations

import pytest
from e2e.link import Link

CLUSTERS = 1000
# The kinds of records that differ in what a batch may hold; the clouds' own limits are the sandbox's.
WAYS = {
    # A CNAME is some 95 characters long and counts twice: 168 fit into 32,000.
    "aws": ({"dns": "shared", "record_type": "cname"}, "ChangeResourceRecordSets", range(6, 8)),
    "gcp": ({"dns": "shared"}, "dns.changes.create", range(10, 12)),
}


@pytest.mark.parametrize("cloud", WAYS)
def test_a_thousand_clusters_in_a_shared_zone(cloud, sandbox, playbook):
    sandbox.reset(clusters=CLUSTERS, switches={"route53_rate": 1000})
    before = sandbox.state()
    variables, change, batches = WAYS[cloud]
    link = Link(sandbox, playbook, cloud)
    link.vars.update(variables, wait_timeout=300)

    made = link.made()
    assert len([one for one in made.result["links"] if one["ready"]]) == CLUSTERS
    assert len([entry for entry in sandbox.log() if entry["operation"] == change]) in batches

    since = len(sandbox.log())
    again = link.settled()
    assert len(again.modules) == 1
    # The registrations and clusters of ten pages each, the records of four: no call for each cluster.
    assert len(sandbox.log(since)) < 60

    foreseen = link.down(check=True)
    assert foreseen.rc == 0 and foreseen.steps.count("delete record") == CLUSTERS
    link.gone(before)
