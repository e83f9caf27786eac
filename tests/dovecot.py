"""A real Dovecot on free ports of loopback, its mail in a temporary folder."""

from __future__ import annotations

import copy
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

USER, PASSWORD = "tousu", "secret"
PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
WHY_NOT = "NOT TESTED AGAINST A REAL IMAP SERVER: install dovecot-imapd and dovecot-lmtpd, and run as root"

CONFIG = """
protocols = imap lmtp
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = tousu-{imap_port}
listen = 127.0.0.1
log_path = {folder}/dovecot.log
default_internal_user = dovecot
default_login_user = dovenull
{tls}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%n allow_all_users=yes
}}
mail_location = maildir:~/Maildir
first_valid_uid = 1
mail_max_userip_connections = 100
imap_idle_notify_interval = 2 mins
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = {with_tls}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
protocol lmtp {{
  postmaster_address = postmaster@test.invalid
}}
"""


def is_there() -> bool:
    return PROGRAM is not None and os.geteuid() == 0


class Dovecot:
    """Starts on entry, ends on exit; every user name is known, the password is ``secret``."""

    def __init__(self, folder: Path, *, certificate: Path | None = None, key: Path | None = None) -> None:
        self.folder = folder
        self.imap_port, self.lmtp_port, self.imaps_port = free_ports(3)
        self.user = USER
        self._certificate, self._key = certificate, key
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Dovecot:
        self._write()
        self._process = subprocess.Popen([PROGRAM or "", "-F", "-c", str(self.folder / "dovecot.conf")])
        self._await_ports()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=10)

    def for_user(self, user: str) -> Dovecot:
        """The same server, seen by another user: mailboxes of their own cost nothing, a start takes a second."""
        seen = copy.copy(self)
        seen.user = user
        return seen

    @property
    def imap_url(self) -> str:
        return f"imap://{self.user}:{PASSWORD}@127.0.0.1:{self.imap_port}/INBOX"

    def deliver(self, *mails: bytes, sender: str = "wang@example.cn") -> None:
        """By LMTP, as the MX would; connections that IDLE are told."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as line:
            for mail in mails:
                line.sendmail(sender, [f"{self.user}@insurer.example"], mail)

    def drop(self, mails: Sequence[bytes]) -> None:
        """Many at once, straight into the maildir; Dovecot finds them at the next look."""
        new = self._made("mail", self.user, "Maildir", "new")
        for number, mail in enumerate(mails):
            path = new / f"{1_700_000_000 + number}.M{number}P1.host"
            path.write_bytes(mail)
            self._give(path)

    def count(self, folder: str = "") -> int:
        """How many mails lie in INBOX (``""``) or a folder of that name."""
        home = self.folder / "mail" / self.user / "Maildir"
        place = home / f".{folder}" if folder else home
        return sum(len(list((place / part).glob("*"))) for part in ("new", "cur") if (place / part).is_dir())

    def count_anew(self) -> None:
        """A new UIDVALIDITY with the same UIDs, as after a botched restore: the worst case."""
        config = str(self.folder / "dovecot.conf")
        update = ["mailbox", "update", "-u", self.user, "--uid-validity", "1900000000", "INBOX"]
        subprocess.run(["doveadm", "-c", config, *update], check=True)

    def _write(self) -> None:
        for name in ("run", "state"):
            (self.folder / name).mkdir(parents=True)
        self._made("mail")
        with_tls = self._certificate is not None
        tls = f"ssl = yes\nssl_cert = <{self._certificate}\nssl_key = <{self._key}" if with_tls else "ssl = no"
        text = CONFIG.format(
            folder=self.folder,
            imap_port=self.imap_port,
            imaps_port=self.imaps_port if with_tls else 0,
            with_tls="yes" if with_tls else "no",
            lmtp_port=self.lmtp_port,
            password=PASSWORD,
            tls=tls,
        )
        (self.folder / "dovecot.conf").write_text(text)

    def _made(self, *parts: str) -> Path:
        path = self.folder
        for part in parts:
            path = path / part
            path.mkdir(exist_ok=True)
            self._give(path)
        return path

    def _give(self, path: Path) -> None:
        mail = pwd.getpwnam("mail")
        os.chown(path, mail.pw_uid, mail.pw_gid)

    def _await_ports(self) -> None:
        # Another program's start cannot be awaited otherwise than by knocking.
        for port in (self.imap_port, self.lmtp_port):
            for _ in range(200):
                with closing(socket.socket()) as knock:
                    if knock.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.025)
            else:
                raise RuntimeError((self.folder / "dovecot.log").read_text())


def free_ports(count: int) -> list[int]:
    lines = [socket.socket() for _ in range(count)]
    for line in lines:
        line.bind(("127.0.0.1", 0))
    ports = [int(line.getsockname()[1]) for line in lines]
    for line in lines:
        line.close()
    return ports


@contextmanager
def running(**certificate: Path) -> Iterator[Dovecot]:
    if not is_there():
        pytest.skip(WHY_NOT)
    # Not pytest's own folder, which the user "mail" may not enter.
    with tempfile.TemporaryDirectory(prefix="tousu-dovecot-") as folder:
        Path(folder).chmod(0o755)
        with Dovecot(Path(folder), **certificate) as server:
            yield server
