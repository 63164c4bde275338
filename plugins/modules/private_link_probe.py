#!/usr/bin/python
# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: private_link_probe
short_description: Prove private links from inside the network
version_added: 1.0.0
description:
  - Runs on a host inside the VPC or network and goes the way of a client along each private link. It resolves the name,
    connects, sets up TLS with the certificate checked against the host, and sends an HTTP request without a key.
  - Each stage is told with its time and what was seen, and each link gets one verdict with its cause and the one change that
    mends it.
  - The guides of Zilliz Cloud expect HTTP 400 to a request without a key. Any answer below 500 proves the path.
  - Changes nothing, and needs nothing on the host but Python 3.9 or newer.
  - A fault is a result and not a failure of the task. See RV(healthy).
  - The seconds of O(timeout) hold for each stage, whatever a resolver or a server does. A link that answers nothing costs at most
    a few times that, and links are probed side by side.
author:
  - "zilliz.cloud contributors (@zilliz-cloud)"
options:
  links:
    description:
      - What to probe, each as a dict or as a URL.
      - A dict has C(host) and C(port), or C(url). It may have C(cluster_id) and C(cluster_name), which come back with the
        result, C(public_host), which is resolved for comparison and never connected to, and C(expected_addresses).
      - Other keys are left aside, so that C(links) of the result of a plan and C(private_links) of M(zilliz.cloud.private_link_info)
        fit as they are. Those with C(ready=false) are left out.
    type: list
    elements: raw
    required: true
  expected_addresses:
    description:
      - The addresses of the endpoint, for links that name none of their own. A name that leads elsewhere is at fault.
      - When empty, any private address is right. The IPv6 addresses of an AWS VPC are not private ones, so give them where clients
        have IPv6 only.
    type: list
    elements: str
    default: []
  resolver:
    description:
      - A DNS server to ask instead of the system's resolver, as V(10.0.0.2), V(10.0.0.2:5353) or V([fd00:ec2::253]:53).
      - The hosts file and the search list of the host are then not looked at.
    type: str
  family:
    description: Which addresses to ask for and to connect to.
    type: str
    choices: [any, ipv4, ipv6]
    default: any
  public:
    description: Whether the names are meant to lead to public addresses, as those of public endpoints are.
    type: bool
    default: false
  timeout:
    description: Seconds for each stage.
    type: float
    default: 5
  ca_path:
    description: A file of certificates of authorities in PEM form, on the host of the task, to trust instead of the system's.
    type: path
  validate_certs:
    description:
      - Whether to check the certificate. Without that a proxy in between cannot be told from the cluster.
      - It must stay on when O(token) is given, as the token is sent to nobody but the cluster.
    type: bool
    default: true
  token:
    description:
      - An API key, or C(user:password) of a user of the cluster. A fifth stage then lists the collections of each cluster whose path
        is fine. Without it there is no such stage.
      - It appears in no result. No environment variable is read for it.
    type: str
  parallel:
    description: How many links to probe side by side.
    type: int
    default: 20
attributes:
  check_mode:
    support: full
    details:
      - This module only reads, so it does the same in check mode.
  diff_mode:
    support: N/A
    details:
      - This module only reads.
  idempotent:
    support: full
extends_documentation_fragment:
  - zilliz.cloud.attributes
seealso:
  - module: zilliz.cloud.private_link_info
"""

EXAMPLES = r"""
---
- name: Look up the private links, on the controller
  zilliz.cloud.private_link_info:
    project_id: proj-0123456789abcdef
    region_id: aws-us-west-2
  delegate_to: localhost
  register: found

- name: Probe them from a host inside the VPC
  zilliz.cloud.private_link_probe:
    links: "{{ found.private_links }}"
    expected_addresses: [10.20.1.17, 10.20.2.44]
  register: proof

- name: Stop where a link does not work
  ansible.builtin.assert:
    that: proof.healthy
    fail_msg: "{{ proof.probes | rejectattr('state', 'eq', 'ok') | map(attribute='cause') | join(' ') }}"

- name: Ask the resolver of the VPC, and make a call with a key as well
  zilliz.cloud.private_link_probe:
    links:
      - https://in01-61e949d971f841b-privatelink.aws-us-west-2.vectordb.zillizcloud.com:19531
    resolver: 10.20.0.2
    token: "{{ zilliz_api_key }}"
"""

RETURN = r"""
---
healthy:
  description: Whether links were probed and the verdict on each is V(healthy).
  type: bool
  returned: success
  sample: true
probes:
  description: The links in the order given, without those that are not ready.
  type: list
  elements: dict
  returned: success
  contains:
    cluster_id:
      description: The id of the cluster, as given.
      type: str
      returned: success
      sample: in01-61e949d971f841b
    cluster_name:
      description: The name of the cluster, as given.
      type: str
      returned: success
      sample: search
    host:
      description: The host of the link.
      type: str
      returned: success
      sample: in01-61e949d971f841b-privatelink.aws-us-west-2.vectordb.zillizcloud.com
    port:
      description: The port of the link.
      type: int
      returned: success
      sample: 19531
    verdict:
      description:
        - V(healthy) is verified TLS and an HTTP status below 500 on every address.
        - V(partly) when some addresses of the endpoint do not answer.
        - V(no_private_dns) when the name has no address.
        - V(resolver_silent) when the resolver gives no usable answer.
        - V(public_address) when the name leads to a public address. Nothing is sent there.
        - V(wrong_address) when the name leads to a private address that is not the endpoint's. Nothing is sent there.
        - V(no_route) when this host has no way to the address, or forbids it itself.
        - V(hangs) when a security group, firewall or network ACL drops the connection.
        - V(refused) when nothing listens on the port.
        - V(closed) when the connection ends before TLS is set up.
        - V(not_tls) when something else than TLS answers.
        - V(wrong_certificate) when the certificate is for other names.
        - V(endpoint_name_used) when it is so because the endpoint's own name or address was probed.
        - V(untrusted_certificate) when this host does not trust the authority of the certificate.
        - V(expired_certificate) when the certificate is not valid now.
        - V(no_answer) when the connection stands, and nothing answers on it.
        - V(odd_answer) when the answer is no HTTP.
        - V(cluster_down) for an HTTP status of 500 or more.
        - V(key_refused) when the path is fine, and the cluster refuses O(token).
        - V(call_failed) when the path is fine, and the call with O(token) fails otherwise.
      type: str
      returned: success
      sample: healthy
    state:
      description: V(ok), V(degraded) for V(partly), V(key_refused) and V(call_failed), or V(broken).
      type: str
      returned: success
      sample: ok
    cause:
      description: The verdict in one sentence.
      type: str
      returned: success
      sample: The private link of in01-61e949d971f841b-privatelink.aws-us-west-2.vectordb.zillizcloud.com works from here.
    evidence:
      description: What was seen that tells so.
      type: str
      returned: success
      sample: "10.20.1.17: HTTP 400; 10.20.2.44: HTTP 400"
    mend:
      description: The one change that mends it. Empty when nothing is wrong.
      type: str
      returned: success
      sample: ""
    addresses:
      description: What the name leads to here.
      type: list
      elements: str
      returned: success
      sample: [10.20.1.17, 10.20.2.44]
    public_addresses:
      description: What C(public_host) leads to here, for comparison.
      type: list
      elements: str
      returned: success
      sample: [203.0.113.7]
    seconds:
      description: How long the probe of the link took.
      type: float
      returned: success
      sample: 0.042
    stages:
      description: The stages as far as the probe came.
      type: list
      elements: dict
      returned: success
      contains:
        stage:
          description: V(resolve), V(tcp), V(tls), V(http) or V(call).
          type: str
          returned: success
          sample: tls
        ok:
          description: Whether the stage passed, on every address that came this far.
          type: bool
          returned: success
          sample: true
        seconds:
          description: How long it took, on the slowest address.
          type: float
          returned: success
          sample: 0.012
        evidence:
          description: What was seen, by address.
          type: str
          returned: success
          sample: "10.20.1.17: HTTP 400"
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.zilliz.cloud.plugins.module_utils import _probe


def wanted(params):
    """The links, and how to probe them; ValueError with all that is wrong with the options."""
    problems, how = [], {name: params[name] for name in ("family", "public", "timeout", "parallel")}

    def tried(function, *args):
        try:
            return function(*args)
        except ValueError as error:
            problems.append(str(error))

    expected = tried(_probe.read_addresses, params["expected_addresses"]) or []
    links, wrong = _probe.read_links(params["links"], expected)
    how["context"] = tried(_probe.tls_context, params["ca_path"], params["validate_certs"])
    how["resolver"] = tried(_probe.read_resolver, params["resolver"])
    how["token"] = tried(_probe.read_token, params["token"], params["validate_certs"])
    # NaN is no number of seconds, so it must not pass.
    if not 0 < params["timeout"] <= 600:
        problems.append(f"timeout must be more than 0 and at most 600 seconds, not {params['timeout']:g}")
    if params["parallel"] < 1:
        problems.append(f"parallel must be at least 1, not {params['parallel']}")
    if problems + wrong:
        raise ValueError("; ".join(problems + wrong))
    return links, how


def main():
    spec = dict(
        links=dict(type="list", elements="raw", required=True),
        expected_addresses=dict(type="list", elements="str", default=[]),
        resolver=dict(type="str"),
        family=dict(type="str", choices=["any", "ipv4", "ipv6"], default="any"),
        public=dict(type="bool", default=False),
        timeout=dict(type="float", default=5),
        ca_path=dict(type="path"),
        validate_certs=dict(type="bool", default=True),
        token=dict(type="str", no_log=True),
        parallel=dict(type="int", default=20),
    )
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True)
    try:
        links, how = wanted(module.params)
    except ValueError as error:
        module.fail_json(msg=str(error))
    probes = _probe.Probe(**how).run(links)
    healthy = bool(probes) and all(probe["verdict"] == "healthy" for probe in probes)
    module.exit_json(changed=False, healthy=healthy, probes=probes)


if __name__ == "__main__":
    main()
