# shellcheck shell=bash disable=SC1090,SC1091,SC2154
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# The older guide's way on AWS: each step a command of the AWS CLI or curl. It tags and repairs nothing, and cannot be run again.
# What it makes it notes in $NOTES for the later actions: create, names, check, teardown.
set -euo pipefail
. "$(dirname "$0")/zilliz.sh"

connect() {
    local service group endpoint
    service=$(service)
    group=$(aws ec2 create-security-group --group-name zilliz-private-link --description "Zilliz Cloud" --vpc-id "$VPC_ID" \
        --query GroupId --output text)
    # shellcheck disable=SC2086
    endpoint=$(aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --vpc-id "$VPC_ID" --service-name "$service" \
        --subnet-ids $SUBNET_IDS --security-group-ids "$group" --query VpcEndpoint.VpcEndpointId --output text)
    register "$endpoint"
    all_links > "$NOTES.links"
    while read -r port; do
        aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port "$port" --cidr "$CIDR" > /dev/null
    done <<< "$(cut -d: -f2 "$NOTES.links" | sort -u)"
    printf "group=%s\nendpoint=%s\n" "$group" "$endpoint" > "$NOTES"
}

# Two commands for each link that has no name yet.
names() {
    . "$NOTES"
    all_links > "$NOTES.links"
    read -r target target_zone <<< "$(aws ec2 describe-vpc-endpoints --vpc-endpoint-ids "$endpoint" \
        --query "VpcEndpoints[0].DnsEntries[0].[DnsName,HostedZoneId]" --output text)"
    touch "$NOTES.zones"
    while IFS=: read -r host _port; do
        grep -q "^$host " "$NOTES.zones" && continue
        zone=$(aws route53 create-hosted-zone --name "$host" --vpc "VPCRegion=$REGION,VPCId=$VPC_ID" \
            --caller-reference "$host-$(date +%s%N)" --query HostedZone.Id --output text)
        aws route53 change-resource-record-sets --hosted-zone-id "$zone" --change-batch "$(change CREATE)" > /dev/null
        echo "$host ${zone##*/} $target $target_zone" >> "$NOTES.zones"
    done < "$NOTES.links"
}

change() {
    cat << END
{"Changes": [{"Action": "$1", "ResourceRecordSet": {"Name": "$host", "Type": "A", "AliasTarget":
 {"HostedZoneId": "$target_zone", "DNSName": "$target", "EvaluateTargetHealth": false}}}]}
END
}

# The same as the floor and the role look at: the endpoint is available in its subnets and registered, its group lets the clients in on
# every port, the VPC resolves private zones, every name leads to the endpoint, and the zones still say whose they are.
check() {
    . "$NOTES"
    local state rules zones comments ids=()
    [ -n "$(service)" ]
    registered "$endpoint"
    all_links > "$NOTES.links"
    state=$(aws ec2 describe-vpc-endpoints --vpc-endpoint-ids "$endpoint" \
        --query "VpcEndpoints[0].[State,join(' ',SubnetIds),DnsEntries[0].DnsName]" --output text)
    [ "$(cut -f1 <<< "$state")" = available ]
    for subnet in $SUBNET_IDS; do
        grep -q "$subnet" <<< "$state"
    done
    rules=$(aws ec2 describe-security-groups --group-ids "$group" \
        --query "SecurityGroups[0].IpPermissions[].[FromPort,IpRanges[0].CidrIp]" --output text)
    while read -r port; do
        grep -q "^${port}[[:space:]]$CIDR" <<< "$rules"
    done <<< "$(cut -d: -f2 "$NOTES.links" | sort -u)"
    for attribute in enableDnsSupport enableDnsHostnames; do
        aws ec2 describe-vpc-attribute --vpc-id "$VPC_ID" --attribute "$attribute" --query "*.Value" --output text | grep -q True
    done
    zones=$(aws route53 list-hosted-zones-by-vpc --vpc-id "$VPC_ID" --vpc-region "$REGION" \
        --query "HostedZoneSummaries[].[Name,HostedZoneId]" --output text)
    comments=$(aws route53 list-hosted-zones --query "HostedZones[].[Id,Config.Comment]" --output text)
    while IFS=: read -r host _port; do
        zone=$(sed -nE "s/^$host\.[[:space:]]+//p" <<< "$zones")
        grep -q "^/hostedzone/${zone}[[:space:]]*[^[:space:]]" <<< "$comments"
        ids+=("$zone")
        aws route53 list-resource-record-sets --hosted-zone-id "$zone" \
            --query "ResourceRecordSets[?Type=='A'].[Name,AliasTarget.DNSName]" --output text | grep -q "^$host.*$(cut -f3 <<< "$state")"
    done < "$NOTES.links"
    printf "%s\n" "${ids[@]}" | xargs -n 10 aws route53 list-tags-for-resources --resource-type hostedzone --resource-ids > "$NOTES.tags"
    [ "$(grep -c '"ResourceId"' "$NOTES.tags")" -eq "${#ids[@]}" ]
}

teardown() {
    . "$NOTES"
    while read -r host zone target target_zone; do
        aws route53 change-resource-record-sets --hosted-zone-id "$zone" --change-batch "$(change DELETE)" > /dev/null
        aws route53 delete-hosted-zone --id "$zone" > /dev/null
    done < "$NOTES.zones"
    revoke "$endpoint"
    aws ec2 delete-vpc-endpoints --vpc-endpoint-ids "$endpoint" > /dev/null
    until [ -z "$(aws ec2 describe-network-interfaces --filters "Name=group-id,Values=$group" \
        --query "NetworkInterfaces[].NetworkInterfaceId" --output text)" ]; do
        sleep 10
    done
    aws ec2 delete-security-group --group-id "$group" > /dev/null
}

for action in "$@"; do
    "$action"
done
