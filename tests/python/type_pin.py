"""Starts a program on a terminal, types when it asks, and prints
all that the terminal showed: python3 type_pin.py KEYS PROGRAM [ARGUMENT...]."""

import os
import pty
import sys

keys, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
shown, typed = b"", False
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:  # How Linux says that the other end is closed.
        break
    if not part:
        break
    shown += part
    if not typed and shown.endswith(b": "):
        typed = True
        os.write(terminal, keys.encode())
os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
