// SPDX-License-Identifier: Apache-2.0

/// ONNX's Einsum: products of operands summed over the letters that the result has not. Of two operands at a time by a
/// product of matrices, after each is brought to batch × kept × summed.
struct EinsumOperator: Operator {
    /// A letter, or an axis that “...” stands for, counted from the last.
    private enum Label: Hashable {
        case letter(Character)
        case hidden(Int)
    }

    /// A value whose axes are named, each by another label.
    private struct Term {
        var value: PlanValue
        var labels: [Label]
    }

    private let operands: [String]
    private let result: String?

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(max(node.inputs.count, 1), upTo: .max)
        let equation = try reader.string("equation", default: "").filter { $0 != " " }
        let sides = equation.split(separator: "->", maxSplits: 1, omittingEmptySubsequences: false)
        operands = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        result = sides.count > 1 ? String(sides[1]) : nil
        guard operands.count == node.inputs.count, equation.utf8.count <= 4096 else {
            throw node.invalid("its equation “\(equation.prefix(80))” does not have \(node.inputs.count) operands")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        var extents: [Label: Int] = [:], terms: [Term] = [], counts: [Label: Int] = [:], hidden = 0
        for (index, text) in operands.enumerated() {
            let value = try inputs.floats(index)
            let labels = try Self.labels(text, rank: value.shape.count, node)
            for (label, extent) in zip(labels, value.shape) {
                let known = extents[label] ?? 1
                guard known == 1 || extent == 1 || known == extent else {
                    throw node.invalid("axes of \(known) and of \(extent) have one label")
                }
                extents[label] = max(known, extent)
                counts[label, default: 0] += 1
                if case .hidden(let place) = label { hidden = max(hidden, place + 1) }
            }
            terms.append(try Self.diagonal(value, labels, node, into: &lowering))
        }
        let ellipsis = (0..<hidden).reversed().map { Label.hidden($0) }
        let wanted: [Label]
        if let result {
            wanted = try Self.labels(result, hidden: hidden, node)
        } else {
            // What occurs once, in the order of the alphabet.
            let once = counts.compactMap { label, count -> Character? in
                if case .letter(let letter) = label, count == 1 { letter } else { nil }
            }
            wanted = ellipsis + once.sorted().map { .letter($0) }
        }
        guard Set(wanted).count == wanted.count, wanted.allSatisfy({ extents[$0] != nil }) else {
            throw node.invalid("the result of its equation has a label twice, or one that no operand has")
        }
        guard var joined = terms.first else { throw node.invalid("it has no operand") }
        for (index, term) in terms.enumerated().dropFirst() {
            let later = Set(terms[(index + 1)...].flatMap(\.labels)).union(wanted)
            joined = try Self.multiply(joined, term, keeping: later, node, into: &lowering)
        }
        joined = try Self.sum(joined, keeping: Set(wanted), node, into: &lowering)
        let order = wanted.compactMap { joined.labels.firstIndex(of: $0) }
        guard order.count == wanted.count, order.count == joined.labels.count else {
            throw node.invalid("its equation cannot be followed")
        }
        if order == Array(order.indices) { return joined.value }
        return try ViewCopy.transpose(joined.value, order, of: node, into: &lowering)
    }

    private static func labels(_ text: String, rank: Int, _ node: Node) throws(NetworkError) -> [Label] {
        let letters = text.filter { $0 != "." }.count
        guard letters <= rank else {
            throw node.invalid("“\(text)” has more labels than an operand of \(rank) dimensions")
        }
        let labels = try labels(text, hidden: text.contains(".") ? rank - letters : 0, node)
        guard labels.count == rank else {
            throw node.invalid("“\(text)” does not label an operand of \(rank) dimensions")
        }
        return labels
    }

    private static func labels(_ text: String, hidden: Int, _ node: Node) throws(NetworkError) -> [Label] {
        var labels: [Label] = [], rest = text[...], hasEllipsis = false
        while let character = rest.first {
            if rest.hasPrefix("...") {
                guard !hasEllipsis else { throw node.invalid("“\(text)” has two ellipses") }
                hasEllipsis = true
                labels += (0..<hidden).reversed().map { .hidden($0) }
                rest = rest.dropFirst(3)
                continue
            }
            guard character.isASCII, character.isLetter else {
                throw node.invalid("“\(text)” has the label “\(character)”")
            }
            labels.append(.letter(character))
            rest = rest.dropFirst()
        }
        return labels
    }

    /// A label that an operand has several times picks a diagonal.
    private static func diagonal(
        _ value: PlanValue, _ labels: [Label], _ node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> Term {
        guard Set(labels).count < labels.count else { return Term(value: value, labels: labels) }
        let own = TensorExtent.strides(of: value.shape)
        var kept: [Label] = [], extents: [Int] = [], strides: [Int] = []
        for (axis, label) in labels.enumerated() {
            guard let found = kept.firstIndex(of: label) else {
                kept.append(label)
                extents.append(value.shape[axis])
                strides.append(own[axis])
                continue
            }
            guard extents[found] == value.shape[axis] else { throw node.invalid("a diagonal of axes that differ") }
            strides[found] &+= own[axis]
        }
        let picked = try ViewCopy.emit(
            value, extents: extents, strides: strides, shape: extents, of: node, into: &lowering)
        return Term(value: picked, labels: kept)
    }

    /// Without the axes that nothing needs any more.
    private static func sum(
        _ term: Term, keeping kept: Set<Label>, _ node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> Term {
        let axes = term.labels.indices.filter { !kept.contains(term.labels[$0]) }
        guard !axes.isEmpty else { return term }
        let summed = try ReductionStep.emit(.sum, term.value, axes: axes, of: node, into: &lowering)
        let left = term.labels.indices.filter { kept.contains(term.labels[$0]) }
        return Term(
            value: summed.reshaped(left.map { term.value.shape[$0] }), labels: left.map { term.labels[$0] })
    }

    private static func multiply(
        _ first: Term, _ second: Term, keeping kept: Set<Label>, _ node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> Term {
        // What one alone has and nothing needs is summed before.
        let a = try sum(first, keeping: kept.union(second.labels), node, into: &lowering)
        let b = try sum(second, keeping: kept.union(first.labels), node, into: &lowering)
        let both = a.labels.filter(b.labels.contains)
        // An axis of 1 that is stretched to another's cannot be summed by a product of matrices.
        func extent(_ term: Term, _ label: Label) -> Int {
            term.labels.firstIndex(of: label).map { term.value.shape[$0] } ?? 1
        }
        let stretched = both.filter { extent(a, $0) != extent(b, $0) && !kept.contains($0) }
        let summed = both.filter { !kept.contains($0) && !stretched.contains($0) }
        let batch = both.filter { !summed.contains($0) }
        let onlyA = a.labels.filter { !both.contains($0) }, onlyB = b.labels.filter { !both.contains($0) }
        func arranged(_ term: Term, _ groups: [Label], _ last: [[Label]]) throws(NetworkError) -> PlanValue {
            let order = (groups + last.flatMap { $0 }).compactMap { term.labels.firstIndex(of: $0) }
            let moved =
                order == Array(order.indices)
                ? term.value : try ViewCopy.transpose(term.value, order, of: node, into: &lowering)
            var shape = groups.map { extent(term, $0) }
            for group in last {
                guard let count = elementCount(of: group.map { extent(term, $0) }) else {
                    throw node.invalid("its operands are \(NetworkLimits.tooLarge)")
                }
                shape.append(count)
            }
            return moved.reshaped(shape)
        }
        let left = try arranged(a, batch, [onlyA, summed]), right = try arranged(b, batch, [summed, onlyB])
        guard let shape = MatMulShape(left: left.shape, right: right.shape) else {
            throw node.invalid("its operands are empty or \(NetworkLimits.tooLarge)")
        }
        let product = try lowering.emit(
            MatMulStep(shape: shape), [left, right], shape: shape.outputShape, of: node)
        let labels = batch + onlyA + onlyB
        // An extent of 1 is stretched, to 0 as well.
        let result = labels.map { extent(a, $0) == 1 ? extent(b, $0) : extent(a, $0) }
        return try sum(
            Term(value: product.reshaped(result), labels: labels), keeping: kept, node, into: &lowering)
    }
}
