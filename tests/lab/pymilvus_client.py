# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""pymilvus_client.py URL TOKEN: what a program of the customer does through the private link; one line of JSON tells what it saw."""
from __future__ import annotations

import json
import sys
import uuid

from pymilvus import MilvusClient


def main(url, token):
    client = MilvusClient(uri=url, token=token, timeout=10)
    name = f"lab_{uuid.uuid4().hex[:12]}"
    client.create_collection(name, dimension=4)
    try:
        rows = [{"id": number, "vector": [float(number), 1.0, 0.0, 0.0]} for number in range(5)]
        inserted = client.insert(name, rows)["insert_count"]
        found = client.search(name, data=[[4.0, 1.0, 0.0, 0.0]], limit=1)[0][0]["id"]
    finally:
        client.drop_collection(name)
    return {"inserted": inserted, "found": found}


if __name__ == "__main__":
    try:
        answer = main(*sys.argv[1:])
    except Exception as error:  # the one line is all that is read
        answer = {"error": f"{type(error).__name__}: {error}"[:300]}
    print(json.dumps(answer))
