// SPDX-License-Identifier: Apache-2.0

import Imaging

/// What of a picture's darkness is ink, once forms and ruled lines are taken out.
struct ScannedInk {
    private(set) var mask: InkMask
    /// The share of the ink that was printed lines.
    let formShare: Double
    /// The share of the picture that is neither paper nor ink.
    let halfTones: Double
    /// 0 for paper, and where lines were taken out.
    private let darkness: GrayImage
    private let threshold: InkThreshold
    /// How many pixels lines had.
    private let formPixels: Int
    /// Where forms were taken out; ruled lines are found from edge to edge in any part of the picture.
    private let formPlaces: [Int]

    /// What is left between lines is no signature when it is less than this share of them: their own remains.
    private static let leastBesideForm = 0.03

    init(darkness: GrayImage, noise: Double) {
        let threshold = InkThreshold(darkness: darkness, noise: noise)
        var mask = InkMask(of: darkness, above: threshold.possible)
        halfTones = threshold.halfTones(of: darkness, beside: mask)
        let ruled = RuledLines.remove(from: &mask)
        let thickest = max(6, max(mask.width, mask.height) / 40)
        let runs = LineDirection.allCases.map { ThinRuns(in: mask, of: darkness, $0, thickest: thickest) }
        let forms = FormLines(in: mask, runs).lines, rings = FormRings(in: mask, rows: runs[1], columns: runs[0]).rings
        guard !forms.isEmpty || !rings.isEmpty else {
            self.mask = mask
            self.darkness = darkness
            self.threshold = threshold
            formPixels = ruled.count
            formPlaces = []
            formShare = Self.share(ruled.count, mask)
            return
        }
        var eraser = FormEraser(mask)
        for form in forms { eraser.erase(form) }
        eraser.eraseRemains(of: forms)
        eraser.erase(rings)
        // How dark the print is must not decide which darkness is ink: it is looked at again without the print.
        var cleaned = darkness
        for (position, isInk) in mask.isInk.enumerated() where !isInk && cleaned.pixels[position] > threshold.possible {
            cleaned.pixels[position] = 0
        }
        for position in eraser.erased + eraser.beside { cleaned.pixels[position] = 0 }
        self.darkness = cleaned
        self.threshold = InkThreshold(darkness: cleaned, noise: noise)
        self.mask = InkMask(of: cleaned, above: self.threshold.possible)
        formPixels = ruled.count + eraser.erased.count
        formPlaces = eraser.erased
        formShare = Self.share(formPixels, self.mask)
    }

    private static func share(_ pixels: Int, _ rest: InkMask) -> Double {
        pixels == 0 ? 0 : Double(pixels) / Double(pixels + rest.count)
    }

    /// Takes out of the mask what is no signature.
    ///
    /// - Returns: what remains; nil where that is nothing.
    mutating func keepSignature() -> SignatureInk? {
        let certain = InkMask(of: darkness, above: threshold.certain)
        guard let ink = InkComponents.keepSignature(in: &mask, certain: certain),
            Double(mask.count) >= Self.leastBesideForm * Double(formPixels)
        else { return nil }
        return ink
    }

    /// The part of the picture around a box, up to a margin, and less on sides where a form lies beside it; nil where
    /// there is no form.
    func paper(around box: PixelBox, margin: Int) -> PixelBox? {
        guard !formPlaces.isEmpty else { return nil }
        var part = PixelBox(
            left: max(0, box.left - margin), top: max(0, box.top - margin),
            right: min(mask.width - 1, box.right + margin),
            bottom: min(mask.height - 1, box.bottom + margin))
        // Blurred edges, and a pixel for what is rounded.
        let spare = 3
        for position in formPlaces {
            let (y, x) = position.quotientAndRemainder(dividingBy: mask.width)
            guard x >= part.left - spare, x <= part.right + spare, y >= part.top - spare, y <= part.bottom + spare
            else { continue }
            let beyond = [box.left - x, x - box.right, box.top - y, y - box.bottom]
            guard let most = beyond.max(), most > spare else { continue }
            switch beyond.firstIndex(of: most) {
            case 0: part.left = max(part.left, x + spare)
            case 1: part.right = min(part.right, x - spare)
            case 2: part.top = max(part.top, y + spare)
            default: part.bottom = min(part.bottom, y - spare)
            }
        }
        return part
    }

    /// The levels of the ink in the mask.
    var levels: GrayImage { threshold.inkLevels(of: darkness, in: mask) }
}
