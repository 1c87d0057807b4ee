// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// What the sealed column of an embedding holds: a byte that says whether the model embedded the sample, and then the
/// vector as 32-bit floats, little endian, one after another, or the reason for which it was refused.
///
/// No refusal is as long as a vector of the same model, so that the two can be counted without being opened. A reason
/// that would be has a zero byte behind it.
enum OutcomeCoding {
    private static let embedded: UInt8 = 1
    private static let refused: UInt8 = 2

    /// How long a vector of `size` numbers is here.
    static func byteCount(embeddingSize size: Int) -> Int { 1 + 4 * size }

    static func data(of outcome: EmbeddingOutcome, by model: ModelDescription) -> Data {
        switch outcome {
        case .embedded(let embedding):
            var data = Data(capacity: embedding.values.count * 4 + 1)
            data.append(embedded)
            for value in embedding.values {
                withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
            return data
        case .refused(let reason):
            let data = Data([refused]) + Data(reason.utf8)
            return data.count == byteCount(embeddingSize: model.embeddingSize) ? data + [0] : data
        }
    }

    /// - Throws: ``GalleryError/damagedRecord(_:)`` when the bytes are not what the model makes.
    static func outcome(_ data: Data, of model: ModelDescription) throws(GalleryError) -> EmbeddingOutcome {
        switch data.first {
        case embedded: .embedded(try embedding(data.dropFirst(), of: model))
        case refused: .refused(reason: String(decoding: data.dropFirst().prefix { $0 != 0 }, as: UTF8.self))
        default: throw .damagedRecord("an embedding begins with no known mark")
        }
    }

    /// Reads floats that lie one after another.
    ///
    /// - Throws: ``GalleryError/damagedRecord(_:)`` when there are not as many finite values as the model makes.
    static func embedding(_ bytes: Data, of model: ModelDescription) throws(GalleryError) -> Embedding {
        let count = model.embeddingSize
        let (size, overflow) = count.multipliedReportingOverflow(by: 4)
        guard !overflow, bytes.count == size else {
            throw .damagedRecord("an embedding has \(bytes.count) bytes where \(count) numbers are promised")
        }
        let values = bytes.withUnsafeBytes { raw in
            (0..<count).map { index in
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
            }
        }
        guard let embedding = Embedding(values: values, model: model.digest) else {
            throw .damagedRecord("an embedding holds a value that is not a finite number")
        }
        return embedding
    }
}
