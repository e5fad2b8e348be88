#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Prints how many tests, failures and skips ctest wrote into a JUnit file: three numbers."""

import sys
import xml.etree.ElementTree as ElementTree


def main(path):
    suite = ElementTree.parse(path).getroot()
    skipped = int(suite.get("skipped", 0)) + int(suite.get("disabled", 0))
    print(suite.get("tests"), suite.get("failures"), skipped)


if __name__ == "__main__":
    main(sys.argv[1])
