# SPDX-License-Identifier: Apache-2.0
"""Reads the tar file OURS with Python's tarfile and writes its files again as THEIRS in a format.

usage: tar_reference.py OURS THEIRS ustar|gnu|pax
"""
import sys
import tarfile

formats = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}
with tarfile.open(sys.argv[1]) as ours, tarfile.open(sys.argv[2], "w", format=formats[sys.argv[3]]) as theirs:
    members = ours.getmembers()
    assert len(members) >= 2 and all(member.isfile() and member.mode == 0o644 for member in members)
    folder = tarfile.TarInfo(members[0].name.split("/")[0])
    folder.type = tarfile.DIRTYPE
    theirs.addfile(folder)
    for member in members:
        # A fraction of a second makes an extended header in the pax format.
        member.mtime = 1_600_000_000.25
        theirs.addfile(member, ours.extractfile(member))
