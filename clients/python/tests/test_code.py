# SPDX-License-Identifier: Apache-2.0
"""The modules that are generated."""

import builtins
import importlib
import inspect
import keyword
import pickle
import subprocess
import sys
import types
import unittest
from typing import Any, Dict
from unittest import mock

import likeness
from generator.code import modules
from generator.description import parse
from likeness import _errors

from . import ROOT
from .fake import FakeDaemon, answering

HOSTILE = '''
# Ends in a quote" and holds """, a \\ and \\N{BULLET} and a turn \u202e of direction"
interface org.example.Hostile

# \\
type Row (
  # """
  from: ?int,
  str: string,
  int: ?int,
  a: []string,
  self: bool
)

type Inner (list: []Row, part: (inner: ?Inner, kind: (None, name, title)), maps: [string][](deep: bool))

# Called with more, it sends several.
method List(self: string, lambda: ?(a, b), str: ?string, list: []Row) -> (list: []Row)

method Close() -> ()
method ListReply(list: int) -> ()

# Streams.
method Watch(image: string, second: ?string, images: [](image: string)) -> (data: string)

# It has to be called with more.
method Send() -> (
  # In base64, as one reads
  # in base64
  chunk: string
)

error Failed (args: int, name: string, message: int, with_traceback: ?bool)
error Internal (message: string)
'''


def load(*texts: str) -> Dict[str, Any]:
    """The modules of interfaces, beside those of the package, whose names they do not take."""
    package = f"likeness_test_{load.count}"  # type: ignore[attr-defined]
    load.count += 1  # type: ignore[attr-defined]
    holder = types.ModuleType(package)
    holder.__path__ = []
    sys.modules[package] = holder
    for name in ("_errors", "_values"):
        module = importlib.import_module(f"likeness.{name}")
        sys.modules[f"{package}.{name}"] = module
        setattr(holder, name, module)
    found: Dict[str, Any] = {}
    # Which class an error is raised as stays as it was.
    with mock.patch.dict(_errors._CLASSES):
        for name, source in modules([parse(text) for text in texts]).items():
            made = types.ModuleType(f"{package}.{name}")
            made.__package__ = package
            sys.modules[made.__name__] = made
            exec(compile(source, name, "exec"), made.__dict__)
            found[name] = made
    return found


load.count = 0  # type: ignore[attr-defined]


class GeneratedTests(unittest.TestCase):
    def test_what_is_committed_is_what_the_descriptions_say(self) -> None:
        result = subprocess.run([sys.executable, str(ROOT / "generate"), "--check"], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_everything_of_the_interfaces_is_there_once(self) -> None:
        for path in (ROOT.parent.parent / "Sources/LikenessInterface/Interfaces").glob("*.varlink"):
            interface = parse(path.read_text(encoding="utf-8"))
            for method in interface.methods:
                name = "".join("_" + c.lower() if c.isupper() else c for c in method.name)[1:]
                self.assertTrue(callable(getattr(likeness.Client, name)), name)
                parameters = inspect.signature(getattr(likeness.Client, name)).parameters
                self.assertEqual(
                    sorted(p.rstrip("_") for p in parameters if p != "self"),
                    sorted(field.name for field in method.parameters.fields))
                self.assertTrue(all(p.kind == p.KEYWORD_ONLY for n, p in parameters.items() if n != "self"))
                self.assertIn(method.comment.split("\n")[0], inspect.getdoc(getattr(likeness.Client, name)) or "")
            for declared in (*interface.types, *interface.errors):
                name = declared.name + "_" if hasattr(builtins, declared.name) else declared.name
                self.assertIn(name, likeness.__all__)
        self.assertEqual(len(likeness.__all__), len(set(likeness.__all__)))
        for name in likeness.__all__:
            self.assertTrue(hasattr(likeness, name), name)

    def test_methods_that_send_several_replies_are_told_apart(self) -> None:
        several = {name for name in dir(likeness.Client) if "Replies[" in str(
            getattr(getattr(likeness.Client, name), "__annotations__", {}).get("return"))}
        self.assertLessEqual(
            {"list_more", "audit_more", "rotate_model_more", "check_gallery_more", "rekey_more", "backup", "export_gallery"},
            several)
        self.assertFalse({"list", "audit", "verify", "enroll", "status", "backup_more"} & several)

    def test_what_two_interfaces_declare_alike_is_one_class(self) -> None:
        from likeness import _admin, _verification

        self.assertIs(_admin.Measurement, _verification.Measurement)
        self.assertIs(_admin.Modality, _verification.Modality)
        self.assertIsNot(_admin.Internal, _verification.Internal)
        # Who catches one of them catches both.
        self.assertTrue(issubclass(_admin.Internal, likeness.Internal))
        self.assertEqual(_admin.Internal.varlink_name, "io.likeness.Admin.Internal")

    def test_an_enumeration_is_the_text_that_it_is_on_the_wire(self) -> None:
        self.assertEqual(likeness.Result.no_match, "no_match")
        self.assertEqual(f"{likeness.Result.no_match} {likeness.Result.no_match!s}", "no_match no_match")
        self.assertIs(likeness.Result("match"), likeness.Result.match)
        self.assertIs(pickle.loads(pickle.dumps(likeness.Result.match)), likeness.Result.match)

    def test_no_text_of_an_interface_becomes_code(self) -> None:
        made = load(HOSTILE)["_hostile"]
        self.assertIn('Ends in a quote" and holds """, a \\ and \\N{BULLET} and a turn \u202e', made.__doc__)
        # Which nobody sees in the source.
        self.assertNotIn("\u202e", modules([parse(HOSTILE)])["_hostile"])
        self.assertTrue(made.__doc__.rstrip().endswith('direction"'))
        self.assertEqual(made.Row.__doc__, "\\")
        for attack in ('"""\nraise SystemExit\n"""', '\\"""; raise SystemExit #', '""""', "\\", '"', "\\u0041{}", "\t\\N{DASH}\"\"\""):
            lines = "\n".join("# " + line for line in attack.split("\n"))
            text = f"{lines}\ninterface a.Attack\n{lines}\ntype A (\n{lines}\na: int)\n{lines}\nmethod M(\n{lines}\na: int) -> ()"
            found = load(text)["_attack"]
            self.assertEqual(found.__doc__.strip(), attack.strip())
            self.assertEqual(inspect.getdoc(found.A).strip(), inspect.cleandoc(attack).strip())

    def test_names_that_python_or_a_class_has_get_an_underscore(self) -> None:
        made = load(HOSTILE)["_hostile"]
        value = made.Row(str="s", a=[], self=True)
        self.assertEqual((value.from_, value.int), (None, None))
        self.assertEqual([e.name for e in made.InnerPartKind], ["None_", "name_", "title_"])
        self.assertEqual([e.value for e in made.InnerPartKind], ["None", "name", "title"])
        methods = made.HostileMethods
        self.assertTrue(hasattr(methods, "close_") and not hasattr(methods, "close"))
        self.assertTrue(all(not keyword.iskeyword(name) for name in inspect.signature(methods.list).parameters))
        self.assertIn("self_", inspect.signature(methods.list).parameters)
        # The reply of List and that of a method ListReply.
        self.assertTrue(hasattr(made, "ListReply") and hasattr(made, "ListReplyReply"))
        error = made.Failed({"args": 1, "name": "n", "message": 2, "with_traceback": None})
        self.assertEqual((error.args_, error.name_, error.message_, error.with_traceback_), (1, "n", 2, None))
        self.assertEqual(error.name, "org.example.Hostile.Failed")
        self.assertIn("Failed (args: 1, message: 2", str(error))

    def test_pictures_and_what_says_so_are_bytes(self) -> None:
        methods = load(HOSTILE)["_hostile"].HostileMethods
        watch = inspect.signature(methods.watch_more).parameters
        self.assertEqual((watch["image"].annotation, watch["second"].annotation), ("_v.File", "_t.Optional[_v.File]"))
        made = load(HOSTILE)["_hostile"]
        self.assertEqual(made.SendReply.__annotations__["chunk"], "bytes")
        self.assertEqual(made.WatchReply.__annotations__["data"], "str")
        self.assertNotIn("zzzz", repr(made.SendReply(chunk=b"zzzz")))

    def test_a_generated_client_speaks_of_everything_that_the_language_has(self) -> None:
        made = load(HOSTILE)["_hostile"]

        class Client(made.HostileMethods, likeness.Client):  # type: ignore[misc, name-defined]
            pass

        tree = {"str": "s", "a": ["x"], "self": True, "from": 3, "more": "unknown"}
        with FakeDaemon(answering({"list": [tree]}, {"list": []})) as daemon:
            values = list(Client(daemon.path).list_more(
                self_="me", lambda_="a", list=[made.Row(str="s", a=["x"], self=True, from_=3)]))
            self.assertEqual(daemon.calls, [{
                "method": "org.example.Hostile.List", "more": True,
                "parameters": {"self": "me", "lambda": "a", "list": [{"from": 3, "str": "s", "a": ["x"], "self": True}]},
            }])
        self.assertEqual(values[0].list[0].from_, 3)
        self.assertEqual(values[1].list, [])

    def test_a_later_interface_takes_what_is_alike_and_renames_what_is_not(self) -> None:
        made = load(
            "interface a.First\ntype A (b: B)\ntype B (x: int)\ntype C (x: int)\nmethod Get(k: (p, q)) -> (k: (p, q))\n"
            "error E (message: string)",
            "interface a.Second\ntype A (b: B)\ntype B (x: int)\ntype C (x: string, a: A)\n"
            "method Get(k: ?(p, q)) -> (c: C)\nmethod Other() -> (k: (p, q, r))\nerror E (message: string)\nerror F ()")
        first, second = made["_first"], made["_second"]
        self.assertIs(second.A, first.A)
        self.assertIs(second.B, first.B)
        self.assertTrue(hasattr(second, "SecondC") and not hasattr(second, "C"))
        self.assertTrue(hasattr(second.SecondMethods, "second_get") and not hasattr(second.SecondMethods, "get"))
        self.assertTrue(issubclass(second.E, first.E))
        self.assertNotIn("E", second.__all__)
        self.assertEqual([len(first.K), len(second.OtherK)], [2, 3])

    def test_an_enumeration_whose_name_is_taken_is_one_class_all_the_same(self) -> None:
        made = load(
            "interface a.First\ntype Result (x: int)\nmethod A() -> (result: (p, q))\nmethod B(result: ?(p, q)) -> (r: Result)",
            "interface a.Second\nmethod C() -> (result: (p, q))")
        self.assertEqual([e.value for e in made["_first"].FirstResult], ["p", "q"])
        self.assertIs(made["_second"].FirstResult, made["_first"].FirstResult)
        self.assertFalse([name for name in dir(made["_first"]) if name.startswith("FirstResult_")])

    def test_methods_that_are_added_rename_nothing(self) -> None:
        path = ROOT.parent.parent / "Sources/LikenessInterface/Interfaces/io.likeness.Verification.varlink"
        text = path.read_text(encoding="utf-8")
        before = set(load(text)["_verification"].__all__)
        added = text + """
            type AddedFace (result: (match, no_match, inconclusive), modality: (face, signature, glyph))
            method AddedCompare(first: string, second: string) -> (result: (match, no_match, inconclusive), kind: (one, two))
            error AddedError (message: string)
        """
        after = load(added)["_verification"]
        self.assertLessEqual(before - {"IdentityModality"}, set(after.__all__))
        self.assertEqual(inspect.signature(after.VerificationMethods.added_compare).parameters["first"].annotation, "_v.File")

    def test_every_interface_makes_modules_that_compile(self) -> None:
        """Names of all shapes, many at once."""
        words = ["List", "Str", "None", "True", "Any", "Optional", "Enum", "Client", "Field", "Reply", "VerifyReply", "Warning"]
        body = "".join(f"type {w} (a: ?{w}, {w.lower()}: int)\n" for w in words)
        body += "".join(f"method Get{w}({w.lower()}: {w}) -> (value: []{w})\n" for w in words)
        made = load("interface a.b.Words\n" + body)["_words"]
        for word in words:
            name = word + "_" if keyword.iskeyword(word) or hasattr(builtins, word) else word
            self.assertTrue(inspect.isclass(getattr(made, name)), word)

    def test_no_class_hides_what_python_has(self) -> None:
        text = "type Warning (message: string)\nerror TimeoutError (message: string)\nmethod Get() -> (value: Warning)"
        made = load("interface a.b.First\n" + text, "interface a.b.Second\n" + text)
        for module in made.values():
            self.assertFalse(set(module.__all__) & set(dir(builtins)), module.__all__)
        first, second = made["_first"], made["_second"]
        self.assertTrue(issubclass(second.TimeoutError_, first.TimeoutError_))
        self.assertEqual(second.TimeoutError_.varlink_name, "a.b.Second.TimeoutError")
        self.assertIn("Warning_", first.__all__)
        self.assertFalse(set(likeness.__all__) & set(dir(builtins)))
        space: Dict[str, Any] = {}
        exec("from likeness import *", space)
        self.assertFalse(set(space) & set(dir(builtins)) - {"__doc__", "__name__", "__loader__", "__spec__", "__package__"})


if __name__ == "__main__":
    unittest.main()
