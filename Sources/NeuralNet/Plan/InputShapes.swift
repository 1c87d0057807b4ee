// SPDX-License-Identifier: Apache-2.0

/// The shapes of a plan's inputs, from what the network declares and what the caller gives.
enum InputShapes {
    /// In the order of the inputs.
    static func resolve(_ inputs: [ValueInfo], given: [String: [Int]]) throws(NetworkError) -> [[Int]] {
        if let unknown = given.keys.filter({ name in !inputs.contains { $0.name == name } }).min() {
            throw .invalidInputShape(
                input: unknown,
                reason:
                    "the network has no such input; it takes \(inputs.map { "“\($0.name)”" }.joined(separator: ", "))")
        }
        var extents: [String: Int] = [:]
        for input in inputs {
            guard let shape = given[input.name] else { continue }
            try check(shape, against: input, extents: &extents)
        }
        var shapes: [[Int]] = []
        for input in inputs {
            if let shape = given[input.name] {
                shapes.append(shape)
                continue
            }
            var shape: [Int] = []
            for dimension in input.shape {
                let extent: Int? =
                    switch dimension {
                    case .fixed(let extent): extent
                    case .symbolic(let name): extents[name]
                    case .unknown: nil
                    }
                guard let extent else {
                    throw .invalidInputShape(
                        input: input.name,
                        reason: "a shape must be given, because the network leaves \(describe(input.shape)) open")
                }
                shape.append(extent)
            }
            try check(shape, against: input, extents: &extents)
            shapes.append(shape)
        }
        return shapes
    }

    private static func check(
        _ shape: [Int], against input: ValueInfo, extents: inout [String: Int]
    ) throws(NetworkError) {
        func refusal(_ reason: String) -> NetworkError { .invalidInputShape(input: input.name, reason: reason) }
        guard shape.count == input.shape.count else {
            throw refusal("\(shape) has \(shape.count) dimensions, and the network takes \(describe(input.shape))")
        }
        for (extent, dimension) in zip(shape, input.shape) {
            guard extent > 0 else { throw refusal("\(shape) has the extent \(extent), and extents are at least 1") }
            switch dimension {
            case .unknown: break
            case .fixed(let expected):
                guard extent == expected else {
                    throw refusal("\(shape) was given, and the network takes \(describe(input.shape))")
                }
            case .symbolic(let name):
                guard extent == extents[name, default: extent] else {
                    throw refusal(
                        "\(shape) makes \(name) \(extent), and elsewhere it is \(extents[name, default: extent])")
                }
                extents[name] = extent
            }
        }
    }

    private static func describe(_ shape: [Dimension]) -> String {
        "[" + shape.map(\.description).joined(separator: ", ") + "]"
    }
}
