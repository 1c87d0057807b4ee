// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Draws a signature again as black ink on white, so that nothing of its paper, pen or scanner is left: what an
/// evaluation sees of a model when those cannot give a writer away.
public struct PureInk: Sendable, Hashable {
    public enum Stroke: String, Sendable, Hashable, CaseIterable {
        /// Strokes as wide as they were written.
        case written
        /// The middle of every stroke, drawn again with one width.
        case constant
    }

    public let stroke: Stroke

    /// The canvas all signatures are drawn on, whatever their resolution was.
    static let width = 800
    static let height = 400
    /// Half the width of a constant stroke, in pixels of the canvas.
    private static let radius = 3

    public init(stroke: Stroke = .written) {
        self.stroke = stroke
    }

    /// The ink of the image; white where there is none.
    ///
    /// - Throws: ``RecognitionError/imageRejected(_:)`` when the image has no pixels.
    public func render(_ image: RGBImage) throws(RecognitionError) -> RGBImage {
        let canvas = try SignaturePreparation(width: Self.width, height: Self.height, ink: .binary).prepare(image).image
        var mask = InkMask(of: canvas, above: 127)
        if stroke == .constant {
            mask = Skeleton.of(mask)
            for _ in 0..<Self.radius { mask = mask.grown() }
        }
        return RGBImage(
            width: Self.width, height: Self.height,
            pixels: mask.isInk.map { $0 ? RGB(red: 0, green: 0, blue: 0) : RGB(red: 255, green: 255, blue: 255) })
    }
}
