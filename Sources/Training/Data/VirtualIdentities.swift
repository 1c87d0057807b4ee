// SPDX-License-Identifier: Apache-2.0

/// More identities out of those there are: a glyph turned by a quarter, or mirrored, is another glyph.
public enum VirtualIdentities {
    /// The images, and for each orientation beside the upright one all of them again as further identities, of
    /// further groups.
    ///
    /// - Parameters:
    ///   - quarterTurns: Whether turns by 90°, 180° and 270° are further identities.
    ///   - mirrored: Whether mirror images (left for right) are further identities, in all turns if those are asked
    ///     for.
    public static func adding(quarterTurns: Bool, mirrored: Bool = false, to images: [LabeledImage]) -> [LabeledImage] {
        let turns = quarterTurns ? [0, 1, 2, 3] : [0]
        return (mirrored ? [false, true] : [false]).flatMap { isMirrored in
            turns.flatMap { turn in
                let orientation = ImageOrientation(quarterTurns: turn, isMirrored: isMirrored)
                guard orientation != .upright else { return images }
                let suffix = " \(isMirrored ? "mirrored " : "")\(90 * turn)°"
                return images.map { image in
                    var further = image
                    further.original = image.original ?? image.identity
                    further.identity += suffix
                    further.group = image.group.map { $0 + suffix }
                    further.orientation = image.orientation.followed(by: orientation)
                    return further
                }
            }
        }
    }
}
