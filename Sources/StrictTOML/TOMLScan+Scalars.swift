// SPDX-License-Identifier: Apache-2.0

extension TOMLScan {
    /// Whether bytes are a truth value, a number, a date or a time as TOML 1.0 writes them. Whether the number fits and the day
    /// is one of the calendar is left to the parser.
    ///
    /// The parser takes its own rules for granted in places, and ends the process where it is given something else: a date, a
    /// blank and a digit.
    static func isScalar(_ bytes: ArraySlice<UInt8>) -> Bool {
        var truth = ScalarText(rest: bytes), number = truth, moment = truth
        return truth.truth() && truth.rest.isEmpty || number.number() && number.rest.isEmpty
            || moment.moment() && moment.rest.isEmpty
    }
}

/// Reads a value that is not written in quotes or brackets; each function says whether what it is named for was there.
private struct ScalarText {
    var rest: ArraySlice<UInt8>

    mutating func truth() -> Bool { take("true") || take("false") }

    /// Whole or not, in any base that TOML has.
    mutating func number() -> Bool {
        if take("0x") { return digits { Character(Unicode.Scalar($0)).isHexDigit } }
        if take("0o") { return digits { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) } }
        if take("0b") { return digits { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") } }
        _ = takeSign()
        if take("inf") || take("nan") { return true }
        let begin = rest
        guard digits(Self.isDigit) else { return false }
        // No digit follows a zero at the beginning.
        guard begin.first != UInt8(ascii: "0") || begin.count - rest.count == 1 else { return false }
        if take("."), !digits(Self.isDigit) { return false }
        if take("e") || take("E") {
            _ = takeSign()
            return digits(Self.isDigit)
        }
        return true
    }

    /// A date, a time, or both; then it may state how far it is from UTC.
    mutating func moment() -> Bool {
        if rest.dropFirst(2).first == UInt8(ascii: ":") { return time() }
        guard digits(4), take("-"), digits(2), take("-"), digits(2) else { return false }
        if rest.isEmpty { return true }
        guard take("T") || take("t") || take(" "), time() else { return false }
        if rest.isEmpty || take("Z") || take("z") { return true }
        return takeSign() && digits(2) && take(":") && digits(2)
    }

    private mutating func time() -> Bool {
        guard digits(2), take(":"), digits(2), take(":"), digits(2) else { return false }
        guard take(".") else { return true }
        let fraction = rest.prefix(while: Self.isDigit).count
        return fraction > 0 && digits(fraction)
    }

    /// At least one digit; between two may be one underscore.
    private mutating func digits(_ isDigit: (UInt8) -> Bool) -> Bool {
        guard let first = rest.first, isDigit(first) else { return false }
        rest = rest.dropFirst()
        while let next = rest.first {
            let after = next == UInt8(ascii: "_") ? rest.dropFirst() : rest
            guard let digit = after.first, isDigit(digit) else { return next != UInt8(ascii: "_") }
            rest = after.dropFirst()
        }
        return true
    }

    /// So many digits.
    private mutating func digits(_ count: Int) -> Bool {
        let taken = rest.prefix(count)
        guard taken.count == count, taken.allSatisfy(Self.isDigit) else { return false }
        rest = rest.dropFirst(count)
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func takeSign() -> Bool { take("+") || take("-") }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }
}
