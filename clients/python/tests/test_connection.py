# SPDX-License-Identifier: Apache-2.0
"""The client's connections, against a daemon that answers as each test says."""

import gc
import os
import socket
import tempfile
import threading
import time
import unittest
import warnings
from pathlib import Path

import likeness
from likeness import BadReply, CallTimeout, Client, ConnectionClosed, DaemonUnavailable

from .fake import IDENTITY, Conversation, FakeDaemon, answering, sending


class ConnectionTests(unittest.TestCase):
    def test_a_daemon_that_is_away_is_said_with_its_path(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "socket")
            with self.assertRaisesRegex(DaemonUnavailable, f"{path}: there is no such socket; is likenessd running"):
                Client(path).list()
            with socket.socket(socket.AF_UNIX) as bound:
                bound.bind(path)
            with self.assertRaisesRegex(DaemonUnavailable, "nobody listens"):
                Client(path).list()

    def test_a_connection_that_ends_before_the_reply_is_no_answer(self) -> None:
        for script, words in (
            (lambda conversation: conversation.call(), "before it answered"),
            (sending(b'{"parameters":'), "in the middle of its reply, after 14 bytes"),
        ):
            with FakeDaemon(script) as daemon:  # type: ignore[arg-type]
                with self.subTest(words), self.assertRaisesRegex(ConnectionClosed, words):
                    Client(daemon.path).list()
                with self.assertRaises(ConnectionClosed):
                    list(Client(daemon.path).list_more())

    def test_a_stream_that_breaks_off_gives_what_came(self) -> None:
        with FakeDaemon(sending(b'{"parameters":{"identities":[]},"continues":true}\0{')) as daemon:
            replies = Client(daemon.path).list_more()
            self.assertEqual(next(replies).identities, [])
            with self.assertRaises(ConnectionClosed):
                next(replies)
            with self.assertRaises(StopIteration):
                next(replies)

    def test_a_daemon_that_refuses_a_call_before_it_has_all_of_it_is_heard(self) -> None:
        def script(conversation: Conversation) -> None:
            conversation.reply({"parameter": "message"}, error="org.varlink.service.InvalidParameter")

        with FakeDaemon(script) as daemon, self.assertRaises(likeness.InvalidParameter):
            Client(daemon.path).verify(identity="a", image=bytes(8 << 20))
        with FakeDaemon(lambda conversation: None) as daemon, self.assertRaisesRegex(ConnectionClosed, "taken the call"):
            Client(daemon.path).verify(identity="a", image=bytes(8 << 20))

    def test_a_daemon_that_does_not_answer_costs_the_time_that_is_allowed(self) -> None:
        def silent(conversation: Conversation) -> None:
            conversation.call()
            conversation.send(b"{")
            self.assertTrue(conversation.is_closed_by_client())

        with FakeDaemon(silent) as daemon:
            begun = time.monotonic()
            with self.assertRaisesRegex(CallTimeout, "within 0.3 seconds") as caught:
                Client(daemon.path, timeout=0.3).list()
            self.assertTrue(0.3 <= time.monotonic() - begun < 5)
            self.assertIsInstance(caught.exception, TimeoutError)

    def test_a_daemon_that_does_not_take_the_call_costs_no_more(self) -> None:
        done = threading.Event()
        with FakeDaemon(lambda conversation: self.assertTrue(done.wait(10))) as daemon:
            with self.assertRaises(CallTimeout):
                Client(daemon.path, timeout=0.3).verify(identity="a", image=bytes(8 << 20))
            done.set()

    def test_a_daemon_whose_queue_is_full_is_waited_for(self) -> None:
        with FakeDaemon(answering({"identities": []}), backlog=0) as daemon:
            with socket.socket(socket.AF_UNIX) as first:
                first.connect(daemon.path)
                with self.assertRaises(CallTimeout):
                    Client(daemon.path, timeout=0.2).list()
                threading.Timer(0.2, daemon.accept).start()
                self.assertEqual(Client(daemon.path).list().identities, [])

    def test_the_time_of_a_stream_is_that_of_each_reply(self) -> None:
        def slow(conversation: Conversation) -> None:
            conversation.call()
            for _ in range(4):
                time.sleep(0.4)
                conversation.reply({"identities": []}, continues=True)
            conversation.is_closed_by_client()

        with FakeDaemon(slow) as daemon:
            replies = Client(daemon.path).with_timeout(1.2).list_more()
            for _ in range(4):
                # What the caller does meanwhile does not count.
                time.sleep(0.1)
                next(replies)
            with self.assertRaises(CallTimeout):
                next(replies)

    def test_a_stream_that_is_closed_dropped_or_left_closes_its_connection(self) -> None:
        ended = threading.Semaphore(0)

        def endless(conversation: Conversation) -> None:
            conversation.call()
            conversation.reply({"identities": []}, continues=True)
            if conversation.is_closed_by_client():
                ended.release()

        with FakeDaemon(endless) as daemon, warnings.catch_warnings():
            warnings.simplefilter("error")
            client = Client(daemon.path)
            replies = client.list_more()
            next(replies)
            replies.close()
            replies.close()
            with self.assertRaises(StopIteration):
                next(replies)
            self.assertTrue(ended.acquire(timeout=10))
            with client.list_more() as replies:
                next(replies)
            self.assertTrue(ended.acquire(timeout=10))
            for _ in client.list_more():
                break
            gc.collect()
            self.assertTrue(ended.acquire(timeout=10))
            self.assertEqual(len(client._running._calls), 0)

    def test_a_stream_keeps_no_other_call_waiting(self) -> None:
        def script(conversation: Conversation) -> None:
            if conversation.call().get("more"):
                conversation.reply({"identities": []}, continues=True)
                conversation.is_closed_by_client()
            else:
                conversation.reply({"identities": [IDENTITY]})

        with FakeDaemon(script) as daemon, Client(daemon.path) as client, client.list_more() as replies:
            next(replies)
            self.assertEqual(len(client.list().identities), 1)

    def test_a_client_is_used_by_several_threads_at_once(self) -> None:
        meeting = threading.Barrier(8, timeout=10)

        def script(conversation: Conversation) -> None:
            name = conversation.call()["parameters"]["identity"]
            meeting.wait()
            conversation.reply({"identity": {**IDENTITY, "name": name}, "samples": [], "model": "ab"})

        found = {}
        with FakeDaemon(script) as daemon, Client(daemon.path) as client:
            def ask(name: str) -> None:
                found[name] = client.describe(identity=name).identity.name

            threads = [threading.Thread(target=ask, args=(f"n{number}",)) for number in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(10)
        self.assertEqual(found, {f"n{number}": f"n{number}" for number in range(8)})

    def test_closing_a_client_gives_up_what_is_under_way(self) -> None:
        reached = threading.Event()

        def silent(conversation: Conversation) -> None:
            conversation.call()
            reached.set()
            conversation.is_closed_by_client()

        failures = []
        with FakeDaemon(silent) as daemon:
            client = Client(daemon.path)

            def ask() -> None:
                try:
                    client.list()
                except likeness.LikenessError as error:
                    failures.append(error)

            thread = threading.Thread(target=ask)
            thread.start()
            self.assertTrue(reached.wait(10))
            with client:
                pass
            thread.join(10)
            self.assertIsInstance(failures[0], ConnectionClosed)
            for use in (client.list, client.list_more, client.with_timeout(1).list):
                with self.assertRaisesRegex(ConnectionClosed, "the client is closed"):
                    use()
            self.assertEqual(daemon.connections, 1)

    def test_no_descriptor_is_left_open(self) -> None:
        def count() -> int:
            return len(os.listdir("/proc/self/fd"))

        with FakeDaemon(answering({"identities": []})) as daemon:
            client, before = Client(daemon.path), count()
            for _ in range(20):
                client.list()
                list(client.list_more())
                with self.assertRaises(BadReply):
                    client.status()
                with self.assertRaises(DaemonUnavailable):
                    Client(daemon.path + "x").list()
            daemon.wait()
            self.assertEqual(count(), before)

    def test_what_a_client_is_made_of_is_checked(self) -> None:
        for arguments in ({"timeout": 0}, {"timeout": -1}, {"timeout": 10**400}, {"timeout": -(10**400)}, {"timeout": float("nan")}, {"timeout": float("inf")},
                          {"maximum_message_bytes": 0}, {"daemon_user": "nobody-of-this-name"}):
            with self.subTest(arguments), self.assertRaises(ValueError):
                Client("/nowhere", **arguments)  # type: ignore[arg-type]
        self.assertIsNone(Client("/nowhere", timeout=None).timeout)
        self.assertEqual(Client(Path("/nowhere")).with_timeout(7).timeout, 7)


if __name__ == "__main__":
    unittest.main()
