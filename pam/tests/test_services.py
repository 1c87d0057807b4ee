# SPDX-License-Identifier: Apache-2.0
"""The module among others: which services have it, who is asked for, and that a password goes on being one."""

import os

from .host import (
    FAILURE, IGNORED, PASSWORDS, SUCCESS, UNAVAILABLE, UNKNOWN_USER, USER, Case, FakeDaemon, Host, answering, needs_root, needs_tools, verified)

DECLINES = [verified("no_match"), verified("inconclusive")]


@needs_tools
class ServiceTests(Case):
    def test_it_is_there_for_the_services_that_are_named(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            host.stack("auth required {module} {arguments}", service="other")
            for services, expected in [
                (["likeness-test"], SUCCESS), (["sudo", "likeness-test"], SUCCESS), ([], IGNORED), (["sudo"], IGNORED),
                (["likeness"], IGNORED), (["likeness-test2", "LIKENESS-TEST", ""], IGNORED),
            ]:
                with self.subTest(services):
                    host.configure(services=services)
                    self.expect(host.run(), expected)
            host.configure()
            self.expect(host.run(service="other"), SUCCESS)
            host.configure(services=["likeness-test"])
            outcome = host.run(service="other")
            self.expect(outcome, IGNORED)
            self.assertNotIn("camera", outcome.told)

    def test_somebody_who_is_elsewhere_is_not_let_in_by_who_is_here(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            self.expect(host.run(items=["rhost=192.0.2.1"]), IGNORED)
            for name in ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"]:
                self.expect(host.run(environment={name: "x"}), IGNORED)
            self.assertEqual(daemon.calls, [])
            self.expect(host.run(items=["rhost="]), SUCCESS)

    def test_a_password_remains_possible_whatever_happens(self) -> None:
        def with_password(host: Host, typed: str) -> str:
            passwords = host.write("passwords", f"{USER.pw_name}:secret:likeness-test\n".encode(), 0o600)
            host.stack("auth sufficient {module} {arguments}", f"auth required {PASSWORDS} passdb={passwords}")
            return host.run(typed=typed + "\n").told

        for reply in DECLINES:
            with FakeDaemon(answering(reply)) as daemon, Host(daemon.path) as host:
                self.assertIn(SUCCESS, with_password(host, "secret"))
                self.assertNotIn(SUCCESS, with_password(host, "wrong"))
        with Host("/no/such/socket") as host:
            self.assertIn(SUCCESS, with_password(host, "secret"))
            self.assertNotIn(SUCCESS, with_password(host, "wrong"))
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            host.configure(capture=["/bin/sleep", "60"], timeout_seconds=1)
            self.assertIn(SUCCESS, with_password(host, "secret"))
            host.configure()
            told = with_password(host, "wrong")
            self.assertIn(SUCCESS, told)
            self.assertNotIn("assword", told)

    def test_the_credentials_are_set_where_the_face_was_not_what_let_in(self) -> None:
        with FakeDaemon(answering(verified("no_match"))) as daemon, Host(daemon.path) as host:
            host.stack("auth sufficient {module} {arguments}", "auth required pam_permit.so")
            self.expect(host.run("authenticate", "setcred", "acct_mgmt"), SUCCESS)
            host.stack("auth sufficient {module} {arguments}", "auth required pam_deny.so")
            self.expect(host.run("authenticate", "setcred"), FAILURE)

    def test_who_has_no_account_or_an_odd_name_is_nobody(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            for name in ["no-such-user", "x" * 500, "a\nb", '"', "../x"]:
                self.expect(host.run(user=name), UNKNOWN_USER)
            self.assertEqual(daemon.connections, 0)

    @needs_root
    def test_a_program_without_roots_rights_asks_for_its_own_user_alone(self) -> None:
        with FakeDaemon(answering(verified())) as daemon, Host(daemon.path) as host:
            os.chmod(daemon.folder, 0o755)
            os.chmod(daemon.path, 0o666)
            host.configure(capture_user="%u")
            daemon.is_described = False
            self.expect(host.run(as_user=USER.pw_uid), SUCCESS)
            self.assertEqual(set(daemon.calls[0]["parameters"]), {"identity", "images"})
            # The command would have to run as somebody else.
            self.expect(host.run(as_user=USER.pw_uid, user="nobody"), UNAVAILABLE)
            host.configure(capture_user="nobody")
            self.expect(host.run(as_user=USER.pw_uid), UNAVAILABLE)
            self.assertEqual(len(daemon.calls), 1)
