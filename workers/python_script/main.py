#!/usr/bin/python3 -Es
"""The program of the module PythonScript. The kernel starts it: see PythonScript.json."""
import sys

NOT_AGAIN = 78  # to the kernel: another start would end the same way
sys.dont_write_bytecode = True  # not beside the program; scripts have a setting for theirs

try:
    import google.protobuf  # noqa: F401
    import grpc  # noqa: F401
except ImportError as error:
    sys.stderr.write(f"PythonScript needs Debian's packages python3-grpcio and python3-protobuf: {error}\n")
    sys.exit(NOT_AGAIN)

from nscp_host import worker  # noqa: E402  the packages come first

if __name__ == "__main__":
    sys.exit(worker.run())
