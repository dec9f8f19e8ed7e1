#!/usr/bin/python3 -Es
"""The program of the module SamplePython. The kernel starts it: see SamplePython.json."""
import sys

import checks
import worker

if __name__ == "__main__":
    sys.exit(worker.run(checks.SamplePython()))
