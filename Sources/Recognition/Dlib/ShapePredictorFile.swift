// SPDX-License-Identifier: Apache-2.0

/// Why bytes are no landmark predictor.
public enum ShapePredictorError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The bytes do not begin as such a file does.
    case foreignFile
    /// The file has a version that this program does not read.
    case unknownVersion(Int)
    /// The file ends too early.
    case truncated
    /// The file goes on after its end.
    case trailingBytes(Int)
    /// What the file says contradicts itself.
    case inconsistent(String)

    public var description: String {
        switch self {
        case .foreignFile: "this is no landmark predictor; import the model again"
        case .unknownVersion(let version):
            "this landmark predictor has version \(version), and version \(ShapePredictor.fileVersion) is what this program reads"
        case .truncated: "the landmark predictor is cut short; import the model again"
        case .trailingBytes(let count):
            "the landmark predictor goes on for \(count) bytes after its end; import the model again"
        case .inconsistent(let reason): "the landmark predictor contradicts itself: \(reason)"
        }
    }
}

/// The predictor's file, all numbers little-endian:
///
///     "LKSP"  version (16 bits)  landmarks (16)  stages (16)  mean face (32-bit floats, x and y of each landmark)
///     per stage:  pixels (32)  trees (32)
///                 per pixel:  anchor (16)  offset x, y (floats)
///                 per tree:   splits (16)
///                             per split:  first, second pixel (16 each)  threshold (float)
///                             per leaf (one more than splits):  x and y of each landmark (floats)
extension ShapePredictor {
    static let fileVersion = 1
    private static let magic = Array("LKSP".utf8)

    /// The predictor as a file.
    public func fileBytes() -> [UInt8] {
        var writer = ByteWriter()
        writer.bytes += Self.magic
        writer.append(UInt16(Self.fileVersion))
        writer.append(UInt16(Self.landmarkCount))
        writer.append(UInt16(stages.count))
        for value in initialShape { writer.append(value.bitPattern) }
        for stage in stages {
            writer.append(UInt32(stage.pixels.count))
            writer.append(UInt32(stage.splitCounts.count))
            for pixel in stage.pixels {
                writer.append(UInt16(pixel.anchor))
                writer.append(pixel.offset.x.bitPattern)
                writer.append(pixel.offset.y.bitPattern)
            }
            var split = 0, leaf = 0
            for count in stage.splitCounts {
                writer.append(UInt16(count))
                for split in stage.splits[split..<split + count] {
                    writer.append(split.first)
                    writer.append(split.second)
                    writer.append(split.threshold.bitPattern)
                }
                let leafValues = (count + 1) * 2 * Self.landmarkCount
                for value in stage.leaves[leaf..<leaf + leafValues] { writer.append(value.bitPattern) }
                split += count
                leaf += leafValues
            }
        }
        return writer.bytes
    }

    /// Reads the bytes of ``fileBytes()``. Every count is held against the bytes that remain.
    ///
    /// - Throws: ``ShapePredictorError``
    public init(fileBytes: [UInt8]) throws(ShapePredictorError) {
        var cursor = ByteCursor(bytes: fileBytes)
        for expected in Self.magic {
            guard cursor.remaining > 0, try cursor.integer(UInt8.self) == expected else { throw .foreignFile }
        }
        let version = Int(try cursor.integer(UInt16.self))
        guard version == Self.fileVersion else { throw .unknownVersion(version) }
        let landmarks = Int(try cursor.integer(UInt16.self))
        guard landmarks == Self.landmarkCount else {
            throw .inconsistent("it has \(landmarks) landmarks, and \(Self.landmarkCount) are what is used here")
        }
        let stageCount = Int(try cursor.integer(UInt16.self))
        let shape = try cursor.floats(2 * landmarks)
        var stages: [Stage] = []
        for _ in 0..<stageCount { stages.append(try Self.stage(&cursor)) }
        guard cursor.remaining == 0 else { throw .trailingBytes(cursor.remaining) }
        try self.init(initialShape: shape, stages: stages)
    }

    private static func stage(_ cursor: inout ByteCursor) throws(ShapePredictorError) -> Stage {
        let pixelCount = Int(try cursor.integer(UInt32.self)), treeCount = Int(try cursor.integer(UInt32.self))
        guard pixelCount <= Limits.pixels, treeCount <= Limits.trees else {
            throw .inconsistent("a stage has \(pixelCount) pixels and \(treeCount) trees")
        }
        var pixels: [FeaturePixel] = []
        for _ in 0..<pixelCount {
            pixels.append(
                FeaturePixel(
                    anchor: Int(try cursor.integer(UInt16.self)),
                    offset: SIMD2(try cursor.float(), try cursor.float())))
        }
        var trees: [Tree] = []
        for _ in 0..<treeCount {
            let splitCount = Int(try cursor.integer(UInt16.self))
            guard splitCount < Limits.leaves else { throw .inconsistent("a tree has \(splitCount) splits") }
            var splits: [Split] = []
            splits.reserveCapacity(splitCount)
            for _ in 0..<splitCount {
                splits.append(
                    Split(
                        first: try cursor.integer(UInt16.self), second: try cursor.integer(UInt16.self),
                        threshold: try cursor.float()))
            }
            trees.append(Tree(splits: splits, leaves: try cursor.floats((splitCount + 1) * 2 * landmarkCount)))
        }
        return Stage(pixels: pixels, trees: trees)
    }
}

private struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

private struct ByteCursor {
    let bytes: [UInt8]
    private var offset = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - offset }

    mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
        _: Value.Type
    ) throws(ShapePredictorError) -> Value {
        let size = Value.bitWidth / 8
        guard remaining >= size else { throw .truncated }
        var value: Value = 0
        for index in 0..<size { value |= Value(truncatingIfNeeded: bytes[offset + index]) << Value(8 * index) }
        offset += size
        return value
    }

    mutating func float() throws(ShapePredictorError) -> Float {
        Float(bitPattern: try integer(UInt32.self))
    }

    mutating func floats(_ count: Int) throws(ShapePredictorError) -> [Float] {
        guard count <= remaining / 4 else { throw .truncated }
        var values: [Float] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try float()) }
        return values
    }
}
