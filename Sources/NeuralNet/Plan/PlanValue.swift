// SPDX-License-Identifier: Apache-2.0

/// A value that is known when planning.
struct ConstantValue: Sendable {
    private enum Storage: Sendable {
        case floats(ConstantFloats)
        case other(ConstantTensor)
    }

    let shape: [Int]
    private let storage: Storage

    /// Floating-point values move to memory that runs can read, in single precision.
    init(_ tensor: ConstantTensor) {
        shape = tensor.shape
        switch tensor.storage {
        case .float(let values): storage = .floats(ConstantFloats(values))
        case .double(let values): storage = .floats(ConstantFloats(values.map { Float($0) }))
        default: storage = .other(tensor)
        }
    }

    init(shape: [Int], floats: ConstantFloats) {
        self.shape = shape
        storage = .floats(floats)
    }

    private init(shape: [Int], storage: Storage) {
        self.shape = shape
        self.storage = storage
    }

    var elementType: ElementType {
        switch storage {
        case .floats: .float
        case .other(let tensor): tensor.elementType
        }
    }

    var count: Int {
        switch storage {
        case .floats(let floats): floats.count
        case .other(let tensor): tensor.count
        }
    }

    /// What a run can read; nil for other types than single precision.
    var floats: ConstantFloats? {
        if case .floats(let floats) = storage { floats } else { nil }
    }

    var integers: [Int64]? {
        if case .other(let tensor) = storage { tensor.integers } else { nil }
    }

    /// A copy, for computing while planning.
    var tensor: ConstantTensor {
        switch storage {
        case .floats(let floats): ConstantTensor(shape: shape, storage: .float(floats.values))
        case .other(let tensor): tensor
        }
    }

    /// The same values; the shapes must have as many.
    func reshaped(_ shape: [Int]) -> ConstantValue {
        switch storage {
        case .floats: ConstantValue(shape: shape, storage: storage)
        case .other(let tensor): ConstantValue(shape: shape, storage: .other(tensor.reshaped(shape)))
        }
    }
}

/// What a name of the graph stands for while planning.
enum PlanValue: Sendable {
    case constant(ConstantValue)
    /// Values that a run computes, as floats whatever they stand for. Several shapes may be seen of one storage.
    case runtime(storage: Int, shape: [Int])

    var shape: [Int] {
        switch self {
        case .constant(let constant): constant.shape
        case .runtime(_, let shape): shape
        }
    }

    var constant: ConstantValue? {
        if case .constant(let constant) = self { constant } else { nil }
    }

    /// The same values in a shape that has as many.
    func reshaped(_ shape: [Int]) -> PlanValue {
        switch self {
        case .constant(let constant): .constant(constant.reshaped(shape))
        case .runtime(let storage, _): .runtime(storage: storage, shape: shape)
        }
    }
}
