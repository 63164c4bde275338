# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""demo.py [aws|gcp]: a private link from nothing to working and back, by the real playbooks, on the sandbox's clouds.

Every promise it makes is checked; the first one that does not hold ends it with an error.
"""
from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from sandbox.client import Sandbox

FOLDER = Path(__file__).resolve().parents[2] / "build" / "demo"
# Virtual seconds per second: the ten minutes that the real clouds take pass in a few seconds.
SPEED = 120

STORIES = {
    "aws": {
        "settings": ("project_id", "region_id", "vpc_id", "subnet_ids", "client_cidrs"),
        "clouds": "AWS and Zilliz Cloud",
        "before": "an AWS account with a VPC",
        "run": "It creates the security group and the endpoint, authorizes the endpoint at Zilliz, waits until it is accepted and each"
        " cluster has its link, then makes the private DNS.",
        "inside": "the VPC",
        "credentials": "your AWS credentials",
        "yours": "your project, region, VPC, subnets and clients",
        "permissions": "the IAM permissions",
    },
    "gcp": {
        "settings": ("project_id", "region_id", "gcp_project_id", "region", "network", "subnetwork"),
        "clouds": "Google Cloud and Zilliz Cloud",
        "before": "a Google Cloud project with a VPC network",
        "run": "It reserves an address and creates the endpoint, authorizes the endpoint at Zilliz, waits until it is accepted and each"
        " cluster has its link, then makes the private DNS.",
        "inside": "the network",
        "credentials": "your Google credentials",
        "yours": "your projects, region, network and subnetwork",
        "permissions": "the IAM permissions and the APIs to enable",
    },
}

REAL_ACCOUNT = """\
    1. Install Ansible and this collection where {credentials} are; in this folder:
         pip install ansible-core -r requirements.txt
         ansible-galaxy collection install .
    2. export ZILLIZCLOUD_API_KEY=...   (Zilliz Cloud console: API Keys)
    3. Write your own link.yml. It is the file above with {yours}, and
       without {cloud}_private_link_delay, which is here only because the sandbox's clock runs fast.
    4. Look at the plan first; it writes nothing:
         ansible-playbook zilliz.cloud.{cloud} -e @link.yml --check --diff
       Then the same without --check --diff. The README has {permissions}, the costs, and everything else.
"""


class Broken(Exception):
    """A promise that did not hold."""


class Demo:
    def __init__(self, sandbox: Sandbox):
        self.sandbox = sandbox
        self.variables = FOLDER / "link.yml"
        self.part = 0

    def heading(self, title: str, why: str) -> None:
        self.part += 1
        print(f"\n\n{self.part}. {title}\n{'-' * (len(title) + 3)}")
        print(textwrap.fill(why, 100), flush=True)

    def promise(self, holds: bool, text: str) -> None:
        if not holds:
            raise Broken(text)
        print(f"   ok: {text}", flush=True)

    def run(self, *command: str, show: bool = True) -> str:
        """One command line as a person would type it in the folder of link.yml; its output."""
        print(f"\n   $ {shlex.join(command)}", flush=True)
        process = subprocess.Popen(
            command,
            cwd=FOLDER,
            # google.cloud has deprecated imports, which ansible-core 2.20 and newer tell once a run.
            env={**os.environ, **self.sandbox.env, "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "False", "ANSIBLE_DEPRECATION_WARNINGS": "False"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = []
        try:
            for line in process.stdout:
                lines.append(line)
                if show:
                    print(f"   | {line}".rstrip(), flush=True)
        except BaseException:
            process.terminate()
            raise
        if process.wait():
            if not show:
                print("".join(lines))
            raise Broken(f"the command ends with 0 (it was {process.returncode})")
        return "".join(lines)

    def playbook(self, name: str, *arguments: str) -> tuple[int, list[dict]]:
        """(tasks that changed something, mutating calls that the clouds saw)."""
        seen = len(self.sandbox.log())
        output = self.run("ansible-playbook", f"zilliz.cloud.{name}", "-e", f"@{self.variables.name}", *arguments)
        changed = sum(int(number) for number in re.findall(r"\bchanged=(\d+)", output))
        return changed, [entry for entry in self.sandbox.log()[seen:] if entry["mutating"]]

    def show_links(self, project_id: str, region_id: str, expected: set[str]) -> None:
        arguments = f"project_id={project_id} region_id={region_id}"
        output = self.run("ansible", "localhost", "-m", "zilliz.cloud.private_link_info", "-a", arguments, show=False)
        links = json.loads(output[output.index("=> ") + 3 :])["private_links"]
        rows = [("CLUSTER", "STATUS", "PRIVATE LINK")]
        rows += [(link["cluster_name"], link["status"], link["url"] if link["ready"] else f"none: {link['reason']}") for link in links]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        print()
        for row in rows:
            print(f"   {row[0]:<{widths[0]}}  {row[1]:<{widths[1]}}  {row[2]}")
        print()
        ready = {link["cluster_id"] for link in links if link["ready"]}
        self.promise(ready == expected, f"all {len(expected)} clusters that can have a private link have one")


def tell(demo: Demo, cloud: str, words: dict) -> None:
    scenario = demo.sandbox.scenario
    place = scenario[cloud]
    expected = {
        cluster["cluster_id"]
        for cluster in scenario["zilliz"]["clusters"]
        if (cluster["project_id"], cluster["region_id"]) == (place["project_id"], place["region_id"])
        and cluster["status"] == "RUNNING"
        and cluster["plan"] not in ("Free", "Serverless")
    }
    settings = {**{name: place[name] for name in words["settings"]}, "delay": 1}
    lines = [f"{cloud}_private_link_{name}: {json.dumps(value)}" for name, value in settings.items()]
    demo.variables.write_text("\n".join(["---", *lines, ""]), encoding="utf-8")

    demo.heading(
        "What is there before",
        f"Two clouds run on this machine: {words['before']}, and a Zilliz Cloud project with clusters in the same region."
        " Nothing connects them. All that the playbook is told stands in link.yml:",
    )
    print()
    print(textwrap.indent(demo.variables.read_text(encoding="utf-8"), "   "))
    before = demo.sandbox.state()

    demo.heading(
        "The plan",
        "A check run reads both clouds and lists every step that the run would make, and why. It writes nothing.",
    )
    changed, calls = demo.playbook(cloud, "--check", "--diff")
    demo.promise(changed > 0, "the plan has steps")
    demo.promise(not calls and demo.sandbox.state() == before, "and nothing was written, on neither side")

    demo.heading("The run", f"The same command without --check. {words['run']} It ends by reading everything again.")
    changed, calls = demo.playbook(cloud)
    demo.promise(changed > 0 and bool(calls), f"it made {len(calls)} changes in the two clouds")

    demo.heading("The links", f"Where the clusters of this project and region can be reached from inside {words['inside']} now.")
    demo.show_links(place["project_id"], place["region_id"], expected)
    after = demo.sandbox.state()

    demo.heading("The same again", "A second run finds nothing to do: one task reads, compares, and stops.")
    changed, calls = demo.playbook(cloud)
    demo.promise(changed == 0 and not calls, "changed=0, and the clouds saw no writing call")

    demo.heading("The plan again", "A check run has nothing to list either. Scheduled every hour, it is a watch for drift.")
    changed, calls = demo.playbook(cloud, "--check", "--diff")
    demo.promise(changed == 0 and not calls and demo.sandbox.state() == after, "nothing to do, nothing written")

    demo.heading("The teardown", "It takes away what carries this link's mark, in the reverse order, and nothing else.")
    changed, calls = demo.playbook("teardown")
    demo.promise(changed > 0, f"it made {len(calls)} changes")
    demo.promise(demo.sandbox.state() == before, "both clouds are as they were before the first run")

    demo.promise(not demo.sandbox.escaped(), "no call left this machine")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cloud", nargs="?", default="aws", choices=STORIES)
    cloud = parser.parse_args().cloud
    words = {**STORIES[cloud], "cloud": cloud}
    FOLDER.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"Starting the sandbox: {words['clouds']} on loopback, strict, with a fast clock.", flush=True)
    try:
        with Sandbox(FOLDER / "sandbox", speed=SPEED) as sandbox:
            demo = Demo(sandbox)
            tell(demo, cloud, words)
            demo.heading("Your own account", "The same play makes the same link for real:")
            print(f"\n{REAL_ACCOUNT.format(**words)}")
    except Broken as promise:
        print(f"\n   NOT KEPT: {promise}", flush=True)
        return 1
    except RuntimeError as problem:
        print(problem)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The sandbox is stopped.")
        return 130
    print("Every promise was kept. The sandbox is stopped; nothing runs any more.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
