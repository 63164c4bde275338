# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each module declares of itself, and the action groups it belongs to."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and say what it would change without changing it.
  diff_mode:
    description: Says in C(diff) mode what has changed, or would change in C(check_mode).
  idempotent:
    description: A second run with the same options changes nothing.
"""

    # Not ZILLIZ: a part that is called as a file beside this one is, ansible-core takes from that file.
    GROUP_ZILLIZ = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/zilliz.cloud.zilliz) in C(module_defaults) to set options for all modules of the group.
    support: full
    membership:
      - zilliz.cloud.zilliz
"""

    GROUP_AWS = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/zilliz.cloud.aws) in C(module_defaults) to set options for all modules of the group.
    support: full
    membership:
      - zilliz.cloud.aws
"""

    GROUP_GCP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/zilliz.cloud.gcp) in C(module_defaults) to set options for all modules of the group.
    support: full
    membership:
      - zilliz.cloud.gcp
"""

    GROUP_ZILLIZ_AWS = r"""
options: {}
attributes:
  action_group:
    description: Use the groups in C(module_defaults), as in C(group/zilliz.cloud.zilliz), to set options for all their modules.
    support: full
    membership:
      - zilliz.cloud.zilliz
      - zilliz.cloud.aws
"""

    GROUP_ZILLIZ_GCP = r"""
options: {}
attributes:
  action_group:
    description: Use the groups in C(module_defaults), as in C(group/zilliz.cloud.zilliz), to set options for all their modules.
    support: full
    membership:
      - zilliz.cloud.zilliz
      - zilliz.cloud.gcp
"""
