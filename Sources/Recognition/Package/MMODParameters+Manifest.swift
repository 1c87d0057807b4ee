// SPDX-License-Identifier: Apache-2.0

import StrictTOML

extension MMODParameters {
    /// Reads the `[detector]` table of a manifest.
    init(_ table: ManifestTable) throws(ModelPackageError) {
        let keys = CodingKeys.self
        let bounds = 0...16_384
        do {
            try self.init(
                windowWidth: table.integer(keys.windowWidth.rawValue, in: bounds),
                windowHeight: table.integer(keys.windowHeight.rawValue, in: bounds),
                means: table.numbers(keys.means.rawValue, count: 3, in: 0...255).map(Float.init),
                divisor: Float(table.number(keys.divisor.rawValue, in: 1...1e6)),
                pyramidPadding: table.integer(keys.pyramidPadding.rawValue, in: bounds),
                pyramidOuterPadding: table.integer(keys.pyramidOuterPadding.rawValue, in: bounds),
                outputStride: table.integer(keys.outputStride.rawValue, in: bounds),
                outputOffset: table.integer(keys.outputOffset.rawValue, in: bounds),
                overlapUnion: table.number(keys.overlapUnion.rawValue, in: 0...1),
                overlapCovered: table.number(keys.overlapCovered.rawValue, in: 0...1),
                minimumConfidence: table.number(keys.minimumConfidence.rawValue, in: 0...1e6),
                scaling: MMODScaling(
                    enlargeBelow: table.integer(keys.enlargeBelow.rawValue, in: bounds),
                    maximumSide: table.integer(keys.maximumSide.rawValue, in: bounds)))
        } catch let error as ModelPackageError {
            throw error
        } catch {
            throw .contradiction(reason: "\(error)")
        }
    }

    var entries: [ManifestSection.Entry] {
        let keys = CodingKeys.self
        let values: [(CodingKeys, TOMLItem)] = [
            (keys.windowWidth, .integer(windowWidth)), (keys.windowHeight, .integer(windowHeight)),
            (keys.means, .numbers(means.map(Double.init))), (keys.divisor, .number(Double(divisor))),
            (keys.pyramidPadding, .integer(pyramidPadding)), (keys.pyramidOuterPadding, .integer(pyramidOuterPadding)),
            (keys.outputStride, .integer(outputStride)), (keys.outputOffset, .integer(outputOffset)),
            (keys.overlapUnion, .number(overlapUnion)), (keys.overlapCovered, .number(overlapCovered)),
            (keys.minimumConfidence, .number(minimumConfidence)),
            (keys.enlargeBelow, .integer(scaling.enlargeBelow)), (keys.maximumSide, .integer(scaling.maximumSide)),
        ]
        return values.map { ManifestSection.Entry(key: $0.0.rawValue, value: $0.1) }
    }
}
