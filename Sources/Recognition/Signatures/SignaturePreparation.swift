// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging

/// From a scanned or photographed signature to what a network sees of it: the ink alone, on a canvas of fixed size.
///
/// 1. The picture is made grey and, where it is larger than that, reduced to a working size of at most
///    ``leastWorkingSide`` pixels on its longer side, so that time and memory are bounded and the scanner's resolution
///    does not matter.
/// 2. ``PaperLevels`` says how light the paper is at each place, by one level where the paper is even and by a
///    morphological closing where it is not. What counts from here on is *darkness*: the share of the paper's light
///    that is missing at a pixel.
/// 3. Ink is what is darker than the level that Otsu's method finds, with the fainter parts of its strokes, and never
///    what the paper's own noise could be (``InkThreshold``). Edges of the scan and ruled lines (``RuledLines``) are
///    taken out, then what a form printed (``ScannedInk``), then specks (``InkComponents``). A signature that is a
///    small part of a large page is prepared again from the part around it.
/// 4. The largest scale is taken at which all ink lies on the canvas with a margin while its centre of mass is the
///    canvas's centre. Height and width keep their ratio. Reducing takes the mean of an area.
///
/// The result is inverted: paper is exactly 0 and ink is bright. Ink of the signature's usual darkness is 255, so that
/// paper, scanner and how dark the pen writes leave nothing behind.
public struct SignaturePreparation: Sendable, Hashable {
    /// What remains of the ink's levels.
    public enum Ink: String, Sendable, Hashable, CaseIterable {
        /// Lighter and darker ink differ, as far as they differ within one signature.
        case gray = "grey"
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
    static let leastWorkingSide = 1024
    /// The share of the canvas's side that stays free at each edge.
    static let margin = 0.04

    /// - Precondition: both sides are positive.
    public init(width: Int, height: Int, ink: Ink = .gray, limits: QualityLimits = .signature) {
        precondition(width > 0 && height > 0, "a canvas has pixels")
        self.width = width
        self.height = height
        self.ink = ink
        self.limits = limits
    }

    /// Prepares a picture.
    ///
    /// - Returns: the canvas, all 0 where no ink was found, and the measurements: the share of the picture that is ink,
    ///   the share that is neither paper nor ink, the share of the ink that a form printed, how many pieces and
    ///   signatures the ink is, and the longer side of its box in pixels of `image`. Whether they keep their limits is
    ///   the caller's to act upon.
    /// - Throws: ``RecognitionError/imageRejected(_:)`` when the image has no pixels.
    public func prepare(
        _ image: RGBImage
    ) throws(RecognitionError) -> (image: GrayImage, measurements: [QualityMeasurement]) {
        let placed = try place(image.grayscale())
        return (placed.canvas, placed.measurements)
    }

    /// What was made of a picture.
    struct Placed {
        let canvas: GrayImage
        let measurements: [QualityMeasurement]
        /// The box around the ink in pixels of the picture; nil where none was found.
        let ink: Rectangle?
        /// The ink with paper around it that no form is on; nil where there is no form.
        let paper: Rectangle?
    }

    /// As ``prepare(_:)``, and where the ink is.
    func place(_ image: GrayImage) throws(RecognitionError) -> Placed {
        guard image.width > 0, image.height > 0 else { throw .imageRejected(.noPixels) }
        let placed = placeWhole(image)
        // A signature that is a small part of a large page is looked at again, from near.
        guard let part = closeUp(of: placed, in: image) else { return placed }
        let near = placeWhole(image.cropped(x: part.left, y: part.top, width: part.width, height: part.height))
        guard let nearInk = near.ink else { return placed }
        // What was printed farther away was printed all the same.
        let form = placed.measurements.first { $0.quantity == .formLines }
        let measurements = near.measurements.map {
            $0.quantity == .formLines && $0.value < form?.value ?? 0 ? form ?? $0 : $0
        }
        func inWhole(_ rectangle: Rectangle) -> Rectangle {
            Rectangle(
                left: rectangle.left + Double(part.left), top: rectangle.top + Double(part.top), width: rectangle.width,
                height: rectangle.height)
        }
        return Placed(
            canvas: near.canvas, measurements: measurements, ink: inWhole(nearInk),
            paper: near.paper.map(inWhole) ?? placed.paper)
    }

    /// The part of a picture around ink that takes up little of it, where the picture has much more to show of that
    /// than the working size did.
    private func closeUp(of placed: Placed, in image: GrayImage) -> PixelBox? {
        guard let ink = placed.ink else { return nil }
        let longer = max(image.width, image.height), side = max(ink.width, ink.height), margin = side / 2
        guard longer >= 2 * workingSide, side * 3 < Double(longer) else { return nil }
        let part =
            placed.paper
            ?? Rectangle(
                left: ink.left - margin, top: ink.top - margin, width: ink.width + 2 * margin,
                height: ink.height + 2 * margin)
        return PixelBox(
            left: max(0, Int(part.left)), top: max(0, Int(part.top)), right: min(image.width - 1, Int(part.right)),
            bottom: min(image.height - 1, Int(part.bottom)))
    }

    private func placeWhole(_ image: GrayImage) -> Placed {
        let (picture, reduction) = workingPicture(of: image)
        let paper = PaperLevels(of: picture)
        if let darkShare = paper.shareOfNoPaper {
            return blank([QualityMeasurement(.ink, darkShare, minimum: limits.minimumInk, maximum: limits.maximumInk)])
        }
        let darkness = paper.darkness(of: picture)
        var scanned = ScannedInk(darkness: darkness.levels, noise: darkness.noise)
        // Lines of the paper are no ink, specks are: many of them make a picture unusable.
        let inkShare = Double(scanned.mask.count) / Double(picture.pixels.count)
        let kept = scanned.keepSignature()
        let measurements = measurements(of: scanned, kept, inkShare: inkShare, reduction: reduction)
        guard let box = kept?.box else { return blank(measurements) }
        let levels =
            switch ink {
            case .binary: scanned.mask.image
            case .gray: scanned.levels
            }
        let placement = InkPlacement(of: scanned.mask, box: box, width: width, height: height, margin: Self.margin)
        func inPicture(_ box: PixelBox) -> Rectangle {
            Rectangle(
                left: Double(box.left) * reduction, top: Double(box.top) * reduction,
                width: Double(box.width) * reduction,
                height: Double(box.height) * reduction)
        }
        return Placed(
            canvas: placement.canvas(from: levels), measurements: measurements, ink: inPicture(box),
            paper: scanned.paper(around: box, margin: max(box.width, box.height) / 2).map(inPicture))
    }

    private func blank(_ measurements: [QualityMeasurement]) -> Placed {
        Placed(
            canvas: GrayImage(width: width, height: height, repeating: 0), measurements: measurements, ink: nil,
            paper: nil)
    }

    /// The longer side of the picture that is worked on, at most.
    private var workingSide: Int { min(max(Self.leastWorkingSide, 2 * max(width, height)), 4 * Self.leastWorkingSide) }

    /// The grey picture that is worked on, and how many pixels of the original one of its pixels is wide.
    private func workingPicture(of image: GrayImage) -> (GrayImage, Double) {
        let side = workingSide, longer = max(image.width, image.height)
        guard longer > side else { return (image, 1) }
        let reduction = Double(longer) / Double(side)
        func reduced(_ length: Int) -> Int { max(1, Int((Double(length) / reduction).rounded())) }
        return (
            image.resized(width: reduced(image.width), height: reduced(image.height), method: .area),
            reduction
        )
    }

    private func measurements(
        of scanned: ScannedInk, _ kept: SignatureInk?, inkShare: Double, reduction: Double
    ) -> [QualityMeasurement] {
        var measurements = [
            QualityMeasurement(.ink, inkShare, minimum: limits.minimumInk, maximum: limits.maximumInk),
            QualityMeasurement(.halfTones, scanned.halfTones, maximum: limits.maximumHalfTones),
            QualityMeasurement(.formLines, scanned.formShare, maximum: limits.maximumFormLines),
        ]
        if let kept {
            measurements.append(QualityMeasurement(.pieces, Double(kept.pieces), maximum: limits.maximumPieces))
            measurements.append(
                QualityMeasurement(.signatures, Double(kept.signatures), maximum: limits.maximumSignatures))
        }
        let size = kept.map { Double(max($0.box.width, $0.box.height)) * reduction } ?? 0
        measurements.append(QualityMeasurement(.signatureSize, size, minimum: limits.minimumSignatureSize))
        return measurements
    }
}
