// SPDX-License-Identifier: Apache-2.0

/// Picking by indices that a run computes, which are floats there. An index outside its axis is drawn in: a run has no
/// way to refuse it, and must not read elsewhere.
package enum ComputedIndex {
    @inline(__always)
    static func position(_ index: Float, extent: Int) -> Int {
        guard index.isFinite, extent > 0 else { return 0 }
        let bound = Float(extent)
        let whole = Int(min(max(index, -bound), bound))
        return min(max(whole < 0 ? whole + extent : whole, 0), extent - 1)
    }
}

/// Entries picked along an axis, by ONNX's Gather.
package enum ComputedGatherKernel {
    package static func run(
        _ shape: GatherShape, input: UnsafePointer<Float>, indices: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        guard shape.count > 0 else { return }
        for index in 0..<shape.indexCount {
            let chosen = ComputedIndex.position(indices[index], extent: shape.count)
            for outer in 0..<shape.outer {
                (output + (outer * shape.indexCount + index) * shape.inner)
                    .update(from: input + (outer * shape.count + chosen) * shape.inner, count: shape.inner)
            }
        }
    }
}

/// Places in a tensor where a run's indices point: by ONNX's GatherElements and ScatterElements for one index each, by
/// GatherND and ScatterND for tuples of them.
package struct ComputedPlaces: Sendable, Hashable {
    /// Of each index or tuple, what the axes that are not indexed add.
    package let starts: [Int]
    /// The extents and strides of the axes that an index or tuple stands for.
    package let extents: [Int]
    package let strides: [Int]
    /// The values that lie at each place.
    package let block: Int

    package init(starts: [Int], extents: [Int], strides: [Int], block: Int) {
        self.starts = starts
        self.extents = extents
        self.strides = strides
        self.block = block
    }

    @inline(__always)
    fileprivate func forEach(_ indices: UnsafePointer<Float>, _ body: (_ number: Int, _ place: Int) -> Void) {
        let length = extents.count
        for number in 0..<starts.count {
            var place = starts[number]
            for axis in 0..<length {
                place += ComputedIndex.position(indices[number * length + axis], extent: extents[axis]) * strides[axis]
            }
            body(number, place)
        }
    }
}

/// How a value that is put somewhere is joined with what stands there.
package enum ScatterReduction: String, Sendable, Hashable {
    case none
    case add
    case mul
    case max
    case min

    @inline(__always)
    fileprivate func join(_ old: Float, _ new: Float) -> Float {
        switch self {
        case .none: new
        case .add: old + new
        case .mul: old * new
        case .max: Swift.max(old, new)
        case .min: Swift.min(old, new)
        }
    }
}

package enum ComputedPlacesKernel {
    package static func gather(
        _ places: ComputedPlaces, input: UnsafePointer<Float>, indices: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        places.forEach(indices) { number, place in
            (output + number * places.block).update(from: input + place, count: places.block)
        }
    }

    /// - Parameter count: the values of the data, which the output begins with.
    package static func scatter(
        _ places: ComputedPlaces, _ reduction: ScatterReduction, count: Int, data: UnsafePointer<Float>,
        indices: UnsafePointer<Float>, updates: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        output.update(from: data, count: count)
        places.forEach(indices) { number, place in
            for index in 0..<places.block {
                output[place + index] = reduction.join(output[place + index], updates[number * places.block + index])
            }
        }
    }
}
