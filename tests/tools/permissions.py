# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""permissions.py --write: what the pages say of permissions, from the table. permissions.py --prove: the table against what the tests needed.

The end-to-end tests write down what each call needed of the clouds (tests/e2e/actions.py): all of that must be in the table, and
all of the table must have been needed.
"""
from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path

from permissions_table import MARK_TAG, NOT_NEEDED, TABLE, actions

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGE = ROOT / "docs" / "docsite" / "rst" / "permissions.rst"
LOGS = ROOT / "build" / "logs" / "actions"
PLACES = {"endpoint": "of the endpoint", "network": "of the network", "zones": "of the zones", "both": "of the network, and of the zones"}
HEAD = """.. Copyright (c) 2026, zilliz.cloud contributors
.. GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later
.. Written by tests/tools/permissions.py from tests/tools/permissions_table.py; change it there.

.. _ansible_collections.zilliz.cloud.docsite.permissions:

Permissions
===========

What the roles need of AWS and of Google Cloud, feature by feature, and why. Take the lines of the features that you use. A run that misses one
stops with a sentence that names it, and goes on from there when it is allowed.

Nothing here is a guess of what might be needed: a principal of the sandbox that may do nothing at all is allowed, run by run, what the sentences name, and
comes to these lists; and each line is needed by some call of the tests. What the clouds' own documentation leaves open was taken the worse way.
"""


# AWS


def statements(features):
    """The statements of a policy: one for each feature, and one more for what it may do to marked things only."""
    for feature in features:
        free = sorted(set(feature.actions) - set(feature.marked))
        yield {"Sid": feature.name, "Effect": "Allow", "Action": free, "Resource": "*"}
        if feature.marked:
            yield {"Sid": f"{feature.name}Marked", "Effect": "Allow", "Action": sorted(feature.marked), "Resource": "*",
                   "Condition": {"Null": {f"aws:ResourceTag/{MARK_TAG}": "false"}}}


def policy(features):
    return {"Version": "2012-10-17", "Statement": list(statements(features))}


def own(cloud):
    """The features of the principal itself; another account's VPCs have their own."""
    return [feature for feature in TABLE[cloud] if feature.where != "profile"]


# Google Cloud


def role(title, names):
    lines = [f"title: {title}", "stage: GA", "includedPermissions:"]
    return lines + [f"- {name}" for name in sorted(names)]


def roles():
    """Custom roles by the project that they are for: {place: permissions}."""
    found = {"endpoint": set(), "network": set(), "zones": set()}
    for feature in TABLE["gcp"]:
        for place in ("network", "zones") if feature.where == "both" else (feature.where,):
            found[place].update(feature.actions)
    return found


# The pages


def table_of(feature):
    yield from [".. list-table::", "  :header-rows: 1", "  :widths: 45 55", "", "  * - Action", "    - What for"]
    for action, why in sorted(feature.actions.items()):
        yield from [f"  * - ``{action}``", f"    - {why}"]
    yield ""


def literal(text):
    return text.replace("`", "``")


def block(language, lines):
    return [f".. code-block:: {language}", "", *[f"    {line}" for line in lines], ""]


def titled(text, line):
    return [text, line * len(text), ""]


def section(feature, cloud):
    place = "" if cloud == "aws" else f" In the project {PLACES[feature.where]}."
    yield from titled(feature.title, "~")
    words = f"{feature.when[0].upper()}{feature.when[1:]}." if feature.when else "Always."
    yield from [literal(f"{words}{place}"), ""]
    if feature.marked:
        yield from [f"``{'`` and ``'.join(feature.marked)}`` only on what carries the tag ``{MARK_TAG}``: the roles delete nothing else.", ""]
    yield from table_of(feature)


def page():
    lines = [HEAD]
    lines += titled("AWS", "-")
    for feature in TABLE["aws"]:
        lines += section(feature, "aws")
    lines += titled("A policy for all of it", "~")
    lines += ["Each statement is one of the features above: leave out those that you do not use.", ""]
    lines += block("json", json.dumps(policy(own("aws")), indent=2).splitlines())
    lines += ["For the account of a ``profile`` in ``aws_private_link_zone_vpcs``:", ""]
    lines += block("json", json.dumps(policy([one for one in TABLE["aws"] if one.where == "profile"]), indent=2).splitlines())
    lines += ["Reading, zones and their VPCs know no narrower resource than ``*`` before they exist. The condition key ``route53:VPCs`` can limit",
              "zones to your VPCs. ``sts:GetCallerIdentity`` is asked too, which AWS denies to nobody.", ""]
    lines += titled("Google Cloud", "-")
    for feature in TABLE["gcp"]:
        lines += section(feature, "gcp")
    lines += titled("Custom roles for all of it", "~")
    lines += ["One for each kind of project; where one project is all of them, give all three. Leave out the permissions of features that you do not use.", ""]
    for place, names in roles().items():
        name = f"zilliz_private_link_{place}"
        lines += [f"``{name}.yml``, for the project {PLACES[place]}:", ""]
        lines += block("yaml", role(f"Zilliz Cloud private link, {place}", names))
        lines += block("shell", [f"gcloud iam roles create {name} --project MY_PROJECT --file {name}.yml"])
    lines += titled("Not needed", "-")
    lines += ["These are asked for as well, and nothing fails when they are refused:", ""]
    lines += [f"* ``{action}``: {why}" for action, why in NOT_NEEDED.items()]
    return "\n".join(lines).rstrip() + "\n"


def overview(cloud):
    """The README's table."""
    lines = ["| for | when | actions |" if cloud == "aws" else "| for | in the project | when | permissions |",
             "|---|---|---|" if cloud == "aws" else "|---|---|---|---|"]
    for feature in TABLE[cloud]:
        place = [] if cloud == "aws" else [PLACES[feature.where]]
        lines.append(f"| {' | '.join([feature.title, *place, feature.when or 'always', shortened(feature.actions)])} |")
    return lines


def shortened(names):
    """`dns.changes.create`, `.get`: the beginning once."""
    found, last = [], None
    for name in sorted(names):
        start, mark, end = re.fullmatch(r"(.*)([.:])(\w+)", name).groups()
        found.append(f"`{mark}{end}`" if start == last and mark == "." else f"`{name}`")
        last = start
    return ", ".join(found)


def readme(text):
    for cloud in TABLE:
        begin, end = f"<!-- permissions {cloud} -->\n", f"<!-- end of permissions {cloud} -->\n"
        before, mark, rest = text.partition(begin)
        _old, mark_end, after = rest.partition(end)
        if not mark or not mark_end:
            raise SystemExit(f"README.md has no place for the table: {begin.strip()} ... {end.strip()}")
        text = before + begin + "\n" + "\n".join(overview(cloud)) + "\n\n" + end + after
    return text


def pages():
    return {README: readme(README.read_text(encoding="utf-8")), PAGE: page()}


# The proof


def logged(folder=LOGS):
    """{cloud: {action: a call that needed it}} of the newest complete session, or None."""
    sessions = {}
    for path in sorted(folder.glob("*.json"), key=os.path.getmtime):
        sessions.setdefault(path.stem.rpartition("-")[0], []).append(json.loads(path.read_text(encoding="utf-8")))
    complete = [parts for parts in sessions.values() if all(part["complete"] for part in parts)]
    if not complete:
        return None
    needed = {}
    for part in complete[-1]:
        for cloud, found in part["needed"].items():
            needed.setdefault(cloud, {}).update(found)
    return needed


def differences(needed):
    """Sentences; none when the table is right."""
    for cloud in TABLE:
        listed, found = set(actions(cloud)), needed.get(cloud, {})
        yield from (f"{action} is needed ({found[action]}), and the table does not have it" for action in sorted(set(found) - listed - set(NOT_NEEDED)))
        yield from (f"{action} is in the table, and no test needed it" for action in sorted(listed - set(found)))


def prove():
    needed = logged()
    if needed is None:
        print(f"There is no log of a complete run of the end-to-end tests in {LOGS.relative_to(ROOT)}: run make e2e first.")
        return 1
    wrong = list(differences(needed))
    for sentence in wrong:
        print(sentence)
    count = sum(len(actions(cloud)) for cloud in TABLE)
    print(f"permissions: {count} checks, {max(0, count - len(wrong))} passed")
    return int(bool(wrong))


def main():
    parser = argparse.ArgumentParser(description="The permissions of the pages, written and proven.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write the README's tables and the page from the table")
    what.add_argument("--prove", action="store_true", help="compare the table with what the end-to-end tests needed")
    if parser.parse_args().prove:
        return prove()
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
