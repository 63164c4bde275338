# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is compared, how each way comes to the same start, and the goals.

Every scenario takes its ways in turn, round by round, so that a busy moment of the machine meets all of them.
"""
from __future__ import annotations

from .fleet import links
from .measure import median


class Scenarios:
    """Each public method is a scenario; its answers are lines of the table."""

    def __init__(self, table, aws, gcp, rounds, many):
        self.table, self.aws, self.gcp, self.rounds, self.many = table, aws, gcp, rounds, many

    def alternate(self, name, **ways):
        """{way: what each round took}."""
        takes = {way: [] for way in ways}
        for _round in range(self.rounds):
            for way, do in ways.items():
                takes[way].append(do())
        self.table.keep(name, takes)
        return takes

    def _converged(self, cloud, clusters, name, **switches):
        cloud.reset(clusters)
        cloud.others_see_ours(cloud.up())
        cloud.sandbox.switch(**switches)
        takes = self.alternate(name, ours=cloud.up, script=lambda: cloud.script("check"), floor=lambda: cloud.floor("check"))
        assert all("changed=0" in one.output for one in takes["ours"])
        return takes

    # AWS.

    def converged(self):
        one = self._converged(self.aws, 1, "converged, 1 cluster")
        self.table.ratio("converged, 1 cluster: wall, to the script that checks", 0.85, one, "script")
        self.table.number("converged, 1 cluster: module tasks", 1, one["ours"][-1].modules)
        self.table.ratio("converged, 1 cluster: API calls, to the minimum", 1.2, one, "floor", "calls")
        many = self._converged(self.aws, self.many, f"converged, {self.many} clusters")
        self.table.number(f"converged, {self.many} clusters: wall, to 1 cluster", 1.3, median(many["ours"]) / median(one["ours"]))
        self.table.ratio(f"converged, {self.many} clusters: wall, to the script that checks", 0.06, many, "script")

    def slow_route53(self):
        rate = 5
        name = f"converged, {self.many} zones, Route 53 at {rate}/s"
        self.aws.reset(self.many)
        self.aws.others_see_ours(self.aws.up())
        self.aws.sandbox.switch(route53_rate=rate)
        takes = self.alternate(name, ours=self.aws.up, floor=lambda: self.aws.floor("check"))
        needed = sum(1 for entry in takes["floor"][-1].log if entry.get("service") == "route53" and entry["outcome"] == "ok")
        self.table.number(f"{name}: wall, to {needed} calls at that rate", 1.2, median(takes["ours"]) / (needed / rate))

    def create(self):
        takes = self._create(self.aws, "create, 1 cluster")
        self.table.ratio("create, 1 cluster: wall, to the script", 2.2, takes, "script")

    def _create(self, cloud, name):
        def fresh(do):
            cloud.reset(1)
            return do()

        return self.alternate(name, ours=lambda: fresh(cloud.up), script=lambda: fresh(lambda: cloud.script("connect", "names")),
                              floor=lambda: fresh(lambda: cloud.floor("connect", "names")))

    def names(self):
        takes = self._names(self.aws, f"DNS for {self.many} clusters")
        self.table.ratio(f"DNS for {self.many} clusters: wall, to the script", 0.25, takes, "script")
        self.table.ratio(f"DNS for {self.many} clusters: API calls, to the minimum", 1.3, takes, "floor", "calls")

    def _names(self, cloud, name):
        """The endpoint stands and the links are there."""
        def ours():
            cloud.reset(self.many)
            cloud.up(dns="none")
            return cloud.up()

        def other(way):
            cloud.reset(self.many)
            getattr(cloud, way)("connect")
            return getattr(cloud, way)("names")

        return self.alternate(name, ours=ours, script=lambda: other("script"), floor=lambda: other("floor"))

    def add(self):
        """One cluster more, when 50 have their names."""
        cloud = self.aws

        def grown(make):
            cloud.reset(self.many)
            make()
            cloud.sandbox.drift("add_cluster", project_id=cloud.given["project_id"], region_id=cloud.given["region_id"],
                                cluster_name="one-more", status="RUNNING")
            cloud.links += 1

        def ours():
            grown(cloud.up)
            return cloud.up()

        def script():
            # The floor makes the fifty, and the script learns which names they have.
            grown(lambda: cloud.floor("connect", "names"))
            cloud.script_sees_floor()
            return cloud.script("names")

        def floor():
            grown(lambda: cloud.floor("connect", "names"))
            return cloud.floor("names")

        takes = self.alternate(f"add 1 cluster to {self.many}", ours=ours, script=script, floor=floor)
        self.table.ratio(f"add 1 cluster to {self.many}: wall, to the script", None, takes, "script")

    def doctor(self):
        self.aws.reset(1)
        self.aws.others_see_ours(self.aws.up())
        takes = self.alternate("check, 1 cluster", ours=self.aws.doctor, script=lambda: self.aws.script("check"))
        self.table.ratio("check (doctor), 1 cluster: wall, to the script that checks", None, takes, "script")

    def teardown(self):
        def after(make, do):
            self.aws.reset(1)
            make()
            return do()

        takes = self.alternate(
            "teardown, 1 cluster", ours=lambda: after(self.aws.up, self.aws.down),
            script=lambda: after(lambda: self.aws.script("connect", "names"), lambda: self.aws.script("teardown")),
            floor=lambda: after(lambda: self.aws.floor("connect", "names"), lambda: self.aws.floor("teardown")))
        self.table.ratio("teardown, 1 cluster: wall, to the script", 2, takes, "script")

    def plan(self):
        """A cluster has its address only when a link stands, so the names of a thousand are planned beside one."""
        def ready(clusters):
            self.aws.reset(clusters)
            self.aws.up(dns="none")

        def plan(**more):
            return self.aws.up(check=True, dns="shared", **more)

        takes = {}
        for clusters in (1, 1000):
            ready(clusters)
            takes[clusters] = self.alternate(f"plan, {clusters} clusters, shared zone", ours=plan)["ours"]
        self.table.number("plan of 1,000 clusters, shared zone: seconds more than with 1", 3, median(takes[1000]) - median(takes[1]))
        peak = self.aws.memory(check=True, dns="shared")
        self.table.number("plan of 1,000 clusters, shared zone: memory of the module, MB", 150, peak / 2**20)

    def ready(self):
        """From the moment at which Zilliz Cloud shows the link to the name in DNS, wherever the moment falls between two looks."""
        delays, tasks, gaps = [], [], []
        for number in range(self.rounds):
            allocation = 21 + 2 * number
            self.aws.reset(1, link_delay=allocation)
            log = self.aws.up().log
            shown = at(log, "CreatePrivateEndpoint") + allocation
            looks = [entry["t"] for entry in log if entry["operation"] == "ListClusters"]
            seen = next(t for t in looks if t >= shown)
            # Ten seconds, and the look itself.
            gaps.append(seen - max(t for t in looks if t < shown))
            delays.append(at(log, "ChangeResourceRecordSets") - shown)
            tasks.append(at(log, "ChangeResourceRecordSets") - seen)
        self.table.number(f"link ready to DNS written: seconds at most; one interval ({max(gaps):.1f} s) and the tasks ({max(tasks):.1f} s)",
                          max(gaps) + max(tasks), max(delays))

    def fleet(self):
        """Real minutes, so it is run once."""
        takes = {}
        for count in (1, 10):
            self.aws.reset(1, link_delay=300)
            chosen = dict(list(links(self.aws.sandbox.scenario).items())[:count])
            takes[count] = self.aws.fleet(chosen)
            self.table.keep(f"fleet of {count}, allocation takes 300 s", {"ours": [takes[count]]})
        self.table.number("fleet of 10 links, allocation takes 300 s: wall, to one link", 1.15, takes[10].wall / takes[1].wall)

    # Google Cloud.

    def google(self):
        one = self._converged(self.gcp, 1, "Google: converged, 1 cluster")
        self.table.ratio("Google: converged, 1 cluster: wall, to a process for each step", 0.85, one, "script")
        made = self._create(self.gcp, "Google: create, 1 cluster")
        self.table.ratio("Google: create, 1 cluster: wall, to a process for each step", 2.2, made, "script")
        names = self._names(self.gcp, f"Google: DNS for {self.many} clusters")
        self.table.ratio(f"Google: DNS for {self.many} clusters: wall, to a process for each step", 0.25, names, "script")


def at(log, operation):
    return next(entry["t"] for entry in log if entry["operation"] == operation)
