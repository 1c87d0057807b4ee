// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `ExportedEmbedding` of `io.likeness.Admin`.
///
/// The numbers travel as bytes in base64: exact, and one value of a message rather than one for each number, of which a
/// message may have only so many.
public struct WireExportedEmbedding: Sendable, Hashable, Codable {
    /// The digest of the model that made it, in hexadecimal digits.
    public let model: String
    /// 32-bit numbers, little-endian, in base64.
    public let values: String

    public init(model: String, values: String) {
        self.model = model
        self.values = values
    }

    public init(model: String, numbers: [Float]) {
        let bytes = numbers.flatMap { number in
            let bits = number.bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
        self.init(model: model, values: Data(bytes).base64EncodedString())
    }

    /// The numbers; nil where ``values`` is not base64, or does not hold whole and finite numbers, at least one.
    public var numbers: [Float]? {
        guard let bytes = Data(base64Encoded: values).map(Array.init), !bytes.isEmpty, bytes.count % 4 == 0 else {
            return nil
        }
        let numbers = stride(from: 0, to: bytes.count, by: 4).map { start in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
        }
        return numbers.allSatisfy(\.isFinite) ? numbers : nil
    }
}
