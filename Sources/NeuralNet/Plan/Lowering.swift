// SPDX-License-Identifier: Apache-2.0

/// Turns nodes into steps, and computes what is known already.
struct Lowering {
    private(set) var steps: [Step] = []
    /// The floats of each storage.
    private(set) var storageCounts: [Int] = []
    /// What each storage's floats stand for. Truth values are 0 and 1; whole numbers are exact to 2^24.
    private var storageTypes: [ElementType] = []
    /// Layouts of weights, shared by all plans of a network.
    let preparedWeights: PreparedWeights
    private(set) var account: CostAccount
    private var loweredNodes = 0

    /// - Parameter account: what may be spent.
    init(preparedWeights: PreparedWeights, account: CostAccount) {
        self.preparedWeights = preparedWeights
        self.account = account
    }

    /// A value that a run computes or is given.
    mutating func addStorage(
        shape: [Int], what: String, type: ElementType = .float
    ) throws(NetworkError) -> PlanValue {
        let count = try Self.checkedCount(shape, what: what)
        storageCounts.append(count)
        storageTypes.append(type == .double ? .float : type)
        return .runtime(storage: storageCounts.count - 1, shape: shape)
    }

    /// Counts a node that is lowered, those of a loop's body once for each round.
    ///
    /// - Parameter work: how many nodes it is as much work as.
    mutating func count(_ node: Node, work: Int = 1) throws(NetworkError) {
        try account.addToPlanning(Work(WorkCost.node) + Work(work - 1, WorkCost.tableEntry), of: node)
        loweredNodes += work
        guard loweredNodes <= NetworkLimits.maximumSteps else {
            throw node.unsupported("its loops take more than \(NetworkLimits.maximumSteps) nodes")
        }
    }

    /// What the numbers of a value stand for. Those of a run are all single-precision floats in memory.
    func elementType(of value: PlanValue) -> ElementType {
        switch value {
        case .constant(let constant): constant.elementType
        case .runtime(let storage, _): storageTypes[storage]
        }
    }

    /// Appends a step and returns its output. Where every operand is constant, the step is run here instead.
    ///
    /// - Parameter type: what the output's floats stand for.
    mutating func emit(
        _ body: any CountedStep, _ operands: [PlanValue?], shape: [Int], type: ElementType = .float, of node: Node
    ) throws(NetworkError) -> PlanValue {
        var lowered: [Operand] = []
        for (index, value) in operands.enumerated() {
            switch value {
            case nil: lowered.append(.absent)
            case .runtime(let storage, _): lowered.append(.storage(storage))
            case .constant(let constant):
                guard let floats = constant.floats else {
                    throw node.invalid("operand \(index + 1) is \(constant.elementType) where single precision belongs")
                }
                lowered.append(.constant(floats))
            }
        }
        let work = body.work + Work(elementCount(of: shape) ?? .max, WorkCost.value)
        if lowered.allSatisfy({ $0.storage == nil }) {
            try account.addToPlanning(work, of: node)
            let result = try evaluate(body, lowered, shape: shape, of: node)
            return .constant(type == .float ? result : ConstantValue(result.tensor.converted(to: type)))
        }
        // What has no values needs no step, whose loops might be long all the same.
        if elementCount(of: shape) == 0 {
            return try addStorage(shape: shape, what: "The output of node “\(node.label)”", type: type)
        }
        guard steps.count < NetworkLimits.maximumSteps else {
            throw .unsupportedModel(reason: "it takes more than \(NetworkLimits.maximumSteps) steps")
        }
        let output = try addStorage(shape: shape, what: "The output of node “\(node.label)”", type: type)
        guard case .runtime(let storage, _) = output else { return output }
        try account.addToPlanning(Work(WorkCost.node), of: node)
        try account.addToPass(work, of: node)
        steps.append(
            Step(
                body: body, operands: lowered, output: storage, origin: "node “\(node.label)” (\(node.operatorType))"))
        return output
    }

    /// A constant that was computed while planning, charged to the bound on all of them.
    mutating func fold(_ tensor: ConstantTensor, of node: Node) throws(NetworkError) -> PlanValue {
        try charge(shape: tensor.shape, elementSize: tensor.elementType.size, of: node)
        return .constant(ConstantValue(tensor))
    }

    /// Refuses a constant or a table that would be too large, before it is made.
    mutating func charge(shape: [Int], elementSize: Int, of node: Node) throws(NetworkError) {
        let count = try Self.checkedCount(
            shape, what: "The constant that node “\(node.label)” (\(node.operatorType)) makes")
        try account.addMade(count, of: elementSize, by: node)
    }

    /// Refuses tables of places in a shape, before they are made. They are whole numbers of the machine.
    mutating func chargeTable(_ shape: [Int], tables: Int = 1, of node: Node) throws(NetworkError) {
        // One is made axis by axis, from another.
        try charge(shape: shape, elementSize: (tables + 1) * MemoryLayout<Int>.stride, of: node)
    }

    /// Refuses another layout of weights that would be too large, before it is made.
    mutating func chargePreparedWeights(_ count: Int, of node: Node) throws(NetworkError) {
        try account.addMade(count, of: MemoryLayout<Float>.stride, by: node)
        try account.addToPlanning(Work(count, WorkCost.preparedWeight), of: node)
    }

    /// Refuses more work while planning than is allowed, before it is done.
    mutating func charge(_ work: Work, of node: Node) throws(NetworkError) {
        try account.addToPlanning(work, of: node)
    }

    private mutating func evaluate(
        _ body: any CountedStep, _ operands: [Operand], shape: [Int], of node: Node
    ) throws(NetworkError) -> ConstantValue {
        try charge(shape: shape, elementSize: MemoryLayout<Float>.stride, of: node)
        let pointers: [UnsafePointer<Float>?] = operands.map { operand in
            if case .constant(let floats) = operand { floats.pointer } else { nil }
        }
        try charge(shape: [body.scratchCount], elementSize: MemoryLayout<Float>.stride, of: node)
        let scratch = AlignedMemory.allocateFloats(body.scratchCount)
        defer { scratch.deallocate() }
        let count = elementCount(of: shape) ?? 0
        let result = ConstantFloats(count: count) { output in
            guard count > 0 else { return }
            withExtendedLifetime(operands) {
                pointers.withUnsafeBufferPointer { table in
                    guard let base = table.baseAddress else { return }
                    body.run(StepMemory(operands: base, output: output, scratch: scratch))
                }
            }
        }
        return ConstantValue(shape: shape, floats: result)
    }

    static func checkedCount(_ shape: [Int], what: String) throws(NetworkError) -> Int {
        let limit = NetworkLimits.maximumBytes
        guard shape.count <= NetworkLimits.maximumRank else {
            throw .unsupportedModel(
                reason: "\(what) has \(shape.count) dimensions, and at most \(NetworkLimits.maximumRank) are supported")
        }
        guard let count = elementCount(of: shape), count <= Int.max / MemoryLayout<Float>.stride else {
            throw .tooLarge(what: what, bytes: .max, limit: limit)
        }
        guard count * MemoryLayout<Float>.stride <= limit else {
            throw .tooLarge(what: what, bytes: count * MemoryLayout<Float>.stride, limit: limit)
        }
        return count
    }
}
