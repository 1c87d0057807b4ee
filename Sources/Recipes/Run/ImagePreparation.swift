// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Foundation
import Imaging
import Recognition
import Wording

/// Makes of a decoded image what the network sees of it: as the package that comes of the run will do it.
enum ImagePreparation {
    static func make(_ recipe: DataRecipe) throws -> @Sendable (RGBImage) throws -> GrayImage {
        switch recipe.modality {
        case .signature:
            guard let ink = recipe.ink.preparation else { return whole(recipe) }
            let preparation = SignaturePreparation(width: recipe.width, height: recipe.height, ink: ink)
            return { image in
                let (canvas, measurements) = try preparation.prepare(image)
                // What the daemon would refuse to enrol teaches nothing about what it will see.
                if let defect = measurements.first(where: { !$0.isAcceptable }) {
                    throw RunError.unsuitable(
                        reason: PreparedSample(image: canvas.rgb(), measurements: [defect]).defects.map(\.description)
                            .joined())
                }
                return canvas
            }
        case .glyph: return whole(recipe)
        case .face:
            guard let path = recipe.faces else {
                throw RecipeError.contradiction(reason: "the modality “face” needs data.faces")
            }
            let chips = try FaceChips(package: try ModelPackage.load(from: path), side: recipe.width)
            return { image in try chips.chip(in: image).grayscale() }
        }
    }

    /// What decides, beside an image itself, what is made of it. The program is part of that: another build may prepare
    /// otherwise. The libraries of the system that decode pictures are not.
    static func identification(_ recipe: DataRecipe) throws -> String {
        let program = SHA256.hash(
            data: try Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"), options: .mappedIfSafe))
        let faces = try recipe.faces.map { try ModelPackage.load(from: $0).digest.hexadecimal } ?? ""
        return
            "\(HexadecimalText.of(program)) \(recipe.modality) \(recipe.ink) \(recipe.width) \(recipe.height) \(faces)"
    }

    private static func whole(_ recipe: DataRecipe) -> @Sendable (RGBImage) throws -> GrayImage {
        let width = recipe.width, height = recipe.height
        return { image in PlainImage.make(of: image, width: width, height: height) }
    }
}
