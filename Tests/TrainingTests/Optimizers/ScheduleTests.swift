// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

@Suite("Learning rates, clipping and averages")
struct ScheduleTests {
    private func rates(_ schedule: LearningRateSchedule, _ steps: [Int]) -> [Float] { steps.map(schedule.rate) }

    private func isClose(_ found: [Float], _ expected: [Float]) -> Bool {
        found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-6 * max(abs($1), 1e-6) }
    }

    @Test("A constant rate is reached by a linear warm-up")
    func constant() throws {
        let plain = try LearningRateSchedule(base: 0.5)
        #expect(rates(plain, [-1, 0, 1000]) == [0.5, 0.5, 0.5])
        let warm = try LearningRateSchedule(base: 0.5, warmUpSteps: 4)
        #expect(isClose(rates(warm, [0, 1, 2, 3, 4, 100]), [0.125, 0.25, 0.375, 0.5, 0.5, 0.5]))
    }

    @Test("A cosine falls from the base rate after the warm-up to its final share, and stays there")
    func cosine() throws {
        let schedule = try LearningRateSchedule(base: 2, shape: .cosine(totalSteps: 12, final: 0.1), warmUpSteps: 4)
        // Half way 0.1 + 0.9 / 2, a quarter of the way 0.1 + 0.9 · (1 + cos 45°) / 2.
        #expect(isClose(rates(schedule, [0, 3, 4, 6, 8, 12, 50]), [0.5, 2, 2, 2 * 0.868198, 1.1, 0.2, 0.2]))
        let toZero = try LearningRateSchedule(base: 1, shape: .cosine(totalSteps: 10, final: 0))
        #expect(toZero.rate(at: 10) == 0)
        #expect(abs(toZero.rate(at: 5) - 0.5) < 1e-7)
    }

    @Test("Steps multiply the rate where they are")
    func steps() throws {
        let schedule = try LearningRateSchedule(base: 1, shape: .step(at: [10, 20], factor: 0.1), warmUpSteps: 2)
        #expect(isClose(rates(schedule, [0, 1, 9, 10, 19, 20, 99]), [0.5, 1, 1, 0.1, 0.1, 0.01, 0.01]))
    }

    @Test("Schedules that make no sense are refused")
    func refusals() {
        #expect(throws: TrainingError.self) { try LearningRateSchedule(base: 0) }
        #expect(throws: TrainingError.self) { try LearningRateSchedule(base: .nan) }
        #expect(throws: TrainingError.self) { try LearningRateSchedule(base: 1, warmUpSteps: -1) }
        #expect(throws: TrainingError.self) {
            try LearningRateSchedule(base: 1, shape: .cosine(totalSteps: 5, final: 0), warmUpSteps: 5)
        }
        #expect(throws: TrainingError.self) {
            try LearningRateSchedule(base: 1, shape: .cosine(totalSteps: 5, final: 2))
        }
        #expect(throws: TrainingError.self) { try LearningRateSchedule(base: 1, shape: .step(at: [1], factor: 0)) }
    }

    @Test(
        "Gradients are clipped as PyTorch clips them",
        .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program"))
    func clipping() throws {
        var random = RandomSource(seed: 11)
        let counts = [13, 7]
        let gradients = counts.map { count in (0..<count).map { _ in random.normal() } }
        for maximum in [Float(0.5), 100] {
            let parameters = zip(counts, gradients).enumerated().map { index, each in
                let parameter = Parameter(
                    name: "p\(index)", shape: [each.0], values: Array(repeating: 0, count: each.0), decays: true)
                parameter.gradient = each.1
                return parameter
            }
            let norm = try GradientClipping(maximumNorm: maximum).apply(to: parameters)
            let answers = try TorchReference.answers([
                TorchCase(
                    function: "clip", attributes: ["norm": .number(Double(maximum))],
                    tensors: zip(counts, gradients).enumerated().map { ("p\($0)", TorchTensor([$1.0], $1.1)) })
            ])
            let answer = try #require(answers.first)
            #expect(relativeError([norm], try #require(answer.outputs["norm"]?.values)) < 1e-6)
            for parameter in parameters {
                #expect(relativeError(parameter.gradient, try #require(answer.outputs[parameter.name]?.values)) < 1e-6)
            }
        }
    }

    @Test("The norm is over all parameters, and without a maximum nothing is changed")
    func norm() throws {
        let first = Parameter(name: "a", shape: [1], values: [0], decays: true)
        let second = Parameter(name: "b", shape: [300_000], values: Array(repeating: 0, count: 300_000), decays: true)
        first.gradient = [3]
        second.gradient[299_999] = 4
        #expect(try GradientClipping(maximumNorm: nil).apply(to: [first, second]) == 5)
        #expect(first.gradient == [3])
        #expect(try GradientClipping(maximumNorm: 2.5).apply(to: [first, second]) == 5)
        #expect(abs(first.gradient[0] - 1.5) < 1e-6 && abs(second.gradient[299_999] - 2) < 1e-6)
        #expect(throws: TrainingError.self) { try GradientClipping(maximumNorm: 0) }
    }

    @Test("A gradient that is no number stops training before it reaches a weight")
    func divergence() throws {
        for bad in [Float.nan, .infinity] {
            let parameter = Parameter(name: "conv1.weight", shape: [2], values: [0, 0], decays: true)
            parameter.gradient = [1, bad]
            #expect(throws: TrainingError.diverged(reason: "the gradient of “conv1.weight” is not finite")) {
                try GradientClipping(maximumNorm: 1).apply(to: [parameter])
            }
            #expect(parameter.gradient[0] == 1)
        }
    }

    @Test("Averages follow the weights, stand in for them, and go on from their state")
    func averages() throws {
        let parameter = Parameter(name: "a", shape: [2], values: [1, 0], decays: true)
        let average = try ExponentialMovingAverage(of: [parameter], decay: 0.9)
        parameter.values = [3, 0]
        average.update()
        // Of the first step 2 / 11 is kept.
        let expected: Float = 3 - 2 * 2 / 11
        let seen = average.withAverages { parameter.values }
        #expect(abs(seen[0] - expected) < 1e-6 && seen[1] == 0)
        #expect(parameter.values == [3, 0])
        let other = try ExponentialMovingAverage(of: [parameter], decay: 0.9)
        try other.restore(average.state)
        #expect(other.state == average.state)
        for _ in 0..<200 { average.update() }
        #expect(abs(average.withAverages { parameter.values[0] } - 3) < 1e-4)
        #expect(throws: TrainingError.self) { try other.restore(OptimizerState(steps: 1, arrays: [:])) }
        #expect(throws: TrainingError.self) { try ExponentialMovingAverage(of: [parameter], decay: 1) }
    }
}
