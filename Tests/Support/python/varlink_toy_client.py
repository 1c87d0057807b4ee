# SPDX-License-Identifier: Apache-2.0
"""Introspects and calls the toy interface of VarlinkTests with the Varlink project's own Python client.

usage: varlink_toy_client.py SOCKET
"""
import sys

import varlink

with varlink.Client("unix:" + sys.argv[1]) as client:
    client.get_interfaces()
    assert set(client.info["interfaces"]) == {"org.varlink.service", "org.example.toy"}, client.info
    assert client.info["product"] == "Toy"
    assert "method Echo(word: string) -> (word: string)" in client.get_interface("org.example.toy").get_description()
    with client.open("org.example.toy") as toy:
        assert toy.Echo("häuser")["word"] == "häuser"
        assert [reply["number"] for reply in toy.Count(5, _more=True)] == [1, 2, 3, 4, 5]
        try:
            toy.Fail([])
            raise SystemExit("Fail did not fail")
        except varlink.VarlinkError as error:
            assert error.error() == "org.example.toy.Broken", error.error()
            assert error.parameters()["message"] == "it broke", error.parameters()
print("agreed")
