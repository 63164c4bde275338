# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets run through every module, plugin, role and playbook at -vvvv, whatever goes well or wrong, and appear nowhere."""
from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys

import pytest
import trustme

from e2e.canary import AWS_SECRET, KEY, PLAIN, PROXY, Cluster, Front, Listener, Search
from e2e.link import Link
from e2e.runner import FOREIGN, ROOT, run_playbook

MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
WITHOUT = {"ZILLIZCLOUD_API_KEY": None, "ZILLIZ_API_KEY": None}
# How the key comes to a task: the environment of the run, and the task's options.
WAYS = {
    "first variable": (KEY, {**WITHOUT, "ZILLIZCLOUD_API_KEY": KEY}, {}),
    "second variable": (PLAIN, {**WITHOUT, "ZILLIZCLOUD_API_KEY": "", "ZILLIZ_API_KEY": PLAIN}, {}),
    "option": (PLAIN, WITHOUT, {"api_key": "{{ canary }}"}),
    "default": (KEY, WITHOUT, {}),
}
NAME = "in01-0123456789abcde-privatelink.example.vectordb.zillizcloud.com"


def modules_of_zilliz(scenario):
    """The modules that take the key, with the least that they need."""
    aws, gcp = scenario["aws"], scenario["gcp"]
    place = {"project_id": aws["project_id"], "region_id": aws["region_id"]}
    cluster_id = next(one["cluster_id"] for one in scenario["zilliz"]["clusters"] if one["project_id"] == aws["project_id"])
    return {
        "aws_private_link_plan": {**place, "vpc_id": aws["vpc_id"], "subnet_ids": aws["subnet_ids"], "client_cidrs": aws["client_cidrs"]},
        "cluster_info": {"cluster_id": cluster_id},
        "cluster_public_endpoint": {"cluster_id": cluster_id, "state": "enabled", "org_id": "org-0123456789"},
        "gcp_private_link_plan": {name: gcp[name] for name in ("project_id", "region_id", "gcp_project_id", "region", "network", "subnetwork")},
        "private_endpoint": {**place, "endpoint_id": "vpce-0123456789abcdef0", "state": "absent"},
        "private_endpoint_info": {"project_id": aws["project_id"]},
        "private_endpoint_service_info": {"region_id": aws["region_id"]},
        "private_endpoint_whitelist": {**place, "outer_user_id": "111122223333"},
        "private_link_info": place,
        "private_only_plan": place,
        "project_info": {},
        "region_info": {},
    }


def modules_of_clouds(scenario):
    """The modules that take secrets of AWS or Google, in an order in which they succeed."""
    aws = scenario["aws"]
    own = {"project": "my-project", "region": "us-west1"}
    record = {"name": NAME, "type": "A", "ttl": 60, "values": ["10.20.1.17"]}
    return {
        "aws_vpc_endpoint": {"vpc_id": aws["vpc_id"], "service_name": SERVICE, "subnet_ids": aws["subnet_ids"], "client_token": "canary",
                             "security_group_ids": [aws["client_security_group_id"]]},
        "aws_security_group_rule": {"group_id": aws["client_security_group_id"], "port": 19531, "cidr": "10.20.0.0/16", "description": "canary"},
        "route53_names": {"zones": [{"name": NAME, "vpcs": [{"vpc_id": aws["vpc_id"], "region": "us-west-2"}], "records": [record]}]},
        "route53_zone_association": {"zone_id": "{{ route53_names.zones[0].zone_id }}", "vpc_id": aws["second_vpc_id"], "vpc_region": "us-west-2"},
        "gcp_labels": {**own, "kind": "address", "name": "orders-ip", "labels": {"team": "search"}},
        "gcp_firewall_rule": {"project": "my-project", "name": "my-vpc-allow-internal", "priority": 65000},
        "gcp_psc_endpoint": {**own, "name": "zlz-canary", "state": "absent"},
        "cloud_dns_names": {"project": "my-project", "zones": [{"zone_id": "zlz-canary", "name": NAME, "networks": ["my-vpc"], "records": [record]}]},
    }


# Those without a connection to a cloud. The probe's token is of the data plane; the report has no secret, and must not get one.
OTHERS = ("private_link_fleet_report", "private_link_probe", "private_link_report")
SERVICE = "com.amazonaws.vpce.us-west-2.vpce-svc-0b62964bfd0edfb74"
PLAYBOOKS = {"aws", "check", "fleet", "gcp", "private_only", "teardown"}
ROLES = {"aws_private_link", "gcp_private_link", "private_link_check", "private_link_fleet", "private_only"}
# Its secrets are AWX's business too: test_awx.py.
AWX = ("awx", "awx_content")
PLUGINS = {"inventory/clusters", "lookup/private_link"}


@pytest.fixture(scope="module")
def servers(sandbox_process):
    """The front before the sandbox, and a server where nobody has anything to do."""
    with Listener() as elsewhere, Front(sandbox_process.env["ZILLIZCLOUD_HOST_ADDRESS"], sandbox_process.scenario["zilliz"]["api_key"],
                                        elsewhere.url, KEY, PLAIN) as front:
        yield front, elsewhere


class Job:
    """ansible-runner with its private data directory, as AWX starts a playbook."""

    def __init__(self, watched, name):
        self.watched, self.folder = watched, watched.folder / name
        for part in ("env", "inventory", "project"):
            (self.folder / part).mkdir(parents=True)
        (self.folder / "inventory" / "hosts").write_text("localhost ansible_connection=local\n", encoding="utf-8")

    def run(self, playbook, variables, env):
        """The status and the output. The environment and the extra variables are what the caller gave; `command` records them, as the issue allows."""
        sandbox = self.watched.sandbox
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        given = {**sandbox.env, **self.watched.env(**env), "HOME": str(self.folder), "ANSIBLE_CALLBACKS_ENABLED": "ansible.builtin.junit"}
        inputs = {"envvars": {name: value for name, value in given.items() if value is not None},
                  "extravars": {"ansible_python_interpreter": sandbox.interpreter, **variables}, "settings": {"fact_cache_type": "jsonfile"}}
        for name, value in inputs.items():
            (self.folder / "env" / name).write_text(json.dumps(value), encoding="utf-8")
        command = [sys.executable, "-m", "ansible_runner", "run", str(self.folder), "-p", playbook, "--ident", "job", "-vvvv"]
        done = subprocess.run(command, env={**kept, "PATH": given["PATH"], "HOME": str(self.folder)}, cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
        artifacts = self.folder / "artifacts" / "job"
        self.watched.known += [self.folder / "env" / "envvars", self.folder / "env" / "extravars", artifacts / "command"]
        self.watched.search(done.stdout)
        self.events = [json.loads(path.read_text(encoding="utf-8")) for path in (artifacts / "job_events").glob("*.json")]
        return (artifacts / "status").read_text(encoding="utf-8"), done.stdout


class Watched:
    """Runs playbooks with everything switched on that writes anything, and looks through all of it."""

    def __init__(self, sandbox, front, folder):
        self.sandbox, self.front, self.folder = sandbox, front, folder
        self.pem = "".join(json.loads(pathlib.Path(sandbox.env["GCP_SERVICE_ACCOUNT_FILE"]).read_text(encoding="utf-8"))["private_key"].split("\n")[1:-2])
        self.google_token = sandbox.scenario["extra"]["gcp"]["access_token"]
        # The beginning of a private key tells its kind and is the same in all of them.
        self.secrets = (KEY, PLAIN, AWS_SECRET, PROXY, self.google_token, self.pem[64:])
        self.may_be_silent = False
        self.known = [folder / "inventory.json", folder / "secrets.json"]

    def env(self, **more):
        folder = self.folder
        return {
            "ANSIBLE_VERBOSITY": "4", "ANSIBLE_LOG_PATH": f"{folder}/ansible.log", "ANSIBLE_RETRY_FILES_ENABLED": "1",
            "ANSIBLE_RETRY_FILES_SAVE_PATH": f"{folder}/retry", "ANSIBLE_CACHE_PLUGIN": "jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION": f"{folder}/facts",
            "ANSIBLE_CALLBACKS_ENABLED": "results,ansible.builtin.junit,ansible.builtin.tree", "ANSIBLE_CALLBACK_TREE_DIR": f"{folder}/tree",
            "JUNIT_OUTPUT_DIR": f"{folder}/junit", "ANSIBLE_DISPLAY_TRACEBACK": "always", "ANSIBLE_SHOW_CUSTOM_STATS": "1",
            "ANSIBLE_INJECT_INVOCATION": "1",
            "ANSIBLE_REMOTE_TMP": f"{folder}/tmp", "ANSIBLE_LOCAL_TEMP": f"{folder}/local", "ANSIBLE_ASYNC_DIR": f"{folder}/async",
            "AWS_REGION": "us-west-2", "AWS_SECRET_ACCESS_KEY": AWS_SECRET, "PWD": str(folder),
            "ZILLIZCLOUD_HOST_ADDRESS": self.front.way("ok"), **WITHOUT, "ZILLIZCLOUD_API_KEY": KEY, **more,
        }

    def playbook(self, what, env=None, variables=None, secrets=None, **more):
        """`variables` come by the inventory, `secrets` as a file of extra variables: -vvvv shows the command line, so they do not belong there."""
        hosts = {"localhost": {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **(variables or {})}}
        for path, content in zip(self.known, ({"all": {"hosts": hosts}}, secrets or {})):
            path.write_text(json.dumps(content), encoding="utf-8")
        env = self.env(ANSIBLE_INVENTORY=str(self.known[0]), **(env or {}))
        run = run_playbook(self.sandbox, self.folder, what, env=env, arguments=["-e", f"@{self.known[1]}"], **more)
        self.search(run.stdout)
        return run

    def inventory(self, env=None, **options):
        """What ansible-inventory prints, after everything that it wrote was looked through."""
        path = self.folder / "clusters.yml"
        path.write_text(json.dumps({"plugin": "zilliz.cloud.clusters", "cache": True, "cache_plugin": "ansible.builtin.jsonfile",
                                    "cache_connection": f"{self.folder}/kept", **options}), encoding="utf-8")
        self.known.append(path)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        variables = {**kept, **self.sandbox.env, **self.env(**(env or {})), "HOME": str(self.folder), "ANSIBLE_CALLBACKS_ENABLED": ""}
        command = [str(pathlib.Path(sys.executable).with_name("ansible-inventory")), "-i", str(path), "--list"]
        done = subprocess.run(command, env={name: value for name, value in variables.items() if value is not None}, cwd=self.folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
        self.search(done.stdout)
        return done.stdout

    def search(self, text):
        search = Search(*self.secrets, known=self.known)
        hits = search.text(text) + search.folder(self.folder)
        assert not hits, "\n".join(hits[:3])


@pytest.fixture
def watched(sandbox, servers, tmp_path):
    front, elsewhere = servers
    front.seen.clear()
    watched = Watched(sandbox, front, tmp_path)
    yield watched
    # What was searched was worth it: the servers have got a canary.
    assert watched.may_be_silent or any(headers.get("Authorization") in (f"Bearer {KEY}", f"Bearer {PLAIN}") for _method, _path, headers, _body in front.seen)
    # Whatever was answered: the key went to nobody else, and was in nothing but its header.
    assert elsewhere.connections == 0
    search = Search(KEY, PLAIN, AWS_SECRET)
    for method, path, headers, body in front.seen:
        others = {name: value for name, value in headers.items() if name != "Authorization"}
        assert not search.text(f"{method} {path} {others} {body.decode()}")


def task(name, module, args, **more):
    return {"name": name, f"zilliz.cloud.{module}": args, "ignore_errors": True, "no_log": False, **more}


def masked(value, path=()):
    """Where the results say that something was masked."""
    if isinstance(value, dict):
        return [hit for name, one in value.items() for hit in masked(one, (*path, str(name)))]
    if isinstance(value, list):
        return [hit for one in value for hit in masked(one, path)]
    return [path] if MASK in str(value) or "********" in str(value) else []


def unmangled(run):
    """Only secrets are masked, and none of them is in what users read."""
    secret = {"api_key", "token", "access_token", "service_account_contents", "secret_key"}
    hits = {path for one in run.results for path in masked(one["result"]) if not any(
        path[n:n + 2] == ("invocation", "module_args") and path[n + 2] in secret for n in range(len(path) - 2))}
    assert not hits, hits


def test_nothing_is_forgotten(sandbox):
    """Who adds a module, a plugin, a role or a playbook shall let the canary through it."""
    def names(folder, pattern="[a-z]*.py"):
        return {path.stem for path in (ROOT / folder).glob(pattern)}

    scenario = sandbox.scenario
    assert names("plugins/modules") == {*modules_of_zilliz(scenario), *modules_of_clouds(scenario), *OTHERS}
    kinds = {path.name for path in (ROOT / "plugins").iterdir() if path.is_dir()} - {"modules", "module_utils", "plugin_utils", "doc_fragments"}
    assert {f"{kind}/{name}" for kind in kinds for name in names(f"plugins/{kind}")} == PLUGINS
    assert names("playbooks", "*.yml") == {*PLAYBOOKS, AWX[0]} and names("roles", "*") == {*ROLES, AWX[1]}


LOOKUP = "{{ lookup('zilliz.cloud.private_link', 'in01-840ec44485bf25d', %s) }}"


def lookups(front, ways, **options):
    """A lookup for each way of answering."""
    more = ", ".join(f"{name}={value}" for name, value in {"timeout": 2, **options}.items())
    return [{"name": f"lookup: {way}", "ansible.builtin.debug": {"msg": LOOKUP % f"host_address='{front.way(way)}', {more}"}, "ignore_errors": True}
            for way in ways]


# Refused in all these manners. 302 and 307: sent elsewhere.
REFUSALS = ("json-401", "page-403", "page-302", "json-307", "json-200", "real")


@pytest.mark.parametrize("way", list(WAYS))
def test_modules_that_take_the_key(watched, way):
    key, env, options = WAYS[way]
    front, number, tasks = watched.front, list(WAYS).index(way), []
    for module, args in modules_of_zilliz(watched.sandbox.scenario).items():
        number += 1
        tasks.append(task(f"good: {module}", module, {**args, **options}))
        # Each way of refusing meets each module over the ways of giving the key.
        for refusal in (REFUSALS[number % 6], REFUSALS[(number + 3) % 6]):
            tasks.append(task(f"{refusal}: {module}", module, {**args, **options, "host_address": front.way(refusal)}))
        if key == PLAIN:
            # Ansible quotes such a value as Python does, and masks it as it is.
            tasks.append(task(f"wrong type: {module}", module, {**args, **options, "timeout": "{{ canary }}"}))
        login = "http://{{ canary | urlencode }}@127.0.0.1:x"
        tasks.append(task(f"wrong place: {module}", module, {**args, **options, "host_address": login}))
    defaults = {"group/zilliz.cloud.zilliz": {"api_key": "{{ canary }}"}} if way == "default" else {}
    looks = lookups(front, ["ok", "echo", *REFUSALS], **({"api_key": "canary"} if env == WITHOUT else {}))
    by = "secrets" if way == "default" else "variables"
    run = watched.playbook([{"block": tasks, "module_defaults": defaults}, *looks], env=env, **{by: {"canary": key}},
                           check=way == "second variable", diff=True)
    assert run.rc == 0, run.stdout[-3000:]
    for one in run.results:
        good = one["task"].startswith("good: ")
        assert one["status"] == ("ok" if good else "ignored"), (one["task"], one["result"])
    run.results = [one for one in run.results if one["task"].startswith("good: ")]
    unmangled(run)


def test_the_inventory(watched):
    front = watched.front
    environ = {"ZILLIZCLOUD_API_KEY": None}
    for env, options in (({}, {}), (WAYS["second variable"][1], {}), (environ, {"api_key": "{{ lookup('env', 'MY_KEY') }}"}), (environ, {"api_key": KEY})):
        assert "in01-840ec44485bf25d" in watched.inventory(env={**env, "MY_KEY": PLAIN}, **options)
    for way in ("echo", *REFUSALS, "drop"):
        said = watched.inventory(host_address=front.way(way), cache=False)
        assert ("in01-840ec44485bf25d" in said) == (way == "echo"), said[-3000:]
    assert "user or password" in watched.inventory(host_address=f"http://{PLAIN}@127.0.0.1")


def at_once(tasks):
    """All side by side, as most of their time is spent waiting; their answers lie in files for a while, too."""
    started = [{**one, "async": 200, "poll": 0, "register": f"job{number}"} for number, one in enumerate(tasks)]
    awaited = [{"name": one["name"], "ansible.builtin.async_status": {"jid": "{{ job%d.ansible_job_id }}" % number}, "register": "job",
                "until": "job is finished", "retries": 400, "delay": 0.5, "ignore_errors": True} for number, one in enumerate(tasks)]
    return started + awaited


# Nobody is there, nobody answers, an answer breaks off, and servers that fail while they tell the key.
TROUBLES = ("drop", "hang", "json-500", "page-502", "json-503", "nobody")


def test_networks_that_fail(watched):
    modules, front = modules_of_zilliz(watched.sandbox.scenario), watched.front
    tasks = []
    for number, (module, args) in enumerate(modules.items()):
        trouble = TROUBLES[number % len(TROUBLES)]
        address = "http://127.0.0.1:9" if trouble == "nobody" else front.way(trouble)
        tasks.append(task(f"{trouble}: {module}", module, {**args, "host_address": address, "timeout": 1}))
    run = watched.playbook([*at_once(tasks), *lookups(front, ["drop"])])
    assert run.rc == 0 and len([one for one in run.results if one["status"] == "ignored"]) == len(tasks) + 1, run.stdout[-3000:]


@pytest.mark.parametrize("there", [True, False], ids=["a proxy that refuses", "no proxy"])
def test_a_proxy_with_a_password(watched, there):
    watched.may_be_silent = True
    modules, front = modules_of_zilliz(watched.sandbox.scenario), watched.front
    proxy = f"http://me:{PROXY}@127.0.0.1:{front.port if there else 9}"
    env = {name: proxy for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")}
    tasks = [task(module, module, modules[module]) for module in ("cluster_info", "aws_private_link_plan", "gcp_private_link_plan")]
    tasks.append(task("gcp_labels", "gcp_labels", modules_of_clouds(watched.sandbox.scenario)["gcp_labels"]))
    run = watched.playbook([*at_once(tasks), *lookups(front, ["ok"])], env={**env, "NO_PROXY": "", "no_proxy": ""})
    assert run.rc == 0 and len([one for one in run.results if one["status"] == "ignored"]) == len(tasks) + 1, run.stdout[-3000:]


CRASH = """
import requests

sound = requests.Session.request

def request(self, method, url, auth=None, headers=None, **more):
    if auth is None:
        return sound(self, method, url, headers=headers, **more)
    sent = requests.Request(method, url, headers)
    auth(sent)
    raise RuntimeError(f"sent {sent.headers}")

requests.Session.request = request
"""


def test_a_crash_that_tells_what_was_sent(watched):
    watched.may_be_silent = True
    folder = watched.folder / "crash"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(CRASH, encoding="utf-8")
    modules = modules_of_zilliz(watched.sandbox.scenario)
    tasks = [task(module, module, args) for module, args in modules.items()]
    watched.sandbox.interpreter = None
    run = watched.playbook([*at_once(tasks), *lookups(watched.front, ["ok"])], env={"PYTHONPATH": str(folder)})
    failed = [one["result"] for one in run.results if one["status"] == "ignored"]
    assert len(failed) == len(tasks) + 1 and all("RuntimeError" in str(one) for one in failed), failed


def test_modules_of_the_clouds(watched):
    """Keys of AWS and Google as options, as defaults, from the environment and from files; good ones and bad ones."""
    scenario = watched.sandbox.scenario
    key = pathlib.Path(watched.sandbox.env["GCP_SERVICE_ACCOUNT_FILE"]).read_text(encoding="utf-8")
    bad = json.dumps({**json.loads(key), "private_key": json.loads(key)["private_key"].replace("PRIVATE KEY", "KEY")})
    canaries = {"aws_canary": AWS_SECRET, "google_key": key, "google_bad": bad, "google_map": json.loads(key), "google_token": watched.google_token,
                "google_wrong": PLAIN}
    google = [{"service_account_contents": "{{ google_key }}"}, {"access_token": "{{ google_token }}"}, {"service_account_contents": "{{ google_map }}"}, {}]
    refused = [{"service_account_contents": "{{ google_bad }}"}, {"access_token": "{{ google_wrong }}"}, {"access_token": "{{ google_wrong }}"},
               {"service_account_contents": "{{ google_wrong }}"}]
    aws = {"access_key": "AKIASANDBOXMAIN00001", "secret_key": "{{ aws_canary }}"}
    tasks = []
    for number, (module, args) in enumerate(modules_of_clouds(scenario).items()):
        for_google = module.startswith(("gcp", "cloud"))
        own, wrong = (google[number % 4], refused[number % 4]) if for_google else ([{}, aws][number % 2], {**aws, "access_key": "AKIANOBODYSKEY000001"})
        tasks.append(task(f"good: {module}", module, {**args, **own}, register=module))
        tasks.append(task(f"bad: {module}", module, {**args, **wrong}))
    plan = {name: scenario["gcp"][name] for name in ("project_id", "region_id", "gcp_project_id", "region", "network", "subnetwork")}
    tasks += [task(f"good: plan {number}", "gcp_private_link_plan", {**plan, **own}) for number, own in enumerate(google)]
    tasks += [task(f"bad: plan {number}", "gcp_private_link_plan", {**plan, **own}) for number, own in enumerate(refused)]
    given = watched.sandbox.env
    env = {"GCP_SERVICE_ACCOUNT_FILE": "", "GCP_AUTH_KIND": "", "GOOGLE_APPLICATION_CREDENTIALS": given["GCP_SERVICE_ACCOUNT_FILE"]}
    run = watched.playbook(tasks, env=env, variables=canaries, diff=True)
    for one in run.results:
        assert one["status"] == ("ok" if one["task"].startswith("good: ") else "ignored"), (one["task"], one["result"])
    unmangled(run)


def test_the_token_of_a_cluster(watched):
    """The probe's own token goes to the cluster, which tells it back; the report gets none of it."""
    watched.may_be_silent = True
    authority, links = watched.folder / "authority.pem", []
    certificates = trustme.CA()
    authority.write_bytes(certificates.cert_pem.bytes())
    with Cluster(certificates) as good:
        links = [f"https://127.0.0.1:{good.port}"]
        probe = {"links": links, "ca_path": str(authority), "timeout": 2, "token": "{{ canary }}"}
        report = {"probes": [{"vantage": "here", "probes": "{{ probe.probes }}"}], "html": f"{watched.folder}/report.html",
                  "json": f"{watched.folder}/report.json"}
        run = watched.playbook([
            task("probe", "private_link_probe", probe, register="probe"), task("login", "private_link_probe", {**probe, "token": "root:{{ canary }}"}),
            task("untrusted", "private_link_probe", {**probe, "ca_path": "{{ omit }}"}), task("report", "private_link_report", report),
            task("fleet", "private_link_fleet_report", {"hosts": ["a"], "links": [{"host": "a", "summary": "{{ probe.probes | string }}"}],
                                                        "html": f"{watched.folder}/fleet.html", "json": f"{watched.folder}/fleet.json"}),
            task("wrong", "private_link_probe", {**probe, "timeout": "nan", "family": "{{ canary }}"}),
        ], variables={"canary": PLAIN})
        asked = [headers.get("Authorization") for method, _path, headers, _body in good.seen if method == "POST"]
    assert asked == [f"Bearer {PLAIN}", f"Bearer root:{PLAIN}"] and (watched.folder / "report.html").exists(), run.stdout[-3000:]
    assert "********" in run.task("probe")["probes"][0]["evidence"] + str(run.task("probe")["probes"][0])


def test_the_life_of_a_link_in_jobs_and_playbooks(watched):
    """The set-up as a job of ansible-runner that publishes its result, then everything that is done with a link."""
    sandbox = watched.sandbox
    sandbox.reset(switches={"loopback": True, "route53_rate": 0})
    link, plane = Link(sandbox, watched.playbook).extra(), sandbox.scenario["dataplane"]
    job = Job(watched, "set-up")
    status, output = job.run("zilliz.cloud.aws", {**link, "aws_private_link_publish": True}, {})
    assert status == "successful", output[-3000:]
    published = [event["event_data"]["artifact_data"] for event in job.events if event["event"] == "playbook_on_stats"]
    assert "links" in str(published) and MASK not in str(published)
    inside = {"private_link_check_vantage": "controller", "private_link_check_resolver": plane["resolver"], "private_link_check_ca_path": plane["ca_path"],
              "private_link_check_timeout": "2", "private_link_check_token": "{{ cluster_token }}", "private_link_check_fail_on": "never"}
    canaries = {"cluster_token": PLAIN}
    run = watched.playbook("zilliz.cloud.check", extra={**link, **inside}, variables=canaries, diff=True)
    assert run.rc == 0 and (watched.folder / "private-link-report.html").exists(), run.stdout[-3000:]
    unmangled(run)
    only = {**link, **inside, "private_link_check_token": "", "private_only_controller_resolver": plane["resolver"], "private_only_wait_timeout": 60,
            "private_only_delay": 1}
    run = watched.playbook("zilliz.cloud.private_only", extra=only, env={**WAYS["second variable"][1]}, diff=True)
    assert run.rc == 0, run.stdout[-3000:]
    unmangled(run)
    run = watched.playbook("zilliz.cloud.fleet", extra=link)
    assert run.rc == 0 and run.stats["localhost"]["changed"] <= 1, run.stdout[-3000:]
    unmangled(run)
    run = watched.playbook("zilliz.cloud.teardown", extra=link, check=True, diff=True)
    assert run.rc == 0 and run.stats["localhost"]["changed"] == 1, run.stdout[-3000:]
    run = watched.playbook("zilliz.cloud.teardown", extra=link, diff=True)
    assert run.rc == 0, run.stdout[-3000:]
    unmangled(run)


def test_a_link_on_google_with_the_key_as_text(watched):
    """Its role with the keys as defaults of the play, in modules of google.cloud too."""
    sandbox = watched.sandbox
    # As lookup('file') gives it: with a line break at its end, Ansible does not recognize it in what modules of google.cloud were given.
    key = pathlib.Path(sandbox.env["GCP_SERVICE_ACCOUNT_FILE"]).read_text(encoding="utf-8").strip()
    tasks = [{"name": state, "ansible.builtin.include_role": {"name": "zilliz.cloud.gcp_private_link"},
              "vars": Link(sandbox, watched.playbook, "gcp").extra(state=state)} for state in ("present", "absent")]
    google = {"service_account_contents": "{{ google_key }}", "auth_kind": "serviceaccount"}
    defaults = {"group/zilliz.cloud.zilliz": {"api_key": "{{ canary }}"}, "group/zilliz.cloud.gcp": google}
    run = watched.playbook([{"block": tasks, "module_defaults": defaults}], env={**WITHOUT, "GCP_SERVICE_ACCOUNT_FILE": None, "GCP_AUTH_KIND": None},
                           variables={"canary": PLAIN, "google_key": key}, diff=True)
    assert run.rc == 0, run.stdout[-3000:]
    unmangled(run)


def test_playbooks_that_fail(watched):
    sandbox, front = watched.sandbox, watched.front
    link = {**Link(sandbox, watched.playbook).extra(), "private_link_check_report": f"{watched.folder}/failed.html"}
    google = Link(sandbox, watched.playbook, "gcp").extra()
    for number, name in enumerate(sorted(PLAYBOOKS)):
        env = {"ZILLIZCLOUD_HOST_ADDRESS": front.way(REFUSALS[number])}
        run = watched.playbook(f"zilliz.cloud.{name}", extra=google if name == "gcp" else link, env=env, check=number % 2 == 0, diff=True)
        assert run.rc != 0 and MASK not in run.message, run.stdout[-3000:]
    job = Job(watched, "failed")
    play = {"hosts": "localhost", "gather_facts": False, "module_defaults": {"group/zilliz.cloud.zilliz": {"api_key": "{{ zilliz_key }}"}},
            "roles": ["zilliz.cloud.aws_private_link"]}
    (job.folder / "project" / "site.yml").write_text(json.dumps([play]), encoding="utf-8")
    status, output = job.run("site.yml", {**link, "zilliz_key": PLAIN}, {**WITHOUT, "ZILLIZCLOUD_HOST_ADDRESS": front.way("json-401")})
    assert status == "failed" and "was not accepted" in output, output[-3000:]
