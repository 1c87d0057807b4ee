import Imaging

extension PreparedSample {
    /// How much of a face's box is kept on each side of it, as a share of the box's longer side: enough for any detector to find
    /// the face again and for any alignment to have its pixels.
    private static let faceMargin = 0.75
    /// The longest side of what is kept, in pixels: twice and more of what networks for faces take, and as fine as signatures
    /// are usually scanned.
    private static let longestFaceSide = 448
    private static let longestSide = 1600

    /// What a gallery keeps of the picture that the sample was prepared from, so that another model can prepare it again: a face
    /// with margin, or the whole picture where no face was looked for. Reduced where it is larger than 448 pixels (a face) or 1600.
    ///
    /// - Parameter image: the picture that the sample was prepared from.
    public func source(in image: RGBImage) -> RGBImage {
        guard let face else { return image.reduced(toSide: Self.longestSide) }
        let margin = max(face.box.width, face.box.height) * Self.faceMargin
        let left = Int(max(0, (face.box.left - margin).rounded(.down))), top = Int(max(0, (face.box.top - margin).rounded(.down)))
        let right = Int(min(Double(image.width), (face.box.left + face.box.width + margin).rounded(.up)))
        let bottom = Int(min(Double(image.height), (face.box.top + face.box.height + margin).rounded(.up)))
        guard right > left, bottom > top else { return image.reduced(toSide: Self.longestFaceSide) }
        return image.cropped(x: left, y: top, width: right - left, height: bottom - top).reduced(toSide: Self.longestFaceSide)
    }
}

extension RGBImage {
    fileprivate func reduced(toSide limit: Int) -> RGBImage {
        let longest = max(width, height)
        guard longest > limit else { return self }
        return resized(
            width: max(1, width * limit / longest), height: max(1, height * limit / longest), method: .area)
    }
}
