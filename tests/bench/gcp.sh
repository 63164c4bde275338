# shellcheck shell=bash disable=SC1090,SC1091,SC2154
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The older guide's way on Google Cloud: each step a process of Python, as a command of a CLI would be. Google's own starts slower.
# It labels and repairs nothing, and cannot be run again. What it makes it notes in $NOTES for the later actions.
set -euo pipefail
. "$(dirname "$0")/zilliz.sh"
NAME=zilliz-script

api() {
    python "$(dirname "$0")/zilliz_step.py" "$1" "$2" "${@:4}"
}

google() {
    python "$(dirname "$0")/gcp_step.py" "$@"
}

connect() {
    local service
    service=$(service)
    google create-address "$NAME"
    google create-endpoint "$NAME" "$service"
    register "$NAME" ", \"gcpProjectId\": \"$GCP_PROJECT_ID\""
    all_links > "$NOTES.links"
    echo "endpoint=$NAME" > "$NOTES"
}

# Two commands for each link that has no name yet.
names() {
    . "$NOTES"
    all_links > "$NOTES.links"
    ip=$(google endpoint "$endpoint")
    touch "$NOTES.zones"
    while IFS=: read -r host _port; do
        grep -q "^$host " "$NOTES.zones" && continue
        google create-zone "$host"
        google create-record "$host" "$ip"
        echo "$host $ip" >> "$NOTES.zones"
    done < "$NOTES.links"
}

# The endpoint is accepted and registered and has its address, and every name leads to it.
check() {
    . "$NOTES"
    local ip
    [ -n "$(service)" ]
    registered "$endpoint"
    all_links > "$NOTES.links"
    ip=$(google endpoint "$endpoint")
    [ "$(google address "${address:-$endpoint}")" = "$ip" ]
    google firewalls > "$NOTES.firewalls"
    google zone-names > "$NOTES.found"
    while IFS=: read -r host _port; do
        zone=$(sed -n "s/^$host //p" "$NOTES.names" 2> /dev/null || true)
        [ "$(google record "$host" "$zone")" = "$ip" ]
    done < "$NOTES.links"
}

teardown() {
    . "$NOTES"
    while read -r host ip; do
        google delete-record "$host" "$ip"
        google delete-zone "$host"
    done < "$NOTES.zones"
    revoke "$endpoint" "&gcpProjectId=$GCP_PROJECT_ID"
    google delete-endpoint "$endpoint"
    google delete-address "$endpoint"
}

for action in "$@"; do
    "$action"
done
