# SPDX-License-Identifier: Apache-2.0
"""Runs as root inside the container of boot-in-container and says what it sees of likenessd."""
import base64
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

SOCKET = "/run/likeness/likeness.sock"
failed = []


def check(what, holds, seen=""):
    print(("ok    " if holds else "FAILED ") + what + (f": {seen}" if seen != "" else ""), flush=True)
    if not holds:
        failed.append(what)


def systemctl(*arguments):
    return subprocess.run(["systemctl", *arguments], capture_output=True, text=True)


def show(name, unit="likenessd.service"):
    return systemctl("show", "--value", "-p", name, unit).stdout.strip()


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def call(method, parameters):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(100)
        connection.connect(SOCKET)
        connection.sendall(json.dumps({"method": method, "parameters": parameters}).encode() + b"\0")
        answer = b""
        while not answer.endswith(b"\0"):
            part = connection.recv(65536)
            if not part:
                raise ConnectionError("closed without an answer")
            answer += part
    return json.loads(answer[:-1])


def can_connect(user, groups):
    """Whether a process of this user gets through the socket's permissions."""
    child = os.fork()
    if child == 0:
        os.setgroups(groups)
        os.setgid(user)
        os.setuid(user)
        try:
            call("org.varlink.service.GetInfo", {})
            os._exit(0)
        except PermissionError:
            os._exit(1)
        except BaseException:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def decoders(process):
    found = subprocess.run(["ps", "--ppid", process, "-o", "pid=,comm="], capture_output=True, text=True).stdout
    return [line.split()[0] for line in found.splitlines() if line.split()[1].startswith("likeness-decode"[:15])]


def look_at_decoders(process, daemon, image):
    """They are confined further than the daemon, and their end costs what they were at."""
    first = decoders(process)
    check("each worker has a decoder", len(first) > 0, len(first))
    for decoder in first:
        text = pathlib.Path(f"/proc/{decoder}/status").read_text()
        fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
        check("its decoder has a filter more than the daemon",
              int(fields["Seccomp_filters"]) == int(daemon["Seccomp_filters"]) + 1, fields["Seccomp_filters"])
        check("and goes first where memory runs out",
              pathlib.Path(f"/proc/{decoder}/oom_score_adj").read_text().strip() == "1000")
        os.kill(int(decoder), 11)
    parameters = {"identity": "trial", "image": image}
    answers = [call("io.likeness.Verification.Verify", parameters) for _ in range(4 * len(first))]
    causes = [answer["parameters"].get("cause") for answer in answers if "error" in answer]
    check("decoders that crash cost a request each", 0 < len(causes) <= len(first) and set(causes) == {"decoder_ended"}, causes)
    check("and others take their place", answers[-1]["parameters"].get("result") == "match")
    ended = call("io.likeness.Admin.Status", {})["parameters"]["decoders_ended"]
    check("and are counted", ended == len(causes), ended)
    check("and the daemon goes on", show("MainPID") == process and show("NRestarts") == "0")


def journal_of(event):
    found = subprocess.run(["journalctl", "-o", "json", f"LIKENESS_EVENT={event}"], capture_output=True, text=True).stdout
    return [json.loads(line) for line in found.splitlines()]


def look_at_reloads(process):
    """A right configuration takes effect without a restart, and a wrong one changes nothing."""
    configuration = pathlib.Path("/etc/likeness/likenessd.toml")
    configuration.parent.mkdir(mode=0o755, exist_ok=True)
    configuration.write_text("[access]\nverify = [\"@likeness\"]\n[work]\nqueue_length = 9\n")
    reload = systemctl("reload", "likenessd.service")
    limit = lambda: call("io.likeness.Admin.Status", {})["parameters"]["queue_limit"]
    check("a reload is taken", reload.returncode == 0, reload.stderr.strip())
    check("and has changed what it can", wait_for(lambda: limit() == 9, 10), limit())
    check("in the process that there was", show("MainPID") == process and show("ActiveState") == "active", show("SubState"))
    configuration.write_text("[work]\nqueue_length = 0\n")
    check("a wrong configuration is told to whoever reloads", systemctl("reload", "likenessd.service").returncode != 0)
    check("and changes nothing", limit() == 9 and show("MainPID") == process)
    os.kill(int(process), 1)
    check("and the daemon itself does not take it", wait_for(lambda: "not reloaded" in show("StatusText"), 10), show("StatusText"))
    configuration.write_text("[work]\nqueue_length = 11\n")
    systemctl("reload", "likenessd.service")
    check("the next right one is taken", wait_for(lambda: limit() == 11 and show("StatusText").startswith("Ready: "), 10),
          show("StatusText"))
    entries = journal_of("reload_failed")
    check("the journal's entry of it has an identifier", len(entries) == 1 and len(entries[0].get("MESSAGE_ID", "")) == 32)
    # /usr is the host's here, so that the catalogue is made in a root of its own.
    root, database = pathlib.Path("/tmp/catalog"), pathlib.Path("/var/lib/systemd/catalog")
    shutil.copytree("/opt/likeness/catalog", root / "usr/lib/systemd/catalog")
    (root / "var/lib/systemd/catalog").mkdir(parents=True)
    subprocess.run(["journalctl", f"--root={root}", "--update-catalog"], check=True)
    shutil.copytree(root / "var/lib/systemd/catalog", database, dirs_exist_ok=True)
    explained = subprocess.run(
        ["journalctl", "-x", "LIKENESS_EVENT=reload_failed"], capture_output=True, text=True).stdout
    check("by which it is explained", "Mend it, look at it with" in explained, explained[-300:])


def main():
    check("the user was made", subprocess.run(["getent", "passwd", "likeness"]).returncode == 0)
    status = os.stat("/var/lib/likeness/models")
    check("the folder of the models was made", status.st_uid == 0, oct(status.st_mode))
    shutil.copytree("/opt/likeness/models", "/var/lib/likeness/models", dirs_exist_ok=True)

    check("the socket listens and the daemon has not started", show("ActiveState") == "inactive", show("ActiveState"))
    status = os.stat(SOCKET)
    check("the socket is for its group", status.st_mode & 0o777 == 0o660, oct(status.st_mode))

    started = time.monotonic()
    answer = call("io.likeness.Admin.Status", {})
    check("it starts when it is called, and answers", "parameters" in answer, json.dumps(answer)[:400])
    print(f"      the first answer took {time.monotonic() - started:.2f} s", flush=True)
    check("it has told systemd that it is ready", show("ActiveState") == "active", show("ActiveState") + "/" + show("SubState"))
    check("its status line", show("StatusText").startswith("Ready: "), show("StatusText"))
    process = show("MainPID")
    text = pathlib.Path(f"/proc/{process}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
    check("it has no capability", int(fields["CapBnd"], 16) == 0 and int(fields["CapEff"], 16) == 0, fields["CapBnd"])
    check("its system calls are filtered", fields["Seccomp"].strip() == "2" and fields["NoNewPrivs"].strip() == "1")
    check("it is not root", fields["Uid"].split()[0] != "0", fields["Uid"].split()[0])
    print(f"      resident {fields['VmRSS'].strip()}, {fields['Threads'].strip()} threads", flush=True)

    likeness = int(subprocess.run(["getent", "group", "likeness"], capture_output=True, text=True).stdout.split(":")[2])
    check("a member of the group may connect", can_connect(2001, [likeness]) == 0)
    check("others may not", can_connect(65534, []) == 1)

    if os.path.exists("/opt/likeness/image"):
        image = base64.b64encode(pathlib.Path("/opt/likeness/image").read_bytes()).decode()
        answer = call("io.likeness.Verification.Enroll", {"identity": "trial", "image": image})
        check("a photograph is enrolled under the sandbox", "error" not in answer, json.dumps(answer)[:300])
        answer = call("io.likeness.Verification.Verify", {"identity": "trial", "image": image})
        check("and verified", answer.get("parameters", {}).get("result") == "match", json.dumps(answer)[:300])
        look_at_decoders(process, fields, image)

    look_at_reloads(process)

    ping = show("WatchdogTimestampMonotonic")
    check("the watchdog is told", wait_for(lambda: show("WatchdogTimestampMonotonic") != ping, 10))
    time.sleep(6)
    check("and satisfied", show("NRestarts") == "0" and show("MainPID") == process, "restarts " + show("NRestarts"))

    os.kill(int(process), 19)
    check("a daemon that hangs is killed and started again",
          wait_for(lambda: show("NRestarts") == "1" and show("ActiveState") == "active", 60), "restarts " + show("NRestarts"))
    check("and answers", "parameters" in call("io.likeness.Admin.Status", {}))
    if os.path.exists("/opt/likeness/image"):
        answer = call("io.likeness.Admin.Status", {})
        check("with what was enrolled", answer["parameters"]["samples"] == 1, answer["parameters"]["samples"])

    stopped = time.monotonic()
    systemctl("stop", "likenessd.service")
    check("it stops cleanly", show("Result") == "success" and show("ExecMainStatus") == "0",
          f"result {show('Result')}, status {show('ExecMainStatus')}, {time.monotonic() - stopped:.2f} s")
    check("the socket is left", os.path.exists(SOCKET) and show("ActiveState", "likenessd.socket") == "active")
    check("and starts it again", "parameters" in call("io.likeness.Admin.Status", {}))
    systemctl("stop", "likenessd.socket", "likenessd.service")

    journal = subprocess.run(
        ["journalctl", "--no-pager", "-o", "json", "-t", "likenessd"], capture_output=True, text=True).stdout
    entries = [json.loads(line) for line in journal.splitlines()]
    check("the journal has its messages with their fields",
          any(entry.get("CODE_FUNC") and entry.get("PRIORITY") == "4" for entry in entries), f"{len(entries)} entries")
    for entry in entries:
        print("      journal:", entry.get("PRIORITY"), str(entry.get("MESSAGE"))[:200], flush=True)
    files = {path: oct(os.stat(path).st_mode & 0o777) for path in map(str, pathlib.Path("/var/lib/likeness").glob("gallery*"))}
    check("the gallery is its own", files and all(mode == "0o600" for mode in files.values()), files)


try:
    main()
except BaseException as error:
    check("the trial went to its end", False, repr(error))
    for line in subprocess.run(["journalctl", "--no-pager", "-n", "40"], capture_output=True, text=True).stdout.splitlines():
        print("      " + line)
    print(systemctl("status", "--no-pager", "likenessd.service", "likenessd.socket").stdout)
if not failed:
    pathlib.Path("/verdict/passed").touch()
sys.exit(0)
