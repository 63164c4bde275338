# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role private_link_fleet makes of its variables, and that each of them is described and used."""
from __future__ import annotations

import pathlib
import re

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLES = pathlib.Path(__file__).resolve().parents[2] / "roles"
ROLE = ROLES / "private_link_fleet"


def template(expression, **variables):
    loader, known = DataLoader(), {}
    for part in ("defaults", "vars"):
        known.update(loader.load_from_file(str(ROLE / part / "main.yml"), trusted_as_template=True))
    return Templar(loader, variables={"inventory_hostname": "a", **known, **variables}).template(trust_as_template("{{ %s }}" % expression))


def test_every_option_is_described_has_its_default_and_is_used():
    specs = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    defaults = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text(encoding="utf-8"))
    assert set(specs) == {path.stem for path in (ROLE / "tasks").glob("*.yml")}
    for spec in specs.values():
        assert {name: option.get("default", "") for name, option in spec["options"].items()} == defaults
    used = "".join(path.read_text(encoding="utf-8") for folder in ("tasks", "vars") for path in (ROLE / folder).glob("*.yml"))
    assert set(re.findall(r"(?<!_)\bprivate_link_fleet_(?!result|zones)\w+", used)) == set(defaults)


def test_what_names_a_link_is_what_its_role_requires():
    for role, names in template("__private_link_fleet_required").items():
        spec = yaml.safe_load((ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
        assert set(names) == {name for name, option in spec.items() if option.get("required")}


def test_every_role_has_the_same_default_zone():
    told = (ROLE / "vars" / "main.yml").read_text(encoding="utf-8")
    for role in ("aws_private_link", "gcp_private_link"):
        defaults = yaml.safe_load((ROLES / role / "defaults" / "main.yml").read_text(encoding="utf-8"))
        assert f"or '{defaults[role + '_zone_name']}')" in told and defaults[f"{role}_dns"] != "shared"


def links(*others):
    """The links a, b, ... as the first play puts them side by side, all AWS ones with a shared zone but for what is said."""
    made = [{"host": host, "cloud": "aws", "link": f"{host}/r/vpc-1", "zone": "z", "network": "vpc-1", "further": False, "problem": "", **other}
            for host, other in zip("abcd", others)]
    return {"__private_link_fleet_links": made, "__private_link_fleet_link": made[0]}


@pytest.mark.parametrize(("others", "sharing"), [
    ([{}], []),
    ([{}, {}], ["b"]),
    ([{"zone": ""}, {"zone": ""}], []),
    ([{}, {"zone": "other"}, {}], ["c"]),
    # In different networks each has a zone of that name, unless a link lets further networks resolve it.
    ([{}, {"network": "vpc-2"}], []),
    ([{}, {"network": "vpc-2", "further": True}], ["b"]),
    ([{"further": True}, {"network": "vpc-2"}, {"network": "vpc-3"}], ["b", "c"]),
])
def test_who_shares_a_zone(others, sharing):
    assert template("__private_link_fleet_sharing", **links(*others)) == sharing


def test_a_link_that_is_there_twice_is_told_by_the_second():
    twins = links({}, {"link": "a/r/vpc-1"})
    assert template("__private_link_fleet_own.problem", **twins) == ""
    twins["__private_link_fleet_link"] = twins["__private_link_fleet_links"][1]
    assert "b is the same link as a" in template("__private_link_fleet_own.problem", inventory_hostname="b", **twins)


@pytest.mark.parametrize(("hosts", "batch", "size"), [(7, "", 7), (7, 3, 3), (7, "3", 3), (2, 20, 2), (7, "20%", 7)])
def test_how_many_work_side_by_side(hosts, batch, size):
    assert template("__private_link_fleet_side_by_side | int", ansible_play_hosts_all=["h"] * hosts, private_link_fleet_batch=batch) == size
