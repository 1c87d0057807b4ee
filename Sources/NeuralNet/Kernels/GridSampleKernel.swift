// SPDX-License-Identifier: Apache-2.0

/// Values of images at places that a grid names, by ONNX's GridSample. Places are fractions of the image, from −1 to 1.
package struct GridSampling: Sendable, Hashable {
    package enum Filter: Sendable, Hashable {
        case nearest, linear, cubic
    }

    /// What lies outside the image: zeros, its edge, or its mirror image.
    package enum Outside: String, Sendable, Hashable {
        case zeros, border, reflection
    }

    package let filter: Filter
    package let outside: Outside
    /// Whether −1 and 1 are the middles of the outermost values, not their edges.
    package let alignCorners: Bool

    package init(filter: Filter, outside: Outside, alignCorners: Bool) {
        self.filter = filter
        self.outside = outside
        self.alignCorners = alignCorners
    }

    /// - Parameters:
    ///   - input: the image's extents, one to three, of which missing ones come first as 1.
    ///   - places: how many places the grid names for each image.
    ///   - axes: how many numbers name a place, the last axis first.
    package func run(
        batch: Int, channels: Int, input extents: [Int], places: Int, axes: Int,
        input: UnsafePointer<Float>, grid: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        let area = extents[0] * extents[1] * extents[2]
        // The values that a place is made of are the same in all channels.
        withUnsafeTemporaryAllocation(of: Tap.self, capacity: Self.maximumTaps) { taps in
            for image in 0..<batch {
                for place in 0..<places {
                    let named = grid + (image * places + place) * axes
                    let x = position(named[0], extents[2]), y = axes > 1 ? position(named[1], extents[1]) : 0
                    let z = axes > 2 ? position(named[2], extents[0]) : 0
                    let count = collect(extents, x, y, z, axes, into: taps)
                    for channel in 0..<channels {
                        let plane = input + (image * channels + channel) * area
                        var sum: Float = 0
                        for index in 0..<count { sum += taps[index].weight * plane[taps[index].offset] }
                        output[(image * channels + channel) * places + place] = sum
                    }
                }
            }
        }
    }

    /// A value of an image, and what it is multiplied by.
    private struct Tap {
        let offset: Int
        let weight: Float
    }

    /// Of cubic interpolation over two axes.
    private static let maximumTaps = 16

    /// The values that a place is made of.
    package func taps(axes: Int) -> Int {
        switch filter {
        case .nearest: 1
        case .linear: 1 << axes
        case .cubic: 1 << (2 * axes)
        }
    }

    /// Among the image's values, still outside it where it is.
    @inline(__always)
    private func position(_ named: Float, _ extent: Int) -> Float {
        guard named.isFinite else { return -1 }
        let size = Float(extent)
        let place = alignCorners ? (named + 1) / 2 * (size - 1) : ((named + 1) * size - 1) / 2
        // Far outside, one place is as good as another.
        let bounded = min(max(place, -1e7), 1e7)
        guard filter != .cubic || outside == .zeros else { return bounded }
        switch outside {
        case .zeros: return bounded
        case .border: return min(max(bounded, 0), size - 1)
        case .reflection: return reflected(bounded, extent)
        }
    }

    /// A place mirrored at the image's ends until it is inside.
    private func reflected(_ place: Float, _ extent: Int) -> Float {
        let low: Float = alignCorners ? 0 : -0.5, high = alignCorners ? Float(extent - 1) : Float(extent) - 0.5
        let range = high - low
        guard range > 0 else { return 0 }
        var rest = (place - low).truncatingRemainder(dividingBy: 2 * range)
        if rest < 0 { rest += 2 * range }
        return min(max(rest <= range ? low + rest : high - (rest - range), 0), Float(extent - 1))
    }

    /// The values inside the image that a place is made of, or what stands for those outside.
    private func collect(
        _ extents: [Int], _ x: Float, _ y: Float, _ z: Float, _ axes: Int, into taps: UnsafeMutableBufferPointer<Tap>
    ) -> Int {
        var count = 0
        func add(_ z: Int, _ y: Int, _ x: Int, _ weight: Float) {
            guard weight != 0, let offset = offset(extents, z, y, x) else { return }
            (taps.baseAddress.map { $0 + count })?.initialize(to: Tap(offset: offset, weight: weight))
            count += 1
        }
        if filter == .nearest {
            add(
                Int(z.rounded(.toNearestOrEven)), Int(y.rounded(.toNearestOrEven)), Int(x.rounded(.toNearestOrEven)),
                1)
            return count
        }
        let reach = filter == .cubic ? 2 : 1
        let (x0, y0, z0) = (Int(x.rounded(.down)), Int(y.rounded(.down)), Int(z.rounded(.down)))
        for c in (axes > 2 ? 1 - reach : 0)...(axes > 2 ? reach : 0) {
            let depth = axes > 2 ? weight(Float(z0 + c) - z) : 1
            for b in (axes > 1 ? 1 - reach : 0)...(axes > 1 ? reach : 0) {
                let row = axes > 1 ? weight(Float(y0 + b) - y) * depth : depth
                for a in 1 - reach...reach { add(z0 + c, y0 + b, x0 + a, weight(Float(x0 + a) - x) * row) }
            }
        }
        return count
    }

    @inline(__always)
    private func weight(_ distance: Float) -> Float {
        let x = abs(distance)
        if filter == .linear { return max(0, 1 - x) }
        let a: Float = -0.75
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }

    /// nil where what lies outside is 0.
    @inline(__always)
    private func offset(_ extents: [Int], _ z: Int, _ y: Int, _ x: Int) -> Int? {
        let inside =
            z >= 0 && z < extents[0] && y >= 0 && y < extents[1] && x >= 0 && x < extents[2]
        if inside { return (z * extents[1] + y) * extents[2] + x }
        switch outside {
        case .zeros: return nil
        case .border:
            return (clamped(z, extents[0]) * extents[1] + clamped(y, extents[1])) * extents[2] + clamped(x, extents[2])
        case .reflection:
            let (c, b, a) = (mirrored(z, extents[0]), mirrored(y, extents[1]), mirrored(x, extents[2]))
            return (c * extents[1] + b) * extents[2] + a
        }
    }

    private func clamped(_ place: Int, _ extent: Int) -> Int { min(max(place, 0), extent - 1) }

    private func mirrored(_ place: Int, _ extent: Int) -> Int {
        place >= 0 && place < extent ? place : Int(reflected(Float(place), extent))
    }
}
