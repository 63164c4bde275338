# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A project with a thousand clusters: every name, in as few calls as the clouds' own limits allow."""
from __future__ import annotations

import sys

import pytest
from e2e.link import Link

CLUSTERS = 1000
# The kinds of records that differ in what a batch may hold; the clouds' own limits are the sandbox's.
WAYS = {
    # A CNAME is some 95 characters long and counts twice: 168 fit into 32,000.
    "aws": ({"dns": "shared", "record_type": "cname"}, "ChangeResourceRecordSets", range(6, 8)),
    "gcp": ({"dns": "shared"}, "dns.changes.create", range(10, 12)),
}
# Notes the most memory, in KiB, that a module's process had.
MEASURED = """#!{python}
import resource, subprocess, sys
done = subprocess.run([sys.executable, *sys.argv[1:]])
with open("{notes}", "a", encoding="utf-8") as file:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=file)
sys.exit(done.returncode)
"""


@pytest.mark.parametrize("cloud", WAYS)
def test_a_thousand_clusters_in_a_shared_zone(cloud, sandbox, playbook, tmp_path):
    sandbox.reset(clusters=CLUSTERS, switches={"route53_rate": 1000})
    before = sandbox.state()
    variables, change, batches = WAYS[cloud]
    link = Link(sandbox, playbook, cloud)
    link.vars.update(variables, wait_timeout=300)

    made = link.made()
    assert len([one for one in made.result["links"] if one["ready"]]) == CLUSTERS
    assert len([entry for entry in sandbox.log() if entry["operation"] == change]) in batches

    since, warm = len(sandbox.log()), sandbox.interpreter
    measured, notes = tmp_path / "measured" / "python", tmp_path / "notes"
    (measured.parent / "packed").mkdir(parents=True)
    measured.write_text(MEASURED.format(python=sys.executable, notes=notes), encoding="utf-8")
    measured.chmod(0o755)
    sandbox.interpreter = str(measured)
    again = link.settled()
    sandbox.interpreter = warm
    assert 20 < max(map(int, notes.read_text(encoding="utf-8").split())) / 1024 < 150, "MiB"
    assert len(again.modules) == 1
    # The registrations and clusters of ten pages each, the records of four: no call for each cluster.
    assert len(sandbox.log(since)) < 60

    foreseen = link.down(check=True)
    assert foreseen.rc == 0 and foreseen.steps.count("delete record") == CLUSTERS
    link.gone(before)
