# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is large: a thousand clusters, lists of a hundred pages, names as long as they may be; and what the clouds' quotas forbid."""
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


PAGES = {
    "aws": dict(aws_page=1, route53_page=1, route53_rate=1000),
    "gcp": dict(gcp_page_size=1, gcp_dns_page=1),
}


@pytest.mark.parametrize("cloud", PAGES)
def test_lists_of_a_hundred_pages(cloud, sandbox, playbook):
    sandbox.reset(clusters=100, switches=PAGES[cloud])
    before = sandbox.state()
    link = Link(sandbox, playbook, cloud)
    link.vars.update(dns="shared")
    assert len([one for one in link.made().result["links"] if one["ready"]]) == 100
    since = len(sandbox.log())
    link.settled()
    pages = [entry for entry in sandbox.log(since) if entry["operation"] in ("ListResourceRecordSets", "dns.resourceRecordSets.list")]
    assert len(pages) > 100
    link.gone(before)


@pytest.mark.parametrize("dns, tags", [("shared", 8), ("none", 48)])
def test_names_and_tags_as_long_and_as_many_as_they_may_be(dns, tags, link, sandbox):
    before = sandbox.state()
    link.vars.update(
        dns=dns, security_group_name="a (b) [c] {d} " + "x" * 241, endpoint_name="n" * 256, zone_name="vectordb.zillizcloud.com",
        zone_vpcs=[{"vpc_id": link.given["second_vpc_id"]}] if dns == "shared" else [],
        tags={"k" * 128: "v" * 256, "\N{GREEK SMALL LETTER PI}": "<&>\"'", **{f"tag{number}": "" for number in range(tags - 2)}})
    link.made()
    link.settled()
    link.gone(before)


# Each in turn: what is too small, what the run says of it, what it is again.
QUOTAS = {
    "aws": [
        ("aws_groups_quota", 0, 2500, "the quotas of security groups and of rules in a group"),
        ("aws_endpoint_quota", 0, 50, "the quota of interface endpoints of the VPC"),
        ("aws_rules_quota", 1, 60, "the quotas of security groups and of rules in a group"),
        ("route53_zone_quota", 0, 500, "1 hosted zone would be made, but account 111122223333 has 0 of its 0: raise the Route 53 quota"),
        ("route53_records_quota", 2, 10000, "MAX_RRSETS_BY_ZONE"),
        ("route53_vpcs_quota", 1, 300, "MAX_VPCS_ASSOCIATED_BY_ZONE"),
    ],
    "gcp": [
        ("gcp_addresses_quota", 0, 200, "have this quota raised"),
        ("gcp_endpoints_quota", 0, 50, "have this quota raised"),
        ("gcp_firewalls_quota", 0, 200, "have this quota raised"),
        ("gcp_dns_zone_quota", 0, 500, "raise the Cloud DNS quota"),
        ("gcp_dns_records_quota", 2, 10000, "google.cloud does not tell why: check that the credentials in use have dns.changes.create"),
    ],
}


@pytest.mark.parametrize("cloud", QUOTAS)
def test_each_quota_is_named_and_the_next_run_goes_on(cloud, sandbox, playbook):
    before = sandbox.state()
    link = Link(sandbox, playbook, cloud)
    more = {"zone_vpcs": [{"vpc_id": link.given["second_vpc_id"]}]} if cloud == "aws" else {"client_egress": "always"}
    link.vars.update(dns="shared", **more)
    sandbox.switch(**{name: small for name, small, _usual, _words in QUOTAS[cloud] if "zone_quota" not in name})
    for name, small, usual, told in QUOTAS[cloud]:
        sandbox.switch(**{name: small})
        stopped = link.up()
        assert stopped.rc != 0 and told in stopped.message, f"{name}: {stopped.message}"
        assert "Traceback" not in stopped.stdout and "run again" in stopped.message or "zone_quota" in name
        sandbox.switch(**{name: usual})
    link.made()
    link.settled()
    link.gone(before)
