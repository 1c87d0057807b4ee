import Imaging

/// How training images are changed at random, so that a network learns what does not matter.
///
/// Images are ink (or a glyph) bright on black, and keep their size. Each change has a probability with which it is
/// made to an image; a change that is nil is never made. The changes are made in the order in which they are listed.
public struct Augmentation: Sendable, Hashable, Codable {
    public init() {}

    /// The image changed; the same image and the same stream give the same result.
    public func applied(to image: GrayImage, random: inout RandomSource) -> GrayImage {
        image
    }
}
