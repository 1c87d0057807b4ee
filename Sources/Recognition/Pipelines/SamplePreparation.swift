import Imaging

/// One worker's way from a decoded image to a sample.
protocol SamplePreparation: AnyObject {
    /// - Parameter image: has at least one pixel.
    func prepare(_ image: RGBImage, largest: Bool) throws(RecognitionError) -> PreparedSample
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

    func prepare(_ image: RGBImage, largest: Bool) throws(RecognitionError) -> PreparedSample {
        do {
            let faces = try locator.locate(in: image)
            // Faces come by falling confidence, so that of two equally large ones the surer is taken.
            guard let face = faces.max(by: { $0.box.area < $1.box.area }) else {
                throw RecognitionError.noFace
            }
            guard faces.count == 1 || largest else { throw RecognitionError.severalFaces(count: faces.count) }
            let chip = try aligner.chip(of: face, in: image)
            return PreparedSample(
                image: chip, measurements: ChipQuality(of: chip).measurements(of: face, limits: limits),
                facesFound: faces.count, face: face)
        } catch {
            throw .wrapping(error)
        }
    }
}

/// Puts the ink of a signature on the network's canvas and measures it.
final class CanvasPreparation: SamplePreparation {
    private let canvas: SignaturePreparation

    init(_ canvas: SignaturePreparation) {
        self.canvas = canvas
    }

    func prepare(_ image: RGBImage, largest: Bool) throws(RecognitionError) -> PreparedSample {
        let prepared = try canvas.prepare(image)
        return PreparedSample(image: prepared.image.rgb(), measurements: prepared.measurements)
    }
}

/// Takes the whole image: grey, resized to the network's size.
final class PlainPreparation: SamplePreparation {
    private let input: NetworkInput

    init(input: NetworkInput) {
        self.input = input
    }

    func prepare(_ image: RGBImage, largest: Bool) throws(RecognitionError) -> PreparedSample {
        PreparedSample(image: PlainImage.make(of: image, width: input.width, height: input.height).rgb(), measurements: [])
    }
}

/// What a network for plain images sees of one.
package enum PlainImage {
    /// - Precondition: the image has pixels.
    package static func make(of image: RGBImage, width: Int, height: Int) -> GrayImage {
        let isReduced = image.width > width || image.height > height
        return image.grayscale().resized(width: width, height: height, method: isReduced ? .area : .bilinear)
    }
}
