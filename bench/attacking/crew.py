"""Victims and attackers in processes of their own, so that neither waits for the other."""

import dataclasses
import multiprocessing
import queue
import signal
import sys
import time
import traceback

# A round has at least that long, however little time is left: the processes take turns on a busy machine.
LEAST_SECONDS = 2

# How long a round is prolonged until each process has done its work once. More, and nothing works any more.
TRY_LIMIT_SECONDS = 60

# How long a process may take to end once it has been told to: a victim may wait for an answer that never comes.
END_LIMIT_SECONDS = 180


@dataclasses.dataclass
class Outcome:
    """What one or several processes have seen."""

    answers: int = 0
    wrong: int = 0
    errors: int = 0
    lost: int = 0
    attacks: int = 0
    faults: int = 0
    late: int = 0
    told: list = dataclasses.field(default_factory=list)

    def tried(self):
        """This outcome, with a fault if it says nothing: no attack was made, or no victim was answered."""
        if not self.attacks or not self.answers:
            self.faults += 1
            self.told.insert(
                0,
                f"nothing was tried: {self.attacks} attacks and {self.answers} answers to victims;"
                " it takes more time, or a machine that is less busy",
            )
        return self

    def add(self, other):
        for name in ("answers", "wrong", "errors", "lost", "attacks", "faults", "late"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.told += other.told

    @staticmethod
    def of(victims):
        outcome = Outcome()
        for victim in victims:
            outcome.add(
                Outcome(
                    victim.answers,
                    victim.wrong,
                    victim.errors,
                    victim.lost,
                    0,
                    victim.faults.count,
                    victim.late,
                    victim.faults.told,
                )
            )
        return outcome


class Stopping:
    """Tells a process whether to stop, and the crew that the process has done its work once."""

    def __init__(self, stop, untried):
        self.stop = stop
        self.untried = untried
        self.tried = False

    def __call__(self, tried=True):
        """tried: whether there is something to show yet; the crew goes on a while until there is"""
        if tried:
            self.note()
        return self.stop.is_set()

    def note(self):
        if not self.tried:
            self.tried = True
            with self.untried.get_lock():
                self.untried.value -= 1


class Crew:
    """Runs functions until they end or are told to.

    Each is given a Stopping, and returns an Outcome.
    """

    def __init__(self):
        context = multiprocessing.get_context("fork")
        self.stopping = context.Event()
        self.untried = context.Value("i", 0)
        self.outcomes = context.Queue()
        self.context = context
        self.processes = []

    def start(self, name, function, *arguments):
        with self.untried.get_lock():
            self.untried.value += 1
        process = self.context.Process(target=self._run, name=name, args=(name, function, arguments), daemon=True)
        process.start()
        self.processes.append(process)

    def _run(self, name, function, arguments):
        # The servers are not this process's to end.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        stopping = Stopping(self.stopping, self.untried)
        try:
            outcome = function(*arguments, stopping)
        except BaseException:  # pylint: disable=broad-except
            outcome = Outcome(faults=1, told=[f"{name} failed: {traceback.format_exc(limit=-3)}"])
        stopping.note()
        self.outcomes.put((name, outcome))
        self.outcomes.close()
        self.outcomes.join_thread()
        sys.stdout.flush()

    def stop(self):
        """Ends what still runs, whatever it has seen."""
        self.stopping.set()
        for process in self.processes:
            process.join(1)
            if process.is_alive():
                process.kill()
                process.join()

    def join(self, deadline, until=()):
        """Waits until the deadline, or until the processes named have ended.

        A deadline that is too near for each process to do its work once is put off. Then has all others end, and
        returns what they have seen together. It is a fault if nothing was tried.
        """
        deadline = max(deadline, time.monotonic() + LEAST_SECONDS)
        total = Outcome()
        waiting = {process.name for process in self.processes}
        awaited = set(until)
        while waiting:
            if not self.stopping.is_set() and (self._is_over(deadline) or awaited and not awaited & waiting):
                self.stopping.set()
                deadline = time.monotonic() + END_LIMIT_SECONDS
            try:
                name, outcome = self.outcomes.get(timeout=0.1)
                waiting.discard(name)
                total.add(outcome)
            except queue.Empty:
                if self.stopping.is_set() and time.monotonic() >= deadline:
                    break
        for process in self.processes:
            process.join(1)
            if process.is_alive():
                total.add(Outcome(faults=1, told=[f"{process.name} did not end"]))
                process.kill()
                process.join()
        return total.tried()

    def _is_over(self, deadline):
        late = time.monotonic() - deadline
        return late >= 0 and (self.untried.value == 0 or late >= TRY_LIMIT_SECONDS)
