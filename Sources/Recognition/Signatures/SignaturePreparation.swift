import Biometrics
import Imaging

/// From a scanned or photographed signature to what a network sees of it: the ink alone, on a canvas of fixed size.
///
/// 1. The picture is made grey and, where it is larger than that, reduced to a working size of at most
///    ``workingSide`` pixels on its longer side, so that time and memory are bounded and the scanner's resolution
///    does not matter.
/// 2. ``PaperLevels`` says how light the paper is at each place, by one level where the paper is even and by a
///    morphological closing where it is not. What counts from here on is *darkness*: the share of the paper's light
///    that is missing at a pixel.
/// 3. Ink is what is darker than the level that Otsu's method finds, with the fainter parts of its strokes, and never
///    what the paper's own noise could be (``InkThreshold``). Edges of the scan and ruled lines (``RuledLines``) are taken out, then specks
///    (``InkComponents``).
/// 4. The largest scale is taken at which all ink lies on the canvas with a margin while its centre of mass is the
///    canvas's centre. Height and width keep their ratio. Reducing takes the mean of an area.
///
/// The result is inverted: paper is exactly 0 and ink is bright. Ink of the signature's usual darkness is 255, so that
/// paper, scanner and how dark the pen writes leave nothing behind.
public struct SignaturePreparation: Sendable, Hashable {
    /// What remains of the ink's levels.
    public enum Ink: String, Sendable, Hashable, CaseIterable {
        /// Lighter and darker ink differ, as far as they differ within one signature.
        case grey
        /// All ink is the same; levels between come from scaling alone.
        case binary
    }

    /// The canvas's size in pixels.
    public let width: Int
    public let height: Int
    public let ink: Ink
    /// What the measurements are held to.
    public let limits: QualityLimits

    /// The longer side of the picture that is worked on, at most, unless the canvas needs more.
    static let workingSide = 1024
    /// The share of the canvas's side that stays free at each edge.
    static let margin = 0.04

    /// - Precondition: both sides are positive.
    public init(width: Int, height: Int, ink: Ink = .grey, limits: QualityLimits = .signature) {
        precondition(width > 0 && height > 0, "a canvas has pixels")
        self.width = width
        self.height = height
        self.ink = ink
        self.limits = limits
    }

    /// Prepares a picture.
    ///
    /// - Returns: the canvas, all 0 where no ink was found, and the measurements: the share of the picture that is ink
    ///   and the longer side of the ink's box in pixels of `image`. Whether they keep their limits is the caller's
    ///   to act upon.
    /// - Throws: ``RecognitionError/imageRejected(_:)`` when the image has no pixels.
    public func prepare(
        _ image: RGBImage
    ) throws(RecognitionError) -> (image: GrayImage, measurements: [Measurement]) {
        let placed = try place(image)
        return (placed.canvas, placed.measurements)
    }

    /// What was made of a picture.
    struct Placed {
        let canvas: GrayImage
        let measurements: [Measurement]
        /// The box around the ink in pixels of the picture; nil where none was found.
        let ink: Rectangle?
    }

    /// As ``prepare(_:)``, and where the ink is.
    func place(_ image: RGBImage) throws(RecognitionError) -> Placed {
        guard image.width > 0, image.height > 0 else { throw .imageRejected(.noPixels) }
        let (picture, reduction) = workingPicture(of: image)
        let paper = PaperLevels(of: picture)
        if let darkShare = paper.shareOfNoPaper {
            return blank(measurements(inkShare: darkShare, size: nil))
        }
        let darkness = paper.darkness(of: picture)
        let threshold = InkThreshold(darkness: darkness.levels, noise: darkness.noise)
        var mask = InkMask(of: darkness.levels, above: threshold.possible)
        RuledLines.remove(from: &mask)
        // Lines of the paper are no ink, specks are: many of them make a picture unusable.
        let inkShare = Double(mask.count) / Double(picture.pixels.count)
        guard let box = InkComponents.keepSignature(in: &mask, certain: InkMask(of: darkness.levels, above: threshold.certain)) else {
            return blank(measurements(inkShare: inkShare, size: 0))
        }
        let levels = switch ink {
        case .binary: mask.image
        case .grey: threshold.inkLevels(of: darkness.levels, in: mask)
        }
        let placement = InkPlacement(of: mask, box: box, width: width, height: height, margin: Self.margin)
        return Placed(
            canvas: placement.canvas(from: levels),
            measurements: measurements(inkShare: inkShare, size: Double(max(box.width, box.height)) * reduction),
            ink: Rectangle(
                left: Double(box.left) * reduction, top: Double(box.top) * reduction, width: Double(box.width) * reduction,
                height: Double(box.height) * reduction))
    }

    private func blank(_ measurements: [Measurement]) -> Placed {
        Placed(canvas: GrayImage(width: width, height: height, repeating: 0), measurements: measurements, ink: nil)
    }

    /// The grey picture that is worked on, and how many pixels of the original one of its pixels is wide.
    private func workingPicture(of image: RGBImage) -> (GrayImage, Double) {
        let side = min(max(Self.workingSide, 2 * max(width, height)), 4 * Self.workingSide)
        let longer = max(image.width, image.height)
        guard longer > side else { return (image.grayscale(), 1) }
        let reduction = Double(longer) / Double(side)
        func reduced(_ length: Int) -> Int { max(1, Int((Double(length) / reduction).rounded())) }
        return (
            image.grayscale().resized(width: reduced(image.width), height: reduced(image.height), method: .area),
            reduction
        )
    }

    private func measurements(inkShare: Double, size: Double?) -> [Measurement] {
        [Measurement(.ink, inkShare, minimum: limits.minimumInk, maximum: limits.maximumInk)]
            + (size.map { [Measurement(.signatureSize, $0, minimum: limits.minimumSignatureSize)] } ?? [])
    }
}
