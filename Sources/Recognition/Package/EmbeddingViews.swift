// SPDX-License-Identifier: Apache-2.0

import Imaging

/// As what pictures a prepared image goes through the network; the embedding is the mean of the answers.
///
/// The mean of several views is nearer to what they share, the person, than one of them. It takes as many times the
/// network's time as there are views.
public struct EmbeddingViews: Sendable, Hashable {
    /// Whether the mirror image of each view is one, too.
    public var mirror: Bool
    /// How many views there are besides the image itself that are turned, scaled or shifted a little; see ``range``.
    public var jitters: Int

    /// The image alone.
    public static let single = EmbeddingViews()
    /// A face and its mirror image, which halves the errors of single photographs for twice the network's time.
    public static let face = EmbeddingViews(mirror: true)
    public static let range = 0...JitteredView.all.count

    public init(mirror: Bool = false, jitters: Int = 0) {
        self.mirror = mirror
        self.jitters = min(max(jitters, Self.range.lowerBound), Self.range.upperBound)
    }

    /// How many views there are.
    public var count: Int { (mirror ? 2 : 1) * (1 + jitters) }

    /// The views of an image, itself the first.
    func images(of image: RGBImage) -> [RGBImage] {
        let plain = [image] + JitteredView.all.prefix(jitters).map { $0.image(of: image) }
        return plain.flatMap { mirror ? [$0, $0.mirrored()] : [$0] }
    }
}
