// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Files
import Wording

/// A sentence of the doctor that knows what of it may leave the host.
///
/// What is written in this program stays in a report for others. What is put in is left out of it, unless it is put in
/// with a label that says that it names nobody: so whatever is forgotten is left out.
public struct DoctorText: Sendable, Hashable, ExpressibleByStringInterpolation {
    fileprivate enum Part: Sendable, Hashable {
        case kept(String)
        case own(String)
        /// A word of a shell that may hold blanks.
        case shell(String)

        var text: String {
            switch self {
            case .kept(let text), .own(let text), .shell(let text): text
            }
        }
    }

    private var parts: [Part]

    public init(stringLiteral value: String) { parts = [.kept(value)] }
    public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    public static func + (first: DoctorText, second: DoctorText) -> DoctorText {
        var both = first
        both.parts += second.parts
        return both
    }

    /// All of it, on one line and fit for a terminal.
    public var text: String {
        PrintableText.of(PlainPath.told(parts.map(\.text).joined()))
    }

    /// Lines of at most so many columns; a word of a shell is not broken, so that it can be copied.
    func lines(columns: Int) -> [String] {
        // No printable text holds it.
        let blank = "\0"
        let text = parts.map { part in
            let text = PrintableText.of(PlainPath.told(part.text))
            return if case .shell = part { text.replacing(" ", with: blank) } else { text }
        }.joined()
        return TextWrap.lines(text, columns: columns).map { $0.replacing(blank, with: " ") }
    }

    /// The same with `…` in the place of what names somebody or something of this host.
    public var anonymous: String {
        PrintableText.of(parts.map { part in if case .kept(let text) = part { text } else { "…" } }.joined())
    }

    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        fileprivate var parts: [Part] = []

        public init(literalCapacity: Int, interpolationCount: Int) {}

        public mutating func appendLiteral(_ literal: String) { parts.append(.kept(literal)) }

        /// What may name somebody: a path, a user, another program's words.
        public mutating func appendInterpolation(_ own: String) { parts.append(.own(EscapedBytes.printable(own))) }

        public mutating func appendInterpolation(_ text: DoctorText) { parts += text.parts }

        public mutating func appendInterpolation(number: Int) { parts.append(.kept("\(number)")) }

        public mutating func appendInterpolation(_ number: Int, _ singular: String, _ plural: String? = nil) {
            parts.append(.kept(NumberText.count(number, singular, plural)))
        }

        public mutating func appendInterpolation(bytes: Int) { parts.append(.kept(NumberText.bytes(bytes))) }

        public mutating func appendInterpolation(seconds: Double) {
            parts.append(.kept(NumberText.duration(seconds: seconds)))
        }

        public mutating func appendInterpolation(milliseconds duration: Duration) {
            parts.append(.kept("\(Int(duration / .milliseconds(1))) ms"))
        }

        /// Permission bits.
        public mutating func appendInterpolation(mode: UInt32) { parts.append(.kept(String(mode, radix: 8))) }

        /// A place of every installation is kept; one of this host alone is not.
        public mutating func appendInterpolation(path: String) {
            parts.append(Self.isUsual(path) ? .kept(path) : .own(EscapedBytes.printable(path)))
        }

        /// A path in a command that is to be copied to a shell.
        public mutating func appendInterpolation(shell path: String) {
            parts.append(Self.isUsual(path) ? .kept(path) : .shell(ShellWord.quoted(carried: PlainPath.told(path))))
        }

        /// A version or a model's name: letters, digits and `._-` alone.
        public mutating func appendInterpolation(plain word: String) {
            parts.append(PlainWord.isOne(word) ? .kept(word) : .own(word))
        }

        /// A word of which only those are kept that are known.
        public mutating func appendInterpolation(_ word: String, of known: Set<String>) {
            parts.append(known.contains(word) ? .kept(word) : .own(word))
        }

        private static func isUsual(_ path: String) -> Bool {
            let system = StandardPaths.system
            let usual = [system.socket, system.gallery, system.models, system.configuration]
            return usual.contains(path) || usual.contains { $0.hasPrefix(path + "/") }
                || ["/usr/bin/likenessd", "/usr/bin/enroll"].contains(path)
        }
    }
}

/// Words that hold nothing but letters, digits, dot, underscore and hyphen of ASCII, and not many of them.
enum PlainWord {
    static func isOne(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
