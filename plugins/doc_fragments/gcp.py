# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options for Google Cloud: those of google.cloud, with an auth_kind that follows from what is given."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  project:
    description:
      - The id of the Google Cloud project, such as V(my-project).
      - Without it, the environment variable E(GCP_PROJECT) is used. Empty variables count as not set, here and below.
    type: str
  auth_kind:
    description:
      - The kind of the credentials. Unlike in google.cloud it need not be given, as it follows from what is given
        otherwise, namely V(serviceaccount) from O(service_account_file) or O(service_account_contents), V(accesstoken)
        from O(access_token), V(machineaccount) from O(service_account_email), and V(application) from none of them.
      - V(application) stands for Google's application default credentials. These are the file named in
        E(GOOGLE_APPLICATION_CREDENTIALS), what C(gcloud auth application-default login) has left, or the machine's.
      - Without it, the environment variable E(GCP_AUTH_KIND) is used.
    type: str
    choices: [accesstoken, application, machineaccount, serviceaccount]
  service_account_file:
    description:
      - The path of the JSON key of a service account.
      - Without it, the environment variable E(GCP_SERVICE_ACCOUNT_FILE) is used.
    type: path
  service_account_contents:
    description:
      - The JSON key of a service account itself, as a dictionary or as text.
      - Without it, the environment variable E(GCP_SERVICE_ACCOUNT_CONTENTS) is used.
    type: raw
  service_account_email:
    description:
      - The service account to use with O(auth_kind=machineaccount), when it is not the default one of the machine.
      - Without it, the environment variable E(GCP_SERVICE_ACCOUNT_EMAIL) is used.
    type: str
  access_token:
    description:
      - An OAuth 2.0 access token, such as C(gcloud auth print-access-token) prints.
      - Without it, the environment variable E(GCP_ACCESS_TOKEN) is used.
    type: str
  scopes:
    description:
      - The OAuth 2.0 scopes to ask for. Without them, and without the environment variable E(GCP_SCOPES), this is
        V(https://www.googleapis.com/auth/cloud-platform), which covers Compute Engine and Cloud DNS.
    type: list
    elements: str
  env_type:
    description:
      - Text that is added to the User-Agent of the requests.
      - Without it, the environment variable E(GCP_ENV_TYPE) is used.
    type: str
requirements:
  - google-auth (Python library)
  - requests (Python library)
notes:
  - Requests that Google answers with a rate limit or with an error of its own, and those without an answer, are sent
    again for up to two minutes. Compute Engine recognises a writing request that is sent again by its C(requestId).
  - The certificate authorities of E(REQUESTS_CA_BUNDLE) and the proxy of E(HTTPS_PROXY) are respected.
"""

    WRITE = r"""
options:
  operation_timeout:
    description:
      - Seconds to wait for each operation that Google has accepted. It goes on by itself when the time is over, and the
        task fails with its name.
    type: int
    default: 300
"""
