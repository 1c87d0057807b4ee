// SPDX-License-Identifier: Apache-2.0

extension TrainingPass {
    /// The embeddings of images as they are, one after another, by the weights that the network has now.
    ///
    /// - Parameter indices: any number of them; the pass takes as many at once as its shape says.
    public func embeddings(of indices: [Int], in images: TrainingImages) throws(TrainingError) -> [Float] {
        let size = inputShape[0], dimension = outputShape.dropFirst().reduce(1, *)
        var values: [Float] = []
        values.reserveCapacity(indices.count * dimension)
        for start in stride(from: 0, to: indices.count, by: size) {
            let part = Array(indices[start..<min(start + size, indices.count)])
            // Rows do not touch each other in inference, so that what fills the last batch does not matter.
            let filled = part + Array(repeating: part[0], count: size - part.count)
            values += try evaluate(images.values(of: filled)).prefix(part.count * dimension)
        }
        return values
    }
}
