// SPDX-License-Identifier: Apache-2.0

/// Blocks of values that are picked from places known when planning.
struct PickCopy: ElementCopy {
    /// Of each block in the input, in values.
    let places: [Int]
    let block: Int

    func run<Element: BitwiseCopyable>(
        input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
    ) {
        places.withUnsafeBufferPointer { places in
            var target = output
            if block == 1 {
                for position in 0..<places.count { target[position] = input[places[position]] }
                return
            }
            for position in 0..<places.count {
                target.update(from: input + places[position], count: block)
                target += block
            }
        }
    }
}

/// A tensor in which blocks of a second one replace what stands at places known when planning; later ones win.
struct PutCopy: ElementCopy {
    let count: Int
    let places: [Int]
    let block: Int

    func run<Element: BitwiseCopyable>(
        input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
    ) {
        guard index > 0 else {
            output.update(from: input, count: count)
            return
        }
        places.withUnsafeBufferPointer { places in
            for position in 0..<places.count {
                (output + places[position]).update(from: input + position * block, count: block)
            }
        }
    }
}

/// Indices of a node as places in its data.
enum IndexTable {
    /// The most places of a table.
    static let maximumCount = 1 << 24

    /// An index counted from the end where it is negative.
    static func position(_ index: Int64, extent: Int, _ node: Node) throws(NetworkError) -> Int {
        let extent = Int64(extent)
        guard index >= -extent, index < extent else {
            throw node.invalid("the index \(index) is outside an axis of \(extent)")
        }
        return Int(index < 0 ? index + extent : index)
    }

    /// For GatherElements and ScatterElements: the place of each index, whose tensor has the data's rank and is at most
    /// as large along the other axes.
    static func alongAxis(
        _ axis: Int, indices: [Int64], shape: [Int], data: [Int], _ node: Node
    ) throws(NetworkError) -> [Int] {
        try checkAlongAxis(axis, shape: shape, data: data, node)
        let strides = TensorExtent.strides(of: data)
        var others = strides
        others[axis] = 0
        var places: [Int] = []
        places.reserveCapacity(indices.count)
        for (index, start) in zip(indices, offsets(over: shape, strides: others)) {
            places.append(start + (try position(index, extent: data[axis], node)) * strides[axis])
        }
        return places
    }

    static func checkAlongAxis(_ axis: Int, shape: [Int], data: [Int], _ node: Node) throws(NetworkError) {
        guard shape.count == data.count, let count = elementCount(of: shape), count <= maximumCount,
            elementCount(of: data) != nil, shape.indices.allSatisfy({ $0 == axis || shape[$0] <= data[$0] })
        else {
            throw node.invalid("indices of shape \(shape) do not suit data of shape \(data) along axis \(axis)")
        }
    }

    /// For GatherND and ScatterND: the place of each tuple of indices, the last axis of their tensor.
    ///
    /// - Parameter batch: leading axes that both tensors have.
    static func tuples(
        indices: [Int64], shape: [Int], data: [Int], batch: Int, _ node: Node
    ) throws(NetworkError) -> (places: [Int], block: Int) {
        let (length, block) = try checkTuples(shape: shape, data: data, batch: batch, node)
        let strides = TensorExtent.strides(of: data)
        let tuples = elementCount(of: shape.dropLast()) ?? 0
        let perBatch = elementCount(of: shape[batch..<(shape.count - 1)]) ?? 0
        let batchStride = elementCount(of: data[batch...]) ?? 0
        // Of nothing, nothing is picked, and its strides mean nothing.
        guard block > 0 else { return ([], 0) }
        var places: [Int] = []
        places.reserveCapacity(tuples)
        for tuple in 0..<tuples {
            var place = perBatch > 0 ? tuple / perBatch * batchStride : 0
            for axis in 0..<length {
                place +=
                    try position(indices[tuple * length + axis], extent: data[batch + axis], node)
                    * strides[batch + axis]
            }
            places.append(place)
        }
        return (places, block)
    }

    /// The length of a tuple, and the values that it picks.
    static func checkTuples(
        shape: [Int], data: [Int], batch: Int, _ node: Node
    ) throws(NetworkError) -> (length: Int, block: Int) {
        guard let length = shape.last, batch >= 0, batch < shape.count, length >= 1, length <= data.count - batch,
            shape[..<batch] == data[..<batch], let count = elementCount(of: shape), count <= maximumCount,
            elementCount(of: shape.dropLast()) ?? .max <= maximumCount,
            elementCount(of: data) != nil, let block = elementCount(of: data[(batch + length)...])
        else {
            throw node.invalid("indices of shape \(shape) do not suit data of shape \(data)")
        }
        return (length, block)
    }

    /// For each place of a shape, in row-major order, the place in a tensor that is stretched to it. The shapes must suit.
    static func places(of shape: [Int], over output: [Int]) -> [Int] {
        offsets(over: output, strides: TensorExtent.strides(of: shape, stretchedOver: output.count))
    }

    /// The offsets of all places of a shape, in row-major order.
    static func offsets(over shape: [Int], strides: [Int]) -> [Int] {
        if shape.contains(0) { return [] }
        var places = [0]
        for axis in shape.indices {
            places = places.flatMap { place in (0..<shape[axis]).map { place + $0 * strides[axis] } }
        }
        return places
    }
}
