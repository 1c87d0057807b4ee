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

/// Takes the whole image: grey, resized to the network's size.
final class PlainPreparation: SamplePreparation {
    private let input: NetworkInput

    init(input: NetworkInput) {
        self.input = input
    }

    func prepare(_ image: RGBImage, largest: Bool) throws(RecognitionError) -> PreparedSample {
        let isReduced = image.width > input.width || image.height > input.height
        let scaled = image.grayscale().resized(
            width: input.width, height: input.height, method: isReduced ? .area : .bilinear)
        return PreparedSample(image: scaled.rgb(), measurements: [])
    }
}
