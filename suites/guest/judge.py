# SPDX-License-Identifier: BSD-2-Clause
"""Compares what a guest brought out with what its steps say should have come."""

import json

# swtpm is a clean TPM: nothing on it may end like this.
NEVER = {"fail", "mismatch", "quirk", "blocked", "error", "timeout"}


def judge(step, results, schema=None, reference=None):
    """What is wrong with one step, one clause each. `reference` is a report of the embedded TPM."""
    name = step["name"]
    if f"{name}.exit" not in results:
        return ["it did not run"]
    wrong = []
    code = int(results[f"{name}.exit"])
    if code not in step.get("exit", [0]):
        wrong.append(f"exit code {code}")
    if "same_output_as" in step:
        wrong += differences(results[f"{step['same_output_as']}.out"], results[f"{name}.out"])
    for words in step.get("says", []):
        if words.encode() not in results[f"{name}.out"] + results[f"{name}.err"]:
            wrong.append(f"it does not say `{words}`")
    if "report" in step:
        wrong += judge_report(step["report"], results, schema, reference)
    if "walk" in step:
        wrong += judge_walk(step["walk"], results, schema)
    if "doctor" in step:
        wrong += judge_doctor(step["doctor"], results[f"{name}.out"])
    return wrong


def differences(before, after):
    """Lines that changed between two outputs."""
    old, new = before.decode().splitlines(), after.decode().splitlines()
    gone = [f"no longer `{line.strip()}`" for line in old if line not in new]
    come = [f"now `{line.strip()}`" for line in new if line not in old]
    return gone + come or ([] if before == after else ["the same lines in another order"])


def judge_report(expected, results, schema, reference):
    """A report of a clean TPM through this transport."""
    try:
        report = json.loads(results[expected["file"]])
    except (KeyError, ValueError) as error:
        return [f"no report {expected['file']}: {error!r}"]
    wrong = [f"{result['id']} is {result['verdict']}: {result.get('actual')}"
             for result in report["results"] if result["verdict"] in NEVER]
    if not any(result["verdict"] == "pass" for result in report["results"]):
        wrong.append("no probe passed")
    words = expected.get("mentions", "")
    if not any(words in (result.get("actual") or "") for result in report["results"]):
        wrong.append(f"no result mentions `{words}`")
    if report["tpm"]["transport"] != expected["transport"]:
        wrong.append(f"its transport is {report['tpm']['transport']}")
    wrong += other_verdicts(report, reference) if reference else []
    return wrong + against_schema(report, schema)


def judge_walk(expected, results, schema):
    """A walk to logins: nothing in its report went wrong, and sshd itself let these steps in."""
    wrong = judge_report(expected, results, schema, None)
    if expected["file"] not in results:
        return wrong
    let_in = {result["id"] for result in json.loads(results[expected["file"]])["results"]
              if result["verdict"] == "pass" and "sshd" in (result.get("verified_by") or [])}
    return wrong + [f"sshd let no one in at {name}" for name in expected["logins"]
                    if name not in let_in]


def judge_doctor(expected, output):
    """Lines of the doctor, by their health; the first has to be what is wrong before all."""
    try:
        lines = json.loads(output)["checks"]
    except (KeyError, ValueError) as error:
        return [f"no lines of the doctor: {error!r}"]
    health = {line["id"]: line["health"] for line in lines}
    wrong = [f"{name} is {health.get(name)}" for name, wanted in expected["lines"].items()
             if health.get(name) != wanted]
    first = expected.get("first", lines[0]["id"])
    return wrong + ([f"its first line is {lines[0]['id']}"] if lines[0]["id"] != first else [])


def other_verdicts(report, reference):
    """Probes that end otherwise than on the embedded TPM: it is the same libtpms."""
    ours = {result["id"]: result["verdict"] for result in report["results"]}
    theirs = {result["id"]: result["verdict"] for result in reference["results"]}
    return [f"{name} is {ours.get(name)}, and {theirs.get(name)} on the embedded TPM"
            for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]


def against_schema(report, schema):
    """What the JSON schema has against it."""
    if schema is None:
        return []
    import jsonschema  # pylint: disable=import-outside-toplevel

    try:
        jsonschema.validate(report, schema)
    except jsonschema.ValidationError as error:
        return [f"not as the schema says: {error.message[:200]}"]
    return []
