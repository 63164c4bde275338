# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""plan_mutants.py [WORD...]: breaks a copy of the plans in one way after the other, and tells which the property tests do not see.

Words choose mutants by their names. Run it with the Python and the ANSIBLE_COLLECTIONS_PATH of the unit tests (tests/tools/enter.py).
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.PurePath("tests/unit/plugins/module_utils")
PLAN, NAMES, AWS, GCP = (f"plugins/module_utils/_plan{end}.py" for end in ("", "_names", "_aws", "_gcp"))
# The properties alone: no example that somebody thought of.
PROPERTIES = (
    "(model and not reach) or chance or foresees or follows or needs_no_further or neither_changed or in_no_step or leaves_is_not "
    "or give_back or order_in_which or lists_that"
)

# Stands for a step that is left out.
NOTHING = "(lambda *x, **y: None)("

# name, file, what stands there, what stands there then
MUTANTS = [
    ("another link's endpoint is ours", PLAN, "return self.owner(thing) == self.mark", "return bool(self.owner(thing))"),
    ("adopts unasked", PLAN, 'return self.wanted["adopt"] and not self.owner(thing)', "return not self.owner(thing)"),
    (
        "a new endpoint is not authorized", PLAN,
        "if endpoint_id == CREATION:\n            self.authorize(CREATION,",
        "if endpoint_id == CREATION:\n            str(",
    ),
    ("a lost registration is not made again", PLAN, "elif not row:\n", "elif False:\n"),
    (
        "an endpoint goes with its registration on", PLAN,
        "            if row:\n                self.revoke(round_, row, f\"Its",
        "            if False:\n                self.revoke(round_, row, f\"Its",
    ),
    ("stale registrations go unasked", PLAN, 'elif self.wanted["purge_stale"]:', "else:\n                pass\n            if row:"),
    ("the youngest endpoint stays", PLAN, "return rank, endpoint[\"created\"]", "return rank, [-ord(x) for x in endpoint[\"created\"]]"),
    ("filtered clusters are not looked at", PLAN, 'x for x in self.links if x not in self.chosen]', "x for x in []]"),
    ("existing zones are not found", NAMES, "zone = next(iter(on_network + [", "zone = next(iter([] and ["),
    ("a foreign zone is ours", NAMES, "ours = not zone or adopts or self.zone_is_ours(zone)", "ours = True"),
    ("a living link's zone is taken over", NAMES, "return not any(self.owner(e) == owner or any(", "return not any(False and any("),
    ("records of others are ours", NAMES, "return ours and named or self.leads_here(record, ours or named)", "return True"),
    ("in our zone every record is ours", NAMES, "return ours and named or self.leads_here(", "return ours or self.leads_here("),
    ("wrong records stay", NAMES, "if now and all(now[key] == part for key, part in record.items()):", "if now:"),
    ("right records are written again", NAMES, "if now and all(now[key] == part for key, part in record.items()):", "if False:"),
    ("names of dropped clusters stay", NAMES, 'self.drop_record("name", zone, record, "No link', NOTHING + '"name", zone, record, "No link'),
    ("old zones stay", NAMES, 'if not late or late == self.foreseen():', "if False:"),
    (
        "old names go before the new stand", NAMES,
        "        for entry in self.zones:\n            self.make_zone(entry)\n",
        "        self.drop_zones()\n        for entry in self.zones:\n            self.make_zone(entry)\n",
    ),
    ("a zone goes with foreign records in it", NAMES, "        if foreign:\n            others", "        if False:\n            others"),
    (
        "a zone goes before its records", NAMES,
        "        for record in records:\n            if record not in foreign:\n",
        "        self.step(round_, \"delete\", self.ZONE, zone[\"name\"], why, before={\"name\": zone[\"name\"], \"zone_id\": "
        "zone[\"zone_id\"]})\n        for record in records:\n            if record not in foreign:\n",
    ),
    ("a teardown leaves records in foreign zones", NAMES, "records = [r for r in zone[\"records\"] or [] if self.record_is_ours(r)]", "records = []"),
    ("AWS: endpoints of other VPCs count", AWS, 'if e["vpc_id"] == self.vpc_id]\n        mine', "]\n        mine"),
    (
        "AWS: authorized before it is made", AWS,
        "            self.create_endpoint()\n            self.register(CREATION)",
        "            self.register(CREATION)\n            self.create_endpoint()",
    ),
    ("AWS: rejected endpoints stay in use", AWS, 'DEAD = ("rejected", "failed", "expired")', "DEAD = ()"),
    ("AWS: duplicates stay", AWS, 'self.retire("name", self.duplicates,', NOTHING + '"name", self.duplicates,'),
    ("AWS: replaces unasked", AWS, 'self.ours(endpoint) and self.wanted["recreate"]):', "self.ours(endpoint)):"),
    ("AWS: foreign rules go", AWS, 'if rule["description"] == self.text and not needed(', 'if not needed('),
    ("AWS: the group goes before the endpoint", AWS, "known=not (busy or users or self.waiting)", "known=True"),
    ("AWS: the group is left by a teardown", AWS, "        self.drop_groups(busy=bool(mine))\n", ""),
    ("AWS: tags are not repaired", AWS, 'if thing["tags"].get(k) != v}\n        if missing:', "if False}\n        if missing:"),
    ("AWS: drift of the endpoint stays", AWS, "drift = {k: v for k, v in target.items() if now[k] != v}", "drift = {}"),
    (
        "AWS: further VPCs are forgotten", AWS,
        "            for vpc in self.vpcs[1:]:\n                self.associate(name, None,",
        "            for vpc in []:\n                self.associate(name, None,",
    ),
    (
        "AWS: the input is changed", AWS,
        "self.subnet_ids = sorted(self.wanted[\"subnet_ids\"])",
        "self.wanted[\"subnet_ids\"].reverse()\n        self.subnet_ids = sorted(self.wanted[\"subnet_ids\"])",
    ),
    (
        "Google: everybody's endpoints count as made by this link", GCP,
        "self.made = {e[\"endpoint_id\"] for e in mine} |",
        "self.made = {e[\"endpoint_id\"] for e in self.found[\"endpoints\"]} |",
    ),
    ("Google: closed endpoints stay", GCP, 'if endpoint["status"] == "CLOSED":\n            found', "if False:\n            found"),
    ("Google: duplicates stay", GCP, 'self.retire("name", [] if self.replaces else self.duplicates, SECOND)', "pass"),
    ("Google: a new endpoint has the old registration", GCP, "        if not self.endpoint and row:\n", "        if False:\n"),
    ("Google: spare addresses stay", GCP, 'self.drop_addresses("name", spare, leaving,', NOTHING + '"name", spare, leaving,'),
    ("Google: a teardown leaves the address", GCP, 'self.drop_addresses("absent", self.my_addresses, self.mine, "It belongs to this link")', "pass"),
    ("Google: addresses in use go", GCP, "            if strangers:\n", "            if False:\n"),
    ("Google: rules of other links go", GCP, 'if marked(r["description"]) == self.mark)', 'if marked(r["description"]))'),
    ("Google: other networks' rules count", GCP, 'if r["network"] == self.network]\n        self.network_rules', "]\n        self.network_rules"),
    ("Google: other projects' registrations count", GCP, 'if r.get("gcp_project_id") in (self.project, None)]', "]"),
    ("Google: drift of a zone stays", GCP, 'if sorted(zone["networks"]) != networks:', "if False:"),
]


def copy_to(place):
    for name in ("plugins", "tests/unit"):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    # The first red answer is enough: it is not made smaller. What so few examples do not see, a second look with 80 may.
    file = place / HERE / "properties.py"
    file.write_text(file.read_text().replace("quick = settings(", "from hypothesis import Phase\nquick = settings(phases=[Phase.generate], ")
                    .replace("max_examples=80", f"max_examples={os.environ.get('EXAMPLES', 30)}"))


def seen(place, top, path=PLAN):
    collections = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "")
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, [str(top), collections])), PYTHONDONTWRITEBYTECODE="1")
    # What one cloud's plan breaks, the other's tests cannot see.
    others = {AWS: "gcp", GCP: "aws"}.get(path, "nobody")
    files = sorted(str(file) for file in (place / HERE).glob("test_plan_*.py") if others not in file.name)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-W", "ignore", "--rootdir", str(place), "-k", PROPERTIES, *files],
        cwd=place, env=environment, capture_output=True, text=True, check=False,
    )
    lines = [line for line in run.stdout.splitlines() if line.startswith("FAILED")]
    assert run.returncode in (0, 1), run.stdout[-2000:] + run.stderr[-2000:]
    return lines[0].rpartition("::")[2].split()[0] if run.returncode else ""


def main(words):
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        place = top / "ansible_collections/zilliz/cloud"
        copy_to(place)
        assert words or not seen(place, top), "red without any mutant"
        chosen = [x for x in MUTANTS if not words or any(word in x[0] for word in words)]
        for name, path, old, new in chosen:
            text = (ROOT / path).read_text()
            assert old in text, f"{name}: the plan has changed; correct this mutant"
            (place / path).write_text(text.replace(old, new, 1))
            red = seen(place, top, path)
            (place / path).write_text(text)
            print(f"{'red ' if red else 'SURVIVES'} {name} {red}", flush=True)
            survivors += [] if red else [name]
    print(f"mutants: {len(chosen)}, red {len(chosen) - len(survivors)}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
