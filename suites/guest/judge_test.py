#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A step of the guest that went wrong must not pass."""

import json
import unittest

from judge import judge

STEP = {"name": "a", "report": {"file": "a.json", "transport": "device:/dev/tpm0"}}


def results(code=0, out="", report=None):
    """What a guest with this one step brings out."""
    files = {"a.exit": b"%d\n" % code, "a.out": out.encode(), "a.err": b""}
    return files | ({"a.json": json.dumps(report).encode()} if report else {})


def report(*verdicts, transport="device:/dev/tpm0"):
    """A report with results that ended like this."""
    return {"tpm": {"transport": transport},
            "results": [{"id": f"probe.{verdict}", "verdict": verdict} for verdict in verdicts]}


class Judge(unittest.TestCase):
    """Empty is good; else one clause for each thing that is wrong."""

    def test_exit_code(self):
        self.assertEqual(judge({"name": "a"}, results(0)), [])
        self.assertEqual(judge({"name": "a"}, results(1)), ["exit code 1"])
        self.assertEqual(judge({"name": "a", "exit": [0, 1]}, results(1)), [])
        self.assertEqual(judge({"name": "a"}, {}), ["it did not run"])

    def test_state_that_changed(self):
        step = {"name": "a", "same_output_as": "b"}
        self.assertEqual(judge(step, results(out="x\ny\n") | {"b.out": b"x\ny\n"}), [])
        self.assertEqual(judge(step, results(out="x\nz\n") | {"b.out": b"x\ny\n"}),
                         ["no longer `y`", "now `z`"])
        self.assertEqual(judge(step, results(out="y\nx\n") | {"b.out": b"x\ny\n"}),
                         ["the same lines in another order"])

    def test_words(self):
        step = {"name": "a", "says": ["flushed"]}
        self.assertEqual(judge(step, results(out="1 object flushed\n")), [])
        self.assertEqual(judge(step, results()), ["it does not say `flushed`"])

    def test_report(self):
        self.assertEqual(judge(STEP, results(report=report("pass", "unsupported"))), [])
        for verdict in ("fail", "mismatch", "quirk", "blocked", "error", "timeout"):
            self.assertEqual(len(judge(STEP, results(report=report("pass", verdict)))), 1)

    def test_verdicts_of_the_embedded_tpm(self):
        reference = report("pass", "unsupported")
        same = results(report=report("pass", "unsupported"))
        self.assertEqual(judge(STEP, same, reference=reference), [])
        self.assertEqual(judge(STEP, results(report=report("pass")), reference=reference),
                         ["probe.unsupported is None, and unsupported on the embedded TPM"])

    def test_report_that_says_nothing(self):
        self.assertEqual(judge(STEP, results(report=report("unsupported"))), ["no probe passed"])
        self.assertEqual(len(judge(STEP, results())), 1)

    def test_report_of_another_tpm(self):
        self.assertEqual(judge(STEP, results(report=report("pass", transport="embedded"))),
                         ["its transport is embedded"])

    def test_report_without_a_sentence(self):
        step = STEP | {"report": STEP["report"] | {"mentions": "flushed"}}
        said = report("pass")
        self.assertEqual(judge(step, results(report=said)), ["no result mentions `flushed`"])
        said["results"][0]["actual"] = "1 object flushed"
        self.assertEqual(judge(step, results(report=said)), [])

    def test_walk(self):
        step = {"name": "a", "walk": STEP["report"] | {"logins": ["probe.pass"]}}
        walked = report("pass")
        self.assertEqual(judge(step, results(report=walked)), ["sshd let no one in at probe.pass"])
        walked["results"][0]["verified_by"] = ["sshd"]
        self.assertEqual(judge(step, results(report=walked)), [])
        walked["results"].append({"id": "probe.blocked", "verdict": "blocked"})
        self.assertEqual(judge(step, results(report=walked)), ["probe.blocked is blocked: None"])
        self.assertEqual(len(judge(step, results())), 1)

    def test_doctor(self):
        step = {"name": "a", "doctor": {"lines": {"tpm.answers": "ok"}, "first": "access.groups"}}
        lines = [{"id": "access.groups", "health": "fail"}, {"id": "tpm.answers", "health": "ok"}]
        self.assertEqual(judge(step, results(out=json.dumps({"checks": lines}))), [])
        lines.reverse()
        self.assertEqual(judge(step, results(out=json.dumps({"checks": lines}))),
                         ["its first line is tpm.answers"])
        lines[0]["health"] = "fail"
        step["doctor"].pop("first")
        self.assertEqual(judge(step, results(out=json.dumps({"checks": lines}))),
                         ["tpm.answers is fail"])
        self.assertEqual(len(judge(step, results(out="segmentation fault"))), 1)

    def test_schema(self):
        self.assertEqual(judge(STEP, results(report=report("pass")), {"required": ["tpm"]}), [])
        wrong = judge(STEP, results(report=report("pass")), {"required": ["host"]})
        self.assertEqual(wrong, ["not as the schema says: 'host' is a required property"])


if __name__ == "__main__":
    unittest.main()
