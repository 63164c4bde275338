# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""URLs of resources: what is stored and answered is the www form; what is accepted is every form that Google takes."""
from __future__ import annotations

import re

ROOT = "https://www.googleapis.com/compute/v1/"
HOSTS = r"https://(?:www|compute)\.googleapis\.com/compute/v1/"


def url(project, scope, collection, name=None):
    """scope: a region, or "global"."""
    where = "global" if scope == "global" else f"regions/{scope}"
    return f"{ROOT}projects/{project}/{where}/{collection}" + (f"/{name}" if name else "")


def path(project, scope, collection, name):
    """As messages have it: 'projects/p/regions/r/addresses/x'."""
    return url(project, scope, collection, name)[len(ROOT):]


def network_url(project, name):
    return url(project, "global", "networks", name)


def region_url(project, region):
    return f"{ROOT}projects/{project}/regions/{region}"


def parse(text, collection, project=None):
    """(project, scope, name) of a URL, full or partial, of a resource of that collection; None when it is none.

    A partial URL without a project means `project`.
    """
    rest = re.sub(f"^{HOSTS}", "", text or "")
    found = re.fullmatch(r"(?:projects/([^/]+)/)?(global|regions/[^/]+)/([A-Za-z]+)/([^/]+)", rest)
    if not found or found[3] != collection or not (found[1] or project):
        return None
    return found[1] or project, found[2].rpartition("/")[2], found[4]
