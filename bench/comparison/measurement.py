"""One run of the load generator against one server."""

import csv
import subprocess
from dataclasses import asdict, dataclass, fields

from .processes import HOST

# A server is warm when one unmeasured run needs at least this share of the CPU per request of the run before it, and
# its compilers have taken at most the other share of that run's CPU: for some seconds after the program's own threads
# have become as fast as they get, the JVM compiles what they run less often.
STEADY_SHARE = 0.93
COMPILING_SHARE = 0.03

# Beyond the load's own time: preparing connections, and a server that is slow to answer the last request.
RUN_MARGIN_SECONDS = 60


class RunFailed(Exception):
    """The load generator saw a wrong answer, lost a connection or did not finish."""


@dataclass(frozen=True)
class Run:
    """The figures of one run; CPU in microseconds per request, of the server's process only."""

    case: str
    contestant: str
    round: int
    requests_per_second: float
    p50_us: float
    p99_us: float
    p999_us: float
    cpu_us: float
    user_us: float
    system_us: float
    resident_bytes: int
    requests: int


def preload(mcload, port, case):
    """Has the load generator, a command, put every key of the case there; each case has keys of its own."""
    _mcload(mcload, port, case, ["-t", "0.1", "-w", "0"])


def measure(mcload, server, case, contestant, round_number, seconds):
    before = server.cpu_seconds()
    options = ["-n", "-w", f"{case.settling_seconds:g}", "-t", str(seconds), "-P", str(server.pid)]
    text, resident = _mcload(mcload, server.port, case, options, watched=server)
    after = server.cpu_seconds()
    figures = dict(part.split("=") for part in text.split())
    # mcload's own figure is the scheduler's, of the measured time. Only the ticks of 10 ms, of the whole run, tell user
    # and system time apart.
    cpu_us = float(figures["cpu_us_per_req"])
    user, system = after[0] - before[0], after[1] - before[1]
    user_us = cpu_us * user / (user + system) if user + system else 0.0
    return Run(case.name, contestant, round_number, float(figures["rps"]), float(figures["p50us"]),
               float(figures["p99us"]), float(figures["p999us"]), cpu_us, user_us, cpu_us - user_us,
               resident, int(figures["n"]))


def warm(mcload, server, case, contestant, seconds, most_runs):
    """Runs a case until its CPU per request falls no more, and the JVM compiles no more."""
    before = None
    for _ in range(most_runs):
        compiled = server.compiling_seconds()
        run = measure(mcload, server, case, contestant, 0, seconds)
        now = run.cpu_us
        compiling_us = (server.compiling_seconds() - compiled) * 1e6
        if (before is not None and now > before * STEADY_SHARE
                and compiling_us <= COMPILING_SHARE * now * run.requests):
            return
        before = now


def _mcload(mcload, port, case, options, watched=None):
    """Runs mcload; returns its line and the most memory that the watched server had meanwhile."""
    command = [*mcload, "-q", "-h", HOST, "-p", str(port), "-x", case.key_prefix, *case.load, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    resident = 0
    try:
        for _ in range(RUN_MARGIN_SECONDS * 4):
            try:
                out, err = process.communicate(timeout=0.25)
            except subprocess.TimeoutExpired:
                resident = max(resident, watched.resident_bytes() if watched else 0)
                continue
            if process.returncode != 0:
                raise RunFailed(f"{' '.join(command)}: {err.strip() or f'status {process.returncode}'}")
            return out.strip(), resident
        raise RunFailed(f"{' '.join(command)}: not finished after {RUN_MARGIN_SECONDS} s")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def write_csv(runs, path):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, [f.name for f in fields(Run)])
        writer.writeheader()
        for run in runs:
            writer.writerow(asdict(run))
