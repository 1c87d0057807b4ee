// SPDX-License-Identifier: Apache-2.0

extension Augmentation {
    /// Checks what a recipe states.
    ///
    /// - Throws: ``TrainingError/invalidInput(reason:)`` that names the first number outside its range.
    public func check() throws(TrainingError) {
        for (name, probability) in [
            ("affine", affine?.probability), ("elastic", elastic?.probability),
            ("strokeWidth", strokeWidth?.probability),
            ("ink", ink?.probability), ("twoLevel", twoLevel?.probability), ("blur", blur?.probability),
            ("paper", paper?.probability), ("noise", noise?.probability),
            ("erasing", erasing?.probability),
        ] {
            if let probability { try check("\(name).probability", probability, within: 0...1) }
        }
        if let affine {
            try check("affine.rotation", affine.rotation, within: 0...180)
            try check("affine.shear", affine.shear, within: 0...2)
            try check("affine.scale", affine.scale, within: 0.1...10)
            try check("affine.anisotropy", affine.anisotropy, within: 0...0.9)
            try check("affine.translation", affine.translation, within: 0...1)
        }
        if let elastic {
            try check("elastic.displacement", elastic.displacement, within: 0...100)
            try check("elastic.spacing", elastic.spacing, within: 2...10_000)
        }
        if let strokeWidth { try check("strokeWidth.change", strokeWidth.change, within: -20...20) }
        if let ink {
            try check("ink.gain", ink.gain, within: 0...10)
            try check("ink.gamma", ink.gamma, within: 0.05...20)
        }
        if let twoLevel {
            try check("twoLevel.level", twoLevel.level, within: 0...1)
            try check("twoLevel.softness", twoLevel.softness, within: 0...1)
        }
        if let blur { try check("blur.sigma", blur.sigma, within: 0...20) }
        if let paper {
            try check("paper.shade", paper.shade, within: 0...1)
            try check("paper.texture", paper.texture, within: 0...1)
        }
        if let noise { try check("noise.deviation", noise.deviation, within: 0...1) }
        if let erasing { try check("erasing.share", erasing.share, within: 0...1) }
    }

    private func check(
        _ name: String, _ range: ClosedRange<Float>, within allowed: ClosedRange<Float>
    ) throws(TrainingError) {
        guard allowed.contains(range.lowerBound), allowed.contains(range.upperBound) else {
            throw outOfRange(name, "\(range.lowerBound)…\(range.upperBound)", allowed)
        }
    }

    private func check(_ name: String, _ value: Float, within allowed: ClosedRange<Float>) throws(TrainingError) {
        guard allowed.contains(value) else { throw outOfRange(name, "\(value)", allowed) }
    }

    private func outOfRange(_ name: String, _ stated: String, _ allowed: ClosedRange<Float>) -> TrainingError {
        .invalidInput(
            reason:
                "\(name) of the augmentation is \(stated), and \(allowed.lowerBound)…\(allowed.upperBound) is allowed")
    }
}
