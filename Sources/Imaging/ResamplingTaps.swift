// SPDX-License-Identifier: Apache-2.0

/// The weights by which pixels along one direction make up each new pixel; those of one pixel add up to 1.
struct ResamplingTaps {
    /// The taps of new pixel `i` are those from `starts[i]` up to `starts[i + 1]`.
    private var starts = [0]
    private var indices: [Int] = []
    private var weights: [Float] = []

    /// All of `old` pixels.
    init(from old: Int, to new: Int, method: ResizeMethod) {
        self.init(from: 0, length: Double(old), of: old, to: new, method: method)
    }

    /// - Parameters:
    ///   - start: where the part begins, in pixels from the first.
    ///   - length: how long it is; it need not be whole.
    ///   - old: how many pixels there are.
    init(from start: Double, length: Double, of old: Int, to new: Int, method: ResizeMethod) {
        // Whole pixels before the part change nothing but their number.
        let offset = Int(start), start = start - Double(offset)
        let scale = length / Double(new), end = min(Double(old - offset), start + length)
        for index in 0..<new {
            switch method {
            case .bilinear:
                let position = min(max(start + (Double(index) + 0.5) * scale - 0.5, 0), end - 1)
                let near = Int(position)
                let fraction = position - Double(near)
                append(offset + near, weight: 1 - fraction)
                if fraction > 0 { append(offset + near + 1, weight: fraction) }
            case .area:
                let from = start + Double(index) * scale, to = min(start + Double(index + 1) * scale, end)
                for pixel in Int(from)..<max(Int(from) + 1, min(old - offset, Int(to.rounded(.up)))) {
                    let covered = min(to, Double(pixel + 1)) - max(from, Double(pixel))
                    if covered > 0 { append(offset + pixel, weight: covered / (to - from)) }
                }
            }
            starts.append(indices.count)
        }
    }

    /// How many new pixels there are, and which old ones are the first and the last of theirs.
    var count: Int { starts.count - 1 }
    var first: Int { indices.first ?? 0 }
    var last: Int { indices.last ?? 0 }

    private mutating func append(_ index: Int, weight: Double) {
        indices.append(index)
        weights.append(Float(weight))
    }

    @inline(__always)
    func forEachTap(of index: Int, _ body: (_ index: Int, _ weight: Float, _ isFirst: Bool) -> Void) {
        for tap in starts[index]..<starts[index + 1] {
            body(indices[tap], weights[tap], tap == starts[index])
        }
    }
}
