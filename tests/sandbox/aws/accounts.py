# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose keys are whose, and STS and IAM as far as a client asks them who it is."""
from __future__ import annotations

import datetime
import hashlib
import re

from .errors import AwsError

MAIN = "111122223333"
NETWORK = "444455556666"

# Profile -> account and keys. A profile is written into the client's AWS configuration.
PROFILES = {
    "main": {"account_id": MAIN, "access_key_id": "AKIASANDBOXMAIN00001",
             "secret_access_key": "sandbox-secret-access-key-of-main-000001"},
    "network": {"account_id": NETWORK, "access_key_id": "AKIASANDBOXNET000001",
                "secret_access_key": "sandbox-secret-access-key-of-network-001"},
}

_keys = {profile["access_key_id"]: profile["account_id"] for profile in PROFILES.values()}


def account_of(access_key):
    return _keys.get(access_key)


def arn(account):
    return f"arn:aws:iam::{account}:user/sandbox"


class Accounts:
    """Operations: sts and iam."""

    def __init__(self, world):
        self.world = world
        self.operations = {
            ("sts", "GetCallerIdentity"): self.get_caller_identity,
            ("sts", "AssumeRole"): self.assume_role,
            ("iam", "ListAccountAliases"): self.list_account_aliases,
        }

    def get_caller_identity(self, call):
        return {"UserId": "AIDASANDBOX0000000001", "Account": call.account, "Arn": arn(call.account)}

    def list_account_aliases(self, call):
        return {"AccountAliases": [], "IsTruncated": False}

    def assume_role(self, call):
        match = re.fullmatch(r"arn:aws:iam::(\d{12}):role/(.+)", call.params.get("RoleArn", ""))
        accounts = {profile["account_id"] for profile in PROFILES.values()}
        if not match or match[1] not in accounts:
            raise AwsError("AccessDenied", f"User: {arn(call.account)} is not authorized to perform: sts:AssumeRole on "
                           f"resource: {call.params.get('RoleArn')}", 403)
        account, role = match.groups()
        session = call.params.get("RoleSessionName", "session")
        digest = hashlib.sha256(f"{account}/{role}/{session}".encode()).hexdigest().upper()
        key = f"ASIA{digest[:16]}"
        _keys[key] = account
        expires = datetime.datetime.fromtimestamp(self.world.clock.now() + 3600, datetime.timezone.utc).replace(tzinfo=None)
        return {"Credentials": {"AccessKeyId": key, "SecretAccessKey": digest[:40], "SessionToken": digest, "Expiration": expires},
                "AssumedRoleUser": {"AssumedRoleId": f"AROA{digest[:16]}:{session}",
                                    "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}"}}
