# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judges a made plan: what of a link is in order, what is not, why, and the one change that mends it. Pure: no I/O, no Ansible."""

from __future__ import annotations

import abc
import copy
import re

from ansible_collections.zilliz.cloud.plugins.module_utils._checks import (
    BROKEN,
    DEGRADED,
    MISSING,
    OK,
    SKIPPED,
    UNKNOWN,
    in_order,
    row,
)
from ansible_collections.zilliz.cloud.plugins.module_utils._doctor_names import TO_BE, DoctorOfNames
from ansible_collections.zilliz.cloud.plugins.module_utils._names import endpoint_phase
from ansible_collections.zilliz.cloud.plugins.module_utils._plan import (
    capital,
    cluster,
    plural,
    some,
)

# Where in a problem the remedy begins.
REMEDY = re.compile(
    r"(?:[:;.] )(?=(?:add|allow|ask|bring|check|choose|correct|delete|enable|expand|free|give|have|if|keep|leave|name|put|raise|remove|"
    r"run|send|set|switch|take|use|wait|write)\b)", re.I)
# What a sentence that stands in the way of every cloud's plan is about; the first that fits. The rest are variables.
PROBLEMS = (
    (r"already has a private zone|already has another private zone", "other_zones"),
    (r"forwards or peers|CNAME cannot stand|where no CNAME can stand|^Not under zone", "zone"),
    (r"which this link did not make", "record"),
    (r"would be made, but", "quota"),
    (r"^Zilliz Cloud (offers no|has no endpoint service)", "service"),
)
RESOURCES = {
    "private_endpoint_whitelist": "service", "private_endpoint": "registration", "record": "record", "zone_association": "association",
    "tags": "endpoint", "labels": "endpoint",
}
DEEP = ("other_zones", "resolver", "network_acl", "quota")
COMMANDS = ("aws", "gcloud")
BY_HAND = "Correct that, then run the check again."
SUPPORT = "https://support.zilliz.com/hc/en-us/requests/new"


class Doctor(DoctorOfNames, abc.ABC):
    """`Doctor(plan).rows()` after `plan.make()`: one row a thing, for both sides of the link; nothing of the plan is changed.

    Every step of the plan and every problem ends in a row, whatever a cloud's class does, because `sweep` takes what is left.
    A cloud's class supplies

    - `PLAYBOOK`: the name of the playbook that sets the link up, `RESOURCES`: the check of each resource of its steps that is not
      common, `PROBLEMS`: (pattern, check) for its own sentences, `DEEP`: the checks that need what only `deep` reads;
    - `denied(problem)`: the permission that a reading lacked, or None when the problem is of another kind;
    - `things()`: what else than endpoints and zones bears the mark of this link, if it is there;
    - `judge_endpoint(endpoint, steps)`: the row of the endpoint that is there (`steps` replace it, mostly none);
    - `look_network()`, `look_way()` (checks firewall and client_egress) and `look_deep()` (resolver, network_acl, quota);
    - `attach(zone, network)`: the command that makes a foreign zone answer in a network;
    - if it has more to say of the service, `look_service()` with `super()`.

    In these it uses
    - `self.take(resource, *actions, where=...)`: the steps of this kind; each is given once, so whoever takes it makes its row;
    - `self.lacks(check, steps, subject)`: the row of what the set-up makes: `missing` before it, `broken` after it;
    - `self.drifts(check, steps, subject)`: the row of what the set-up corrects and works so far: `degraded`;
    - `self.fine(check, subject, evidence)`: an ok row, unless a problem of this check has been told already;
    - `self.add(check, state, ...)`: any other row, and `self.unseen(check)` when nothing of it could be read.
    """

    PLAYBOOK = ""
    RESOURCES = {}
    PROBLEMS: tuple = ()
    DEEP: tuple = DEEP

    def __init__(self, plan):
        self.plan, self.wanted, self.found = plan, plan.wanted, plan.found
        self.deep = plan.found.get("deep") or {}
        self.table = []
        self.started = self.has_started()
        self.lost = BROKEN if self.started else MISSING
        self.left = list(plan.steps) or self.names_alone()

    # What a cloud supplies

    @abc.abstractmethod
    def denied(self, problem):
        """The permission that a reading lacked, or None."""

    @abc.abstractmethod
    def things(self):
        """What else of this link there is."""

    @abc.abstractmethod
    def judge_endpoint(self, endpoint, steps):
        """The row of the endpoint that is there."""

    @abc.abstractmethod
    def look_network(self):
        """The network and its DNS settings."""

    @abc.abstractmethod
    def look_way(self):
        """The clients' way to the endpoint."""

    @abc.abstractmethod
    def look_deep(self):
        """What the plan has no use for."""

    @abc.abstractmethod
    def attach(self, zone, network):
        """The command that makes a zone answer in a network."""

    @abc.abstractmethod
    def detach(self, zone, network):
        """What takes a zone that steals a name out of the way."""

    # The table

    def rows(self):
        self.place_problems()
        if self.plan.present:
            looks = [self.look_network, self.look_names, self.look_other_zones, self.look_service, self.look_endpoint,
                     self.look_registration, self.look_duplicates, self.look_stale, self.look_way, self.look_links]
            for look in looks:
                look()
            if self.wanted["deep"]:
                self.look_deep()
            self.look_rest()
        self.sweep()
        if self.plan.present and not self.has("input"):
            self.fine("input", self.plan.mark, f"{len(self.plan.chosen)} cluster{plural(self.plan.chosen)} in the project and region")
        return in_order(self.table)

    def add(self, check, state, subject="", cause="", evidence="", mend=""):
        self.table.append(row(check, state, subject or "", sentence(cause), evidence, sentence(mend)))

    def has(self, check):
        return any(one["check"] == check for one in self.table)

    def fine(self, check, subject="", evidence=""):
        if not self.has(check):
            self.add(check, OK, subject, evidence=evidence)

    def unseen(self, *checks):
        """The reason stands in a row of its own."""
        for check in checks:
            if not self.has(check):
                self.add(check, UNKNOWN, cause="It could not be read", mend="See what the row Variables says")

    def take(self, resource, *actions, where=lambda step: True):
        taken = [x for x in self.left if x["resource"] == resource and x["action"] in actions and where(x)]
        self.left = [x for x in self.left if x not in taken]
        return taken

    def again(self, steps):
        acts = dict.fromkeys(f"{step['action']} {step['resource']} {step['name']}" for step in steps)
        what = f" (it will: {'; '.join(acts)})" if steps else ""
        when = " once nothing stands in its way" if self.plan.problems else ""
        return f"Run the playbook {self.PLAYBOOK}{' again' if self.started else ''}{when}{what}"

    def lacks(self, check, steps, subject="", cause="", evidence="", state=None):
        causes = list(dict.fromkeys(step["why"] for step in steps))
        self.add(check, state or self.lost, subject or steps[0]["name"], cause or "; ".join(causes), evidence, self.again(steps))

    def drifts(self, check, steps, subject="", cause="", evidence=""):
        self.lacks(check, steps, subject, cause, evidence, DEGRADED)

    # What stands in the way

    def place_problems(self):
        blind = []
        for text in self.plan.problems:
            cause, mend = parted(text)
            check = next((check for pattern, check in self.PROBLEMS + PROBLEMS if re.search(pattern, text)), "input")
            permission = self.denied(text)
            blind += [permission] if permission else []
            self.add(check, UNKNOWN if permission else BROKEN, cause=cause, evidence=permission or "", mend=mend or BY_HAND)
        if blind:
            self.add(
                "input", DEGRADED, cause="This check could not look at everything that the link consists of",
                evidence=f"not allowed: {some(dict.fromkeys(blind))}", mend="Allow that for the credentials in use, as the rows below say",
            )

    def has_started(self):
        """Whether the set-up has been here: what it made is lost when it is not there, else it is only not there yet."""
        plan, endpoint = self.plan, self.plan.endpoint
        marked = any(plan.ours(e) for e in self.found["endpoints"]) or any(plan.zone_owner(z) == plan.mark for z in self.found["zones"])
        # Who brings the endpoint and has no names made by us has nothing that bears a mark.
        handmade = self.wanted["dns"] == "none" and bool(endpoint and plan.registration(endpoint["endpoint_id"]))
        return marked or handmade or bool(self.things())

    def names_alone(self):
        """A plan with problems has no steps; what the names lack shows all the same."""
        if not self.plan.present:
            return []
        plan = copy.copy(self.plan)
        plan.steps, plan.notes, plan.problems = [], [], []
        for entry in plan.zones:
            plan.make_zone(entry)
            if plan.knows("endpoints"):
                plan.make_records(entry)
        return plan.steps

    # Zilliz Cloud

    def look_service(self):
        plan = self.plan
        steps = self.take("private_endpoint_whitelist", "authorize")
        if not plan.knows("services"):
            self.unseen("service")
        elif steps:
            self.lacks("service", steps, plan.service_name())
        elif plan.service:
            self.fine("service", plan.service_name(), f"offered in region {self.wanted['region_id']}")

    def look_registration(self):
        plan = self.plan
        endpoint_id = plan.endpoint["endpoint_id"] if plan.endpoint else None
        there = plan.registration(endpoint_id) if endpoint_id else None
        steps = self.take("private_endpoint", "authorize")
        steps = self.take("private_endpoint", "revoke", where=lambda x: x["name"] in [endpoint_id] + [y["name"] for y in steps]) + steps
        status = there["endpoint_status"] if there else None
        phase = endpoint_phase(status) if there else None
        shown = f"Zilliz Cloud shows {endpoint_id} as {status}" if there else f"registrations of this project and region: {len(plan.registrations)}"
        if not plan.knows("services", "endpoints"):
            self.unseen("registration")
        elif phase == "failed":
            self.add("registration", BROKEN, endpoint_id, f"Zilliz Cloud shows the registration as {status}, so it accepts no connection",
                     shown, self.again(steps))
        elif steps:
            self.lacks("registration", steps, endpoint_id or TO_BE, evidence=shown)
        elif not there:
            self.add("registration", self.lost, endpoint_id, "Zilliz Cloud accepts no connection from an endpoint that is not registered",
                     shown, self.again([]))
        elif phase != "ready":
            self.add("registration", MISSING, endpoint_id, f"Zilliz Cloud shows the registration as {status}: it is not through yet", shown,
                     f"Wait some minutes and check again; if it stays so, ask Zilliz ({SUPPORT})")
        else:
            self.fine("registration", endpoint_id, shown)

    def look_stale(self):
        plan = self.plan
        seen = {e["endpoint_id"] for e in self.found["endpoints"] if plan.stands(e)}
        steps = {x["name"]: x for x in self.take("private_endpoint", "revoke", where=lambda x: x["name"] not in seen)}
        if not plan.knows("services", "endpoints"):
            self.unseen("stale_registrations")
            return
        # Also what look_registration has told: this link's own one, while its endpoint is lost.
        told = seen | {x["name"] for x in plan.steps if x["resource"] == "private_endpoint"}
        elsewhere = []
        for one in plan.registrations:
            name, status = one["endpoint_id"], one["endpoint_status"]
            if name in steps:
                self.drifts("stale_registrations", [steps[name]], name, evidence=f"registered as {status}, without an endpoint {plan.HERE}")
            elif name not in told and endpoint_phase(status) == "failed":
                self.add("stale_registrations", DEGRADED, name, f"It is registered as {status} and has no endpoint {plan.HERE}", shown(one),
                         "Set purge_stale: true and run the playbook again, or remove it at Zilliz Cloud")
            elif name not in told:
                elsewhere.append(name)
        if elsewhere:
            self.add(
                "stale_registrations", UNKNOWN, some(elsewhere), f"No such endpoint is {plan.HERE}; whether another account or region has "
                "it cannot be seen from here", f"{len(elsewhere)} of {len(plan.registrations)} registrations of this project and region",
                "If nobody uses them from elsewhere, set purge_stale: true and run the playbook again",
            )
        self.fine("stale_registrations", evidence=f"{len(plan.registrations)} registration{plural(plan.registrations)}, each with its endpoint")

    def look_links(self):
        if not self.plan.knows("clusters"):
            self.unseen("link", "public_endpoint")
            return
        named = self.wanted["cluster_ids"] + self.wanted["cluster_names"]
        for link in self.plan.chosen:
            self.look_link(link, bool({link["cluster_id"], link["cluster_name"]} & set(named)))
            self.look_public(link)
        if not self.plan.chosen:
            self.add("link", SKIPPED, cause="No cluster is there yet; a later one joins when the playbook runs again")

    def look_link(self, link, named):
        name, status = cluster(link), str(link["status"] or "").upper()
        if link["ready"] and status in ("SUSPENDED", "SUSPENDING", "STOPPED", "STOPPING", "FROZEN", "FREEZING", "ABNORMAL"):
            self.add("link", DEGRADED, name, f"The cluster is {status}, so it does not answer", link["url"],
                     f"Ask Zilliz to repair it ({SUPPORT})" if status == "ABNORMAL" else "Resume the cluster at Zilliz Cloud")
        elif link["ready"]:
            self.add("link", OK, name, evidence=f"{link['url']}, status {link['status']}")
        elif link["waiting"] == "link":
            self.add("link", MISSING, name, capital(link["reason"]), f"status {link['status']}",
                     "Wait some minutes, then " + lower(self.again([])) if self.plan.endpoint else self.again([]))
        elif link["waiting"]:
            # Nothing is wrong yet, and a watch must not call people for it.
            self.add("link", SKIPPED, name, capital(link["reason"]), f"status {link['status']}",
                     "Wait for the end of the maintenance, then " + lower(self.again([])))
        else:
            what, _colon, mend = link["reason"].partition(": ")
            self.add("link", DEGRADED if named or status == "ABNORMAL" else SKIPPED, name, f"It has no private link: {what}",
                     f"status {link['status']}", capital(mend) if mend else "Leave it out of the clusters that are named" if named else "")

    def look_public(self, link):
        if not link["ready"]:
            return
        name, host = cluster(link), link["public_host"] or "its public name"
        untold = self.found.get("untold", {}).get(link["cluster_id"])
        if untold:
            self.add("public_endpoint", UNKNOWN, name, "Whether its public endpoint is on could not be read", untold,
                     "Let the API key read this cluster, then check again")
        elif link["public_enabled"] is None:
            self.add("public_endpoint", SKIPPED, name, "Zilliz Cloud does not tell of this cluster whether its public endpoint is on",
                     mend="Look at the cluster's page in the Zilliz Cloud console")
        elif link["public_enabled"]:
            self.add("public_endpoint", OK, name, evidence=f"on: {host} answers on the internet; playbook zilliz.cloud.private_only closes it")
        else:
            self.add("public_endpoint", OK, name, evidence="off: the private link is the only way to the cluster")

    # The endpoint

    def look_endpoint(self):
        plan = self.plan
        steps = self.take(plan.ENDPOINT, "create")
        if plan.endpoint:
            self.judge_endpoint(plan.endpoint, steps)
        elif steps:
            self.lacks("endpoint", steps)
        elif not plan.knows("endpoints"):
            self.unseen("endpoint")
        elif not self.has("endpoint"):
            self.add("endpoint", self.lost, cause="There is no endpoint that this link could use", evidence=f"none {plan.HERE}",
                     mend=self.again([]))

    def look_duplicates(self):
        plan = self.plan
        names = [e["endpoint_id"] for e in plan.duplicates]
        steps = self.take(plan.ENDPOINT, "delete")
        for step in steps:
            self.look_retired(step, "duplicates" if step["name"] in names else "endpoint")
        names = [x for x in names if x not in [step["name"] for step in steps]]
        for name in names:
            self.add("duplicates", DEGRADED, name, "It is a second endpoint of this link", "it bears the mark of this link", self.again([]))
        if plan.knows("endpoints"):
            self.fine("duplicates", evidence="none")
        else:
            self.unseen("duplicates")

    def look_retired(self, step, check):
        steps = self.take("private_endpoint", "revoke", where=lambda x: x["name"] == step["name"]) + [step]
        self.drifts(check, steps, step["name"], step["why"])

    # Quotas, and what only `deep` reads

    def look_rest(self):
        limit = self.found["zone_limit"]
        if limit:
            share = f"{limit['count']} of {limit['limit']} {self.plan.ZONE_WORDS}s of {self.plan.holder()}"
            if limit["count"] < limit["limit"]:
                self.fine("quota", self.plan.DNS, share)
        if self.wanted["dns"] != "none" and self.plan.knows("zones") and (self.wanted["deep"] or self.other_zones_known()):
            self.fine("other_zones", evidence=f"{len(self.found['zones'])} zone{plural(self.found['zones'])} looked at")
        if not self.wanted["deep"]:
            for check in self.DEEP:
                if not self.has(check):
                    self.add(check, SKIPPED, cause="It is looked at with deep: true only")

    # What is left

    def sweep(self):
        """No step without a row."""
        kinds = dict(RESOURCES, **{self.plan.ENDPOINT: "endpoint", self.plan.ZONE: "zone"}, **self.RESOURCES)
        for step in self.left:
            makes = step["action"] in ("create", "authorize", "associate") and self.plan.present
            self.lacks(kinds[step["resource"]], [step], state=None if makes else DEGRADED)
        self.left = []


# Words


def sentence(text):
    """With a full stop, and a capital unless it begins with a name: of a variable, a host, a command."""
    text = text.strip()
    word = text.split(" ")[0]
    text = capital(text) if re.fullmatch(r"[a-z]+,?", word) and word not in COMMANDS else text
    return text if not text or text.endswith(".") or is_command(re.split("[:;] ", text)[-1]) else text + "."


def is_command(text):
    """To be copied, so without anything behind it."""
    return text.split(" ")[0] in COMMANDS and ", " not in text


def parted(text):
    """(what is wrong, what helps) of a problem."""
    found = REMEDY.search(text)
    return (text[:found.start()] + ".", capital(text[found.end():])) if found else (text, "")


def lower(text):
    return text[:1].lower() + text[1:]


def shown(registration):
    return f"Zilliz Cloud shows it as {registration['endpoint_status']}"
