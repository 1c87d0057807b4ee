// SPDX-License-Identifier: Apache-2.0

/// The connected pieces of a picture's ink (by all eight neighbours), and which of them are the signature.
struct InkComponents {
    /// A piece of ink within one row: `columns` are ink and their neighbours in the row are not.
    private struct Run {
        let row: Int
        let columns: Range<Int>
    }

    private struct Component {
        var area = 0
        /// The sides of its pixels at which there is no ink.
        var boundary = 0
        /// Whether any of it is ink for certain.
        var isCertain = false
        var box: PixelBox
    }

    private let runs: [Run]
    private let componentOfRun: [Int]
    private let components: [Component]

    /// Takes out of a mask what is no signature: pieces without certain ink; specks, which have less than half the area
    /// of a dot as wide as the pen's stroke; and small pieces (a hundredth of the ink) that lie away from the signature
    /// by more than a tenth of its longer side.
    ///
    /// - Parameter certain: what of the mask is ink for certain.
    /// - Returns: what remains; nil where nothing does.
    static func keepSignature(in mask: inout InkMask, certain: InkMask) -> SignatureInk? {
        let ink = InkComponents(of: mask, certain: certain)
        let kept = ink.signature()
        var box: PixelBox?
        for (index, isKept) in kept.enumerated() where isKept {
            box?.include(ink.components[index].box)
            box = box ?? ink.components[index].box
        }
        for (run, component) in zip(ink.runs, ink.componentOfRun) where !kept[component] {
            for column in run.columns { mask.isInk[run.row * mask.width + column] = false }
        }
        return box.map { box in
            let pieces = zip(ink.components, kept).filter(\.1).map { (area: $0.0.area, box: $0.0.box) }
            return SignatureInk(box: box, pieces: pieces.count, signatures: InkClusters.count(of: pieces))
        }
    }

    private init(of mask: InkMask, certain: InkMask) {
        var runs: [Run] = [], parents: [Int] = [], shared: [Int] = []
        func root(_ run: Int) -> Int {
            var run = run
            while parents[run] != run {
                parents[run] = parents[parents[run]]
                run = parents[run]
            }
            return run
        }
        var above = 0..<0
        for y in 0..<mask.height {
            let first = runs.count
            var x = 0
            while x < mask.width {
                guard mask.isInk[y * mask.width + x] else {
                    x += 1
                    continue
                }
                let start = x
                while x < mask.width, mask.isInk[y * mask.width + x] { x += 1 }
                parents.append(runs.count)
                shared.append(0)
                runs.append(Run(row: y, columns: start..<x))
            }
            var candidate = above.lowerBound
            for run in first..<runs.count {
                let columns = runs[run].columns
                // Runs above that end before this one begins touch none that follows either.
                while candidate < above.upperBound, runs[candidate].columns.upperBound < columns.lowerBound {
                    candidate += 1
                }
                var touching = candidate
                while touching < above.upperBound, runs[touching].columns.lowerBound <= columns.upperBound {
                    let a = root(run), b = root(touching)
                    parents[max(a, b)] = min(a, b)
                    shared[run] += columns.clamped(to: runs[touching].columns).count
                    touching += 1
                }
            }
            above = first..<runs.count
        }
        var components: [Component] = [], numbers: [Int: Int] = [:], componentOfRun: [Int] = []
        for (index, run) in runs.enumerated() {
            let box = PixelBox(
                left: run.columns.lowerBound, top: run.row, right: run.columns.upperBound - 1, bottom: run.row)
            let number = numbers[root(index)] ?? components.count
            if number == components.count {
                numbers[root(index)] = number
                components.append(Component(box: box))
            }
            components[number].area += run.columns.count
            components[number].boundary += 2 + 2 * run.columns.count - 2 * shared[index]
            components[number].box.include(box)
            components[number].isCertain =
                components[number].isCertain
                || run.columns.contains { certain.isInk[run.row * mask.width + $0] }
            componentOfRun.append(number)
        }
        self.runs = runs
        self.components = components
        self.componentOfRun = componentOfRun
    }

    /// Which components are kept.
    private func signature() -> [Bool] {
        let total = components.reduce(0) { $0 + ($1.isCertain ? $1.area : 0) }
        let isLarge = components.map { $0.isCertain && $0.area * 100 >= total }
        let large = zip(components, isLarge).filter(\.1).map(\.0)
        // A stroke's boundary is twice its length, so that this is its width.
        let measured = large.isEmpty ? components : large
        let width =
            2 * Double(measured.reduce(0) { $0 + $1.area }) / Double(max(1, measured.reduce(0) { $0 + $1.boundary }))
        let smallest = max(2, width * width / 2)
        let isSpeck = components.map { !$0.isCertain || Double($0.area) < smallest }
        guard var body = large.first?.box else { return isSpeck.map { !$0 } }
        for component in large { body.include(component.box) }
        var kept = isLarge
        // A broken stroke leads away from the signature piece by piece.
        for _ in 0..<8 {
            let reach = max(body.width, body.height) / 10
            var grown = false
            for (index, component) in components.enumerated() where !kept[index] && !isSpeck[index] {
                guard component.box.gap(to: body) <= reach else { continue }
                kept[index] = true
                body.include(component.box)
                grown = true
            }
            if !grown { break }
        }
        return kept
    }
}
