// SPDX-License-Identifier: Apache-2.0

/// The weights by which pixels along one direction make up each new pixel; those of one pixel add up to 1.
struct ResamplingTaps {
    /// The taps of new pixel `i` are those from `starts[i]` up to `starts[i + 1]`.
    private var starts = [0]
    private var indices: [Int] = []
    private var weights: [Float] = []

    init(from old: Int, to new: Int, method: ResizeMethod) {
        let scale = Double(old) / Double(new)
        for index in 0..<new {
            switch method {
            case .bilinear:
                let position = min(max((Double(index) + 0.5) * scale - 0.5, 0), Double(old - 1))
                let near = Int(position)
                let fraction = position - Double(near)
                append(near, weight: 1 - fraction)
                if fraction > 0 { append(near + 1, weight: fraction) }
            case .area:
                let from = Double(index) * scale, to = min(Double(index + 1) * scale, Double(old))
                for pixel in Int(from)..<min(old, Int(to.rounded(.up))) {
                    let covered = min(to, Double(pixel + 1)) - max(from, Double(pixel))
                    if covered > 0 { append(pixel, weight: covered / (to - from)) }
                }
            }
            starts.append(indices.count)
        }
    }

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
