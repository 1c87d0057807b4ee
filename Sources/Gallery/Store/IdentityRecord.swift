// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// What the sealed column of an identity holds.
struct IdentityRecord: Sendable, Hashable {
    let name: IdentityName
    let modality: Modality
    var nextNumber: Int
    let enrolled: Int64
    var updated: Int64
    /// Of its samples, in their order: a sample that is absent is missed.
    var numbers: [Int]

    init(name: IdentityName, modality: Modality, enrolled: Int64) {
        self.name = name
        self.modality = modality
        nextNumber = 1
        self.enrolled = enrolled
        updated = enrolled
        numbers = []
    }

    init(_ data: Data) throws(GalleryError) {
        var reader = RecordReader(data)
        let name = try reader.text(), modality = try reader.text()
        do {
            self.name = try IdentityName(name)
        } catch {
            throw .damagedRecord("an identity has an impossible name: \(error.reason)")
        }
        guard let modality = Modality(rawValue: modality) else {
            throw .damagedRecord("“\(self.name)” has the unknown modality “\(modality)”")
        }
        self.modality = modality
        nextNumber = Int(try reader.integer())
        enrolled = try reader.integer()
        updated = try reader.integer()
        let count = try reader.integer()
        guard (0...Int64(data.count)).contains(count) else {
            throw .damagedRecord("“\(self.name)” has \(count) samples")
        }
        var numbers: [Int] = []
        for _ in 0..<count { numbers.append(Int(try reader.integer())) }
        self.numbers = numbers
        try reader.end()
    }

    var data: Data {
        var writer = RecordWriter()
        writer.text(name.text)
        writer.text(modality.rawValue)
        writer.integer(Int64(nextNumber))
        writer.integer(enrolled)
        writer.integer(updated)
        writer.integer(Int64(numbers.count))
        for number in numbers { writer.integer(Int64(number)) }
        return writer.data
    }

    var summary: EnrolledIdentity {
        EnrolledIdentity(
            name: name, modality: modality, sampleCount: numbers.count,
            enrolled: Date(timeIntervalSince1970: TimeInterval(enrolled)),
            updated: Date(timeIntervalSince1970: TimeInterval(updated)))
    }
}

/// What the sealed column of a sample holds.
struct SampleRecord: Sendable, Hashable {
    let enrolled: Int64
    /// Nil where no image is kept.
    var kept: StoredImageKind?
    let width: Int
    let height: Int
    let original: Data
    /// As ``StoredMeasurement`` writes them.
    let measurements: String

    init(enrolled: Int64, kept: StoredImageKind?, width: Int, height: Int, original: Data, measurements: String) {
        self.enrolled = enrolled
        self.kept = kept
        self.width = width
        self.height = height
        self.original = original
        self.measurements = measurements
    }

    init(_ data: Data) throws(GalleryError) {
        var reader = RecordReader(data)
        enrolled = try reader.integer()
        let kept = try reader.text()
        guard kept.isEmpty || StoredImageKind(rawValue: kept) != nil else {
            throw .damagedRecord("a sample's image is a “\(kept)”")
        }
        self.kept = StoredImageKind(rawValue: kept)
        width = Int(try reader.integer())
        height = Int(try reader.integer())
        original = try reader.bytes()
        measurements = try reader.text()
        try reader.end()
    }

    var data: Data {
        var writer = RecordWriter()
        writer.integer(enrolled)
        writer.text(kept?.rawValue ?? "")
        writer.integer(Int64(width))
        writer.integer(Int64(height))
        writer.bytes(original)
        writer.text(measurements)
        return writer.data
    }

    func enrolledSample(number: Int) throws(GalleryError) -> EnrolledSample {
        EnrolledSample(
            number: number, enrolled: Date(timeIntervalSince1970: TimeInterval(enrolled)), kept: kept, width: width,
            height: height,
            measurements: try StoredMeasurement.measurements(in: measurements), original: [UInt8](original))
    }
}
