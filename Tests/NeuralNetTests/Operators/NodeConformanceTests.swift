// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("The ONNX project's own node tests", .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
struct NodeConformanceTests {
    /// How many of onnx 1.23's 1,884 cases pass. A change may raise it.
    private static let leastPassed = 1_412

    @Test("Each case passes or is refused by a typed error; none gives another answer")
    func nodeCases() throws {
        let (cases, folder) = try NodeCases.make()
        defer { withExtendedLifetime(folder) {} }
        var passed: [NodeCases.Known: Int] = [:], refused: [String: Int] = [:], wrong = 0
        var operators: [String: (passed: Int, refused: Int)] = [:]
        for each in cases.cases {
            let name = each.operators.count == 1 ? each.operators[0] : "several"
            switch try cases.outcome(of: each) {
            case .passed(let known):
                passed[known, default: 0] += 1
                operators[name, default: (0, 0)].passed += 1
            case .refused(let error):
                #expect(!error.description.isEmpty)
                operators[name, default: (0, 0)].refused += 1
                refused[Self.reason(error), default: 0] += 1
            case .wrong(let difference):
                wrong += 1
                Issue.record("\(each.name): \(difference)")
            }
        }
        let total = passed.values.reduce(0, +)
        for (name, count) in operators.sorted(by: { $0.key < $1.key }) {
            print("\(name): \(count.passed) passed, \(count.refused) refused")
        }
        for (reason, count) in refused.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            print("\(count) refused: \(reason)")
        }
        for known in NodeCases.Known.allCases { print("\(passed[known] ?? 0) passed \(known)") }
        print("\(total) passed, \(refused.values.reduce(0, +)) refused, \(wrong) wrong")
        #expect(total >= Self.leastPassed)
    }

    /// Without the names of nodes and values.
    private static func reason(_ error: NetworkError) -> String {
        switch error {
        case .unsupportedOperator(let type, _): return "the operator \(type)"
        case .unsupportedAttribute(let type, _, let reason), .invalidNode(let type, _, let reason):
            return "\(type): \(reason)"
        case .unsupportedModel(let reason), .malformedModel(let reason):
            // The type is what matters, not the value that has it.
            let words = reason.split(separator: "” ")
            return words.count > 1 ? String(words[words.count - 1]) : reason
        default: return error.description
        }
    }
}
