// SPDX-License-Identifier: Apache-2.0

/// Makes each new pixel of several old ones: rows are added up first, then columns.
struct Resampling {
    let columns: ResamplingTaps
    let rows: ResamplingTaps

    /// - Parameters:
    ///   - pixels: as many as the taps ask for; one pixel is the samples of its levels, a byte each.
    ///   - width: how many pixels a row has.
    func image<Pixel: BlendablePixel>(of pixels: UnsafePointer<Pixel>, width: Int) -> Image<Pixel> {
        let samples = MemoryLayout<Pixel>.stride
        let left = columns.first, count = (columns.last + 1 - left) * samples
        // The levels of a pixel are read four at a time.
        let sums = UnsafeMutablePointer<Float>.allocate(capacity: count + 4)
        sums.initialize(repeating: 0, count: count + 4)
        defer { sums.deallocate() }
        let newWidth = columns.count, newHeight = rows.count
        let resampled = [Pixel](unsafeUninitializedCapacity: newWidth * newHeight) { buffer, initialized in
            for y in 0..<newHeight {
                rows.forEachTap(of: y) { row, weight, isFirst in
                    let levels = UnsafeRawPointer(pixels + row * width + left).assumingMemoryBound(to: UInt8.self)
                    Self.add(levels, count, times: weight, to: sums, isFirst: isFirst)
                }
                for x in 0..<newWidth {
                    var sum = SIMD4<Float>.zero
                    columns.forEachTap(of: x) { column, weight, _ in
                        sum +=
                            UnsafeRawPointer(sums + (column - left) * samples).loadUnaligned(as: SIMD4<Float>.self)
                            * weight
                    }
                    buffer.initializeElement(at: y * newWidth + x, to: Pixel(nearestOf: sum))
                }
            }
            initialized = newWidth * newHeight
        }
        return Image(width: newWidth, height: newHeight, pixels: resampled)
    }

    @inline(__always)
    private static func add(
        _ levels: UnsafePointer<UInt8>, _ count: Int, times weight: Float, to sums: UnsafeMutablePointer<Float>,
        isFirst: Bool
    ) {
        if isFirst {
            for index in 0..<count { sums[index] = Float(levels[index]) * weight }
        } else {
            for index in 0..<count { sums[index] += Float(levels[index]) * weight }
        }
    }
}
