# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which the hosts of the links are found: zones of their own, one shared zone, somebody else's, none."""
from __future__ import annotations

import json

from e2e.views import hosts, names, nothing_written, zones

SHARED = "vectordb.zillizcloud.com"


def test_a_shared_zone_then_exact_ones_then_none(link, sandbox):
    made = link.made(dns="shared")
    target = made.result["endpoint"]["dns_entries"][0]
    assert list(zones(sandbox)) == [SHARED]
    alias = {"alias": f"{target['dns_name']}.", "zone_id": target["hosted_zone_id"]}
    assert names(zones(sandbox)[SHARED]) == {f"{host}. A": alias for host in hosts(made)}
    assert any("no longer resolve" in note and SHARED in note for note in made.result["notes"])

    # The new names stand before the old ones go.
    start = len(sandbox.log())
    moved = link.made()
    assert sorted(zones(sandbox)) == hosts(moved)
    assert all(names(zones(sandbox)[host]) == {f"{host}. A": alias} for host in hosts(moved))
    order = [one["operation"] for one in sandbox.mutating(start, "ok")]
    assert order.index("DeleteHostedZone") > max(i for i, name in enumerate(order) if name == "CreateHostedZone")

    bare = link.made(dns="none")
    assert zones(sandbox) == {}
    assert sorted((one["name"], one["type"], one["value"], one["hosted_zone_id"]) for one in bare.result["records"]) == [
        (host, "A", target["dns_name"], target["hosted_zone_id"]) for host in hosts(bare)]
    link.settled(dns="none")


def test_a_cname_is_refused_at_the_top_of_a_zone_before_anything_is_made(link, sandbox):
    start = len(sandbox.log())
    run = link.up(record_type="cname")
    assert run.rc != 0 and "CNAME" in run.message and "dns: shared" in run.message
    assert nothing_written(sandbox, start)


def test_cnames_in_a_shared_zone_keep_their_ttl_and_become_aliases(link, sandbox):
    cnames = {"dns": "shared", "zone_name": "Zillizcloud.com.", "record_type": "cname", "record_ttl": 120}
    made = link.made(**cnames)
    target = made.result["endpoint"]["dns_entries"][0]
    record = {"ttl": 120, "values": [f"{target['dns_name']}."]}
    assert names(zones(sandbox)["zillizcloud.com"]) == {f"{host}. CNAME": record for host in hosts(made)}
    sooner = link.made(**dict(cnames, record_ttl=60))
    assert sooner.steps == ["update record", "update record"]
    link.settled(**dict(cnames, record_ttl=60))
    aliases = link.made(**dict(cnames, record_type="alias"))
    assert aliases.steps == ["replace record", "replace record"]
    assert set(names(zones(sandbox)["zillizcloud.com"])) == {f"{host}. A" for host in hosts(made)}


def test_both_aliases_of_a_name_become_one_cname_and_come_back(link, sandbox):
    """No moment has a CNAME beside another record: Route 53 would refuse it."""
    sandbox.switch(route53_rate=0)
    ways = {"alias": ["A", "AAAA"], "cname": ["CNAME"]}
    for record_type in ("alias", "cname", "alias"):
        wanted = {"dns": "shared", "ip_address_type": "dualstack", "record_type": record_type}
        run = link.made(**wanted)
        assert sorted(names(zones(sandbox)[SHARED])) == sorted(f"{host}. {kind}" for host in hosts(run) for kind in ways[record_type])
        link.settled(**wanted)


def one_form(sandbox, result, keep):
    """The zones of these hosts, with the ids that differ from run to run under one name each."""
    text = json.dumps({host: zones(sandbox)[host] for host in keep}, sort_keys=True)
    return json.loads(text.replace(result["endpoint"]["dns_entries"][0]["dns_name"], "ENDPOINT"))


def test_five_names_by_single_tasks_and_six_in_one_process_end_in_the_same_state(link, sandbox):
    aws = link.given
    vpcs = {"zone_vpcs": [{"vpc_id": aws["second_vpc_id"]},
                          {"vpc_id": aws["second_account"]["vpc_id"], "profile": aws["second_account"]["profile"]}],
            "tags": {"team": "search"}}
    forms = []
    for number in (5, 6):
        sandbox.reset(clusters=number)
        sandbox.switch(route53_rate=0)
        before = sandbox.state()
        made = link.made(**vpcs)
        assert len(hosts(made)) == number == len(zones(sandbox))
        used = {task["action"] for task in made.modules}
        assert ("zilliz.cloud.route53_names" in used) == (number == 6) == ("amazon.aws.route53" not in used)
        forms.append((made, one_form(sandbox, made.result, hosts(made)[:5] if number == 5 else hosts(forms[0][0]))))
        assert not any(zone["authorizations"] for zone in zones(sandbox).values())
    link.settled(**vpcs)
    link.gone(before)
    assert forms[0][1] == forms[1][1]
    assert all(len(zone["vpcs"]) == 3 for zone in forms[0][1].values())


def test_zones_answer_in_other_vpcs_regions_and_accounts(link, sandbox):
    aws, before = link.given, sandbox.state()
    hub = aws["second_account"]
    vpcs = [{"vpc_id": aws["second_vpc_id"]}, {"vpc_id": aws["other_region"]["vpc_id"], "region": aws["other_region"]["region"]},
            {"vpc_id": hub["vpc_id"], "profile": hub["profile"]}]
    everywhere = [f"us-east-1/{aws['other_region']['vpc_id']}", f"us-west-2/{aws['vpc_id']}", f"us-west-2/{aws['second_vpc_id']}",
                  f"us-west-2/{hub['vpc_id']}"]
    shared = {"dns": "shared", "zone_vpcs": vpcs}
    foreseen = link.up(check=True, **shared)
    assert foreseen.rc == 0, foreseen.stdout
    # An account's credentials in the environment and the profile of another exclude each other in amazon.aws.
    made = link.made(profile="main", **shared)
    assert foreseen.steps.count("associate zone_association") == made.steps.count("associate zone_association") == 3
    zone = zones(sandbox)["vectordb.zillizcloud.com"]
    assert zone["vpcs"] == everywhere and zone["authorizations"] == []
    link.settled(**shared)

    # An interrupted run has left its authorization: nobody else would ever take it away.
    sandbox.drift("orphan_authorization", vpc_id=hub["vpc_id"])
    assert zones(sandbox)["vectordb.zillizcloud.com"]["authorizations"]
    mended = link.made(**shared)
    assert mended.steps == ["associate zone_association"] and "left over" in mended.plans[0]["steps"][0]["why"]
    assert zones(sandbox)["vectordb.zillizcloud.com"]["authorizations"] == []

    left = link.made(dns="shared", zone_vpcs=vpcs[:1])
    assert left.steps.count("disassociate zone_association") == 2
    assert zones(sandbox)["vectordb.zillizcloud.com"]["vpcs"] == everywhere[1:3]
    link.settled(dns="shared", zone_vpcs=vpcs[:1])
    link.gone(before)
