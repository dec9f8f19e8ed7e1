"""Calls into scripts, each on a thread of its own, so that one that hangs costs itself alone. Its
end, when nobody waits for it any more, is an exception in that thread: Python raises it at the next
instruction of the script, also where the script catches everything. What hangs outside of Python's
own instructions (a system call, a pattern) can't be ended: it is set aside, and at MAX_ASIDE of them
the kernel is to replace the process."""
import asyncio
import ctypes
import threading
import time

from nscp_host.kernel import CURRENT, Call

MAX_VISITS = 256        # at once, those that wait for a nested one included
MAX_ASIDE = 4
OVERDUE = 5.0           # seconds past the deadline
PRESS = 0.05            # seconds between two exceptions for a script that catches them
FAREWELL = 0.25         # of a call's time, for the answer that says that it was over


class Overtime(BaseException):
    """Nobody waits for this call any more."""


class TooMany(Exception):
    pass


class Visit:
    def __init__(self, call, work):
        self.call = call
        self._work = work
        self._lock = threading.Lock()
        self._thread = 0        # of the script, while it runs
        self.ended = threading.Event()
        self.answer = None
        self.on_end = None

    def run(self):
        CURRENT.call = self.call
        try:
            try:
                with self._lock:
                    self._thread = threading.get_ident()
                self.answer = self._work()
            finally:
                with self._lock:
                    # What press() raised and has not arrived is taken back.
                    _raise_in(self._thread, None)
                    self._thread = 0
        except BaseException:  # Overtime between the script and here: nobody waits
            pass
        finally:
            self.ended.set()
            if self.on_end:
                self.on_end()

    def press(self):
        """Makes the script's thread end soon. Again, while it does not."""
        nested = self.call.nested
        if nested is not None:
            nested.cancel()
        with self._lock:
            if self._thread:
                _raise_in(self._thread, Overtime)


def _raise_in(thread, kind):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), ctypes.py_object(kind) if kind else None)


class Visits:
    def __init__(self):
        self._running = set()
        self._lock = threading.Lock()
        self.idle = asyncio.Event()
        self.idle.set()

    def aside(self):
        late = time.monotonic() - OVERDUE
        with self._lock:
            return sum(visit.call.deadline < late for visit in self._running)

    def _begin(self, visit):
        with self._lock:
            if len(self._running) >= MAX_VISITS:
                raise TooMany()
            self._running.add(visit)
        threading.Thread(target=visit.run, daemon=True).start()

    async def run(self, work, name, limit, request_id=""):
        """What work() gives; None when it is not done in time. Cancelled, it ends the script."""
        loop = asyncio.get_running_loop()
        done = asyncio.Event()
        visit = Visit(Call(name, time.monotonic() + limit, request_id), work)

        def end():
            with self._lock:
                self._running.discard(visit)
            loop.call_soon_threadsafe(self._ended, done)
        visit.on_end = end
        self.idle.clear()
        self._begin(visit)
        try:
            await asyncio.wait_for(done.wait(), limit - min(FAREWELL, limit / 4))
        except asyncio.TimeoutError:
            asyncio.ensure_future(self._press(visit))
            return None
        except asyncio.CancelledError:
            asyncio.ensure_future(self._press(visit))
            raise
        return visit.answer

    def _ended(self, done):
        done.set()
        with self._lock:
            if not self._running:
                self.idle.set()

    @staticmethod
    async def _press(visit):
        while not visit.ended.is_set():
            visit.press()
            await asyncio.sleep(PRESS)
