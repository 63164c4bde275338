# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole AWX: its objects, made, changed, linked and deleted as the API does it. Knows no HTTP."""
from __future__ import annotations

import datetime

from . import jobs, launch, nodes, schedules, shipped, surveys
from .errors import Invalid, Refused, invalid, missing
from .kinds import KINDS, UNIFIED
from .store import SHARED, Store, known, listed
from .values import Reference

ROOT = "/api/v2/"
COMMON = ("id", "type", "created", "modified", "url")


class Awx:
    """folders: {a folder under the projects root: [playbooks]}; repositories: {Git URL: [playbooks]}.

    Nothing runs by itself: `run(worker)` does what is due, and `worker(job)` stands for the execution of a job. A project's update ends with
    the request that follows, unless `hold_updates`.
    """

    version = "24.6.1"

    def __init__(self, folders=None, repositories=None, now=None):
        self.now = now or (lambda: datetime.datetime.now(datetime.timezone.utc))
        self.store = Store(KINDS)
        self.store.now = self.now
        self.store.folders = folders or {}
        self.store.repositories = repositories or {}
        self.store.surveys = {}
        self.store.links = {}
        self.tokens = {}
        self.users = {"admin": "password"}
        self.hold_updates = False
        # Where the files of credentials stand for a job.
        self.files = "/runner/env"
        for row in shipped.rows():
            self._add("credential_types", row)
        self._add("instance_groups", {"name": "default"})

    # Objects.

    def list(self, path, query, url=None, rows=None):
        kind = KINDS[path]
        rows = self.store.tables[path].values() if rows is None else rows
        known((*COMMON, *kind.fields, *kind.extra, *jobs.FIELDS.get(path, ())), query, kind.model)
        return listed([self.show(path, row) for row in rows], query, kind.model, url or f"{ROOT}{path}/")

    def list_unified(self, group, query):
        """All templates, or all jobs; the templates of approvals are in no list."""
        rows = [(path, row) for path in SHARED[group] if path != "workflow_approval_templates" for row in self.store.tables[path].values()]
        return listed([self.show(path, row) for path, row in rows], query, "UnifiedJobTemplate", f"{ROOT}{group}/")

    def get(self, path, number):
        row = self.store.one(path, number) or self._named(path, number)
        if row is None:
            raise missing(KINDS[path].model)
        return row

    def _named(self, path, name):
        """A thing by its name and its organization's."""
        if isinstance(name, str) and "++" in name:
            own, _plus, rest = name.partition("++")
            for row in self.store.where(path, **{KINDS[path].identity: own}):
                organization = self.store.one("organizations", row.get("organization"))
                if organization and rest.split("++")[-1] == organization["name"]:
                    return row
        return None

    def create(self, path, sent):
        kind = KINDS[path]
        row = {**kind.extra, **self._read(kind, sent, None)}
        self._complete(path, row, None)
        row = self._add(path, row)
        if path == "projects" and row["scm_type"]:
            jobs.update_project(self, row)
        return row

    def change(self, path, row, sent):
        kind = KINDS[path]
        kind.check_change(row, sent, self.store)
        fresh = {**row, **self._read(kind, sent, row)}
        self._complete(path, fresh, row)
        row.update(fresh, modified=self._stamp())
        return row

    def delete(self, path, row):
        KINDS[path].check_delete(row, self.store)
        del self.store.tables[path][row["id"]]
        self.store.surveys.pop(row["id"] if path in UNIFIED else None, None)
        for other, kind in KINDS.items():
            for name, field in kind.fields.items():
                if isinstance(field, Reference) and path in field.paths:
                    self._forget(other, name, field, row["id"])
        if path == "workflow_job_template_nodes":
            if row["unified_job_template"] in self.store.tables["workflow_approval_templates"]:
                del self.store.tables["workflow_approval_templates"][row["unified_job_template"]]
        for (owner, _number, name), linked in self.store.links.items():
            if dict(KINDS[owner].lists)[name] == path and row["id"] in linked:
                linked.remove(row["id"])

    def _forget(self, path, name, field, number):
        """What cannot be without the deleted thing goes with it; schedules do anyway."""
        for row in self.store.where(path, **{name: number}):
            if field.required or path == "schedules":
                self.delete(path, row)
            else:
                row[name] = None

    def _add(self, path, row):
        stamp = self._stamp()
        return self.store.add(path, {**KINDS[path].extra, **row, "created": stamp, "modified": stamp})

    def _stamp(self):
        return f"{self.now():%Y-%m-%dT%H:%M:%S.%fZ}"

    def _read(self, kind, sent, old):
        """The fields of a body; a new object gets the rest by default, and fields that AWX does not know count for nothing."""
        row, problems = {}, {}
        for name, field in kind.fields.items():
            if name not in sent:
                if old is None and field.required:
                    problems[name] = ["This field is required."]
                elif old is None:
                    row[name] = field.default.copy() if isinstance(field.default, dict) else field.default
                continue
            try:
                row[name] = field.read(sent[name], self.store)
            except Invalid as error:
                problems[name] = error.problems
        if problems:
            raise Refused(400, problems)
        return row

    def _complete(self, path, row, old):
        kind = KINDS[path]
        kind.check(row, old, self.store)
        if not kind.unique:
            return
        for other in self.store.where(path, **{name: row[name] for name in kind.unique}):
            if other["id"] != row.get("id"):
                field, colon, text = kind.already.partition(": ")
                raise invalid(**({field: text} if colon else {"__all__": kind.already}))

    def show(self, path, row):
        """An object as it is read."""
        kind = KINDS[path]
        url = f"{ROOT}{path}/{row['id']}/"
        related = {name: f"{url}{name}/" for name, _path in kind.lists}
        summary = {}
        for name, field in kind.fields.items():
            if isinstance(field, Reference) and row.get(name):
                target = next(path for path in field.paths if row[name] in self.store.tables[path])
                other = self.store.one(target, row[name])
                related[name] = f"{ROOT}{target}/{row[name]}/"
                summary[name] = {"id": other["id"], "name": other.get("name", other.get("identifier"))}
        for name, target in jobs.RELATED.get(path, {}).items():
            if row.get(name):
                other_path, number = (target, row[name]) if target else row[name]
                related[name.lstrip("_")] = f"{ROOT}{other_path}/{number}/"
                summary[name.lstrip("_")] = jobs.summary(self.store, other_path, number)
        for name in SUBPATHS.get(path, ()):
            related[name] = f"{url}{name}/"
        more = kind.shown(row, self.store) or {}
        summary.update(more.pop("summary_fields", {}))
        shown = {"type": kind.type, "url": url, "related": related, "summary_fields": summary, **row, **more}
        return {name: value for name, value in shown.items() if not name.startswith("_")}

    # Lists of an object.

    def linked(self, path, row, name):
        target = dict(KINDS[path].lists)[name]
        if target is None:
            return target, self.store.where(name, unified_job_template=row["id"])
        numbers = self.store.links.get((path, row["id"], name), [])
        return target or name, [self.store.tables[target][number] for number in numbers]

    def link(self, path, row, name, sent):
        """POST on a list of an object: associate, disassociate, or create."""
        target = dict(KINDS[path].lists)[name]
        if target is None:
            return self.create(name, {**sent, "unified_job_template": row["id"]})
        held = self.store.links.setdefault((path, row["id"], name), [])
        if "id" not in sent:
            made = self.create(target, sent)
            held.append(made["id"])
            return made
        number = sent["id"]
        if isinstance(number, bool) or not isinstance(number, int):
            raise Refused(400, {"msg": '"id" field must be an integer.'})
        if sent.get("disassociate"):
            if number in held:
                held.remove(number)
            return None
        other = self.store.one(target, number)
        if name in nodes.LINKS:
            nodes.check_link(row, name, other, self.store)
        if other is None:
            raise Refused(400, {"detail": f"{KINDS[target].model} matching query does not exist."})
        if name == "credentials" and path != "organizations":
            launch.check_credential(self.store, path, row, other, held)
        if number not in held:
            held.append(number)
        return None

    # Surveys, approvals, jobs.

    def set_survey(self, row, sent):
        self.store.surveys[row["id"]] = surveys.checked(sent, self.store.surveys.get(row["id"]))

    def create_approval(self, node, sent):
        row = self.create("workflow_approval_templates", sent)
        # The template of before has no node any more, and stays.
        node["unified_job_template"] = row["id"]
        return row

    def run(self, worker):
        """Everything that is due, until nothing is: scheduled jobs, updates, jobs, and the nodes behind them."""
        jobs.run(self, worker)

    def advance(self, since):
        """Start what the schedules have had to start since then."""
        for row in list(self.store.tables["schedules"].values()):
            for _moment in schedules.due(row, since, self.now()):
                launch.from_schedule(self, row)


SUBPATHS = {
    "job_templates": ("survey_spec", "launch"),
    "workflow_job_templates": ("survey_spec", "launch", "workflow_nodes"),
    "workflow_job_template_nodes": ("create_approval_template",),
    "projects": ("update", "playbooks"),
    "jobs": ("cancel", "relaunch"),
    "workflow_jobs": ("cancel", "workflow_nodes"),
    "workflow_approvals": ("approve", "deny"),
}
