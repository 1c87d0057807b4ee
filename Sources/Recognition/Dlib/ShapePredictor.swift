// SPDX-License-Identifier: Apache-2.0

import Imaging

/// A cascade of regression forests that moves five landmarks from their mean places in a box to those of the
/// face in it (Kazemi and Sullivan, *One Millisecond Face Alignment with an Ensemble of Regression Trees*,
/// 2014), evaluated as dlib's `shape_predictor` does.
public struct ShapePredictor: Sendable, Equatable {
    /// The only kind of predictor there is here: ``LandmarkLayout/eyeCornersNose``.
    public static let landmarkCount = 5

    /// What bounds a predictor from outside.
    package enum Limits {
        package static let stages = 64
        package static let trees = 4096
        package static let leaves = 1024
        package static let pixels = 65_536
    }

    /// A pixel whose brightness the trees of a stage compare.
    package struct FeaturePixel: Sendable, Equatable {
        /// The landmark it is placed by.
        package let anchor: Int
        /// Its distance from the landmark in the mean face, where the box is the unit square.
        package let offset: SIMD2<Float>

        package init(anchor: Int, offset: SIMD2<Float>) {
            self.anchor = anchor
            self.offset = offset
        }
    }

    /// Goes left where the first pixel is brighter than the second by more than the threshold.
    package struct Split: Sendable, Equatable {
        package let first: UInt16
        package let second: UInt16
        package let threshold: Float

        package init(first: UInt16, second: UInt16, threshold: Float) {
            self.first = first
            self.second = second
            self.threshold = threshold
        }
    }

    /// A full binary tree: node i has the children 2i + 1 and 2i + 2, and the leaves follow the splits.
    package struct Tree: Sendable, Equatable {
        package let splits: [Split]
        /// For every leaf what it adds to the landmarks: x and y of each.
        package let leaves: [Float]

        package init(splits: [Split], leaves: [Float]) {
            self.splits = splits
            self.leaves = leaves
        }
    }

    /// One round of the cascade. The trees lie one after the other in two arrays: a stage has hundreds, and
    /// all of them are walked for every face.
    package struct Stage: Sendable, Equatable {
        package let pixels: [FeaturePixel]
        /// How many splits each tree has.
        package let splitCounts: [Int]
        package let splits: [Split]
        package let leaves: [Float]

        package init(pixels: [FeaturePixel], trees: [Tree]) {
            self.pixels = pixels
            splitCounts = trees.map(\.splits.count)
            splits = trees.flatMap(\.splits)
            leaves = trees.flatMap(\.leaves)
        }
    }

    /// x and y of each landmark in the mean face, where the box is the unit square.
    package let initialShape: [Float]
    package let stages: [Stage]

    /// - Throws: ``ShapePredictorError/inconsistent(_:)`` unless every index points into what is there, every
    ///   tree is full and every number is finite.
    package init(initialShape: [Float], stages: [Stage]) throws(ShapePredictorError) {
        guard initialShape.count == 2 * Self.landmarkCount, initialShape.allSatisfy(\.isFinite) else {
            throw .inconsistent("the mean face does not have \(Self.landmarkCount) landmarks")
        }
        guard (1...Limits.stages).contains(stages.count) else {
            throw .inconsistent("it has \(stages.count) stages, and 1 to \(Limits.stages) are possible")
        }
        for (index, stage) in stages.enumerated() {
            try Self.check(stage, label: "stage \(index)")
        }
        self.initialShape = initialShape
        self.stages = stages
    }

    private static func check(_ stage: Stage, label: String) throws(ShapePredictorError) {
        guard stage.pixels.count <= Limits.pixels, stage.splitCounts.count <= Limits.trees else {
            throw .inconsistent("\(label) has \(stage.pixels.count) pixels and \(stage.splitCounts.count) trees")
        }
        for pixel in stage.pixels {
            guard (0..<landmarkCount).contains(pixel.anchor), pixel.offset.x.isFinite, pixel.offset.y.isFinite else {
                throw .inconsistent("a pixel of \(label) has no place")
            }
        }
        var leafCount = 0
        for count in stage.splitCounts {
            guard (count + 1) & count == 0, count < Limits.leaves else {
                throw .inconsistent("a tree of \(label) has \(count) splits, which fill no tree")
            }
            leafCount += count + 1
        }
        guard stage.leaves.count == leafCount * 2 * landmarkCount, stage.leaves.allSatisfy(\.isFinite) else {
            throw .inconsistent("the leaves of \(label) do not hold two finite numbers for each landmark")
        }
        for split in stage.splits {
            guard split.first < stage.pixels.count, split.second < stage.pixels.count, split.threshold.isFinite else {
                throw .inconsistent("a split of \(label) compares pixels that are not there")
            }
        }
    }

    /// The landmarks of the face in a box: whole pixels of `image`, as dlib rounds them.
    package func landmarks(in image: RGBImage, box: DlibRectangle) -> [Point] {
        var shape = initialShape
        var brightness: [Float] = []
        for stage in stages {
            measure(stage.pixels, shape: shape, in: image, box: box, into: &brightness)
            var split = 0, leaf = 0
            for count in stage.splitCounts {
                var node = 0
                while node < count {
                    let test = stage.splits[split + node]
                    let isLeft = brightness[Int(test.first)] - brightness[Int(test.second)] > test.threshold
                    node = 2 * node + (isLeft ? 1 : 2)
                }
                let start = (leaf + node - count) * shape.count
                for index in shape.indices { shape[index] += stage.leaves[start + index] }
                split += count
                leaf += count + 1
            }
        }
        return (0..<Self.landmarkCount).map { index in
            let place = Self.place(SIMD2(shape[2 * index], shape[2 * index + 1]), in: box)
            return Point(x: (place.x + 0.5).rounded(.down), y: (place.y + 0.5).rounded(.down))
        }
    }

    /// Reads the brightness of the pixels; 0 outside the image.
    private func measure(
        _ pixels: [FeaturePixel], shape: [Float], in image: RGBImage, box: DlibRectangle, into brightness: inout [Float]
    ) {
        let turn =
            SimilarityFit(
                from: Self.points(initialShape), to: Self.points(shape)) ?? SimilarityFit.identity
        let cosine = Float(turn.cosine), sine = Float(turn.sine)
        brightness.removeAll(keepingCapacity: true)
        for pixel in pixels {
            let offset = SIMD2(
                cosine * pixel.offset.x + -sine * pixel.offset.y, sine * pixel.offset.x + cosine * pixel.offset.y)
            let anchor = SIMD2(shape[2 * pixel.anchor], shape[2 * pixel.anchor + 1])
            let place = Self.place(offset + anchor, in: box)
            guard let x = nearestPixel(place.x), let y = nearestPixel(place.y),
                x >= 0, y >= 0, x < image.width, y < image.height
            else {
                brightness.append(0)
                continue
            }
            let color = image.pixels[y * image.width + x]
            brightness.append(Float((Int(color.red) + Int(color.green) + Int(color.blue)) / 3))
        }
    }

    private static func points(_ shape: [Float]) -> [Point] {
        (0..<landmarkCount).map { Point(x: Double(shape[2 * $0]), y: Double(shape[2 * $0 + 1])) }
    }

    /// From the unit square to the box: (0, 0) is the centre of its first pixel, (1, 1) that of its last.
    private static func place(_ position: SIMD2<Float>, in box: DlibRectangle) -> SIMD2<Double> {
        SIMD2(
            Double(position.x) * Double(box.right - box.left) + Double(box.left),
            Double(position.y) * Double(box.bottom - box.top) + Double(box.top))
    }
}
