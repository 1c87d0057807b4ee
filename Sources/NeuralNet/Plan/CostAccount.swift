// SPDX-License-Identifier: Apache-2.0

/// What a network costs, counted before it is done while the network is loaded and planned: the work of a pass, and the
/// work and the memory of loading and planning. No file, whatever stands in it, takes more than the limits.
struct CostAccount: Sendable {
    private let passLimit: Work
    private let planningLimit: Work
    private let madeLimit: Int
    private let weights: Int
    private let images: Int
    private(set) var pass = Work.zero
    private(set) var planning = Work.zero
    /// The bytes of constants, tables and layouts of weights.
    private(set) var made = 0

    /// - Parameters:
    ///   - weights: how many numbers the network's own constants hold.
    ///   - images: how many images a pass takes.
    init(weights: Int, images: Int = 1) {
        self.weights = weights
        self.images = images
        passLimit = Work(NetworkLimits.maximumWork, images)
        planningLimit = Work(NetworkLimits.maximumPlanningWork) + Work(NetworkLimits.planningWorkPerWeight, weights)
        madeLimit = NetworkLimits.maximumMadeBytes + Work(NetworkLimits.madeBytesPerWeight, weights).units
    }

    /// The most bytes of a run's memory, by the values of its inputs.
    func runLimit(inputs: Int) -> Int {
        let own = Work(NetworkLimits.runBytesPerImage, images) + Work(NetworkLimits.runBytesPerWeight, weights)
        let given = Work(NetworkLimits.runBytesPerInputByte, inputs, MemoryLayout<Float>.stride)
        return min(NetworkLimits.maximumBytes, (own + given).units)
    }

    /// Work of a pass.
    mutating func addToPass(_ work: Work, of node: Node) throws(NetworkError) {
        pass = pass + work
        guard pass <= passLimit else {
            throw .tooMuchWork(
                operatorType: node.operatorType, node: node.label, stage: .pass, work: pass.units,
                limit: passLimit.units)
        }
    }

    /// Work that is done while loading or planning.
    mutating func addToPlanning(_ work: Work, of node: Node) throws(NetworkError) {
        planning = planning + work
        guard planning <= planningLimit else {
            throw .tooMuchWork(
                operatorType: node.operatorType, node: node.label, stage: .planning, work: planning.units,
                limit: planningLimit.units)
        }
    }

    /// Memory that is filled while loading or planning and kept: `count` values of `size` bytes.
    mutating func addMade(_ count: Int, of size: Int, by node: Node) throws(NetworkError) {
        try addToPlanning(Work(count, WorkCost.value), of: node)
        made = (Work(made) + Work(count, size)).units
        guard made <= madeLimit else {
            throw .tooLarge(
                what: "With node “\(node.label)” (\(node.operatorType)), what loading and planning the network makes",
                bytes: made, limit: madeLimit)
        }
    }
}

extension Graph {
    /// The numbers that its constants hold.
    var weightCount: Int {
        initializers.values.reduce(0) { $0 + $1.count } + nodes.reduce(0) { $0 + $1.weightCount }
    }
}

extension Node {
    fileprivate var weightCount: Int {
        attributes.values.reduce(0) { sum, attribute in
            switch attribute {
            case .tensor(let tensor): sum + tensor.count
            case .floats(let values): sum + values.count
            case .ints(let values): sum + values.count
            case .graph(let graph):
                graph.initializers.values.reduce(0) { $0 + $1.count }
                    + graph.nodes.reduce(sum) { $0 + $1.weightCount }
            case .int, .float, .string, .strings: sum
            }
        }
    }
}
