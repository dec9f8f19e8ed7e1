"""A file system that does not answer, as a share of a server that is gone: mounted by FUSE's own protocol (Linux,
include/uapi/linux/fuse.h), of which nothing but the beginning is spoken. Seen in a mount namespace of this process and
of those that it starts afterwards, and nowhere else. Needs root and /dev/fuse."""
import ctypes
import os
import struct
import unittest

CLONE_NEWNS, MS_REC, MS_PRIVATE, MNT_FORCE, MNT_DETACH = 0x20000, 0x4000, 0x40000, 1, 2
FUSE_INIT = 26
KIND = "fuse.hung"


def _call(name, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


class HungMount:
    """A context manager; skips the test where there can be none."""

    def __init__(self, folder):
        self.folder = folder
        self.device = -1

    def __enter__(self):
        try:
            self.device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
            _call("unshare", CLONE_NEWNS)
            _call("mount", b"none", b"/", None, MS_REC | MS_PRIVATE, None)
            options = f"fd={self.device},rootmode=40000,user_id=0,group_id=0".encode()
            _call("mount", b"server:/gone", self.folder.encode(), KIND.encode(), 0, options)
        except OSError as error:
            if self.device >= 0:
                os.close(self.device)
            raise unittest.SkipTest(f"no file system of our own: {error}") from error
        self._say_hello()
        return self

    def _say_hello(self):
        """Answers the first request; all others wait."""
        request = os.read(self.device, 1 << 17)
        _, opcode, unique = struct.unpack_from("<IIQ", request)
        assert opcode == FUSE_INIT, opcode
        # major, minor, max_readahead, flags, max_background, congestion_threshold, max_write, time_gran, unused
        body = struct.pack("<IIIIHHII36x", 7, 23, 4096, 0, 16, 12, 4096, 1)
        os.write(self.device, struct.pack("<IiQ", 16 + len(body), 0, unique) + body)

    def __exit__(self, *_):
        os.close(self.device)  # whoever waits gets an error now
        _call("umount2", self.folder.encode(), MNT_FORCE | MNT_DETACH)
