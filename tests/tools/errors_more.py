# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of the page of errors, and what there is to say beyond the sentences of the code."""
from __future__ import annotations

HEAD = """
.. Copyright (c) 2026, zilliz.cloud contributors
.. GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
.. SPDX-License-Identifier: GPL-3.0-or-later
.. Written by tests/tools/errors.py from the code and from tests/tools/errors_more.py; change it there.

.. _ansible_collections.zilliz.cloud.docsite.errors:

What it says: reference of errors and notes
===========================================

Every sentence says what is wrong, where, and what to do.
Words in capitals and ``…`` stand for what only a run knows; of what stands between brackets one is said.
Options are named without the role in front: ``subnet_ids`` is ``aws_private_link_subnet_ids``.

Several problems come in one message, numbered. A refusal of the plan comes before anything was made. What fails later ends with
*What was done stays: run again when the cause is gone, and the run goes on from there.* Where a module
of amazon.aws or google.cloud failed, its own error stands above that sentence.

What the check says about a path is in :ref:`ansible_collections.zilliz.cloud.docsite.troubleshooting`.
"""

PLANS = ("problem", "error")
SECTIONS = [
    ("Before anything is made", "The plan refuses with these, in check mode and in a run alike.", [
        ("Both clouds", PLANS, ["module_utils/_plan.py"]),
        ("Zones and records", PLANS, ["module_utils/_plan_names.py"]),
        ("AWS", PLANS, ["module_utils/_plan_aws.py", "module_utils/_aws.py"]),
        ("Google Cloud", PLANS, ["module_utils/_plan_gcp.py", "module_utils/_gcp.py"]),
        ("Both clouds, read from Zilliz Cloud", PLANS, ["module_utils/_read_zilliz.py"]),
        ("Variables and input", PLANS, ["module_utils/_names.py", "module_utils/_module.py", "module_utils/_report.*", "module_utils/_doctor.*"]),
    ]),
    ("Notes: seen and left alone", "No errors: the run goes on, and the result has them in ``notes``.", [
        ("", ("note",), [".*"]),
    ]),
    ("Zilliz Cloud", "A sentence of the API names the call, the code and the request id. Give the request id to Zilliz support.", [
        ("", ("error", "problem"), ["module_utils/_client.py", "module_utils/_http.py", "module_utils/_wait.py", "module_utils/_public.py",
                                    "module_utils/_answer.py"]),
        ("Codes of the API", ("table",), ["module_utils/_http.py"]),
    ]),
    ("AWS", "A sentence names the call, what it was to do, AWS's own words and code.", [
        ("", ("error", "problem"), ["module_utils/_aws_.*", "module_utils/_route53.*", "module_utils/_vpc_endpoint.py", "modules/aws_.*",
                                    "modules/route53_.*", "module_utils/_network_acl.py", "module_utils/_deep_aws.py"]),
        ("Codes of AWS", ("table",), ["module_utils/_aws_write.py"]),
    ]),
    ("Google Cloud", "A sentence says what could not be done, Google's own words, and what helps.", [
        ("", ("error", "problem"), ["module_utils/_gcp_.*", "module_utils/_cloud_dns.*", "module_utils/_psc_endpoint.py", "modules/gcp_.*",
                                    "modules/cloud_dns_.*", "module_utils/_deep_gcp.py"]),
        ("Kinds of answers", ("table",), ["module_utils/_gcp_errors.py"]),
    ]),
    ("Roles and playbooks", "Sentences that the roles say by themselves, beside those of the plan and of what failed.", [
        ("", ("role",), [f"roles/{name}" for name in ("aws_private_link", "private_link_check", "private_link_fleet", "private_only", "awx_content")]
         + ["playbooks"]),
    ]),
    ("Probe, private only, lookup and inventory", "", [
        ("", ("error", "problem"), ["module_utils/_probe.*", "module_utils/_private_only.py", "modules/private_.*", "modules/cluster_.*", "modules/project_.*",
                                    "modules/region_.*", "lookup/.*", "inventory/.*", "plugin_utils/.*", "module_utils/_secret.py"]),
    ]),
]

# What the roles say; … stands for what is filled in. Each piece between two of them is in a file below that folder.
ROLES = {
    "roles/aws_private_link": [
        "the plan read account …, but amazon.aws works in …. Give both the same credentials (group/zilliz.cloud.aws in module_defaults reaches both,"
        " aws_private_link_profile too)",
        "…, and amazon.aws does not tell what AWS answered: check that the IAM policy allows …",
        "…; allow it in the IAM policy of the credentials in use…; the task as a whole takes …",
    ],
    "roles/private_link_check": [
        "Variables of both roles are given, so say which link to check: private_link_check_cloud: aws or gcp (with the playbook: -e cloud=aws)",
        "No link is named: give the variables of the role that made it or is to make it (-e @link.yml, for example)",
        "The link is not named in full: also give …, as for its set-up",
        "…_state is absent, but only a link that is to be there can be checked: leave it out",
        "private_link_check_vantage names …, and the inventory has no such group or host: give it with -i, or use controller or none",
        "No host is in …, which private_link_check_vantage names: put a host of the network into it, or use none",
    ],
    "roles/private_link_fleet": [
        "… has the variables of both roles, but a host is one link: make two hosts of it, or say which with private_link_fleet_cloud",
        "… names no link: give it the variables of aws_private_link or gcp_private_link, or name the hosts that are links with …-e link_hosts=...",
        "… does not name its link in full: also give …",
        "… is the same link as …: leave one of them out",
        "WARNING: … links work side by side, but there are … forks, and a link that waits holds one: the others begin only when it is done.",
    ],
    "roles/private_only": [
        "nothing was closed: nobody inside the network was asked whether the private links work. Name hosts or groups of the inventory that are inside"
        " it in private_link_check_vantage, or controller where this controller is inside",
        "nothing was closed: this controller reaches … by the public name only, because the private name does not lead it to the endpoint."
        " Data-plane calls from here would end. Run this from inside the network, or set private_only_accept_lockout=true when nothing here calls"
        " the clusters; the control plane stays reachable",
    ],
    "roles/awx_content": [
        "awx_content_clouds is …: name aws, gcp or both",
        "awx_content_image and awx_content_execution_environment are both …: give the image of an execution environment with this collection, or the"
        " name of one that AWX has",
        "awx_content_api_key and awx_content_zilliz_credential are both …: give the key for a credential to create, or the name of one that AWX has",
        "awx_content_forks is …: give a whole number of at least 1",
        "awx_content_approval_timeout is …: give a whole number of seconds, or 0 for no limit",
        "awx_content_schedule is …: give a start and a rule, as in …",
    ],
    "playbooks": [
        "Variables of both roles are given, so say which link to take down: -e cloud=aws or -e cloud=gcp",
        "No link is named: give the variables of the role that made it (-e @link.yml, for example)",
    ],
}

# The beginning of a sentence of the code -> what there is to say beyond it.
MORE = {
    "Taking this link down cuts": """
Zilliz Cloud knows one registration for all clusters of a project and region. Some of them alone cannot lose their private link.
""",
    "Nobody could connect": """
The endpoint's security group would let nobody in. An empty list is never taken for *everybody*.
""",
    "subnet_ids is missing": """
Needed only when an endpoint has to be made.
""",
    "Endpoint service NAME cannot be reached from region": """
See :ref:`ansible_collections.zilliz.cloud.docsite.cross_region`. The sentence is the ticket, filled in.
""",
    "VPC VPC_ID has": """
Without them the resolver of the VPC does not answer from private zones, whatever records there are. Switching them on
changes name resolution of the whole VPC, so the role does not do it.
""",
    "The service is not in the zone": """
Names of availability zones differ from account to account; the ids (``usw2-az1``) do not. The table shows both.
""",
    "dns: exact makes each host": """
DNS forbids a CNAME where a zone has its own records. See :ref:`ansible_collections.zilliz.cloud.docsite.dns`.
""",
    "VPC or network NETWORK already has a private zone": """
As a rule a network team shares its zone with the VPC. Only the owner can take it away.
""",
    "Project PROJECT …: ": """
Nearly always the id of another project, or a region in which the project has no cluster.
""",
}
