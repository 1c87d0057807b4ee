# SPDX-License-Identifier: Apache-2.0
"""The parser of interface descriptions."""

import importlib.util
import random
import unittest

from generator import description
from generator.description import (
    Array,
    DescriptionError,
    Enumeration,
    Field,
    Map,
    Maybe,
    Named,
    Scalar,
    Structure,
    parse,
)

from . import CHECKOUT, ROOT

FILES = sorted(CHECKOUT.glob("Sources/**/*.varlink")) + sorted(ROOT.glob("generator/*.varlink"))

EVERYTHING = """
# About it.
#
#   indented

interface org.example.more-1.Every

# A type.
type Tree (
  # Its own.
  name: string, # and this is about the name, too
  children: []Tree,
  parent: ?Tree,
  by_name: [string]Tree,
  flags: ?[](on, off),
  place: (x: float, y: ?float),
  anything: object
)
type Color (red, green_1, blue)

# far away

method Get(a: bool,b:int)->(tree:?[string][]?int)

# Why.
error Nothing ()
"""


class DescriptionTests(unittest.TestCase):
    def test_all_descriptions_of_the_repository_are_read(self) -> None:
        self.assertGreaterEqual(len(FILES), 3)
        for path in FILES:
            with self.subTest(path.name):
                interface = parse(path.read_text(encoding="utf-8"))
                self.assertEqual(interface.name + ".varlink", path.name)
                self.assertTrue(interface.methods and interface.errors and interface.comment)
                for declared in (*interface.types, *interface.methods, *interface.errors):
                    self.assertNotIn("#", declared.comment)

    @unittest.skipUnless(importlib.util.find_spec("varlink"), "the Varlink project's parser is not there")
    def test_the_varlink_project_reads_the_same_from_them(self) -> None:
        from varlink.scanner import Interface  # type: ignore[import-untyped, import-not-found, unused-ignore]
        from varlink.scanner import _Alias, _Error, _Method

        for path in FILES:
            with self.subTest(path.name):
                text = path.read_text(encoding="utf-8")
                ours, theirs = parse(text), Interface(text)
                members = theirs.members.values()
                self.assertEqual(ours.name, theirs.name)
                self.assertEqual([m.name for m in ours.methods], [m.name for m in members if isinstance(m, _Method)])
                self.assertEqual([e.name for e in ours.errors], [e.name for e in members if isinstance(e, _Error)])
                self.assertEqual([t.name for t in ours.types], [t.name for t in members if isinstance(t, _Alias)])
                for method in ours.methods:
                    other = theirs.members[method.name]
                    for own, their in ((method.parameters, other.in_type), (method.reply, other.out_type)):
                        self.assertEqual([field.name for field in own.fields], list(their.fields))

    def test_everything_that_the_language_has_is_read(self) -> None:
        interface = parse(EVERYTHING)
        self.assertEqual(interface.name, "org.example.more-1.Every")
        # The empty line parts it from the interface.
        self.assertEqual(interface.comment, "")
        tree, color = interface.types
        self.assertEqual(tree.comment, "A type.")
        self.assertEqual(
            tree.type,
            Structure((
                Field("name", Scalar("string")),
                Field("children", Array(Named("Tree"))),
                Field("parent", Maybe(Named("Tree"))),
                Field("by_name", Map(Named("Tree"))),
                Field("flags", Maybe(Array(Enumeration(("on", "off"))))),
                Field("place", Structure((Field("x", Scalar("float")), Field("y", Maybe(Scalar("float")))))),
                Field("anything", Scalar("object")),
            )))
        assert isinstance(tree.type, Structure)
        self.assertEqual([field.comment for field in tree.type.fields][:2], ["Its own.", ""])
        self.assertEqual(color.type, Enumeration(("red", "green_1", "blue")))
        (get,) = interface.methods
        self.assertEqual(get.comment, "")
        self.assertEqual(get.parameters.fields, (Field("a", Scalar("bool")), Field("b", Scalar("int"))))
        self.assertEqual(get.reply.fields, (Field("tree", Maybe(Map(Array(Maybe(Scalar("int")))))),))
        self.assertEqual((interface.errors[0].parameters, interface.errors[0].comment), (Structure(()), "Why."))

    def test_a_comment_keeps_its_lines_and_what_they_are_indented_by(self) -> None:
        interface = parse("# One.\n#\n#   two # three\ninterface a.b\r\nmethod A() -> ()")
        self.assertEqual(interface.comment, "One.\n\n  two # three")

    def test_every_declaration_has_its_text(self) -> None:
        for text in (EVERYTHING, EVERYTHING.replace("\n", "\r\n")):
            interface = parse(text)
            tree, color = interface.types
            self.assertTrue(tree.source.startswith("type Tree (\n  # Its own.\n  name: string, # and this"), tree.source)
            self.assertTrue(tree.source.endswith("\n  anything: object\n)"), tree.source)
            self.assertEqual(color.source, "type Color (red, green_1, blue)")
            self.assertEqual(interface.methods[0].source, "method Get(a: bool,b:int)->(tree:?[string][]?int)")
            self.assertEqual(interface.errors[0].source, "error Nothing ()")
        one_line = parse("interface a.b type A (b: int) error C (d: A) # e")
        self.assertEqual((one_line.types[0].source, one_line.errors[0].source), ("type A (b: int)", "error C (d: A)"))
        self.assertEqual(one_line.types[0], parse("interface a.b\ntype A (b:int)").types[0])

    def test_what_is_wrong_is_said_with_its_line(self) -> None:
        head = "interface org.example.a\n"
        for text, line, words in (
            ("", 1, "interface is expected"),
            ("interface", 1, "name of an interface"),
            ("interface example", 1, "name of an interface"),
            ("interface 1.example", 1, "name of an interface"),
            ("interface a.b-", 1, "name of an interface"),
            (head + "metod A() -> ()", 2, "type, method or error"),
            (head + "method a() -> ()", 2, "capital letter"),
            (head + "method A()\n-> (", 3, "name of a field"),
            (head + "method A() ()", 2, "-> is expected"),
            (head + "method A() -> (a)", 2, "fields need types"),
            (head + "error A (a, b)", 2, "fields need types"),
            (head + "type A (a, b: int)", 2, "all fields have types"),
            (head + "type A (a: int, b)", 2, "all fields have types"),
            (head + "type A (\na: int,\na: int)", 4, "occurs twice"),
            (head + "type A (a: int,)", 2, "name of a field"),
            (head + "type A (a: ??int)", 2, "optional once"),
            (head + "type A (a: [int]int)", 2, "string is expected"),
            (head + "type A (a: [string int)", 2, "] is expected"),
            (head + "type A (a: integer)", 2, "not a type"),
            (head + "type A (a: B)", 2, "B is not declared"),
            (head + "type A (a_: int)", 2, "name of a field"),
            (head + "type A (a__b: int)", 2, "name of a field"),
            (head + "type A ()\ntype A ()", 3, "declared twice"),
            (head + "type A ()\nerror A ()", 3, "declared twice"),
            (head + "type A (a: B)\ntype B (a: (b: A))", 1, "without end"),
            (head + "type A = int", 2, "no place"),
            (head + "type A (a: int)\n# \x00", 3, "U+0000"),
            (head + "# \u2028", 2, "U+2028"),
            (head + "# \ud800", 2, "U+D800"),
            (head + "type Ä ()", 2, "no place"),
        ):
            with self.subTest(text):
                with self.assertRaises(DescriptionError) as caught:
                    parse(text)
                self.assertEqual(caught.exception.line, line)
                self.assertIn(words, str(caught.exception))

    def test_a_type_may_hold_itself_where_it_can_end(self) -> None:
        for of in ("?A", "[]A", "[string]A", "?(a: []A)"):
            parse(f"interface a.b\ntype A (a: {of})\nmethod M() -> ()")

    def test_size_and_depth_are_bounded(self) -> None:
        with self.assertRaisesRegex(DescriptionError, "characters"):
            parse("#" * (description.MAXIMUM_CHARACTERS + 1))
        for opening in ("[]", "[string]", "(a: ", "?[]", "[]?(a: "):
            with self.assertRaisesRegex(DescriptionError, "too deeply"):
                parse("interface a.b\ntype A (a: " + opening * 10_000)
        # As large as may be, in a time that nobody notices.
        many = "interface a.b\n" + "".join(f"type T{n} (a: int)\n" for n in range(40_000))
        self.assertEqual(len(parse(many).types), 40_000)

    def test_damaged_texts_are_read_or_refused(self) -> None:
        generator = random.Random(5)
        text = EVERYTHING + FILES[0].read_text(encoding="utf-8")[-6000:].split("\n", 1)[1]
        read = 0
        for _ in range(400):
            damaged = list(EVERYTHING if generator.random() < 0.8 else text)
            for _ in range(generator.randint(1, 4)):
                at = generator.randrange(len(damaged))
                damaged[at : at + generator.choice((0, 1, 1, 20))] = generator.choice("()[]?,:#->\n \0aAé")
            try:
                parse("".join(damaged))
                read += 1
            except DescriptionError:
                pass
        self.assertTrue(0 < read < 400)


if __name__ == "__main__":
    unittest.main()
