// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import NeuralNet

/// Reads faces from YuNet's twelve outputs: for each stride a class score, an objectness, a box and ten
/// coordinates of landmarks at every cell of a grid.
enum YuNetOutputs {
    static let strides = [8, 16, 32]
    /// How many values each kind of output has in a cell.
    private static let kinds: [(name: String, values: Int)] = [("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)]
    static let names = strides.flatMap { stride in kinds.map { "\($0.name)_\(stride)" } }

    /// How many values an output has for an image of a size; nil for an output that is not read.
    static func valueCount(of name: String, width: Int, height: Int) -> Int? {
        for stride in strides {
            for kind in kinds where name == "\(kind.name)_\(stride)" {
                return (width / stride) * (height / stride) * kind.values
            }
        }
        return nil
    }

    /// All cells above the confidence, in pixels of the network's image.
    static func candidates(
        of run: NetworkRun, width: Int, height: Int, minimumConfidence: Double
    ) throws -> [DetectedFace] {
        var faces: [DetectedFace] = []
        for stride in strides {
            let columns = width / stride, cells = columns * (height / stride)
            func values(_ name: String, perCell: Int) throws -> [Float] {
                let values = try run.output("\(name)_\(stride)").values
                guard values.count == cells * perCell else {
                    throw RecognitionError.internalFailure(
                        "the detector's output \(name)_\(stride) has \(values.count) values where \(cells * perCell) belong"
                    )
                }
                return values
            }
            let classes = try values("cls", perCell: 1), objects = try values("obj", perCell: 1)
            let boxes = try values("bbox", perCell: 4), points = try values("kps", perCell: 10)
            for cell in 0..<cells {
                let confidence = (clamped(classes[cell]) * clamped(objects[cell])).squareRoot()
                guard confidence >= minimumConfidence else { continue }
                let face = face(
                    column: cell % columns, row: cell / columns, stride: stride, box: boxes[4 * cell..<4 * cell + 4],
                    points: points[10 * cell..<10 * cell + 10], confidence: confidence)
                if let face { faces.append(face) }
            }
        }
        return faces
    }

    /// Nil when a coordinate is not a finite number.
    private static func face(
        column: Int, row: Int, stride: Int, box: ArraySlice<Float>, points: ArraySlice<Float>, confidence: Double
    ) -> DetectedFace? {
        let box = box.map(Double.init), points = points.map(Double.init)
        let column = Double(column), row = Double(row), stride = Double(stride)
        let width = exp(box[2]) * stride, height = exp(box[3]) * stride
        let rectangle = Rectangle(
            left: (column + box[0]) * stride - width / 2, top: (row + box[1]) * stride - height / 2,
            width: width, height: height)
        let landmarks = (0..<5).map { index in
            Point(x: (points[2 * index] + column) * stride, y: (points[2 * index + 1] + row) * stride)
        }
        let isFinite =
            rectangle.left.isFinite && rectangle.top.isFinite && width.isFinite && height.isFinite
            && landmarks.allSatisfy { $0.x.isFinite && $0.y.isFinite }
        guard isFinite else { return nil }
        return DetectedFace(
            box: rectangle, landmarks: landmarks, landmarkLayout: .eyesNoseMouth, confidence: confidence)
    }

    /// What is not a number counts as 0.
    private static func clamped(_ value: Float) -> Double {
        value > 0 ? Double(Swift.min(value, 1)) : 0
    }
}
