// SPDX-License-Identifier: Apache-2.0

extension Image where Pixel == RGB {
    /// The picture seen through a map: the pixel at p of the result is the source at `inverseMap`(p), bilinear,
    /// and `fill` takes the place of source pixels that do not exist.
    public func warped(by inverseMap: AffineTransform, width: Int, height: Int, fill: RGB) -> RGBImage {
        warp(by: inverseMap, width: width, height: height, fill: fill)
    }
}

extension Image where Pixel == UInt8 {
    /// The picture seen through a map: the pixel at p of the result is the source at `inverseMap`(p), bilinear,
    /// and `fill` takes the place of source pixels that do not exist.
    public func warped(by inverseMap: AffineTransform, width: Int, height: Int, fill: UInt8) -> GrayImage {
        warp(by: inverseMap, width: width, height: height, fill: fill)
    }
}

extension Image where Pixel: BlendablePixel {
    @inline(__always)
    private func warp(by map: AffineTransform, width newWidth: Int, height newHeight: Int, fill: Pixel) -> Image {
        var result = Image(width: newWidth, height: newHeight, repeating: fill)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let position = map.applied(to: Point(x: Double(x), y: Double(y)))
                // Written so that what is not a number is turned away too.
                guard position.x > -1, position.y > -1, position.x < Double(width), position.y < Double(height) else {
                    continue
                }
                let left = Int(position.x.rounded(.down)), top = Int(position.y.rounded(.down))
                let right = Float(position.x - Double(left)), down = Float(position.y - Double(top))
                var sum = Pixel.noLevels
                Pixel.add(pixel(left, top, or: fill).levels, times: (1 - right) * (1 - down), to: &sum)
                Pixel.add(pixel(left + 1, top, or: fill).levels, times: right * (1 - down), to: &sum)
                Pixel.add(pixel(left, top + 1, or: fill).levels, times: (1 - right) * down, to: &sum)
                Pixel.add(pixel(left + 1, top + 1, or: fill).levels, times: right * down, to: &sum)
                result.pixels[y * newWidth + x] = Pixel(nearest: sum)
            }
        }
        return result
    }

    @inline(__always)
    private func pixel(_ x: Int, _ y: Int, or fill: Pixel) -> Pixel {
        x >= 0 && y >= 0 && x < width && y < height ? pixels[y * width + x] : fill
    }
}
