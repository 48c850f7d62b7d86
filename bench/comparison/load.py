"""Builds mcload."""

import shutil
import subprocess

from comparison import contestants


def build_mcload(script, directory):
    """The program, compiled into a directory; the script's name is for its error."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        raise SystemExit(f"{script}: mcload needs a C compiler; install one with: apt-get install -y gcc libc6-dev")
    source = contestants.CHECKOUT / "bench/mcload/mcload.c"
    program = directory / "mcload"
    subprocess.run([compiler, "-O2", "-o", program, source], check=True)
    return str(program)
