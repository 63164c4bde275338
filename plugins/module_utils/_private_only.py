# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which public endpoints may be closed or must be opened again, and what to say of each. Pure: no I/O, no Ansible."""

from __future__ import annotations

from ansible_collections.zilliz.cloud.plugins.module_utils._names import parse_address, switching
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import cluster as named
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import listed, plural, some
from ansible_collections.zilliz.cloud.plugins.module_utils._public import impossible, needs_switch, resting

CACHES = "DNS caches near the clients may delay the use of public names that were opened"
NO_VANTAGE = (
    "nothing was closed: nobody inside the network was asked whether the private links work. Name hosts or groups of "
    "the inventory that are inside it in private_link_check_vantage, or controller where this controller is inside"
)


def choose(links, cluster_ids, cluster_names, closing):
    """The clusters that are meant, those that were left out with the reason, and what is wrong with the names."""
    wanted = cluster_ids + cluster_names
    if wanted:
        known = {link[key] for link in links for key in ("cluster_id", "cluster_name")}
        unknown = [name for name in wanted if name not in known]
        problems = (
            [
                f"there is no cluster {listed(unknown)} in this project and region: check private_only_cluster_ids and "
                f"private_only_cluster_names; there is {some([named(link) for link in links]) or 'none'}"
            ]
            if unknown
            else []
        )
        return [link for link in links if {link["cluster_id"], link["cluster_name"]} & set(wanted)], [], problems
    if not closing:
        # What can only be reached by its public endpoint was never closed.
        kept = ("free", "serverless")
        return [link for link in links if link["public_url"] and str(link["plan"]).lower() not in kept], [], []
    left_out = {link["cluster_id"]: why for link in links for why in [link["reason"] or resting(link)] if why}
    chosen = [link for link in links if link["cluster_id"] not in left_out]
    problems = (
        [] if chosen else ["no cluster of this project and region has a private link: set up the private link first"]
    )
    rest = [link for link in links if link not in chosen]
    return (
        chosen,
        [f"{named(link)} keeps its public endpoint as it is: {left_out[link['cluster_id']]}" for link in rest],
        problems,
    )


class Decision:
    """What is to do, from what the clusters, the probes and this run's own acts say.

    clusters: {id: description}; probes: None before there are any;
    acts: {"switched" | "awaited" | "reverted": [{cluster_id, changed, msg}]}.
    """

    def __init__(
        self,
        closing,
        chosen,
        clusters,
        registrations,
        probes=None,
        controller=(),
        accept_lockout=False,
        acts=None,
        check=False,
    ):
        self.closing, self.chosen, self.clusters, self.probes = closing, chosen, clusters, probes
        self.accept_lockout, self.check = accept_lockout, check
        self.controller = {one.get("cluster_id"): one for one in controller}
        acts = acts or {}
        self.switched, self.reverted = acts.get("switched") or [], acts.get("reverted") or []
        self.failures = {one["cluster_id"]: one["msg"] for kind in acts.values() for one in kind if one.get("msg")}
        self.trouble = {one: self._impossible(one, registrations) for one in self._ids()}
        self.changed = {one["cluster_id"] for one in self.switched if one.get("changed")}
        # An answer that was lost, too: then the cluster shows what happened.
        asked = {one["cluster_id"] for one in self.switched}
        self.begun = self.changed | {one for one in asked if not needs_switch(clusters[one], not closing)}
        self.reopened = {one["cluster_id"] for one in self.reverted if not one.get("msg")}
        self.not_reopened = {one["cluster_id"] for one in self.reverted if one.get("msg")}
        self.unproven = (
            {one["cluster_id"]: self._unproven(one) for one in chosen} if closing and probes is not None else {}
        )

    def _ids(self, among=None):
        return [one["cluster_id"] for one in self.chosen if among is None or one["cluster_id"] in among]

    def name(self, cluster_id):
        return next(named(one) for one in self.chosen if one["cluster_id"] == cluster_id)

    def _impossible(self, cluster_id, registrations):
        cluster = self.clusters[cluster_id]
        return cluster.get("unreadable") or impossible(cluster, not self.closing, lambda: registrations)

    # What to do.

    @property
    def candidates(self):
        """Those that are not as wished and can get there, and those that an interrupted run left on their way."""
        wish = not self.closing
        return [
            one
            for one in self._ids()
            if not self.trouble[one]
            and (needs_switch(self.clusters[one], wish) or switching(self.clusters[one]) is wish)
        ]

    @property
    def refusal(self):
        """Why nothing may be closed, or nothing. One path that is not proven holds back all."""
        if not self.closing or self.probes is None or self.begun:
            return ""
        if not self.probes:
            return NO_VANTAGE if self.candidates else ""
        held = [one for one in self._ids() if self.unproven[one]]
        if held:
            text = ("nothing was closed: " if self.candidates else "") + self._links(held)
            shut = [one for one in held if self.clusters[one].get("public_address_enabled") is False]
            if shut:
                verb = "are" if shut[1:] else "is"
                text = text.rstrip(".") + (
                    f". The public endpoint{plural(shut)} of {listed(map(self.name, shut))} {verb} closed already, "
                    "so mend the link, or open with private_only_state=enabled"
                )
            return text
        locked = [one for one in self.candidates if self._locked_out(one)]
        if locked and not self.accept_lockout:
            return (
                f"nothing was closed: this controller reaches {listed(map(self.name, locked))} by the public name only, "
                "because the private name does not lead it to the endpoint. Data-plane calls from here would end. Run this "
                "from inside the network, or set private_only_accept_lockout=true when nothing here calls the clusters; "
                "the control plane stays reachable"
            )
        return ""

    @property
    def switch(self):
        return [] if self.refusal or self.begun else self.candidates

    @property
    def revert(self):
        """Those that this run closed, or began to close, and that nobody inside reaches now."""
        if not self.closing or not self.begun or self.check:
            return []
        return [one for one in self._ids(self.begun) if self.unproven.get(one) and one not in self.reopened]

    # What to say.

    @property
    def problems(self):
        found = [self.refusal] if self.refusal else []
        again = list(self._ids(self.reopened))
        if again:
            verb = "were" if again[1:] else "was"
            found.append(
                f"the public endpoint{plural(again)} of {listed(map(self.name, again))} {verb} closed and opened again, "
                "because the second proof failed: " + self._links(again)
            )
        for one in self._ids(self.not_reopened):
            found.append(
                f"{self.name(one)} can be reached neither way: its public endpoint could not be opened again, and its private "
                f"link {self.unproven[one].rstrip('.')}. Run again with private_only_state=enabled"
            )
        if self.begun and not self.refusal:
            others = [one for one, why in self.unproven.items() if why and one not in self.begun]
            found += [self._links([one]) for one in others]
        found += [f"{link_name}: {why}" for link_name, why in self._troubles()]
        # A wrong option fails every cluster with the same words.
        return found + list(dict.fromkeys(self.failures[one] for one in self._ids(self.failures)))

    def _places(self):
        return listed(place(one) for one in self.probes)

    def _links(self, ids):
        """A host that could not be asked proves nothing of fifty clusters: that is said once."""
        reasons = dict.fromkeys(self.unproven[one] for one in ids)
        named_by = {why: listed(self.name(one) for one in ids if self.unproven[one] == why) for why in reasons}
        return "; ".join(f"the private link of {names} {why}" for why, names in named_by.items())

    def _troubles(self):
        """What is said already is not said twice."""
        for link in self.chosen:
            one = link["cluster_id"]
            told = one in self.begun or one in self.failures or self.refusal and not link["ready"]
            if self.trouble[one] and not told:
                yield named(link), self.trouble[one]

    @property
    def vantages(self):
        return [one.get("vantage") for one in self.probes or []] if self.closing else []

    @property
    def summary(self):
        there = [one for one in self._ids() if self.shown(one) == self._wish()]
        verb = "would be" if self.check and self.changed else "is" if len(there) == 1 else "are"
        count = f"{len(there)} of {len(self.chosen)} public endpoint{plural(self.chosen)} {verb} {self._wish()}"
        done = self.changed - self.reopened
        count += f", {len(done)} by this run" if done and not self.check else ""
        if self.closing and self.vantages and not any(self.unproven.values()):
            count += f"; the private links work from {self._places()}"
        return count + (f". {CACHES}" if not self.closing and self.changed else "")

    def rows(self):
        return [self._row(one) for one in self.chosen]

    def lines(self):
        return [
            f"{row['cluster_name']} ({row['cluster_id']}): {row['public_endpoint']}"
            + (f"; {row['note']}" if row["note"] else "")
            for row in self.rows()
        ]

    def shown(self, cluster_id):
        cluster = self.clusters[cluster_id]
        target = switching(cluster)
        if self.check and cluster_id in self.begun and not self.failures.get(cluster_id):
            return self._wish()
        if target is not None:
            return "opening" if target else "closing"
        return {True: "open", False: "closed"}.get(cluster.get("public_address_enabled"), "unknown")

    def _wish(self):
        return "closed" if self.closing else "open"

    def _row(self, link):
        one = link["cluster_id"]
        notes = [self.trouble[one] if one not in self.begun else "", self.failures.get(one)]
        if self.closing and self.probes is not None:
            notes.append(f"private link {self._unproven(link, mend=False) or 'works from ' + self._places()}")
        if one in self.reopened:
            notes.insert(0, "closed and opened again")
        foretold = self.check and one in self.begun
        if not self.closing and self.controller.get(one) and self.shown(one) == "open" and not foretold:
            notes.append(self._public_answer(one))
        return {
            **{name: link[name] for name in ("cluster_id", "cluster_name", "public_url")},
            "private_url": link["url"],
            "public_endpoint": self.shown(one),
            "changed": one in self.changed and one not in self.reopened,
            "proven": bool(self.closing and self.probes) and not self.unproven[one],
            "note": "; ".join(note for note in notes if note),
        }

    def _public_answer(self, cluster_id):
        probe = self.controller[cluster_id]
        if probe.get("state") == "ok":
            return "the public name answers from here"
        return f"the public name does not answer from here yet: {said(probe)} A DNS cache may still hold the old answer"

    # The proof.

    def _unproven(self, link, mend=True):
        """Why the path is not proven, or nothing."""
        if not link["ready"]:
            return f"cannot be proven: {link['reason']}"
        found = []
        for one in self.probes:
            probe = next((x for x in one.get("probes") or [] if x.get("cluster_id") == link["cluster_id"]), None)
            if one.get("error") or probe is None:
                found.append(f"is not proven from {place(one)}: {one.get('error') or 'it gave no answer'}")
            elif probe.get("state") != "ok":
                found.append(f"does not work from {place(one)}: {said(probe, mend)}")
        return "; ".join(found) if self.probes else "is not proven"

    def _locked_out(self, cluster_id):
        """Whether the controller knows the public name and not the way inside. A vantage does."""
        probe = self.controller.get(cluster_id)
        if not probe or "controller" in self.vantages:
            return False
        resolved = next((stage for stage in probe.get("stages") or [] if stage.get("stage") == "resolve"), {})
        return bool(probe.get("public_addresses")) and not resolved.get("ok")


def place(vantage):
    return "this controller" if vantage.get("vantage") == "controller" else vantage.get("vantage")


def said(probe, mend=True):
    names = ("cause", "mend") if mend else ("cause",)
    return " ".join(str(probe.get(name) or "").rstrip(".") + "." for name in names if probe.get(name))


def public_links(chosen):
    """The public names in the form of the probe's links."""
    found = []
    for link in chosen:
        address = parse_address(link["public_url"])
        if address:
            found.append(
                {
                    **{name: link[name] for name in ("cluster_id", "cluster_name")},
                    "host": address["host"],
                    "port": address["port"],
                }
            )
    return found
