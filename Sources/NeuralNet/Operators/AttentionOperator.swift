// SPDX-License-Identifier: Apache-2.0

/// ONNX's Attention (operator sets 23 to 25): softmax(Q · Kᵀ · scale + bias) · V for each head, where several heads of
/// Q may share one of K and V. Its further outputs are the keys and values with those of the past before them, and the
/// products of Q and K.
struct AttentionOperator: MultipleOutputOperator {
    private let isCausal: Bool
    private let scale: Float?
    private let softcap: Float
    private let queryHeads: Int?
    private let keyHeads: Int?
    private let mode: Int
    private let window: AttentionWindow

    var plannedInputs: [Int] { [6] }
    var outputCount: Int { 4 }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(3, upTo: reader.opset < 24 ? 6 : 7)
        isCausal = try reader.flag("is_causal")
        scale = try reader.float("scale")
        softcap = try reader.float("softcap", default: 0)
        queryHeads = try reader.int("q_num_heads")
        keyHeads = try reader.int("kv_num_heads")
        mode = try reader.int("qk_matmul_output_mode", default: 0)
        guard (0...3).contains(mode), softcap >= 0 else {
            throw node.invalid("qk_matmul_output_mode is \(mode), softcap is \(softcap)")
        }
        // All is computed in single precision.
        reader.ignore("softmax_precision")
        window = AttentionWindow(
            left: reader.opset >= 25 ? try reader.int("left_window_size", default: -1) : -1,
            right: reader.opset >= 25 ? try reader.int("right_window_size", default: -1) : -1)
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node, make = Composition(node: node)
        let isPacked = try inputs.floats(0).shape.count == 3
        let query = try heads(try inputs.floats(0), queryHeads, make, &lowering)
        var key = try heads(try inputs.floats(1), keyHeads, make, &lowering)
        var value = try heads(try inputs.floats(2), keyHeads, make, &lowering)
        var past = 0
        let pastKey = try inputs.optionalFloats(4), pastValue = try inputs.optionalFloats(5)
        guard (pastKey == nil) == (pastValue == nil) else { throw node.invalid("it has a past key or value alone") }
        if let pastKey, let pastValue {
            guard pastKey.shape.count == 4, pastValue.shape.count == 4 else {
                throw node.invalid("past keys \(pastKey.shape) and values \(pastValue.shape)")
            }
            past = pastKey.shape[2]
            key = try make.concatenate([pastKey, key], axis: 2, &lowering)
            value = try make.concatenate([pastValue, value], axis: 2, &lowering)
        }
        let batch = query.shape[0], count = query.shape[1], length = query.shape[2], size = query.shape[3]
        let shared = key.shape[1], keys = key.shape[2], valueSize = value.shape[3]
        guard shared > 0, count % shared == 0, key.shape == [batch, shared, keys, size],
            value.shape == [batch, shared, keys, valueSize]
        else {
            throw node.invalid("queries \(query.shape), keys \(key.shape) and values \(value.shape) do not suit")
        }
        let root = (scale ?? 1 / Float(size).squareRoot()).squareRoot()
        let grouped = [batch, shared, count / shared, length, size]
        let left = try make.scale(query, by: root, &lowering).reshaped(grouped)
        let right = try make.scale(try make.transpose(key, [0, 1, 3, 2], &lowering), by: root, &lowering)
            .reshaped([batch, shared, 1, size, keys])
        let whole = [batch, count, length, keys]
        var scores = try make.multiplyMatrices(left, right, &lowering).reshaped(whole)
        var shown = [scores]
        if softcap > 0 {
            let small = try make.scale(scores, by: 1 / softcap, &lowering)
            scores = try make.scale(try make.unary(.tanh, small, &lowering), by: softcap, &lowering)
        }
        shown.append(scores)
        let frame = AttentionFrame(batch: batch, queries: length, keys: keys, past: past)
        if let mask = try self.mask(inputs, frame, make, &lowering) {
            scores = try make.binary(.add, scores, mask, &lowering)
        }
        if let limits = try limits(inputs, frame, &lowering) {
            scores = try make.binary(.add, scores, limits, &lowering)
        }
        shown.append(scores)
        guard scores.shape == whole, let rows = elementCount(of: whole[..<3]) else {
            throw node.invalid("its mask makes of scores \(whole) the shape \(scores.shape)")
        }
        let weights = try lowering.emit(
            MaskedSoftmaxStep(rows: rows, count: keys), [scores], shape: whole, of: node)
        shown.append(weights)
        var result = try make.multiplyMatrices(
            weights.reshaped([batch, shared, count / shared, length, keys]),
            value.reshaped([batch, shared, 1, keys, valueSize]), &lowering
        ).reshaped([batch, count, length, valueSize])
        if isPacked {
            result = try make.transpose(result, [0, 2, 1, 3], &lowering).reshaped([batch, length, count * valueSize])
        }
        return [result, key, value, shown[mode]]
    }

    /// As batch × heads × sequence × size.
    private func heads(
        _ value: PlanValue, _ heads: Int?, _ make: Composition, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let shape = value.shape
        if shape.count == 4, shape.allSatisfy({ $0 > 0 }) { return value }
        guard shape.count == 3, let heads, heads > 0, shape[2] % heads == 0, shape.allSatisfy({ $0 > 0 }) else {
            throw make.node.invalid("an input of shape \(shape) has no heads")
        }
        return try make.transpose(
            value.reshaped([shape[0], shape[1], heads, shape[2] / heads]), [0, 2, 1, 3], &lowering)
    }

    /// What the caller or the network masks, as summands.
    private func mask(
        _ inputs: NodeInputs, _ frame: AttentionFrame, _ make: Composition, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue? {
        guard inputs.optional(3) != nil else { return nil }
        var mask = try inputs.numbers(3)
        if inputs.type(3) == .bool {
            guard let shape = TripleBroadcastShape(mask.shape, [], []) else { throw make.node.invalid("its mask") }
            mask = try lowering.emit(
                SelectStep(shape: shape), [mask, .scalar(0), .scalar(-.infinity)], shape: mask.shape,
                of: make.node)
        } else {
            mask = try inputs.floats(3)
        }
        guard let last = mask.shape.last, last < frame.keys, last > 1 || frame.keys == 1 else { return mask }
        // The keys that it does not reach are masked.
        var rest = mask.shape
        rest[rest.count - 1] = frame.keys - last
        let outside = try ViewCopy.expand(.scalar(-.infinity), to: rest, of: make.node, into: &lowering)
        return try make.concatenate([mask, outside], axis: rest.count - 1, &lowering)
    }

    /// What lies outside: later keys, keys out of the window, and keys that are not filled.
    private func limits(
        _ inputs: NodeInputs, _ frame: AttentionFrame, _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue? {
        let filled = try inputs.integers(6)
        guard isCausal || window.isBounded || filled != nil else { return nil }
        guard filled?.count ?? frame.batch == frame.batch else {
            throw inputs.node.invalid("nonpad_kv_seqlen is not one number for each of \(frame.batch)")
        }
        let images = filled == nil ? 1 : frame.batch
        let shape = [images, 1, frame.queries, frame.keys]
        try lowering.charge(shape: shape, elementSize: MemoryLayout<Float>.size, of: inputs.node)
        var values: [Float] = []
        for image in 0..<images {
            let offset = filled.map { $0[image] &- frame.queries } ?? frame.past
            for query in 0..<frame.queries {
                let position = offset &+ query
                for key in 0..<frame.keys {
                    let isSeen =
                        (!isCausal || key <= position) && window.holds(key, at: position)
                        && key < filled?[image] ?? .max
                    values.append(isSeen ? 0 : -.infinity)
                }
            }
        }
        return .constant(ConstantValue(ConstantTensor(shape: shape, storage: .float(values))))
    }
}

/// The extents of an attention's scores.
private struct AttentionFrame {
    let batch: Int
    let queries: Int
    let keys: Int
    /// The keys before the first query.
    let past: Int
}

/// How far from its own place a query sees; −1 for as far as there is.
private struct AttentionWindow: Sendable {
    let left: Int
    let right: Int

    var isBounded: Bool { left >= 0 || right >= 0 }

    func holds(_ key: Int, at position: Int) -> Bool {
        (left < 0 || position &- key <= left) && (right < 0 || key &- position <= right)
    }
}
