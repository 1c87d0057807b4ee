// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Cuts faces out of photographs as a face model does, for networks that are yet to be trained.
package struct FaceChips: Sendable {
    private let locator: any FaceLocator
    private let aligner: any FaceAligner
    private let limits: QualityLimits

    /// - Parameters:
    ///   - package: a face model; its detector, alignment and limits are used, and its embedding network is not.
    ///   - side: of the chips, in pixels.
    package init(package: ModelPackage, side: Int) throws(ModelPackageError) {
        var manifest = package.manifest
        guard manifest.modality == .face else {
            throw .contradiction(
                reason: "the package “\(manifest.name)” is no face model, and a detector of faces is needed")
        }
        manifest.input.width = side
        manifest.input.height = side
        let resized = try ModelPackage(manifest: manifest, files: package.files)
        self.init(locator: try resized.faceLocator(), aligner: try resized.faceAligner(), limits: manifest.quality)
    }

    package init(locator: any FaceLocator, aligner: any FaceAligner, limits: QualityLimits) {
        self.locator = locator
        self.aligner = aligner
        self.limits = limits
    }

    /// The chip of the largest face.
    ///
    /// - Throws: ``RecognitionError`` as preparing a sample does.
    package func chip(in image: RGBImage) throws -> RGBImage {
        let orientation = FaceOrientation(
            search: try FaceSearch(locator), aligner: aligner, embedder: nil, normalizes: false,
            measuresMirrorDistance: false)
        return try FacePreparation(orientation, limits: limits).prepare(image, largest: true).image
    }
}
