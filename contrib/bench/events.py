"""Names that appear in directories, with the moment when they did: inotify, so that waiting costs the machine nothing."""

import ctypes
import os
import select
import struct
import time

MODIFY, MOVED_TO = 0x2, 0x80
LIBC = ctypes.CDLL(None, use_errno=True)


class Events:
    """Renames into directories and writes to their files, as (moment, directory, name) on the monotonic clock."""

    def __init__(self, *directories):
        self.descriptor = LIBC.inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK)
        self.directories = {}
        for directory in directories:
            number = LIBC.inotify_add_watch(self.descriptor, os.fsencode(directory), MODIFY | MOVED_TO)
            if number < 0:
                raise OSError(ctypes.get_errno(), f"could not watch {directory}")
            self.directories[number] = directory

    def until(self, end):
        """Yields events until the moment `end`, then raises TimeoutError."""
        while (rest := end - time.monotonic()) > 0:
            if not select.select([self.descriptor], [], [], rest)[0]:
                break
            data = os.read(self.descriptor, 65536)
            now = time.monotonic()
            offset = 0
            while offset < len(data):
                number, _, _, length = struct.unpack_from("iIII", data, offset)
                name = data[offset + 16 : offset + 16 + length].rstrip(b"\0").decode()
                offset += 16 + length
                yield now, self.directories.get(number), name
        raise TimeoutError("what was waited for did not happen")

    def forget(self):
        """Drops what has happened so far."""
        while select.select([self.descriptor], [], [], 0)[0]:
            os.read(self.descriptor, 65536)

    def close(self):
        os.close(self.descriptor)
