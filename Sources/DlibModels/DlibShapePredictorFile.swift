// SPDX-License-Identifier: Apache-2.0

import Imaging
import Recognition

/// Reads `shape_predictor_5_face_landmarks.dat` (`dlib/image_processing/shape_predictor.h`).
enum DlibShapePredictorFile {
    static func read(name: String, bytes: [UInt8]) throws(DlibImportError) -> ShapePredictor {
        var reader = DlibReader(file: name, bytes: bytes)
        _ = try reader.integer("the version of the shape predictor", in: 1...1)
        let initialShape = try reader.floatColumn("the mean shape", count: 2 * ShapePredictor.landmarkCount)

        var forests: [[ShapePredictor.Tree]] = []
        let stages = try reader.count("stages", atMost: ShapePredictor.Limits.stages, minimumBytes: 2)
        for stage in 0..<stages {
            let count = try reader.count("trees", atMost: ShapePredictor.Limits.trees, minimumBytes: 4)
            var trees: [ShapePredictor.Tree] = []
            trees.reserveCapacity(count)
            for tree in 0..<count {
                trees.append(try reader.tree("tree \(tree) of stage \(stage)"))
            }
            forests.append(trees)
        }

        let anchors = try reader.lists("anchors", stages: stages, minimumBytes: 2) { (reader) throws(DlibImportError) in
            try reader.integer("an anchor", in: 0...ShapePredictor.landmarkCount - 1)
        }
        let offsets = try reader.lists("offsets", stages: stages, minimumBytes: 4) { (reader) throws(DlibImportError) in
            SIMD2(try reader.float("an offset"), try reader.float("an offset"))
        }
        try reader.finish()

        var assembled: [ShapePredictor.Stage] = []
        for stage in 0..<stages {
            guard anchors[stage].count == offsets[stage].count else {
                throw .inconsistent(file: name, reason: "stage \(stage) has another number of anchors than of offsets")
            }
            let pixels = zip(anchors[stage], offsets[stage]).map { ShapePredictor.FeaturePixel(anchor: $0, offset: $1) }
            assembled.append(ShapePredictor.Stage(pixels: pixels, trees: forests[stage]))
        }
        do {
            return try ShapePredictor(initialShape: initialShape, stages: assembled)
        } catch {
            throw .inconsistent(file: name, reason: error.description)
        }
    }
}

extension DlibReader {
    /// A column vector of single-precision numbers; newer files write its sizes negative.
    fileprivate mutating func floatColumn(_ expected: String, count: Int) throws(DlibImportError) -> [Float] {
        let start = offset
        let rows = try integer("the rows of \(expected)"), columns = try integer("the columns of \(expected)")
        guard rows.magnitude == count, columns.magnitude == 1 else {
            throw unexpected("\(expected) of \(count) values", found: "\(rows)×\(columns)", at: start)
        }
        var values: [Float] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try float(expected)) }
        return values
    }

    fileprivate mutating func tree(_ label: String) throws(DlibImportError) -> ShapePredictor.Tree {
        let splitCount = try count("splits", atMost: ShapePredictor.Limits.leaves - 1, minimumBytes: 8)
        var splits: [ShapePredictor.Split] = []
        splits.reserveCapacity(splitCount)
        for _ in 0..<splitCount {
            splits.append(
                ShapePredictor.Split(
                    first: try pixelIndex(label), second: try pixelIndex(label),
                    threshold: try float("a threshold of \(label)")))
        }
        let leafCount = try count("leaves", atMost: ShapePredictor.Limits.leaves, minimumBytes: 4)
        var leaves: [Float] = []
        leaves.reserveCapacity(leafCount * 2 * ShapePredictor.landmarkCount)
        for _ in 0..<leafCount {
            leaves += try floatColumn("a leaf of \(label)", count: 2 * ShapePredictor.landmarkCount)
        }
        return ShapePredictor.Tree(splits: splits, leaves: leaves)
    }

    private mutating func pixelIndex(_ label: String) throws(DlibImportError) -> UInt16 {
        UInt16(try integer("a pixel of \(label)", in: 0...Int(UInt16.max)))
    }

    /// A list per stage.
    fileprivate mutating func lists<Element>(
        _ label: String, stages: Int, minimumBytes: Int,
        _ element: (inout DlibReader) throws(DlibImportError) -> Element
    ) throws(DlibImportError) -> [[Element]] {
        _ = try integer("the number of lists of \(label)", in: stages...stages)
        var lists: [[Element]] = []
        for _ in 0..<stages {
            let count = try count(label, atMost: ShapePredictor.Limits.pixels, minimumBytes: minimumBytes)
            var list: [Element] = []
            list.reserveCapacity(count)
            for _ in 0..<count { list.append(try element(&self)) }
            lists.append(list)
        }
        return lists
    }
}
