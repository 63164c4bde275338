# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a client connects through a private link, as text to copy. Pure: no I/O, no Ansible, no secret."""

from __future__ import annotations

# pymilvus pings an idle connection each 55 s; a load balancer on the way drops one after 350 s.
PYMILVUS = """\
import os
from pymilvus import MilvusClient

# ZILLIZ_TOKEN: an API key, or user:password of the cluster
client = MilvusClient(uri="{url}", token=os.environ["ZILLIZ_TOKEN"])
print(client.list_collections())
"""

REST = """\
curl --request POST "{url}/v2/vectordb/collections/list" \\
  --header "Authorization: Bearer $ZILLIZ_TOKEN" \\
  --header "Content-Type: application/json" \\
  --data '{{}}'
"""


def snippets(url):
    """The hand-over of one cluster: its private URI in the words of pymilvus and of the RESTful API."""
    return {"pymilvus": PYMILVUS.format(url=url), "rest": REST.format(url=url)}
