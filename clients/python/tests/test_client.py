# SPDX-License-Identifier: Apache-2.0
"""The client, against a daemon that answers as each test says."""

import copy
import json
import os
import pickle
import random
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any

import likeness
from likeness import BadReply, CallTimeout, Client, ConnectionClosed, VarlinkError

from .fake import IDENTITY, Conversation, FakeDaemon, answering, sending

VERIFIED = {
    "identity": "alice", "result": "match", "operating_point": 0.001, "model": "ab", "generation": 1, "message": "match",
    "measurements": [{"quantity": "sharpness", "value": 3, "maximum": 9.5}], "unacceptable": [],
}


class CallTests(unittest.TestCase):
    def test_a_call_is_one_message_with_its_parameters_and_without_those_that_are_none(self) -> None:
        with FakeDaemon(answering(VERIFIED)) as daemon, Client(daemon.path) as client:
            reply = client.verify(identity="älice\0", image=b"\xff\x00\xfe", operating_point=1, largest=False)
        self.assertEqual(daemon.calls, [{
            "method": "io.likeness.Verification.Verify",
            "parameters": {"identity": "älice\0", "image": "/wD+", "operating_point": 1.0, "largest": False},
        }])
        self.assertIs(reply.result, likeness.Result.match)
        self.assertIsNone(reply.distance)
        self.assertEqual(
            reply.measurements, [likeness.Measurement(quantity="sharpness", value=3.0, minimum=None, maximum=9.5)])

    def test_a_picture_is_bytes_or_the_path_of_a_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder, FakeDaemon(answering(VERIFIED)) as daemon:
            path = Path(folder) / "a"
            path.write_bytes(b"abc")
            client = Client(daemon.path, maximum_message_bytes=400)
            for image in (b"abc", bytearray(b"abc"), memoryview(b"abc"), path, str(path)):
                client.verify(identity="a", image=image)
            self.assertEqual({call["parameters"]["image"] for call in daemon.calls}, {"YWJj"})
            with self.assertRaises(FileNotFoundError):
                client.verify(identity="a", image=folder + "/b")
            path.write_bytes(b"a" * 301)
            with self.assertRaisesRegex(OSError, "more bytes than fit into a call, 300"):
                client.verify(identity="a", image=path)
            with self.assertRaises(IsADirectoryError):
                client.verify(identity="a", image=folder)
            self.assertEqual(daemon.connections, 5)

    def test_a_path_of_no_regular_file_is_refused_and_not_waited_for(self) -> None:
        with tempfile.TemporaryDirectory() as folder, FakeDaemon(answering(VERIFIED)) as daemon:
            fifo = Path(folder) / "fifo"
            os.mkfifo(fifo)
            link = Path(folder) / "link"
            link.symlink_to(fifo)
            client = Client(daemon.path, timeout=30)
            begun = time.monotonic()
            for path in (fifo, link, "/dev/zero", "/dev/null"):
                with self.subTest(path), self.assertRaisesRegex(OSError, "image has to be a regular file"):
                    client.verify(identity="a", image=path)
            self.assertLess(time.monotonic() - begun, 5)
            self.assertEqual(daemon.connections, 0)

    def test_what_is_no_argument_is_refused_before_anything_is_sent(self) -> None:
        with FakeDaemon(answering({})) as daemon:
            client: Any = Client(daemon.path)
            for error, words, call in (
                (TypeError, "identity has to be a str, not bytes", lambda: client.verify(identity=b"a", image=b"")),
                (TypeError, "image has to be bytes or the path", lambda: client.verify(identity="a", image=3)),
                (TypeError, "missing", lambda: client.verify(identity="a")),
                (TypeError, "positional", lambda: client.verify("a", b"")),
                (TypeError, "limit has to be an int", lambda: client.identify(image=b"", limit=True)),
                (TypeError, "limit has to be an int", lambda: client.identify(image=b"", limit=1.0)),
                (ValueError, "64 bits", lambda: client.identify(image=b"", limit=1 << 63)),
                (ValueError, "finite", lambda: client.identify(image=b"", operating_point=float("nan"))),
                (ValueError, "larger than any float, and has to be finite",
                 lambda: client.identify(image=b"", operating_point=10**400)),
                (ValueError, "finite", lambda: client.identify(image=b"", operating_point=-(10**5000))),
                (TypeError, "largest has to be a bool", lambda: client.identify(image=b"", largest=1)),
                (ValueError, "surrogate", lambda: client.describe(identity="\ud800")),
                (TypeError, "identity has to be a ExportedIdentity", lambda: client.import_identity(identity={})),
            ):
                with self.subTest(words), self.assertRaisesRegex(error, words):
                    call()
            self.assertEqual(daemon.connections, 0)

    def test_a_structure_is_sent_as_it_was_received(self) -> None:
        exported = {
            "name": "a", "modality": "signature", "enrolled": 1, "updated": 2, "samples": [{
                "number": 1, "enrolled": 1, "image": "YWJj", "kind": "crop", "width": 2, "height": 3, "original": "ab",
                "measurements": [], "embeddings": [{"model": "ab", "values": "AAAAAA=="}]}]}
        with FakeDaemon(answering({"identity": exported, "done": 1, "total": 1, "damage": []})) as daemon:
            (reply,) = Client(daemon.path).export_gallery()
        assert reply.identity is not None
        self.assertEqual(reply.identity.samples[0].image, b"abc")
        self.assertEqual(reply.identity.samples[0].embeddings[0].values, b"\0\0\0\0")
        with FakeDaemon(answering({"result": "imported", "reembedded": 0})) as daemon:
            Client(daemon.path).import_identity(identity=reply.identity, replace=True)
            self.assertEqual(daemon.calls[0]["parameters"], {"identity": exported, "replace": True})

    def test_a_method_that_this_package_does_not_know_can_be_called(self) -> None:
        with FakeDaemon(answering({"a": [1, None]}, {"b": 1})) as daemon:
            client = Client(daemon.path)
            with self.assertRaisesRegex(BadReply, "several replies"):
                client.call("org.example.Later")
            self.assertEqual(list(client.stream("org.example.Later", {"x": {}})), [{"a": [1, None]}, {"b": 1}])
            self.assertEqual(daemon.calls[-1], {"method": "org.example.Later", "parameters": {"x": {}}, "more": True})


class ReplyTests(unittest.TestCase):
    def test_a_reply_may_come_in_pieces_with_fields_that_are_not_known(self) -> None:
        text = json.dumps(
            {"parameters": {"identities": [{**IDENTITY, "later": {"x": [1]}}], "later": 1}, "later": None},
            ensure_ascii=False).encode() + b"\0"

        def script(conversation: Conversation) -> None:
            conversation.call()
            for at in range(len(text)):
                conversation.send(text[at : at + 1])

        with FakeDaemon(script) as daemon:
            self.assertEqual(Client(daemon.path).list().identities[0].name, "älice")

    def test_several_replies_may_come_in_one_piece(self) -> None:
        one = b'{"parameters":{"identities":[]},"continues":true}\0'
        with FakeDaemon(sending(one * 3 + b'{"parameters":{"identities":[]}}\0 what follows is nothing to us')) as daemon:
            self.assertEqual(len(list(Client(daemon.path).list_more())), 4)

    def test_a_large_reply_is_read_and_one_that_is_too_large_refused(self) -> None:
        identities = [{**IDENTITY, "name": f"person {number}"} for number in range(20_000)]
        with FakeDaemon(answering({"identities": identities})) as daemon:
            self.assertEqual(Client(daemon.path).list().identities[-1].name, "person 19999")
            with self.assertRaisesRegex(BadReply, "longer than 100000 bytes"):
                Client(daemon.path, maximum_message_bytes=100_000).list()

        def endless(conversation: Conversation) -> None:
            conversation.call()
            while True:
                conversation.send(b" " * 65536)

        with FakeDaemon(endless) as daemon, self.assertRaisesRegex(BadReply, "longer than"):
            Client(daemon.path, maximum_message_bytes=1 << 20).list()

    def test_the_longest_call_and_reply_have_the_length_that_is_allowed(self) -> None:
        text = b'{"parameters":{"identities":[]},"and_what_makes_it_longer":true}'
        with FakeDaemon(sending(text + b"\0")) as daemon:
            Client(daemon.path, maximum_message_bytes=len(text)).list()
            with self.assertRaisesRegex(BadReply, "longer"):
                Client(daemon.path, maximum_message_bytes=len(text) - 1).list()
        with FakeDaemon(sending(b'{"parameters":{"identities":[]}}\0')) as daemon:
            call = b'{"method":"io.likeness.Verification.List","parameters":{}}'
            Client(daemon.path, maximum_message_bytes=len(call)).list()
            with self.assertRaisesRegex(ValueError, "the call has"):
                Client(daemon.path, maximum_message_bytes=len(call) - 1).list()

    def test_what_is_no_reply_is_named(self) -> None:
        def parameters(value: Any) -> bytes:
            return json.dumps({"parameters": value}).encode()

        for text, words in (
            (b"", "no JSON"), (b"{", "no JSON"), (b"\xff", "no JSON"), (b"[]", "no object"), (b'"a"', "no object"),
            (b"{} {}", "no JSON"), (b'{"parameters":NaN}', "no JSON"), (b"[" * 100_000, "no JSON"),
            (b'{"a":' * 100_000, "no JSON"),
            (b'{"parameters":[]}', "parameters are no object"), (b'{"error":3}', "error is no text"),
            (b'{"continues":1}', "continues"), (b"{}", "identities is missing"),
            (b'{"parameters":{"identities":[]},"continues":true}', "several replies"),
            (b'{"parameters":' + b"[" * 900 + b"]" * 900 + b"}", "no JSON|nested more than 64 deep"),
            (b'{"parameters":{"identities":[]},"later":' + b'{"a":[' * 32 + b"]}" * 32 + b"}", "nested more than 64 deep"),
            (parameters({"identities": None}), "identities is missing"),
            (parameters({"identities": {}}), "has to be a list"),
            (parameters({"identities": [1]}), r"identities\[0\] is 1, and has to be an object"),
            (parameters({"identities": [IDENTITY, {**IDENTITY, "name": 3}]}), r"identities\[1\]\.name is 3"),
            (parameters({"identities": [{**IDENTITY, "samples": 1.5}]}), "whole number"),
            (parameters({"identities": [{**IDENTITY, "samples": True}]}), "whole number"),
            (parameters({"identities": [{**IDENTITY, "samples": 1 << 63}]}), "whole number"),
            (b'{"parameters":{"identities":[{"samples":' + b"9" * 100_000 + b"}]}}", "name is missing"),
            (parameters({"identities": [{**IDENTITY, "name": "\ud800"}]}), "a text"),
            (parameters({"identities": [{**IDENTITY, "modality": "gait"}]}), "'gait', and has to be one of face, signature"),
        ):
            with self.subTest(text[:60]), FakeDaemon(sending(text + b"\0")) as daemon:
                with self.assertRaisesRegex(BadReply, words):
                    Client(daemon.path).list()

    def test_a_damaged_reply_is_read_or_refused(self) -> None:
        generator = random.Random(7)
        text = json.dumps({"parameters": {**VERIFIED, "distance": 0.5}}).encode()
        pieces = (b"", b"\xff", b'"', b"{", b"]", b"9", b"-", b"e", b"null", b"NaN", b"\\ud800", b"1e999", b":", b",")
        outcomes = []

        def script(conversation: Conversation) -> None:
            conversation.call()
            damaged = bytearray(text)
            for _ in range(generator.randint(1, 3)):
                at = generator.randrange(len(damaged))
                damaged[at : at + generator.choice((0, 1, 1, 8))] = generator.choice(pieces)
            conversation.send(damaged + (b"\0" if generator.random() < 0.9 else b""))

        with FakeDaemon(script) as daemon:
            client = Client(daemon.path, timeout=10)
            for _ in range(400):
                try:
                    outcomes.append(client.verify(identity="a", image=b"").result)
                except (BadReply, ConnectionClosed, VarlinkError) as error:
                    outcomes.append(type(error))
        self.assertLessEqual(set(outcomes), {likeness.Result.match, BadReply, ConnectionClosed})
        self.assertTrue(all(outcomes.count(outcome) > 10 for outcome in set(outcomes)))

    def test_whole_numbers_may_be_written_as_others(self) -> None:
        with FakeDaemon(sending(json.dumps({"parameters": {"identities": [IDENTITY]}}).replace(
                '"enrolled": 1', '"enrolled": 1.7e9').encode() + b"\0")) as daemon:
            self.assertEqual(Client(daemon.path).list().identities[0].enrolled, 1_700_000_000)

    def test_bytes_have_to_be_base64(self) -> None:
        for chunk in ("a", "YW Jj", "YWJj\n", "ÿÿÿÿ"):
            with self.subTest(chunk), FakeDaemon(answering({"chunk": chunk, "offset": 0, "total": 1})) as daemon:
                with self.assertRaisesRegex(BadReply, "has to be base64"):
                    list(Client(daemon.path).backup())


class ErrorTests(unittest.TestCase):
    def error(self, name: str, parameters: Any = None) -> VarlinkError:
        def script(conversation: Conversation) -> None:
            conversation.call()
            conversation.reply(parameters, error=name)

        with FakeDaemon(script) as daemon, self.assertRaises(VarlinkError) as caught:
            Client(daemon.path).list()
        return caught.exception

    def test_an_error_of_the_interface_is_its_class_with_its_parameters(self) -> None:
        error = self.error(
            "io.likeness.Verification.TooManyAttempts",
            {"retry_after": 9, "locked": False, "message": "Wait.", "later": 1})
        assert isinstance(error, likeness.TooManyAttempts)
        self.assertEqual((error.retry_after, error.locked, error.message, str(error)), (9, False, "Wait.", "Wait."))
        self.assertEqual(error.parameters["later"], 1)
        low = self.error("io.likeness.Verification.LowQuality", {
            "message": "m", "unacceptable": [{"quantity": "ink", "value": 0.5}]})
        assert isinstance(low, likeness.LowQuality)
        self.assertEqual(low.unacceptable[0].value, 0.5)

    def test_the_errors_of_varlink_say_what_they_are_about(self) -> None:
        error = self.error("org.varlink.service.InvalidParameter", {"parameter": "limit"})
        assert isinstance(error, likeness.InvalidParameter)
        self.assertEqual(error.parameter, "limit")
        self.assertEqual(str(error), "org.varlink.service.InvalidParameter (parameter: limit)")
        self.assertIsInstance(self.error("org.varlink.service.PermissionDenied"), likeness.PermissionDenied)
        self.assertIsInstance(self.error("org.varlink.service.ExpectedMore", {}), likeness.ExpectedMore)

    def test_an_error_that_is_not_known_is_one_all_the_same(self) -> None:
        error = self.error("org.example.Later", {"message": "What it was.", "code": 3})
        self.assertIs(type(error), VarlinkError)
        self.assertEqual((error.name, error.message, error.parameters["code"]), ("org.example.Later", "What it was.", 3))
        self.assertEqual(str(self.error("org.example.Later", {"message": 3})), "org.example.Later (message: 3)")

    def test_half_a_character_in_an_error_can_be_printed(self) -> None:
        for name, parameters, message in (
            ("org.example.Later", {"message": "a\ud800b"}, r"a\ud800b"),
            ("org.example.Later", {"code": "\udcff"}, r"org.example.Later (code: \udcff)"),
            ("org.example.L\udfff", {}, r"org.example.L\udfff"),
            ("org.varlink.service.PermissionDenied", {"message": "ä\udead"}, r"ä\udead"),
        ):
            with self.subTest(message):
                error = self.error(name, parameters)
                self.assertEqual((error.message, str(error)), (message, message))
                (error.name + str(error)).encode("utf-8")
                self.assertEqual(str(pickle.loads(pickle.dumps(error))), message)
        # Where an error has the text as one of its parameters.
        with self.assertRaises(BadReply) as caught:
            self.error("io.likeness.Verification.NoFace", {"message": "\ud800"})
        str(caught.exception).encode("utf-8")

    def test_an_error_is_as_deep_as_can_go_from_one_process_to_another(self) -> None:
        def nested(levels: int) -> Any:
            return {} if levels == 1 else {"a": nested(levels - 1)}

        # The reply is the first level.
        error = self.error("org.example.Later", nested(63))
        self.assertEqual(pickle.loads(pickle.dumps(error)).parameters, error.parameters)
        self.assertEqual(copy.deepcopy(error).parameters, error.parameters)
        for levels in (64, 400):
            with self.assertRaisesRegex(BadReply, "nested more than 64 deep"), FakeDaemon(
                    lambda conversation: (conversation.call(), conversation.reply(  # type: ignore[func-returns-value]
                        nested(levels), error="org.example.Later"))[1]) as daemon:
                Client(daemon.path).list()

    def test_a_call_that_is_too_deep_is_refused_before_anything_is_sent(self) -> None:
        deep: Any = []
        for _ in range(100_000):
            deep = [deep]
        with FakeDaemon(lambda conversation: None) as daemon:
            with self.assertRaisesRegex(ValueError, "nested too deep"):
                Client(daemon.path).call("org.example.Later", {"x": deep})
            self.assertEqual(daemon.calls, [])
        while deep:
            deep = deep.pop()

    def test_an_error_without_its_parameters_is_no_reply(self) -> None:
        def script(conversation: Conversation) -> None:
            conversation.call()
            conversation.reply({"message": "m"}, error="io.likeness.Verification.NoSuchIdentity")

        with FakeDaemon(script) as daemon, self.assertRaisesRegex(BadReply, "NoSuchIdentity.identity is missing"):
            Client(daemon.path).list()

    def test_errors_go_from_one_process_to_another(self) -> None:
        error = likeness.SeveralFaces({"count": 2, "message": "m"})
        again = pickle.loads(pickle.dumps(error))
        self.assertIs(type(again), likeness.SeveralFaces)
        self.assertEqual((again.count, again.message, again.name), (2, "m", error.name))
        for other in (VarlinkError({"a": 1}, name="b.c"), BadReply("x"), CallTimeout("y")):
            self.assertEqual(str(pickle.loads(pickle.dumps(other))), str(other))


if __name__ == "__main__":
    unittest.main()
