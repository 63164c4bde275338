# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the report of a private link looks: by day and night, on a desk, a phone and paper."""

from __future__ import annotations

STYLE = """\
:root {
  color-scheme: light dark;
  --page: #f7f8fa; --paper: #fff; --ink: #1b1f27; --soft: #545d6b; --rule: #dde1e8;
  --ok: #17703f; --ok-tint: #eef7f1; --degraded: #8a5800; --degraded-tint: #fdf5e2; --broken: #b3201b; --broken-tint: #fdefee;
  --missing: #2f4fb8; --missing-tint: #eef2fd; --unknown: #545d6b; --unknown-tint: #f2f4f7;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151b; --paper: #1a1e26; --ink: #e8ebf0; --soft: #a6afbd; --rule: #323946;
    --ok: #5fcb93; --ok-tint: #16271f; --degraded: #e8b64c; --degraded-tint: #2b2415; --broken: #ff9188; --broken-tint: #331c1d;
    --missing: #9db4ff; --missing-tint: #1d2440; --unknown: #a6afbd; --unknown-tint: #20252e;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
}
main { max-width: 1264px; margin: 0 auto; padding: 32px 32px 48px; }
h1, h2, h3, p, dl, dd, ol, pre { margin: 0; }
h1 { display: flex; gap: 12px; align-items: center; font-size: 30px; line-height: 1.2; font-weight: 650; }
h1 .icon { width: 32px; height: 32px; }
h2 { margin: 44px 0 14px; font-size: 20px; font-weight: 650; }
h3 { font-size: 16px; font-weight: 650; }
a { color: inherit; }
code, pre, .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.eyebrow { margin-bottom: 6px; color: var(--soft); font-size: 14px; }
.summary { margin-top: 12px; max-width: 75ch; font-size: 18px; }
.soft { color: var(--soft); }
.defs { position: absolute; }
.icon { flex: none; width: 16px; height: 16px; vertical-align: -2px; }
.outline { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linejoin: round; }
.sign { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.s-ok { --c: var(--ok); --t: var(--ok-tint); }
.s-degraded { --c: var(--degraded); --t: var(--degraded-tint); }
.s-broken { --c: var(--broken); --t: var(--broken-tint); }
.s-missing { --c: var(--missing); --t: var(--missing-tint); }
.s-unknown, .s-skipped { --c: var(--unknown); --t: var(--unknown-tint); }
.state { display: inline-flex; gap: 7px; align-items: center; color: var(--c); font-weight: 600; white-space: nowrap; }

.facts { display: flex; flex-wrap: wrap; gap: 10px 32px; margin-top: 20px; font-size: 14px; }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { overflow-wrap: anywhere; }

.plan { margin: 28px 0 0; padding: 22px; border: 1px solid var(--rule); border-radius: 14px; background: var(--paper); }
.plan figcaption { display: flex; flex-wrap: wrap; gap: 4px 24px; margin-top: 16px; color: var(--soft); font-size: 13px; }
.way { display: block; width: 100%; height: auto; }
.way.tall { display: none; }
.way text { fill: var(--ink); font-size: 13px; }
.way .name { font-size: 15px; font-weight: 650; }
.way .word { fill: var(--c); font-weight: 600; }
.way .say { fill: var(--soft); font-size: 13px; }
.way .mono { font-size: 11.5px; }
.way use { color: var(--c); }
.box { fill: var(--t); stroke: var(--c); stroke-width: 1.5; }
.s-missing > .box, .s-unknown > .box, .s-skipped > .box { stroke-dasharray: 5 4; }
.wire { fill: none; stroke: var(--c); stroke-width: 2; }
.line.s-unknown > .wire { stroke-dasharray: 2 5; stroke-linecap: round; }
.line.s-broken > .wire { stroke-dasharray: 7 5; }
.disc { fill: var(--paper); }
.key { display: inline-flex; gap: 8px; align-items: center; }
.key svg { width: 34px; height: 16px; }

.findings { display: grid; gap: 12px; padding: 0; list-style: none; }
.finding { padding: 16px 20px; border: 1px solid var(--rule); border-left: 5px solid var(--c); border-radius: 10px; background: var(--paper); }
.finding header { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: center; }
.finding .whom { color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
.finding dl { display: grid; grid-template-columns: 5.5em 1fr; gap: 6px 12px; margin-top: 10px; }
.finding dt { color: var(--soft); font-size: 14px; line-height: 24px; }
.finding dd { max-width: 90ch; overflow-wrap: anywhere; }
.finding dd.mend { font-weight: 600; }
.seen { font: 13px/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
dd.seen { padding-top: 2px; }

details { margin-top: 10px; }
summary { cursor: pointer; color: var(--soft); font-size: 14px; }
details ul { margin: 8px 0 0; padding-left: 20px; font-size: 14px; columns: 34em; }
details li { break-inside: avoid; overflow-wrap: anywhere; }

.scroll { border: 1px solid var(--rule); border-radius: 12px; background: var(--paper); overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 15px; }
th, td { padding: 9px 16px; text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-size: 13px; font-weight: 500; }
tbody th[scope=rowgroup] { padding-top: 16px; font-size: 13px; font-weight: 650; color: var(--soft); }
tbody td { border-top: 1px solid var(--rule); overflow-wrap: anywhere; }
td.state-cell { width: 8.5em; }
td.what { width: 33%; }
td .whom { display: block; color: var(--soft); font-size: 13px; }
td details { margin-top: 2px; }
td .mend { display: block; margin-top: 4px; }
td .seen { display: block; margin-top: 2px; color: var(--soft); }
.times td, .times th { white-space: nowrap; }
.times td.whom-cell { white-space: normal; min-width: 16em; }

.say { margin: -8px 0 14px; }
.snippets { display: grid; gap: 12px; }
.cluster, .finding { min-width: 0; }
.cluster { padding: 16px 20px; border: 1px solid var(--rule); border-radius: 12px; background: var(--paper); }
.cluster p { font-size: 14px; overflow-wrap: anywhere; }
.cluster h4 { margin: 14px 0 6px; color: var(--soft); font-size: 13px; font-weight: 500; }
pre {
  padding: 12px 14px; border: 1px solid var(--rule); border-radius: 8px; background: var(--page); font-size: 13px; line-height: 1.5;
  overflow-x: auto; -webkit-user-select: all; user-select: all;
}
footer { margin-top: 44px; padding-top: 16px; border-top: 1px solid var(--rule); color: var(--soft); font-size: 13px; }

@media screen and (max-width: 820px) {
  main { padding: 20px 16px 36px; }
  h1 { font-size: 26px; }
  .summary { font-size: 17px; }
  h2 { margin-top: 36px; }
  .plan { padding: 0; border: 0; background: none; }
  .disc { fill: var(--page); }
  .way.wide { display: none; }
  .way.tall { display: block; max-width: 440px; margin: 0 auto; }
  .finding { padding: 14px 16px; }
  .finding dl { grid-template-columns: 1fr; gap: 0; }
  .finding dt { margin-top: 6px; }
  .checks thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .checks tr, .checks td, .checks th { display: block; }
  .checks tbody tr { padding: 10px 0; }
  .checks tbody th[scope=rowgroup] { padding: 4px 16px 0; }
  .times thead { display: none; }
  .times tr { display: grid; grid-template-columns: repeat(2, 1fr); gap: 6px 12px; padding: 12px 16px; }
  .times tr + tr { border-top: 1px solid var(--rule); }
  .times td { padding: 0; border: 0; }
  .times td:first-child, .times td.whom-cell { grid-column: 1 / -1; }
  .times td:first-child::before { content: "From "; color: var(--soft); }
  .times td[data-label]::before { content: attr(data-label); display: block; color: var(--soft); font-size: 13px; }
  .checks tr + tr { border-top: 1px solid var(--rule); }
  .checks td, td.state-cell, td.what { width: auto; padding: 0 16px; border: 0; }
  .checks td.what + td { padding-top: 4px; }
  .checks td:empty { display: none; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --paper: #fff; --ink: #000; --soft: #444; --rule: #ccc;
    --ok: #17703f; --ok-tint: #fff; --degraded: #8a5800; --degraded-tint: #fff; --broken: #b3201b; --broken-tint: #fff;
    --missing: #2f4fb8; --missing-tint: #fff; --unknown: #444; --unknown-tint: #fff;
  }
  @page { size: landscape; margin: 12mm; }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  .plan { padding: 0; border: 0; }
  .finding, .cluster, .plan, tr, pre { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  .scroll { overflow: visible; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
}
"""
