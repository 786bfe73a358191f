"""The template: valid, and true to the code."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tradeglyph.app.settings import load_settings
from tradeglyph.aws import configuration
from tradeglyph.pipeline.drain import DrainSettings
from tradeglyph.stores.dynamodb_table import definition

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "deploy" / "aws" / "template.yaml"


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    """The template with the short forms of functions written out, as plain lists and dicts."""
    decode = pytest.importorskip("cfnlint.decode", reason="needs cfn-lint")
    read, problems = decode.decode(str(TEMPLATE))
    assert problems == []
    plain: dict[str, Any] = json.loads(json.dumps(read))
    return plain


@pytest.fixture(scope="module")
def resources(template: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"]
    return found


def of_type(resources: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in resources.values() if one["Type"] == kind]


def policies(resources: dict[str, Any]) -> list[dict[str, Any]]:
    """All policies of the function's role, those that depend on conditions too."""
    [role] = of_type(resources, "AWS::IAM::Role")
    return [one["Fn::If"][1] if "Fn::If" in one else one for one in role["Policies"]]


def statements(resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        statement["Sid"]: statement
        for policy in policies(resources)
        for statement in policy["PolicyDocument"]["Statement"]
    }


def lint(template: Path) -> subprocess.CompletedProcess[str]:
    pytest.importorskip("cfnlint", reason="needs cfn-lint")
    # The program of the environment that the tests run in.
    program = Path(sys.executable).with_name("cfn-lint")
    command = [str(program), "--regions", "eu-west-1", "--", str(template)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_cfn_lint_passes() -> None:
    done = lint(TEMPLATE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_cfn_lint_would_see_a_fault(tmp_path: Path) -> None:
    right = "VisibilityTimeout: !Ref VisibilityTimeout"
    text = TEMPLATE.read_text(encoding="utf-8")
    assert right in text
    wrong = tmp_path / "template.yaml"
    wrong.write_text(text.replace(right, "VisibilityTimeuot: 60"), encoding="utf-8")
    done = lint(wrong)
    assert done.returncode != 0
    assert "VisibilityTimeuot" in done.stdout


def test_the_table_is_that_of_the_code(resources: dict[str, Any]) -> None:
    [table] = of_type(resources, "AWS::DynamoDB::Table")
    ours = definition("any")
    del ours["TableName"]
    assert {name: table[name] for name in ours} == ours


def test_the_function_may_use_every_index_and_nothing_of_others(resources: dict[str, Any]) -> None:
    indexes = {one["IndexName"] for one in definition("any")["GlobalSecondaryIndexes"]}
    allowed = statements(resources)["KeepAlerts"]["Resource"]
    assert {"Fn::GetAtt": ["Alerts", "Arn"]} in allowed
    named = {one["Fn::Sub"].rpartition("/")[2] for one in allowed if "Fn::Sub" in one}
    assert named == indexes


def test_least_privilege(resources: dict[str, Any]) -> None:
    for sid, statement in statements(resources).items():
        actions = statement["Action"]
        actions = [actions] if isinstance(actions, str) else actions
        assert not [action for action in actions if "*" in action], sid
        # Network interfaces can't be narrowed; Lambda needs them in a VPC.
        if sid not in ("JoinTheNetwork", "ButNotFromInside"):
            assert statement["Resource"] != "*", sid
    assert statements(resources)["ButNotFromInside"]["Effect"] == "Deny"


def test_the_function_may_do_what_the_store_does() -> None:
    """Calls to DynamoDB in the code, and the permissions that AWS documents for them."""
    needs = {
        "get_item": "GetItem",
        "batch_get_item": "BatchGetItem",
        "query": "Query",
        "put_item": "PutItem",
        "transact_write_items": "PutItem",
        # Of create_table, which the template does instead.
        "create_table": None,
        "get_waiter": None,
        "close": None,
        "exceptions": None,
        # Of the sample's table, under a policy of its own.
        "describe_table": "DescribeTable",
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    used: set[str] = set()
    for file in (ROOT / "src" / "tradeglyph" / "stores").glob("*.py"):
        source = file.read_text(encoding="utf-8")
        if "aws_client" in source:
            used |= set(re.findall(r"client\.(\w+)", source))
            # Nothing but puts is in a transaction.
            assert not re.findall(r'"(?:Update|Delete|ConditionCheck)": ', source)
    assert "transact_write_items" in used
    for call in used:
        permission = needs[call]
        assert permission is None or f"dynamodb:{permission}\n" in text


def test_failures_of_single_events_are_reported(resources: dict[str, Any]) -> None:
    [function] = of_type(resources, "AWS::Serverless::Function")
    assert function["Handler"] == "tradeglyph.aws.handler.handle"
    [source] = function["Events"].values()
    assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["Properties"]["Queue"] == {"Fn::GetAtt": ["Events", "Arn"]}


def test_dead_letters_outlive_their_queue(resources: dict[str, Any]) -> None:
    events, dead = resources["Events"]["Properties"], resources["DeadLetters"]["Properties"]
    assert events["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}
    # A message keeps the time at which it was first sent.
    assert dead["MessageRetentionPeriod"] >= events["MessageRetentionPeriod"]


def test_a_message_is_hidden_longer_than_the_function_runs(template: dict[str, Any]) -> None:
    defaults = {name: one.get("Default") for name, one in template["Parameters"].items()}
    assert defaults["VisibilityTimeout"] >= 6 * defaults["Timeout"]


def test_what_has_no_answer_goes_to_review_before_it_is_given_up(template: dict[str, Any]) -> None:
    defaults = {name: one.get("Default") for name, one in template["Parameters"].items()}
    last_try_s = (defaults["MaxReceiveCount"] - 1) * defaults["VisibilityTimeout"]
    assert last_try_s > DrainSettings().delay_limit_s


def test_the_function_s_variables_are_those_that_are_read(
    template: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    [function] = of_type(template["Resources"], "AWS::Serverless::Function")
    names = {name for name in function["Environment"]["Variables"] if name != "OMP_NUM_THREADS"}
    own = {configuration.SECRET, configuration.DEAD_LETTERS, configuration.FRAUD_USER_EVENT}
    assert names == own | {"TRADEGLYPH_STORE__URL"}
    monkeypatch.setenv("TRADEGLYPH_STORE__URL", "dynamodb://alerts?region=eu-west-1")
    assert load_settings("").store.url == "dynamodb://alerts?region=eu-west-1"


def test_everything_kept_is_encrypted_and_stays(resources: dict[str, Any]) -> None:
    for name in ("Events", "DeadLetters"):
        assert resources[name]["Properties"]["KmsMasterKeyId"] == {"Ref": "Key"}
    assert resources["Alerts"]["Properties"]["SSESpecification"]["KMSMasterKeyId"] == {"Ref": "Key"}
    assert resources["Log"]["Properties"]["KmsKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
    assert resources["Log"]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    for name in ("Events", "DeadLetters", "Alerts", "Log", "Key"):
        assert resources[name]["DeletionPolicy"] == "Retain"
        assert resources[name]["UpdateReplacePolicy"] == "Retain"


def test_alarms(resources: dict[str, Any]) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    watched = {
        (
            alarm["Namespace"],
            alarm["MetricName"],
            json.dumps(alarm["Dimensions"][0]["Value"]),
        ): alarm["Threshold"]
        for alarm in alarms
    }
    assert watched == {
        (
            "AWS/SQS",
            "ApproximateNumberOfMessagesVisible",
            '{"Fn::GetAtt": ["DeadLetters", "QueueName"]}',
        ): 0,
        (
            "AWS/SQS",
            "ApproximateAgeOfOldestMessage",
            '{"Fn::GetAtt": ["Events", "QueueName"]}',
        ): {"Ref": "OldestMessageSeconds"},
        ("AWS/Lambda", "Errors", '{"Ref": "Investigate"}'): 0,
    }
    assert {alarm["ComparisonOperator"] for alarm in alarms} == {"GreaterThanThreshold"}


def test_the_folders_are_those_that_are_built(resources: dict[str, Any], packaging: Any) -> None:
    [function] = of_type(resources, "AWS::Serverless::Function")
    assert function["Runtime"] == f"python{packaging.PYTHON}"
    assert TEMPLATE.parent.joinpath(function["CodeUri"]).resolve() == packaging.OUT / "function"
    layers = of_type(resources, "AWS::Serverless::LayerVersion")
    places = {
        layer["CompatibleArchitectures"][0]: TEMPLATE.parent.joinpath(layer["ContentUri"]).resolve()
        for layer in layers
    }
    assert places == {name: packaging.OUT / f"layer-{name}" for name in packaging.MACHINES}


def test_no_secret_is_a_value(template: dict[str, Any]) -> None:
    [function] = of_type(template["Resources"], "AWS::Serverless::Function")
    for name, value in function["Environment"]["Variables"].items():
        assert not re.search("PASSWORD|TOKEN|KEY", name)
        assert "{{resolve:" not in json.dumps(value)
