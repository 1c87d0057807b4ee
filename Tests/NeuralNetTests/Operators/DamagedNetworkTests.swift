import NeuralNet
import Testing

@Suite("Damaged networks", .enabled(if: PythonReference.isPresent, PythonReference.missing))
struct DamagedNetworkTests {
    /// More than any sound case needs; a run of a damaged one that would take more is planned only.
    private static let mostBytes = 16 << 20

    @Test("A model of any operator with flipped bits is refused by a typed error, or runs")
    func bitFlips() throws {
        let reference = try OperatorCases.shared.get()
        var random = SeededGenerator(seed: 3)
        var refused = 0, ran = 0
        for each in reference.cases where !each.name.hasPrefix("published-") {
            let shapes = each.symbolic ? Dictionary(uniqueKeysWithValues: each.inputs.map { ($0.name, $0.shape) }) : [:]
            for _ in 0..<20 {
                var model = reference.model(each)
                for _ in 0..<random.int(1...3) {
                    model[random.int(0...model.count - 1)] ^= 1 << UInt8(random.int(0...7))
                }
                do throws(NetworkError) {
                    let plan = try Network(onnx: model).plan(inputShapes: shapes)
                    guard plan.bytesPerRun <= Self.mostBytes else { continue }
                    let run = plan.makeRun()
                    for input in plan.inputs {
                        try run.setInput(input.name, random.values(product(input.shape)))
                    }
                    try run.execute()
                    for output in plan.outputs {
                        #expect(try run.output(output.name).values.count == product(output.shape))
                    }
                    ran += 1
                } catch {
                    refused += 1
                    #expect(!error.description.isEmpty)
                }
            }
        }
        #expect(refused > 1000)
        #expect(ran > 1000)
    }
}
