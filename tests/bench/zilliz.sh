# shellcheck shell=bash
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The Zilliz Cloud side of both clouds' scripts: curl, and the fields that they need.

api() {
    curl --silent --show-error --fail --header "Authorization: Bearer $ZILLIZCLOUD_API_KEY" \
        --header "Content-Type: application/json" --request "$1" "$ZILLIZCLOUD_HOST_ADDRESS/v2/$2" "${@:3}"
}

field() {
    sed -nE "s/.*\"$1\": *\"([^\"]*)\".*/\1/p"
}

service() {
    api GET "privateEndpointServices?regionId=$REGION_ID&pageSize=100" | field endpointService
}

register() {
    api POST "projects/$PROJECT_ID/privateEndpoints" --data "{\"regionId\": \"$REGION_ID\", \"endpointId\": \"$1\"${2:-}}" > /dev/null
}

revoke() {
    api DELETE "projects/$PROJECT_ID/privateEndpoints/$1?regionId=$REGION_ID${2:-}" > /dev/null
}

registered() {
    api GET "projects/$PROJECT_ID/privateEndpoints?pageSize=100&currentPage=1" | grep -q "\"$1\""
}

# host:port of every link of the project and region, one a line.
links() {
    local page=1 answer
    while true; do
        answer=$(api GET "clusters?region=$REGION_ID&pageSize=100&currentPage=$page")
        tr "}" "\n" <<< "$answer" | grep "\"projectId\": *\"$PROJECT_ID\"" | field privateLinkAddress | sed -E "s#^[a-z]+://##; s#^[^:]+\$#&:443#" | grep . || true
        [ "$(grep -o '"clusterId"' <<< "$answer" | wc -l)" -eq 100 ] || break
        page=$((page + 1))
    done
}

# The links, when all are there. They are looked for every ten seconds, as the roles do.
all_links() {
    until found=$(links | sort -u) && [ "$(grep -c . <<< "$found")" -eq "$LINKS" ]; do
        sleep 10
    done
    echo "$found"
}
