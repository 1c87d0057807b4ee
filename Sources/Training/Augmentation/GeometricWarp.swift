// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging

/// An affine map and an elastic displacement as one resampling, so that pixels are blended once.
struct GeometricWarp {
    private let width: Int
    private let height: Int
    private var map = Imaging.AffineTransform.identity
    private var displacement: (x: SmoothField, y: SmoothField)?

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    var isIdentity: Bool { map == .identity && displacement == nil }

    mutating func draw(_ affine: Augmentation.Affine, _ random: inout RandomSource) {
        func either(_ bound: Float) -> Double { Double(bound * (2 * random.uniform() - 1)) }
        let angle = either(affine.rotation) * .pi / 180, lean = either(affine.shear)
        let scale = Double(random.uniform(in: affine.scale))
        let scaleX = scale * (1 + either(affine.anisotropy)), scaleY = scale * (1 + either(affine.anisotropy))
        let shiftX = either(affine.translation) * Double(width), shiftY = either(affine.translation) * Double(height)
        // Scale, then shear, then turn: the columns are where the axes go.
        let cosine = cos(angle), sine = sin(angle)
        let forward = Imaging.AffineTransform(
            a: cosine * scaleX, b: sine * scaleX, c: (cosine * lean - sine) * scaleY,
            d: (sine * lean + cosine) * scaleY,
            tx: shiftX, ty: shiftY)
        guard let inverse = forward.inverse else { return }
        let middle = Point(x: Double(width - 1) / 2, y: Double(height - 1) / 2)
        let moved = inverse.applied(to: Point(x: -middle.x, y: -middle.y))
        map = inverse
        map.tx = moved.x + middle.x
        map.ty = moved.y + middle.y
    }

    mutating func draw(_ elastic: Augmentation.Elastic, _ random: inout RandomSource) {
        let deviation = random.uniform(in: elastic.displacement)
        func field() -> SmoothField {
            SmoothField(width: width, height: height, spacing: elastic.spacing, deviation: deviation, &random)
        }
        let x = field()
        displacement = (x, field())
    }

    /// - Precondition: the image has the size that the warp was made for.
    func applied(to image: GrayImage) -> GrayImage {
        precondition(image.width == width && image.height == height)
        // A black margin of one pixel before and two behind, so that no tap needs a check of its own.
        let stride = width + 3
        var source = Array(repeating: UInt8(0), count: stride * (height + 3))
        for y in 0..<height {
            let row = y * width
            source.replaceSubrange(
                (y + 1) * stride + 1..<(y + 1) * stride + 1 + width, with: image.pixels[row..<row + width])
        }
        let a = Float(map.a), b = Float(map.b)
        let right = Float(width), bottom = Float(height)
        var moveX = Array(repeating: Float(0), count: width), moveY = moveX
        let pixels = [UInt8](unsafeUninitializedCapacity: width * height) { result, count in
            for y in 0..<height {
                displacement?.x.row(y, into: &moveX)
                displacement?.y.row(y, into: &moveY)
                let startX = Float(map.c * Double(y) + map.tx), startY = Float(map.d * Double(y) + map.ty)
                for x in 0..<width {
                    // Beyond the margin all is black, as the margin is; what is not a number goes to the margin too.
                    let placeX = min(max(startX + a * Float(x) + moveX[x], -1), right) + 1
                    let placeY = min(max(startY + b * Float(x) + moveY[x], -1), bottom) + 1
                    let left = Int(placeX), top = Int(placeY)
                    let across = placeX - Float(left), down = placeY - Float(top)
                    let first = top * stride + left
                    let upper = Float(source[first]) * (1 - across) + Float(source[first + 1]) * across
                    let lower =
                        Float(source[first + stride]) * (1 - across) + Float(source[first + stride + 1]) * across
                    result.initializeElement(at: y * width + x, to: UInt8(upper * (1 - down) + lower * down + 0.5))
                }
            }
            count = width * height
        }
        return GrayImage(width: width, height: height, pixels: pixels)
    }
}
