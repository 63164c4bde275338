# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS for the units: boto3 as it is, with its requests answered by a small fake instead of being sent.

Each request is still validated against the service model. The realistic AWS is in tests/sandbox.
"""

from __future__ import annotations

import copy
import datetime
import importlib
import json
import time

import botocore.client
import botocore.loaders
import pytest
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator


class Refused(Exception):
    def __init__(self, code, message="refused"):
        super().__init__(code)
        self.code = code
        self.message = message


class Fake:
    """Methods are named as AWS's operations. `calls` is what was asked.

    `script` maps an operation to what comes of its next calls: None for an answer, a code or (code, message) for a refusal,
    "lost CODE" for an answer that is lost after the effect, with the code of what the SDK's second request then gets.
    """

    def __init__(self):
        self.calls, self.script, self.profiles = [], {}, []

    def answer(self, operation, kwargs):
        self.calls.append((operation, copy.deepcopy(kwargs)))
        refusal = self.script[operation].pop(0) if self.script.get(operation) else None
        code, message = refusal if isinstance(refusal, tuple) else (refusal or "", "refused")
        if code and not code.startswith("lost "):
            raise Refused(code, message)
        answer = copy.deepcopy(getattr(self, operation)(**kwargs))
        if code:
            raise Refused(code[5:])
        return answer

    def asked(self, *operations):
        return [kwargs for operation, kwargs in self.calls if operation in operations]

    @property
    def written(self):
        return [operation for operation, unused in self.calls if not operation.startswith(("Describe", "Get", "List"))]


class Ec2(Fake):
    def __init__(self):
        super().__init__()
        self.endpoints, self.interfaces, self.tokens, self.after_look = {}, {}, {}, None
        self.groups = {"sg-1": {"GroupId": "sg-1", "IpPermissions": [], "IpPermissionsEgress": []}}

    def CreateVpcEndpoint(self, ClientToken=None, **request):
        if ClientToken in self.tokens:
            before, made = self.tokens[ClientToken]
            if before != request:
                raise Refused("IdempotentParameterMismatch")
            return {"VpcEndpoint": made}
        number = len(self.tokens) + 1
        made = {
            "VpcEndpointId": f"vpce-{number}",
            "VpcId": request["VpcId"],
            "ServiceName": request["ServiceName"],
            "State": "pendingAcceptance",
            "SubnetIds": request.get("SubnetIds", []),
            "Groups": [{"GroupId": group_id} for group_id in request.get("SecurityGroupIds", [])],
            "PrivateDnsEnabled": request["PrivateDnsEnabled"],
            "IpAddressType": request.get("IpAddressType", "ipv4"),
            "Tags": request.get("TagSpecifications", [{"Tags": []}])[0]["Tags"],
            "NetworkInterfaceIds": [f"eni-{number}"],
            "CreationTimestamp": datetime.datetime.now(datetime.timezone.utc),
        }
        self.tokens[ClientToken] = (request, made)
        self.endpoints[made["VpcEndpointId"]] = made
        self.interfaces[f"eni-{number}"] = made["VpcEndpointId"]
        return {"VpcEndpoint": made}

    def DescribeVpcEndpoints(self, VpcEndpointIds=None, Filters=(), **unused):
        if self.after_look:
            self.after_look(self)
        found = []
        for endpoint_id in VpcEndpointIds or list(self.endpoints):
            if endpoint_id not in self.endpoints:
                raise Refused("InvalidVpcEndpointId.NotFound")
            found.append(self.endpoints[endpoint_id])
        for one in Filters:
            found = [endpoint for endpoint in found if self._value(endpoint, one["Name"]) in one["Values"]]
        return {"VpcEndpoints": found}

    @staticmethod
    def _value(endpoint, name):
        tags = {f"tag:{tag['Key']}": tag["Value"] for tag in endpoint["Tags"]}
        return {"vpc-id": endpoint["VpcId"], "service-name": endpoint["ServiceName"], **tags}.get(name)

    def ModifyVpcEndpoint(self, VpcEndpointId, **request):
        endpoint = self.endpoints[VpcEndpointId]
        subnets = [one for one in endpoint["SubnetIds"] if one not in request.get("RemoveSubnetIds", [])]
        endpoint["SubnetIds"] = subnets + request.get("AddSubnetIds", [])
        groups = [one["GroupId"] for one in endpoint["Groups"]]
        groups = [one for one in groups if one not in request.get("RemoveSecurityGroupIds", [])]
        endpoint["Groups"] = [{"GroupId": one} for one in groups + request.get("AddSecurityGroupIds", [])]
        for name in ("PrivateDnsEnabled", "IpAddressType"):
            endpoint[name] = request.get(name, endpoint[name])
        return {"Return": True}

    def CreateTags(self, Resources, Tags):
        self.endpoints[Resources[0]]["Tags"] += Tags
        return {}

    def DeleteVpcEndpoints(self, VpcEndpointIds):
        error = {"Code": "InvalidVpcEndpoint.NotFound", "Message": "gone"}
        missing = [one for one in VpcEndpointIds if one not in self.endpoints]
        for endpoint_id in set(VpcEndpointIds) - set(missing):
            self.endpoints[endpoint_id]["State"] = "deleting"
        return {"Unsuccessful": [{"ResourceId": one, "Error": error} for one in missing]}

    def DescribeNetworkInterfaces(self, Filters, **unused):
        name, values = Filters[0]["Name"], Filters[0]["Values"]
        if name == "network-interface-id":
            found = [one for one in self.interfaces if one in values]
        else:
            found = [one for one, owner in self.interfaces.items() if f"VPC Endpoint Interface {owner}" in values]
        return {"NetworkInterfaces": [{"NetworkInterfaceId": one} for one in found]}

    def DescribeSecurityGroups(self, GroupIds):
        if GroupIds[0] not in self.groups:
            raise Refused("InvalidGroup.NotFound", "The security group does not exist")
        return {"SecurityGroups": [self.groups[GroupIds[0]]]}

    def AuthorizeSecurityGroupIngress(self, GroupId, IpPermissions):
        self.groups[GroupId]["IpPermissions"] += IpPermissions
        return {"Return": True}

    def AuthorizeSecurityGroupEgress(self, GroupId, IpPermissions):
        self.groups[GroupId]["IpPermissionsEgress"] += IpPermissions
        return {"Return": True}

    def RevokeSecurityGroupIngress(self, GroupId, IpPermissions):
        self.groups[GroupId]["IpPermissions"] = []
        return {"Return": True}


class Route53(Fake):
    def __init__(self):
        super().__init__()
        self.zones, self.authorized, self.changes, self.made = {}, {}, 0, 0
        self.references = set()

    def add(self, name, comment="", vpcs=("vpc-1",), private=True):
        self.made += 1
        zone_id = f"Z{self.made}"
        self.zones[zone_id] = {
            "Name": name, "Comment": comment, "VPCs": [{"VPCId": one, "VPCRegion": "us-west-2"} for one in vpcs],
            "Private": private, "Tags": {}, "Records": {
                (name, kind): {"Name": name, "Type": kind, "TTL": 900, "ResourceRecords": [{"Value": "ns."}]}
                for kind in ("NS", "SOA")
            },
        }
        return zone_id

    def zone(self, zone_id):
        zone_id = zone_id.rpartition("/")[2]
        if zone_id not in self.zones:
            raise Refused("NoSuchHostedZone")
        return self.zones[zone_id]

    def change(self):
        self.changes += 1
        submitted = datetime.datetime.now(datetime.timezone.utc)
        return {"ChangeInfo": {"Id": f"/change/C{self.changes}", "Status": "PENDING", "SubmittedAt": submitted}}

    def GetHostedZone(self, Id):
        zone = self.zone(Id)
        config = {"Comment": zone["Comment"], "PrivateZone": zone["Private"]}
        return {"HostedZone": {"Id": f"/hostedzone/{Id}", "Name": zone["Name"], "Config": config}, "VPCs": zone["VPCs"]}

    def ListHostedZonesByVPC(self, VPCId, VPCRegion, NextToken=None):
        found = [(zone_id, one) for zone_id, one in self.zones.items() if VPCId in [vpc["VPCId"] for vpc in one["VPCs"]]]
        # One zone a page, so that paging is real.
        start = int(NextToken or 0)
        more = {"NextToken": str(start + 1)} if start + 1 < len(found) else {}
        page = [{"HostedZoneId": zone_id, "Name": one["Name"], "Owner": {}} for zone_id, one in found[start:start + 1]]
        return {"HostedZoneSummaries": page, "MaxItems": "1", **more}

    def CreateHostedZone(self, Name, VPC, CallerReference, HostedZoneConfig):
        if CallerReference in self.references:
            raise Refused("HostedZoneAlreadyExists")
        self.references.add(CallerReference)
        zone_id = self.add(Name, HostedZoneConfig["Comment"], vpcs=())
        self.zones[zone_id]["VPCs"].append(VPC)
        return {"HostedZone": {"Id": f"/hostedzone/{zone_id}", "Name": Name}, **self.change()}

    def DeleteHostedZone(self, Id):
        self.zone(Id)
        del self.zones[Id]
        return self.change()

    def ListResourceRecordSets(self, HostedZoneId, **unused):
        return {"ResourceRecordSets": list(self.zone(HostedZoneId)["Records"].values()), "IsTruncated": False}

    def ChangeResourceRecordSets(self, HostedZoneId, ChangeBatch):
        records = self.zone(HostedZoneId)["Records"]
        for change in ChangeBatch["Changes"]:
            one = change["ResourceRecordSet"]
            if change["Action"] == "DELETE" and records.pop((one["Name"], one["Type"]), None) != one:
                raise Refused("InvalidChangeBatch")
            if change["Action"] == "UPSERT":
                records[one["Name"], one["Type"]] = one
        return self.change()

    def ListTagsForResources(self, ResourceType, ResourceIds):
        if len(ResourceIds) > 10:
            raise Refused("InvalidInput")
        sets = [
            {"ResourceId": one, "Tags": [{"Key": key, "Value": value} for key, value in self.zones[one]["Tags"].items()]}
            for one in ResourceIds
        ]
        return {"ResourceTagSets": sets}

    def ChangeTagsForResource(self, ResourceType, ResourceId, AddTags):
        self.zones[ResourceId]["Tags"].update({tag["Key"]: tag["Value"] for tag in AddTags})
        return {}

    def UpdateHostedZoneComment(self, Id, Comment):
        self.zone(Id)["Comment"] = Comment
        return {}

    def AssociateVPCWithHostedZone(self, HostedZoneId, VPC):
        zone = self.zone(HostedZoneId)
        if VPC["VPCId"].startswith("vpc-other") and VPC not in self.authorized.get(HostedZoneId, []):
            raise Refused("NotAuthorizedException")
        zone["VPCs"].append(VPC)
        return self.change()

    def DisassociateVPCFromHostedZone(self, HostedZoneId, VPC):
        zone = self.zone(HostedZoneId)
        if VPC not in zone["VPCs"]:
            raise Refused("VPCAssociationNotFound")
        if len(zone["VPCs"]) == 1:
            raise Refused("LastVPCAssociation")
        zone["VPCs"].remove(VPC)
        return self.change()

    def CreateVPCAssociationAuthorization(self, HostedZoneId, VPC):
        self.authorized.setdefault(HostedZoneId, []).append(VPC)
        return {}

    def DeleteVPCAssociationAuthorization(self, HostedZoneId, VPC):
        if VPC not in self.authorized.get(HostedZoneId, []):
            raise Refused("VPCAssociationAuthorizationNotFound")
        self.authorized[HostedZoneId].remove(VPC)
        return {}

    def ListVPCAssociationAuthorizations(self, HostedZoneId):
        return {"HostedZoneId": HostedZoneId, "VPCs": self.authorized.get(HostedZoneId, [])}

    def GetChange(self, Id):
        return {"ChangeInfo": {"Id": Id, "Status": "INSYNC" if self.changes > 100 else "PENDING"}}


@pytest.fixture
def pauses(monkeypatch):
    """A clock that only sleeping moves."""
    made = []
    monkeypatch.setattr(time, "sleep", made.append)
    monkeypatch.setattr(time, "monotonic", lambda: float(sum(made)))
    return made


# Reading the model of EC2 takes longer than all the rest of a test.
LOADER = botocore.loaders.Loader()


@pytest.fixture
def fakes(monkeypatch, tmp_path, pauses):
    made = {"ec2": Ec2(), "route53": Route53()}
    (tmp_path / "config").write_text("[profile network]\nregion = us-west-2\n", encoding="utf-8")
    (tmp_path / "credentials").write_text(
        "[network]\naws_access_key_id = AKIANETWORK000000001\naws_secret_access_key = network-secret\n", encoding="utf-8"
    )
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIAMAIN000000000001", "AWS_SECRET_ACCESS_KEY": "main-secret", "AWS_REGION": "us-west-2",
        "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }.items():
        monkeypatch.setenv(name, value)

    def request(client, operation, kwargs):
        model = client.meta.service_model
        report = ParamValidator().validate(kwargs, model.operation_model(operation).input_shape)
        assert not report.has_errors(), report.generate_report()
        fake = made[model.service_name]
        fake.profiles.append((operation, client._request_signer._credentials.access_key))
        try:
            return fake.answer(operation, kwargs)
        except Refused as refused:
            raise ClientError({"Error": {"Code": refused.code, "Message": refused.message}}, operation)

    monkeypatch.setattr(botocore.client.BaseClient, "_make_api_call", request)
    monkeypatch.setattr(botocore.loaders, "create_loader", lambda *unused: LOADER)
    return made


@pytest.fixture
def ec2(fakes):
    return fakes["ec2"]


@pytest.fixture
def route53(fakes):
    return fakes["route53"]


@pytest.fixture
def run_aws(capsys):
    """Runs a module as Ansible does: JSON in, JSON out."""
    from ansible.module_utils.testing import patch_module_args

    def run_module(name, check_mode=False, **params):
        module = importlib.import_module(f"ansible_collections.zilliz.cloud.plugins.modules.{name}")
        capsys.readouterr()
        with patch_module_args({"_ansible_check_mode": check_mode, "_ansible_diff": True, **params}):
            with pytest.raises(SystemExit):
                module.main()
        result = json.loads(capsys.readouterr().out)
        assert "exception" not in result, result
        return result

    return run_module
