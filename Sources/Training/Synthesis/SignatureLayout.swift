// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The master plan of a signature: for each component the points that the hand aims for, in millimetres.
struct SignatureLayout: Sendable, Hashable {
    private(set) var components: [[SIMD2<Double>]] = []

    private let style: WriterStyle
    /// Where writing has come to, in heights of a small letter.
    private var position = SIMD2<Double>.zero

    /// - Precondition: the style is drawn from the same stream before.
    init(style: WriterStyle, _ random: inout RandomSource) {
        self.style = style
        switch random.uniform() {
        case ..<0.42:
            addName(legible: true, &random)
        case ..<0.68:
            addName(legible: false, &random)
        case ..<0.84:
            addInitials(2 + random.index(below: 2), &random)
            addScrawl(&random)
        default:
            addLoops(&random)
            if random.happens(0.6) { addScrawl(&random) }
        }
        addParaph(&random)
        components = components.filter { $0.count >= 2 }.map { $0.map(placed) }
    }

    /// From heights of a small letter on a level line to millimetres.
    private func placed(_ point: SIMD2<Double>) -> SIMD2<Double> {
        let leant = SIMD2(point.x * style.width + point.y * style.slant, point.y) * style.smallHeight
        let (sine, cosine) = (sin(style.slope), cos(style.slope))
        return SIMD2(leant.x * cosine - leant.y * sine, leant.x * sine + leant.y * cosine)
    }

    // MARK: Words

    private mutating func addName(legible: Bool, _ random: inout RandomSource) {
        if random.happens(0.55) {
            addInitials(1 + random.index(below: 2), &random)
            position.x += random.draw(0.1, 0.7)
        }
        let isJoined = random.happens(0.6)
        let start = addCapital(&random, keepOpen: isJoined)
        let count = legible ? 3 + random.index(below: 6) : 1 + random.index(below: 3)
        addWord(letters: count, from: start, &random)
        if !legible { addScrawl(&random) }
    }

    private mutating func addInitials(_ count: Int, _ random: inout RandomSource) {
        for _ in 0..<count {
            _ = addCapital(&random, keepOpen: false)
            if random.happens(0.5) {
                let dot = position + SIMD2(0.05, 0.02)
                components.append([dot, dot + SIMD2(0.06, -0.05)])
            }
            // Initials often stand in one another.
            position.x += random.happens(0.4) ? -random.draw(0.3, 1.2) : random.draw(-0.2, 0.5)
        }
    }

    /// - Returns: the component that the next letter goes on with, when it is kept open.
    private mutating func addCapital(_ random: inout RandomSource, keepOpen: Bool) -> [SIMD2<Double>] {
        let letter = LetterShapes.capitalLetters[random.index(below: LetterShapes.capitalLetters.count)]
        let shape = varied(LetterShapes.capitals[letter] ?? [], scale: style.capitalScale, &random)
        let right = shape.joined().map(\.x).max() ?? position.x
        guard keepOpen, let last = shape.last else {
            components += shape
            position.x = right + random.draw(0.05, 0.35)
            return []
        }
        components += shape.dropLast()
        position.x = max(last.last?.x ?? right, right - 0.5)
        return last
    }

    private mutating func addWord(letters count: Int, from start: [SIMD2<Double>], _ random: inout RandomSource) {
        var current = start, later: [[SIMD2<Double>]] = []
        var isVowel = random.happens(0.6)
        let breaks = Float(random.draw(0, 0.3))
        for number in 0..<count {
            let letters = isVowel ? LetterShapes.vowels : LetterShapes.consonants
            isVowel.toggle()
            let letter = letters[random.index(below: letters.count)]
            let scale = 1 - style.decay * Double(number) / Double(max(count, 2))
            let shape = varied(LetterShapes.small[letter] ?? [], scale: scale, &random)
            if current.isEmpty { current.append(position) }
            current += shape.first ?? []
            later += shape.dropFirst()
            position.x = shape.first?.last?.x ?? position.x
            if random.happens(breaks) {
                components.append(current)
                current = []
                position.x += 0.1
            }
        }
        components.append(current)
        components += later
    }

    /// A letter at the present place, in this hand.
    private func varied(_ shape: [[Double]], scale: Double, _ random: inout RandomSource) -> [[SIMD2<Double>]] {
        shape.map { component in
            stride(from: 0, to: component.count - 1, by: 2).map { index in
                var point = SIMD2(component[index], component[index + 1])
                if point.y > 1.1 { point.y = 1 + (point.y - 1) * style.reach }
                if point.y < -0.2 { point.y *= style.reach }
                point += random.offset(style.idiosyncrasy)
                return SIMD2(position.x, 0) + point * SIMD2(0.6 + 0.4 * scale, scale)
            }
        }
    }

    // MARK: Without letters

    /// A wave that runs out to the right, as hurried endings of names are.
    private mutating func addScrawl(_ random: inout RandomSource) {
        let count = 3 + random.index(below: 8), height = random.draw(0.5, 2.2), step = random.draw(0.15, 0.7)
        let fall = random.draw(0.1, 0.9)
        var points = components.last.map { random.happens(0.6) ? $0 : [position] } ?? [position]
        if points.count > 1 { components.removeLast() }
        var x = points.last?.x ?? position.x
        for number in 0..<count {
            let size = height * (1 - fall * Double(number) / Double(count)) * random.draw(0.5, 1.3)
            points.append(SIMD2(x + step * random.draw(0.5, 1), size))
            x += step * random.draw(0.6, 1.6)
            points.append(SIMD2(x, random.draw(-0.15, 0.2) * height))
        }
        components.append(points)
        position.x = x
    }

    /// Ovals one over another, as around initials.
    private mutating func addLoops(_ random: inout RandomSource) {
        let turns = random.draw(1.5, 3.6), width = random.draw(0.7, 2.2), height = random.draw(1, 2.8)
        let drift = random.draw(0.1, 1.1), sense = random.happens(0.75) ? 1.0 : -1.0, phase = random.draw(0, 2 * .pi)
        let points = stride(from: 0, to: turns * 2 * .pi, by: .pi / 3).map { angle in
            SIMD2(
                position.x + width + width * cos(sense * angle + phase) + drift * angle / .pi,
                height * (0.8 + sin(sense * angle + phase)) * random.draw(0.85, 1.15))
        }
        components.append(points)
        position.x += 2 * width + drift * turns
    }

    // MARK: Paraph

    private mutating func addParaph(_ random: inout RandomSource) {
        let points = components.joined()
        let left = points.map(\.x).min() ?? 0, right = points.map(\.x).max() ?? 1, bottom = points.map(\.y).min() ?? 0
        let width = right - left
        func at(_ x: Double, _ y: Double) -> SIMD2<Double> {
            SIMD2(left + width * (x + random.draw(-0.04, 0.04)), y + random.draw(-0.12, 0.12))
        }
        let low = min(-0.5, bottom * random.draw(0.4, 1.1)) - random.draw(0, 0.5)
        switch random.index(below: 9) {
        case 0, 1: break
        case 2:  // The last stroke runs out.
            extendLast([at(1.05, 0.3), at(random.draw(1.2, 1.8), random.draw(-0.4, 1.6))])
        case 3:  // Back under the name and out again.
            extendLast([at(1.1, 0.2), at(0.9, low), at(0.1, low - 0.2), at(-0.05, low - 0.5), at(0.9, low + 0.4)])
        case 4:  // A line under the name.
            components.append([
                at(random.draw(-0.1, 0.3), low), at(0.6, low + random.draw(-0.2, 0.3)),
                at(1.1, low + random.draw(0, 0.6)),
            ])
        case 5:  // A line there and back.
            components.append([at(0, low), at(1, low + 0.3), at(0.2, low - 0.3), at(1.1, low + random.draw(-0.3, 0.4))])
        case 6:  // Through the name.
            extendLast([at(1.15, 0.8), at(1.05, 1.4), at(0.3, 0.6), at(-0.1, 0.4), at(1.2, 0.5)])
        case 7:  // Around the name.
            let high = (points.map(\.y).max() ?? 2) * random.draw(0.7, 1.2)
            components.append(
                stride(from: 0.0, through: 2 * .pi * random.draw(0.8, 1.15), by: .pi / 4).map { angle in
                    at(0.5 - 0.62 * cos(angle), (high + low) / 2 + 0.55 * (high - low) * sin(angle))
                })
        default:  // A long loop below, then out.
            let depth = low - random.draw(0.5, 2)
            extendLast([
                at(1.05, 0.9), at(0.95, depth), at(0.75, depth - 0.2), at(0.8, 0.2), at(1.3, random.draw(0.1, 0.9)),
            ])
        }
        if random.happens(0.15) {
            let dot = at(random.draw(0.6, 1.2), random.draw(-0.5, 0.2))
            components.append([dot, dot + SIMD2(0.08, -0.06)])
        }
    }

    private mutating func extendLast(_ points: [SIMD2<Double>]) {
        guard let last = components.popLast() else { return }
        components.append(last + points)
    }
}

extension RandomSource {
    /// Uniform between the two.
    mutating func draw(_ low: Double, _ high: Double) -> Double { low + (high - low) * Double(uniform()) }

    /// Normal along each axis.
    mutating func offset(_ deviation: Double) -> SIMD2<Double> {
        SIMD2(Double(roughlyNormal()), Double(roughlyNormal())) * deviation
    }
}
