// SPDX-License-Identifier: Apache-2.0

/// What a daemon counts, read from Prometheus' text format (version 0.0.4). It comes from another program: it is read no
/// further than a bound, and a line that is not understood is passed over.
package struct PrometheusText: Sendable {
    package struct Sample: Sendable, Hashable {
        package let name: String
        package let labels: [String: String]
        package let value: Double
    }

    package let samples: [Sample]
    /// Whether there was more than is read.
    package let isCut: Bool

    /// A daemon with every method, result and cause it has stays far below these.
    static let mostBytes = 4 << 20
    static let mostSamples = 20_000

    package init(_ text: String) {
        var samples: [Sample] = []
        var isCut = text.utf8.count > Self.mostBytes
        for line in text.utf8.prefix(Self.mostBytes).split(separator: UInt8(ascii: "\n")) {
            guard line.first != UInt8(ascii: "#"), let sample = Self.sample(Array(line)) else { continue }
            guard samples.count < Self.mostSamples else {
                isCut = true
                break
            }
            samples.append(sample)
        }
        self.samples = samples
        self.isCut = isCut
    }

    /// The value of the only sample of a name.
    package func value(_ name: String) -> Double? { samples.first { $0.name == name }?.value }

    package func all(_ name: String) -> [Sample] { samples.filter { $0.name == name } }

    /// `name{label="value",…} 1.5`, with or without a time behind it.
    private static func sample(_ line: [UInt8]) -> Sample? {
        var rest = line[...]
        func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x09 } }
        skipBlanks()
        let name = rest.prefix { isNamePart($0) }
        guard !name.isEmpty, name.count <= 200 else { return nil }
        rest = rest.dropFirst(name.count)
        skipBlanks()
        var labels: [String: String] = [:]
        if rest.first == UInt8(ascii: "{") {
            rest = rest.dropFirst()
            while true {
                rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
                if rest.first == UInt8(ascii: "}") {
                    rest = rest.dropFirst()
                    break
                }
                guard labels.count < 16, let (label, value, end) = label(rest) else { return nil }
                labels[label] = value
                rest = end
            }
            skipBlanks()
        }
        let digits = rest.prefix { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }
        // A daemon counts nothing that is not finite, or that is so large.
        guard let value = Double(String(decoding: digits, as: UTF8.self)), abs(value) <= 1e18 else { return nil }
        return Sample(name: String(decoding: name, as: UTF8.self), labels: labels, value: value)
    }

    private static func label(_ text: ArraySlice<UInt8>) -> (name: String, value: String, rest: ArraySlice<UInt8>)? {
        let name = text.prefix { isNamePart($0) }
        var rest = text.dropFirst(name.count)
        guard !name.isEmpty, rest.first == UInt8(ascii: "="), rest.dropFirst().first == UInt8(ascii: "\"") else {
            return nil
        }
        rest = rest.dropFirst(2)
        var value: [UInt8] = []
        while let byte = rest.first {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "\"") {
                return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self), rest)
            }
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            guard let escaped = rest.first else { return nil }
            rest = rest.dropFirst()
            value.append(escaped == UInt8(ascii: "n") ? 0x0A : escaped)
        }
        return nil
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
