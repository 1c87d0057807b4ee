import Biometrics
import Foundation

/// Embeddings as blobs: 32-bit floats, little endian, one after another.
enum VectorCoding {
    static func blob(of values: [Float]) -> Data {
        var data = Data(capacity: values.count * 4)
        for value in values {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        return data
    }

    /// - Throws: ``GalleryError/damagedRecord(_:)`` when the blob has not `count` finite values.
    static func embedding(_ blob: Data, count: Int, model: ModelDigest) throws(GalleryError) -> Embedding {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 4)
        guard !overflow, blob.count == bytes else {
            throw .damagedRecord("an embedding has \(blob.count) bytes where \(count) numbers are promised")
        }
        let values = blob.withUnsafeBytes { raw in
            (0..<count).map { index in
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
            }
        }
        guard let embedding = Embedding(values: values, model: model) else {
            throw .damagedRecord("an embedding holds a value that is not a finite number")
        }
        return embedding
    }
}
