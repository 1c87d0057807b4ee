// SPDX-License-Identifier: Apache-2.0

import Imaging

/// One worker's way from a picture to a sample.
protocol SamplePreparation: AnyObject {
    /// - Parameter picture: has at least one pixel.
    func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample

    /// - Parameter crop: what a ``SourceRegion`` has kept of an image; it has at least one pixel.
    func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample
}

extension SamplePreparation {
    /// Where nothing has to be chosen, a crop is an image like any other.
    func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample {
        try prepare(crop, largest: false)
    }
}

/// Finds the one face of an image, aligns and measures it.
final class FacePreparation: SamplePreparation {
    private let locator: any FaceLocatorSession
    private let aligner: any FaceAligner
    private let limits: QualityLimits

    init(locator: any FaceLocatorSession, aligner: any FaceAligner, limits: QualityLimits) {
        self.locator = locator
        self.aligner = aligner
        self.limits = limits
    }

    func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample {
        let faces = try locate(in: picture)
        guard faces.count <= 1 || largest else { throw .severalFaces(count: faces.count) }
        // Faces come by falling confidence, so that of two equally large ones the surer is taken.
        return try sample(of: faces.max { $0.box.area < $1.box.area }, in: picture, facesFound: faces.count)
    }

    func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample {
        let faces = try locate(in: crop)
        let face = StoredCropFace.choose(from: faces, width: crop.width, height: crop.height)
        return try sample(of: face, in: crop, facesFound: faces.count)
    }

    private func locate(in picture: any PictureSource) throws(RecognitionError) -> [DetectedFace] {
        do {
            return try locator.locate(in: picture)
        } catch {
            throw .wrapping(error)
        }
    }

    private func sample(
        of face: DetectedFace?, in picture: any PictureSource, facesFound: Int
    ) throws(RecognitionError) -> PreparedSample {
        guard let face else { throw .noFace }
        let chip: RGBImage
        do {
            chip = try aligner.chip(of: face, in: picture)
        } catch {
            throw .wrapping(error)
        }
        return PreparedSample(
            image: chip, measurements: ChipQuality(of: chip).measurements(of: face, limits: limits),
            facesFound: facesFound,
            face: face, region: .face(face.box))
    }
}

/// Puts the ink of a signature on the network's canvas and measures it.
final class CanvasPreparation: SamplePreparation {
    private let canvas: SignaturePreparation

    init(_ canvas: SignaturePreparation) {
        self.canvas = canvas
    }

    func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample {
        let placed = try canvas.place(try picture.grayLevels())
        return PreparedSample(
            image: placed.canvas.rgb(), measurements: placed.measurements, region: .ink(placed.ink, on: placed.paper))
    }
}

/// Takes the whole image: grey, resized to the network's size.
final class PlainPreparation: SamplePreparation {
    private let input: NetworkInput

    init(input: NetworkInput) {
        self.input = input
    }

    func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample {
        PreparedSample(
            image: PlainImage.make(of: try picture.grayLevels(), width: input.width, height: input.height).rgb(),
            measurements: [])
    }
}

/// What a network for plain images sees of one.
package enum PlainImage {
    /// - Precondition: the image has pixels.
    package static func make(of image: RGBImage, width: Int, height: Int) -> GrayImage {
        make(of: image.grayscale(), width: width, height: height)
    }

    static func make(of image: GrayImage, width: Int, height: Int) -> GrayImage {
        let isReduced = image.width > width || image.height > height
        return image.resized(width: width, height: height, method: isReduced ? .area : .bilinear)
    }
}

extension PictureSource {
    fileprivate func grayLevels() throws(RecognitionError) -> GrayImage {
        do {
            return try grayscale()
        } catch {
            throw .imageRejected(error)
        }
    }
}
