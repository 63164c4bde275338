# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every cloud's plan has: steps and remarks, the links, the Zilliz side. Pure: no I/O, no Ansible."""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.zilliz.cloud.plugins.module_utils._names import MARK_TAG, endpoint_phase, links, mark
from ansible_collections.zilliz.cloud.plugins.module_utils._snippets import snippets

ALLOCATION = "(known after allocation)"
CREATION = "(known after creation)"

# More names than this are written by one process, since upstream has no batch and lists everything again per item.
COMPOSED_NAMES = 5

LONGEST_TTL = 2 ** 31 - 1  # RFC 2181, 8

# One of each serves all clusters: only its why tells which of them it is done for.
ALL_PORTS = ("security_group_rules", "security_group_rule", "client_egress_rule", "firewall_rule")

# A cluster in one of these states is as good as gone: it holds no name.
GONE = ("DELETING", "DELETED")
LINK_KEYS = ("cluster_id", "cluster_name", "status", "url", "host", "port", "ready", "reason", "public_url", "public_host", "public_enabled")


class Plan:
    """Steps in the order in which they must run, and what there is to say beside them."""

    # round -> resource -> actions; a role finds a list of steps for each of them in `by`.
    ROUNDS = {}
    # Of the cloud's own class: the endpoint as it was read, or None, and the others; what a step shows of one, and where it answers.
    endpoint: Any
    duplicates: list
    view: Callable
    addresses_of: Callable
    # The cloud as Zilliz Cloud names it, what an endpoint of it is called in steps, and where endpoints are seen.
    CLOUD_ID = ENDPOINT = HERE = ""

    def __init__(self, wanted, found):
        self.wanted, self.found = wanted, found
        self.steps, self.notes, self.problems, self.waiting, self.costs = [], list(found["notes"]), list(found["problems"]), [], []
        self.mark = mark(wanted["project_id"], wanted["region_id"], wanted["network"])
        self.present = wanted["state"] == "present"
        self.links = links(found["clusters"], wanted["project_id"], wanted["region_id"])
        self.registrations = [row for row in found["registrations"] if row["region_id"] == wanted["region_id"]]

    def step(self, round_, action, resource, name, why, before=None, after=None, known=True):
        """`known` is False while a value that the act needs is still to come: the step is foreseen, not acted on."""
        self.steps.append(
            {
                "action": action,
                "resource": resource,
                "name": name,
                "before": before or {},
                "after": after or {},
                "why": why,
                "round": round_,
                "known": known,
            }
        )

    def note(self, text):
        if text not in self.notes:
            self.notes.append(text)

    def problem(self, text):
        if text not in self.problems:
            self.problems.append(text)

    def wait(self, kind, text):
        self.waiting.append({"kind": kind, "text": text})
        if not patience(self.wanted, kind):
            self.note(f"Not awaited, since {limit_of(kind)} is 0; a later run goes on: {text}.")

    def cost(self, what, quantity, unit, see):
        if quantity:
            self.costs.append({"what": what, "quantity": quantity, "unit": unit, "see": see})

    def answer(self):
        by = {
            round_: {
                f"{action}_{resource}": self.acts(round_, resource, action)
                for resource, actions in resources.items() for action in actions
            }
            for round_, resources in self.ROUNDS.items()
        }
        return {
            "mark": self.mark,
            "steps": self.steps,
            "by": by,
            "notes": self.notes,
            "problems": self.problems,
            "waiting": self.waiting,
            "costs": self.costs,
            "result": self.result(),
        }

    def result(self):
        """The link as it is."""
        row = self.registration(self.endpoint["endpoint_id"]) if self.endpoint else None
        return {
            "link": self.mark,
            "state": self.wanted["state"],
            "project_id": self.wanted["project_id"],
            "region_id": self.wanted["region_id"],
            "service_name": self.service_name(),
            "endpoint": self.view(self.endpoint) if self.endpoint else {},
            "addresses": self.addresses_of(self.endpoint) if self.endpoint else [],
            "registration": {k: row.get(k) for k in ("endpoint_id", "endpoint_status")} if row else {},
            "links": [handed_over(link) for link in self.chosen] if self.present else [],
            "notes": self.notes,
            "costs": self.costs,
        }

    def acts(self, round_, resource, action):
        key = (round_, resource, action)
        return [step for step in self.steps if step["known"] and tuple(step[k] for k in ("round", "resource", "action")) == key]

    def knows(self, *parts):
        """Whether these parts could be read; what could not is no reason to call something missing."""
        return self.found["read"].issuperset(parts)

    # Clusters and their links

    def choose_links(self):
        """The links that the user asked for: all of them, or those of the named clusters."""
        wanted = self.wanted
        named = wanted["cluster_ids"] + wanted["cluster_names"]
        self.chosen = [x for x in self.links if not named or x["cluster_id"] in named or x["cluster_name"] in named]
        self.filtered = [x for x in self.links if x not in self.chosen]
        known = {x["cluster_id"] for x in self.links} | {x["cluster_name"] for x in self.links}
        missing = [name for name in named if name not in known]
        if missing and self.present and self.knows("clusters"):
            self.problem(
                f"No cluster {listed(missing)} in project {wanted['project_id']} and region {wanted['region_id']}: "
                f"check cluster_ids and cluster_names; there is {some([cluster(x) for x in self.links]) or 'none'}."
            )
        if self.ready():
            for link in self.chosen:
                # Others have theirs, so this one was left out rather than late.
                link["waiting"] = None if link["doubtful"] else link["waiting"]

    def ready(self):
        return [link for link in self.chosen if link["ready"]]

    def coming(self):
        return [link for link in self.chosen if link["waiting"]]

    def foreseen(self):
        """Those that this run waits for."""
        return [link for link in self.coming() if patience(self.wanted, link["waiting"])]

    def note_ports(self, rule):
        """A link that comes beside others may have a port of its own, which no plan can know."""
        coming, ports = self.foreseen(), sorted({link["port"] for link in self.ready()})
        if coming and ports:
            known = " or ".join(map(str, ports))
            self.note(f"The port of {some(map(cluster, coming))} is known after allocation: unless it is {known}, {rule} gets it too.")

    def await_links(self):
        for link in self.chosen:
            if link["waiting"]:
                self.wait(link["waiting"], f"cluster {cluster(link)}: {link['reason']}")
            elif not link["ready"]:
                self.note(f"Cluster {cluster(link)} has no private link: {link['reason']}.")

    def cluster_of(self, name):
        """The cluster whose id begins this name, whether or not it has a link at the moment."""
        return next(
            (x for x in self.links if name.startswith(x["cluster_id"]) and str(x["status"]).upper() not in GONE), None
        )

    def keeps(self, link, name):
        """A cluster that is there keeps its name while it has no other one."""
        if link in self.filtered:
            self.note(f"Name {name} stays: cluster {cluster(link)} was left out by the user, it is not gone.")
        return link in self.filtered or not link["ready"]

    def confirm(self):
        """A registration covers the whole project and region: single clusters cannot be taken down alone."""
        named = set(self.wanted["cluster_ids"] + self.wanted["cluster_names"])
        if not named:
            return
        named.update(self.wanted["confirm_clusters"])
        others = [
            cluster(x) for x in self.links
            if not {x["cluster_id"], x["cluster_name"]} & named and (x["ready"] or x["waiting"])
        ]
        if others:
            self.problem(
                f"Taking this link down cuts {listed(others)} too, because a registration covers the whole project and "
                "region: name them in confirm_clusters, or name no cluster at all to take everything down."
            )

    # What is whose

    def owner(self, thing):
        """The mark that a thing bears, or None."""
        return thing["tags"].get(MARK_TAG)

    def ours(self, thing):
        return self.owner(thing) == self.mark

    def adopts(self, thing):
        """Only what bears no mark: another link's things stay its own."""
        return self.wanted["adopt"] and not self.owner(thing)

    def usable(self):
        """The endpoint that is wanted is ours, or is to become so: then it is kept as wanted."""
        return self.endpoint is None or self.ours(self.endpoint) or self.adopts(self.endpoint)

    def refused(self, endpoint):
        """The status of a failed registration."""
        row = self.registration(endpoint["endpoint_id"])
        return row["endpoint_status"] if row and endpoint_phase(row["endpoint_status"]) == "failed" else None

    def seniority(self, endpoint):
        """The registered one stays, else the oldest."""
        row = self.registration(endpoint["endpoint_id"])
        rank = ["ready", "pending", "unknown", "failed"].index(endpoint_phase(row["endpoint_status"])) if row else 4
        return rank, endpoint["created"], endpoint["endpoint_id"]

    def retire(self, round_, endpoints, why):
        for endpoint in endpoints:
            row = self.registration(endpoint["endpoint_id"])
            if row:
                self.revoke(round_, row, f"Its endpoint goes: {why[0].lower()}{why[1:]}")
            self.step(
                round_, "delete", self.ENDPOINT, endpoint["endpoint_id"], f"{why} (state {self.view(endpoint)['state']})",
                before=self.view(endpoint),
            )

    # The Zilliz side

    def choose_service(self):
        """The endpoint service of the region: none is explained, several are the user's choice."""
        region, wanted = self.wanted["region_id"], self.wanted["service_name"]
        services = self.found["services"]
        names = [x["endpoint_service"] for x in services]
        self.service: Any = next((x for x in services if wanted in (None, x["endpoint_service"])), None)
        if not self.present or not self.knows("services"):
            return
        if not services:
            self.problem(self.found["no_service"] or f"Zilliz Cloud offers no private link in region {region}.")
        elif services[0].get("cloud_id") != self.CLOUD_ID:
            self.problem(
                f"Region {region} is on cloud {services[0].get('cloud_id')} and this is the role for {self.CLOUD_ID}: "
                f"correct region_id, or use that cloud's role."
            )
        elif wanted and not self.service:
            self.problem(
                f"Zilliz Cloud has no endpoint service {wanted} in region {region}: leave service_name out, or choose "
                f"from {listed(names)}."
            )
        elif len(services) > 1 and not wanted:
            self.problem(f"Region {region} has {len(services)} endpoint services: set service_name to {' or '.join(names)}.")

    def check_project(self):
        """No cluster at all: the wrong region, or early?"""
        self.astray = False
        bound, region, project = self.found["bound_regions"], self.wanted["region_id"], self.wanted["project_id"]
        if self.links or not self.knows("clusters") or not any(x.get("cloud_id") == self.CLOUD_ID for x in self.found["services"]):
            return
        if bound is None or region in bound:
            self.note(f"Project {project} has no cluster in region {region} yet; a later one joins with its name only.")
        else:
            self.astray = True
            what = f"does not use region {region} (it uses {some(sorted(bound))})" if bound else "has no region yet"
            self.problem(
                f"Project {project} {what}: check project_id and region_id, or add the region to the project at Zilliz Cloud "
                "first."
            )

    def service_name(self):
        return self.service["endpoint_service"] if self.service else None

    def registration(self, endpoint_id):
        return next((row for row in self.registrations if row["endpoint_id"] == endpoint_id), None)

    def authorize(self, endpoint_id, why):
        after = {k: self.wanted[k] for k in ("project_id", "region_id", "gcp_project_id") if self.wanted.get(k)}
        self.step("connect", "authorize", "private_endpoint", endpoint_id, why, after=dict(after, endpoint_id=endpoint_id))

    def revoke(self, round_, row, why):
        before = {k: row.get(k) for k in ("region_id", "endpoint_id", "endpoint_status", "gcp_project_id")}
        self.step(round_, "revoke", "private_endpoint", row["endpoint_id"], why, before=before)

    def register(self, endpoint_id):
        """Authorize after creation, never before; a failed registration is made again."""
        row = self.registration(endpoint_id)
        if endpoint_id == CREATION:
            self.authorize(CREATION, "Zilliz Cloud accepts no connection from an endpoint that is not registered")
        elif not row:
            self.authorize(endpoint_id, f"Endpoint {endpoint_id} is not registered at Zilliz Cloud")
        elif endpoint_phase(row["endpoint_status"]) == "failed":
            self.revoke("connect", row, f"Zilliz Cloud shows its registration as {row['endpoint_status']}")
            self.authorize(endpoint_id, f"Its registration was {row['endpoint_status']}")

    def purge_registrations(self, round_, seen, made):
        """Registrations without endpoint: those of this link are removed, others are named and left alone."""
        left = []
        for row in self.registrations:
            if row["endpoint_id"] in seen:
                continue
            if row["endpoint_id"] in made:
                self.revoke(round_, row, "Its endpoint was made by this link and is gone")
            elif self.wanted["purge_stale"]:
                self.revoke(round_, row, "Its endpoint is not to be found, and purge_stale is set")
            else:
                left.append(row["endpoint_id"])
        if left:
            self.note(
                f"Left alone: {len(left)} registration{plural(left)} of this project and region without an endpoint "
                f"{self.HERE} ({some(left)}); purge_stale: true removes them, if nobody uses them from elsewhere."
            )


def report(plan, wanted, check_mode):
    """A plan as a module answers it: what to act on now, what is awaited, what is still open, and all of it as text."""
    pending = awaited(plan, wanted)
    kinds = {item["kind"] for item in plan["waiting"] if patience(wanted, item["kind"])}
    steps = [] if pending else plan["steps"]
    ready = {step["round"] for step in steps if step["known"]}
    acts = {
        "connect": "connect" in ready or bool(kinds & {"endpoint", "link"}),
        "name": "name" in ready,
        "maintenance": "maintenance" in kinds,
        "absent": "absent" in ready or "gone" in kinds,
    }
    lines = {name: [line(step) for step in steps if step["round"] == name] for name in ("connect", "name", "absent")}
    # A cloud may show for a while what was before the act; but nothing that was made may have failed since.
    late = unfinished(plan["steps"], wanted)
    failed = [step for step in late if step["round"] == "connect" and step["action"] in ("revoke", "delete")]
    answer = {
        "changed": bool(steps) and check_mode and not wanted["inspect"],
        "act": not check_mode and any(acts.values()),
        "rounds": {name: on and not check_mode for name, on in acts.items()},
        "settled": not pending and not late,
        "steps": steps,
        "lines": lines,
        "limits": {"wait": wanted["wait_timeout"], "maintenance": wanted["maintenance_timeout"]},
        "failed": bool(failed),
        "diff": {"prepared": "".join(detail(step) for step in steps)},
        "result": dict(plan["result"], changes=wanted["changes"]),
    }
    if pending or late:
        heading = "Still waiting" if pending and not failed else "Still to do after the run"
        answer["msg"] = numbered([line(step) for step in failed] or pending or [line(step) for step in late], heading)
    return {**plan, **answer}


def awaited(plan, wanted):
    """What the caller waits for, in words."""
    return [item["text"] for item in plan["waiting"] if item["kind"] in wanted["awaits"]]


def unfinished(steps, wanted):
    """What is still to do of the rounds that were done.

    Names and ports that nothing was done about are none of it: a cluster came up or was dropped meanwhile, and the caller acts on them next.
    """
    done = set(wanted["changes"])
    touched = {dns_name(change.split()[2]) for change in done if len(change.split()) > 2}

    def again(step):
        if step["resource"] in ALL_PORTS:
            return line(step) in done
        return dns_name(step["name"]) in touched

    return [step for step in steps if step["known"] and step["round"] in wanted["done"] and (step["round"] != "name" or again(step))]


def dns_name(text):
    """Of a zone, or of a record in it, which is called by its name and type."""
    return text.split()[0].rstrip(":")


def limit_of(kind):
    return "maintenance_timeout" if kind == "maintenance" else "wait_timeout"


def patience(wanted, kind):
    """How many seconds the user gives this kind of waiting; 0 leaves it to a later run."""
    return wanted[limit_of(kind)]


def negative(wanted, *names):
    problems = [f"{name} is {wanted[name]}: seconds cannot be negative, use 0 or more." for name in names if wanted[name] < 0]
    if wanted["record_ttl"] > LONGEST_TTL:
        problems.append(f"record_ttl is {wanted['record_ttl']}: a name cannot be kept longer than {LONGEST_TTL} seconds.")
    return problems


def handed_over(link):
    """A cluster's link as the result shows it, with what a client of it needs."""
    shown = {key: link[key] for key in LINK_KEYS}
    return dict(shown, snippets=snippets(link["url"])) if link["ready"] else shown


# Words


def capital(text):
    return text[:1].upper() + text[1:]


def line(step):
    return f"{step['action']} {step['resource']} {step['name']}: {step['why']}"


def detail(step):
    """One step of a plan as a diff shows it."""
    sides = [(sign, key, value) for sign, side in (("-", "before"), ("+", "after")) for key, value in step[side].items()]
    # Which module makes it is no business of the reader's.
    shown = [f"  {sign} {key}: {value}" for sign, key, value in sides if value not in (None, [], {}, "") and key != "composed"]
    return "\n".join([line(step)] + shown) + "\n"


def numbered(sentences, heading=None):
    """Several problems in one message."""
    if len(sentences) == 1:
        return f"{heading}: {sentences[0]}" if heading else sentences[0]
    heading = heading or f"{len(sentences)} problems"
    return f"{heading}: " + " ".join(f"({number}) {text}" for number, text in enumerate(sentences, 1))


def listed(items):
    items = [str(item) for item in items]
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def some(items, most=10):
    items = [str(item) for item in items]
    return ", ".join(items[:most]) + (f" and {len(items) - most} more" if len(items) > most else "")


def plural(items):
    return "" if len(items) == 1 else "s"


def cluster(link):
    return f"{link['cluster_name']} ({link['cluster_id']})"


def words(value):
    """A list as people type it: items, lines, commas or JSON, in any mixture (AWX surveys send text areas)."""
    items = value if isinstance(value, (list, tuple)) else [value]
    typed = [word for item in items if item is not None for word in str(item).replace(",", "\n").splitlines()]
    return list(dict.fromkeys(word for word in (word.strip(" \t[]\"'") for word in typed) if word))
