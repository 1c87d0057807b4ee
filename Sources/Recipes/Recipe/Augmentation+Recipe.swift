// SPDX-License-Identifier: Apache-2.0

import Recognition
import StrictTOML
import Training

/// The section `[augmentation]`: a table for each change that is to be made, with the keys of `Augmentation`'s parts. A
/// range is a number, or two in brackets.
extension Augmentation {
    init(recipe table: RecipeTable) throws(RecipeError) {
        self.init()
        try table.requireKeys([
            "affine", "elastic", "stroke_width", "ink", "two_level", "blur", "paper", "noise", "erasing",
        ])
        func part(_ name: String, _ keys: [String]) throws(RecipeError) -> RecipeTable? {
            guard table.has(name) else { return nil }
            let part = try table.table(name)
            try part.requireKeys(["probability"] + keys)
            return part
        }
        func probability(_ part: RecipeTable) throws(RecipeError) -> Float {
            Float(try part.number("probability", in: 0...1, default: 1))
        }
        func number(_ part: RecipeTable, _ key: String, in range: ClosedRange<Double>) throws(RecipeError) -> Float {
            Float(try part.number(key, in: range, default: 0))
        }
        if let part = try part("affine", ["rotation", "shear", "scale", "anisotropy", "translation"]) {
            affine = Affine(
                probability: try probability(part), rotation: try number(part, "rotation", in: 0...180),
                shear: try number(part, "shear", in: 0...2),
                scale: try part.span("scale", in: 0.1...10, default: 1...1),
                anisotropy: try number(part, "anisotropy", in: 0...0.9),
                translation: try number(part, "translation", in: 0...1))
        }
        if let part = try part("elastic", ["displacement", "spacing"]) {
            elastic = Elastic(
                probability: try probability(part), displacement: try part.span("displacement", in: 0...256),
                spacing: Float(try part.number("spacing", in: 1...1024)))
        }
        if let part = try part("stroke_width", ["change"]) {
            strokeWidth = StrokeWidth(probability: try probability(part), change: try part.span("change", in: -32...32))
        }
        if let part = try part("ink", ["gain", "gamma"]) {
            ink = Ink(
                probability: try probability(part), gain: try part.span("gain", in: 0.01...100, default: 1...1),
                gamma: try part.span("gamma", in: 0.01...100, default: 1...1))
        }
        if let part = try part("two_level", ["level", "softness"]) {
            twoLevel = TwoLevel(
                probability: try probability(part), level: try part.span("level", in: 0...1),
                softness: try part.span("softness", in: 0...1, default: 0...0))
        }
        if let part = try part("blur", ["sigma"]) {
            blur = Blur(probability: try probability(part), sigma: try part.span("sigma", in: 0...64))
        }
        if let part = try part("paper", ["shade", "texture"]) {
            paper = Paper(
                probability: try probability(part), shade: try part.span("shade", in: 0...1, default: 0...0),
                texture: try part.span("texture", in: 0...1, default: 0...0))
        }
        if let part = try part("noise", ["deviation"]) {
            noise = Noise(probability: try probability(part), deviation: try part.span("deviation", in: 0...1))
        }
        if let part = try part("erasing", ["share"]) {
            erasing = Erasing(probability: try probability(part), share: try part.span("share", in: 0...1))
        }
        do throws(TrainingError) {
            try check()
        } catch {
            throw .contradiction(reason: error.description)
        }
    }

    var recipeEntries: [RecipeText.Entry] {
        func part(_ probability: Float, _ entries: [RecipeText.Entry]) -> TOMLItem {
            RecipeText.inlineTable([("probability", Self.value(probability))] + entries)
        }
        return [
            (
                "affine",
                affine.map {
                    part(
                        $0.probability,
                        [
                            ("rotation", Self.value($0.rotation)), ("shear", Self.value($0.shear)),
                            ("scale", Self.value($0.scale)),
                            ("anisotropy", Self.value($0.anisotropy)), ("translation", Self.value($0.translation)),
                        ])
                }
            ),
            (
                "elastic",
                elastic.map {
                    part(
                        $0.probability,
                        [("displacement", Self.value($0.displacement)), ("spacing", Self.value($0.spacing))])
                }
            ),
            ("stroke_width", strokeWidth.map { part($0.probability, [("change", Self.value($0.change))]) }),
            (
                "ink",
                ink.map { part($0.probability, [("gain", Self.value($0.gain)), ("gamma", Self.value($0.gamma))]) }
            ),
            (
                "two_level",
                twoLevel.map {
                    part($0.probability, [("level", Self.value($0.level)), ("softness", Self.value($0.softness))])
                }
            ),
            ("blur", blur.map { part($0.probability, [("sigma", Self.value($0.sigma))]) }),
            (
                "paper",
                paper.map {
                    part($0.probability, [("shade", Self.value($0.shade)), ("texture", Self.value($0.texture))])
                }
            ),
            ("noise", noise.map { part($0.probability, [("deviation", Self.value($0.deviation))]) }),
            ("erasing", erasing.map { part($0.probability, [("share", Self.value($0.share))]) }),
        ]
    }

    /// The number as single precision writes it, so that it stays short and reads back as it was.
    private static func value(_ number: Float) -> TOMLItem { .number(Double("\(number)") ?? Double(number)) }

    private static func value(_ range: ClosedRange<Float>) -> TOMLItem {
        .array([value(range.lowerBound), value(range.upperBound)])
    }
}
