# SPDX-License-Identifier: Apache-2.0
"""What the module makes of what a daemon sends."""

import base64
import json
import time
from typing import Any, Dict

from .host import (
    FAILURE, SUCCESS, UNAVAILABLE, USER, Case, Conversation, FakeDaemon, Host, IS_ROOT, jpeg, needs_root, needs_tools, png, verified)

VERIFICATION = "io.likeness.Verification."
SERVICE = "org.varlink.service."


def message(parameters: Any, **others: Any) -> bytes:
    return json.dumps({"parameters": parameters, **others}).encode()


@needs_tools
class ReplyTests(Case):
    def test_a_match_authenticates_and_the_call_is_what_the_interface_says(self) -> None:
        frames = [jpeg(b"one"), png(b"two"), jpeg(b"three" * 50)]
        with FakeDaemon(lambda conversation: (conversation.call(), conversation.reply(verified()))[1]) as daemon:
            with Host(daemon.path) as host:
                host.configure(capture=["/bin/cat", host.write("all", b"".join(frames))])
                outcome = host.run("authenticate", "setcred")
        self.expect(outcome, SUCCESS, "Look at the camera.")
        parameters: Dict[str, Any] = {"identity": USER.pw_name, "images": [base64.b64encode(frame).decode() for frame in frames]}
        if IS_ROOT:
            parameters["user"] = USER.pw_uid
        self.assertEqual(daemon.calls, [{"method": VERIFICATION + "VerifyFrames", "parameters": parameters}])
        self.assertEqual(daemon.connections, 1)

    def test_no_other_result_authenticates(self) -> None:
        self.ask(verified("no_match"), expected=FAILURE, told="You were not recognised.")
        self.ask(verified("inconclusive"), expected=UNAVAILABLE, told="not good enough")
        for result in ["Match", "match ", "matc", "", "MATCH", "match\0", "yes", 1, True, None, ["match"], {"match": 1}]:
            with self.subTest(result):
                self.ask(verified(result), expected=UNAVAILABLE)  # type: ignore[arg-type]

    def test_errors_are_told_and_none_authenticates(self) -> None:
        for name, parameters, expected, told in [
            (VERIFICATION + "NoFace", {"message": "x"}, UNAVAILABLE, "saw no face"),
            (VERIFICATION + "SeveralFaces", {"count": 2, "message": "x"}, UNAVAILABLE, "several faces"),
            (VERIFICATION + "NoSuchIdentity", {"identity": "x", "message": "x"}, UNAVAILABLE, ""),
            (VERIFICATION + "TooManyAttempts", {"retry_after": 9, "locked": True, "message": "x"}, FAILURE, "is locked"),
            (VERIFICATION + "TooManyAttempts", {"retry_after": 9, "locked": False, "message": "x"}, FAILURE, "short time"),
            (VERIFICATION + "TooManyAttempts", {"retry_after": 9, "message": "x"}, UNAVAILABLE, ""),
            (VERIFICATION + "Busy", {"message": "x"}, UNAVAILABLE, ""),
            (VERIFICATION + "ImageRejected", {"cause": "corrupt", "message": "x"}, UNAVAILABLE, ""),
            (VERIFICATION + "ModalityMismatch", {"identity": None, "message": "x"}, UNAVAILABLE, ""),
            (SERVICE + "PermissionDenied", {}, UNAVAILABLE, ""),
            (SERVICE + "MethodNotFound", {"method": "VerifyFrames"}, UNAVAILABLE, ""),
            ("com.example.Unknown", {}, UNAVAILABLE, ""),
            ("", {}, UNAVAILABLE, ""),
            # Whatever else an error says.
            (VERIFICATION + "Busy", verified(), UNAVAILABLE, ""),
            ("match", verified(), UNAVAILABLE, ""),
        ]:
            with self.subTest(name=name, parameters=parameters):
                with FakeDaemon(lambda c: (c.call(), c.reply(parameters, error=name))[1]) as daemon, Host(daemon.path) as host:
                    self.expect(host.run(), expected, told)

    @needs_root
    def test_before_somebody_who_is_not_enrolled_the_camera_stays_off(self) -> None:
        def nobody(conversation: Conversation) -> None:
            self.assertEqual(conversation.call()["parameters"], {"identity": USER.pw_name})
            conversation.reply({"identity": USER.pw_name, "message": "x"}, error=VERIFICATION + "NoSuchIdentity")

        with FakeDaemon(nobody) as daemon, Host(daemon.path) as host:
            daemon.is_described = False
            outcome = host.run()
            self.expect(outcome, UNAVAILABLE)
            self.assertNotIn("camera", outcome.told)
            self.assertEqual(len(daemon.calls), 1)

    @needs_root
    def test_what_is_said_of_an_identity_lets_nobody_in(self) -> None:
        for parameters, others in [(verified(), {}), ({}, {"error": SERVICE + "PermissionDenied"}), (verified("no_match"), {})]:
            def twice(conversation: Conversation) -> None:
                conversation.call()
                conversation.reply(parameters, **others)
                conversation.call()
                conversation.reply(verified("no_match"))

            with self.subTest(parameters), FakeDaemon(twice) as daemon, Host(daemon.path) as host:
                daemon.is_described = False
                self.expect(host.run(), FAILURE)
                self.assertEqual(len(daemon.calls), 2)

    def test_whatever_is_no_reply_does_not_authenticate(self) -> None:
        good = message(verified())
        for data in [
            b"\0", b"{}\0", b"[]\0", b"null\0", b"match\0", b'"match"\0', b"true\0", b"{\0", b"}" * 1000 + b"\0",
            good[:-1] + b"\0", good[1:] + b"\0", good + b"x\0", good + good + b"\0", good + b"\0" + good + b"\0", good + b"\0x", good,
            b"", b"\0" + good + b"\0", good.replace(b'"match"', b"match") + b"\0", good.replace(b'"match"', b"'match'") + b"\0",
            good.replace(b'"result"', b'"resul\\u0000t"') + b"\0", good.replace(b'"parameters"', b'"parameter"') + b"\0",
            good.replace(b'"generation": 1', b'"generation": 01') + b"\0", good.replace(b'"generation": 1', b'"generation": 1.') + b"\0",
            good.replace(b'"generation": 1', b'"generation": NaN') + b"\0", good.replace(b'"generation": 1', b'"x": "\xff"') + b"\0",
            good.replace(b'"generation": 1', b'"x": "\xed\xa0\x80"') + b"\0", good.replace(b'"generation": 1', b'"x": "\\ud800"') + b"\0",
            good.replace(b'"generation": 1', b'"x": "\n"') + b"\0", good.replace(b'"generation": 1', b'"x": ' + b"[" * 40 + b"]" * 40) + b"\0",
            good.replace(b'"generation": 1', b'"generation": 1,') + b"\0", good.replace(b'"generation": 1', b'"result": "match"') + b"\0",
            good.replace(b'"generation": 1', b'"result": "no_match"') + b"\0", message(verified(), parameters2={}) + b"\0",
            message(verified(), continues=True) + b"\0", message(verified(), error=None) + b"\0", message([verified()]) + b"\0",
            message(verified(identity="root")) + b"\0", message(verified(identity=USER.pw_name + "\0")) + b"\0",
            message(verified(modality="signature")) + b"\0", message(verified(modality=None)) + b"\0",
            message({name: value for name, value in verified().items() if name != "modality"}) + b"\0",
            message(verified(identity=USER.pw_name.upper())) + b"\0", message(verified(identity=None)) + b"\0",
            message({"result": "match"}) + b"\0", message({"identity": USER.pw_name}) + b"\0", message(None) + b"\0",
            b'{"parameters": {}, ' + good[1:] + b"\0", good[:-1] + b', "error": ""}\0', b"\xef\xbb\xbf" + good + b"\0",
        ]:
            with self.subTest(data[-120:]):
                with FakeDaemon(lambda c: (c.call(), c.send(data))[1]) as daemon, Host(daemon.path) as host:
                    self.expect(host.run(), UNAVAILABLE)

    def test_a_reply_may_be_written_in_any_way_that_is_json(self) -> None:
        written = json.dumps(verified(), indent=2, sort_keys=True)
        escaped = "".join(f"\\u{ord(character):04x}" for character in "match")
        for text in [
            written, written.replace('"match"', f'"{escaped}"'), written.replace("\n", "\r\n\t"),
            written.replace('"generation": 1', '"later": {"a": [1e-5, -0.0, null, true, "\\"\\/\\ud83d\\ude00ä"]}'),
        ]:
            with self.subTest(text):
                data = b' {"continues": false, "parameters" :' + text.encode() + b"} \0"
                with FakeDaemon(lambda c: (c.call(), c.send(data))[1]) as daemon, Host(daemon.path) as host:
                    self.expect(host.run(), SUCCESS)

    def test_a_reply_that_is_too_long_is_given_up(self) -> None:
        def endless(conversation: Conversation) -> None:
            conversation.call()
            for _ in range(1000):
                conversation.send(b" " * 65536)

        with FakeDaemon(endless) as daemon, Host(daemon.path) as host:
            outcome = host.run()
            self.expect(outcome, UNAVAILABLE)
            self.assertLess(outcome.seconds, 2)
        self.ask(verified(message="x" * 70_000), expected=UNAVAILABLE)

    def test_a_daemon_that_is_slow_or_silent_costs_no_more_than_the_time_allowed(self) -> None:
        def dripping(conversation: Conversation) -> None:
            conversation.call()
            for byte in message(verified(message="x" * 500)) + b"\0":
                conversation.send(bytes([byte]))
                time.sleep(0.05)

        def silent(conversation: Conversation) -> None:
            conversation.call()
            conversation.is_closed_by_client()

        def deaf(conversation: Conversation) -> None:
            time.sleep(1.5)

        for script in [dripping, silent, deaf]:
            with self.subTest(script.__name__), FakeDaemon(script) as daemon, Host(daemon.path, timeout_seconds=1) as host:
                if script is deaf:
                    host.configure(timeout_seconds=1, capture=["/bin/cat", host.write("large", jpeg(b"x" * 60_000) * 5)], frames=5)
                outcome = host.run()
                self.expect(outcome, UNAVAILABLE)
                self.assertGreater(outcome.seconds, 0.9)
                self.assertLess(outcome.seconds, 2)

    def test_a_reply_that_comes_in_pieces_is_one(self) -> None:
        def pieces(conversation: Conversation) -> None:
            conversation.call()
            for byte in message(verified()) + b"\0":
                conversation.send(bytes([byte]))

        with FakeDaemon(pieces) as daemon, Host(daemon.path) as host:
            self.expect(host.run(), SUCCESS)

    def test_a_daemon_that_refuses_in_the_middle_of_a_call_is_heard(self) -> None:
        def refusing(conversation: Conversation) -> None:
            conversation.reply({"parameter": "images"}, error=SERVICE + "InvalidParameter")

        with FakeDaemon(refusing) as daemon, Host(daemon.path) as host:
            host.configure(capture=["/bin/cat", host.write("large", jpeg(b"x" * 60_000) * 5)], frames=5)
            outcome = host.run()
            self.expect(outcome, UNAVAILABLE)
            self.assertLess(outcome.seconds, 2)

    def test_nobody_is_told_anything_where_the_program_wants_silence(self) -> None:
        with FakeDaemon(lambda c: (c.call(), c.reply(verified("no_match")))[1]) as daemon, Host(daemon.path) as host:
            outcome = host.run("authenticate(PAM_SILENT)")
            self.expect(outcome, FAILURE)
            self.assertNotIn("Look", outcome.told)
            self.assertNotIn("recognised", outcome.told)
