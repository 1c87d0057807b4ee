// SPDX-License-Identifier: Apache-2.0

/// How fast steps go, and how long the rest will take.
struct StepClock {
    private let begun = ContinuousClock.now
    private let stepsAhead: Int
    private var steps = 0
    private var images = 0

    init(steps: Int) {
        stepsAhead = steps
    }

    mutating func note(images count: Int) {
        steps += 1
        images += count
    }

    private var seconds: Double { (ContinuousClock.now - begun) / .seconds(1) }

    var imagesPerSecond: Double { Double(images) / max(seconds, 1e-9) }

    var secondsLeft: Double { steps == 0 ? .infinity : seconds / Double(steps) * Double(max(0, stepsAhead - steps)) }
}
