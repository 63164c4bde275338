# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of amazon.aws. Its own fragments are not to be found where Galaxy reads our documentation."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  access_key:
    description:
      - The id of an AWS access key. Not together with O(profile).
      - Without it, E(AWS_ACCESS_KEY_ID) or E(AWS_ACCESS_KEY) is used.
    type: str
    aliases: [aws_access_key_id, aws_access_key]
  secret_key:
    description:
      - The secret of the AWS access key. Not together with O(profile).
      - Without it, E(AWS_SECRET_ACCESS_KEY) or E(AWS_SECRET_KEY) is used.
    type: str
    aliases: [aws_secret_access_key, aws_secret_key]
  session_token:
    description:
      - The session token of temporary credentials. Not together with O(profile).
      - Without it, E(AWS_SESSION_TOKEN) is used.
    type: str
    aliases: [aws_session_token]
  profile:
    description:
      - A profile of the AWS configuration files on the host that runs the module. Not together with O(access_key),
        O(secret_key) and O(session_token).
      - Without it, E(AWS_PROFILE) or E(AWS_DEFAULT_PROFILE) is used.
    type: str
    aliases: [aws_profile]
  region:
    description:
      - The AWS region.
      - Without it, E(AWS_REGION) or the region of the profile is used.
    type: str
    aliases: [aws_region]
  endpoint_url:
    description:
      - Where AWS is called, when it is not at its usual address.
      - Without it, E(AWS_URL) is used.
    type: str
    aliases: [aws_endpoint_url]
  aws_ca_bundle:
    description:
      - The path of the certificates of the authorities that may vouch for AWS.
      - Without it, E(AWS_CA_BUNDLE) is used.
    type: path
  validate_certs:
    description:
      - Whether the certificate of AWS has to be valid. Better than V(false) is an O(aws_ca_bundle).
    type: bool
    default: true
  aws_config:
    description:
      - Settings of botocore, as in
        U(https://botocore.amazonaws.com/v1/documentation/api/latest/reference/config.html#botocore.config.Config).
    type: dict
  debug_botocore_endpoint_logs:
    description:
      - Return as C(resource_actions) which calls the task made, each once.
      - Without it, E(ANSIBLE_DEBUG_BOTOCORE_LOGS) is used.
    type: bool
    default: false
requirements:
  - boto3 >= 1.35.0
  - botocore >= 1.35.0
"""
