// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("Resampling an axis, grids and computed indices")
struct ResamplingKernelTests {
    private func resample(
        _ input: [Float], _ resampling: AxisResampling, outer: Int, inner: Int, outside: Float = 0
    ) throws -> [Float] {
        let shape = try #require(AxisShape(outer: outer, count: input.count / outer / inner, inner: inner))
        return output(outer * resampling.newExtent * inner) {
            AxisResamplingKernel.run(resampling, shape, outside: outside, input: input, output: $0)
        }
    }

    @Test("Linear and nearest along an axis are what the kernel for images does along a row")
    func agreesWithImages() throws {
        var random = SeededGenerator(seed: 81)
        let coordinates: [(AxisResampling.Coordinates, ResizeCoordinates)] = [
            (.halfPixel, .halfPixel), (.pytorchHalfPixel, .pytorchHalfPixel), (.alignCorners, .alignCorners),
            (.asymmetric, .asymmetric),
        ]
        for trial in 0..<60 {
            let old = random.int(1...9), new = random.int(1...12), (mine, other) = coordinates[trial % 4]
            let input = random.values(3 * old)
            let image = try #require(
                ResizeShape(
                    planes: 3, inputHeight: 1, inputWidth: old, outputHeight: 1, outputWidth: new, mode: .linear,
                    coordinates: other))
            let expected = output(3 * new) { ResizeKernel.run(image, input: input, output: $0) }
            let resampling = try #require(
                AxisResampling(
                    from: old, to: new, scale: Float(new) / Float(old), filter: .linear, coordinates: mine,
                    antialias: false, excludeOutside: false))
            let result = try resample(input, resampling, outer: 3, inner: 1)
            #expect(greatestDifference(result, expected.map(Double.init)) < 1e-5, "\(old) \(new) \(mine)")
        }
    }

    @Test("A constant stays one, whatever the filter, and a cubic keeps a straight line inside")
    func constants() throws {
        for filter in [AxisResampling.Filter.linear, .cubic(-0.75), .cubic(-0.5), .nearest(.floor)] {
            for (old, new) in [(7, 3), (3, 8), (5, 5), (1, 4)] {
                for (antialias, exclude) in [(false, false), (true, false), (false, true)] {
                    let resampling = try #require(
                        AxisResampling(
                            from: old, to: new, scale: Float(new) / Float(old), filter: filter,
                            coordinates: .halfPixel, antialias: antialias, excludeOutside: exclude))
                    let result = try resample(
                        Array(repeating: 2.5, count: 2 * old * 11), resampling, outer: 2, inner: 11)
                    #expect(greatestDifference(result, Array(repeating: 2.5, count: 2 * new * 11)) < 1e-5)
                }
            }
        }
        let line = (0..<10).map { Float($0) }
        let cubic = try #require(
            AxisResampling(
                from: 10, to: 20, scale: 2, filter: .cubic(-0.75), coordinates: .halfPixel, antialias: false,
                excludeOutside: false))
        // The cubic of this coefficient bends lines a little.
        let inside = try resample(line, cubic, outer: 1, inner: 1)[4..<16]
        for (index, value) in inside.enumerated() { #expect(abs(value - (Float(index + 4) / 2 - 0.25)) < 0.1) }
    }

    @Test("Places outside a region get a value of their own; impossible extents make no resampling")
    func regions() throws {
        let region = try #require(
            AxisResampling(
                from: 3, to: 5, scale: 5.0 / 3, filter: .linear, coordinates: .region(start: -0.5, end: 1.5),
                antialias: false, excludeOutside: false))
        #expect(try resample([1, 2, 3], region, outer: 1, inner: 1, outside: 9) == [9, 1, 2, 3, 9])
        func make(_ old: Int, _ new: Int, _ scale: Float) -> AxisResampling? {
            AxisResampling(
                from: old, to: new, scale: scale, filter: .cubic(-0.75), coordinates: .asymmetric, antialias: true,
                excludeOutside: false)
        }
        #expect(make(0, 1, 1) == nil)
        #expect(make(1, 0, 1) == nil)
        #expect(make(1, 1, .nan) == nil)
        #expect(make(1, 1, 1e-30) == nil)
        #expect(make(1, 1 << 40, 1) == nil)
    }

    @Test("A grid of the pixels' own places gives the image back, in every filter and with every outside")
    func gridIdentity() {
        var random = SeededGenerator(seed: 82)
        let input = random.values(2 * 3 * 4)
        for alignCorners in [true, false] {
            let grid = (0..<3).flatMap { row in
                (0..<4).flatMap { column -> [Float] in
                    alignCorners
                        ? [Float(column) / 3 * 2 - 1, Float(row) / 2 * 2 - 1]
                        : [(Float(column) + 0.5) / 4 * 2 - 1, (Float(row) + 0.5) / 3 * 2 - 1]
                }
            }
            for filter in [GridSampling.Filter.nearest, .linear, .cubic] {
                for outside in [GridSampling.Outside.zeros, .border, .reflection] {
                    let sampling = GridSampling(filter: filter, outside: outside, alignCorners: alignCorners)
                    let result = output(input.count) {
                        sampling.run(
                            batch: 1, channels: 2, input: [1, 3, 4], places: 12, axes: 2, input: input, grid: grid,
                            output: $0)
                    }
                    #expect(greatestDifference(result, input.map(Double.init)) < 1e-5, "\(sampling)")
                }
            }
        }
    }

    @Test("A grid that points anywhere, and is no number, reads nothing but the image")
    func gridOutside() {
        let input: [Float] = [1, 2, 3, 4]
        let grid: [Float] = [-9, -9, 9, 9, .nan, 0, .infinity, 0, 0, -.infinity, 1e30, -1e30]
        for filter in [GridSampling.Filter.nearest, .linear, .cubic] {
            for outside in [GridSampling.Outside.zeros, .border, .reflection] {
                let sampling = GridSampling(filter: filter, outside: outside, alignCorners: false)
                let result = output(6) {
                    sampling.run(
                        batch: 1, channels: 1, input: [1, 2, 2], places: 6, axes: 2, input: input, grid: grid,
                        output: $0)
                }
                #expect(result.allSatisfy { $0 >= -1 && $0 <= 6 }, "\(sampling) \(result)")
            }
        }
    }

    @Test("Indices that a run computes pick and put along an axis and by tuples")
    func computedIndices() throws {
        var random = SeededGenerator(seed: 83)
        for _ in 0..<40 {
            let (outer, count, inner, chosen) = (
                random.int(1...3), random.int(1...5), random.int(1...4), random.int(1...6)
            )
            let input = random.values(outer * count * inner)
            let indices = (0..<chosen).map { _ in random.int(-count...count - 1) }
            let shape = try #require(GatherShape([outer, count, inner], axis: 1, indexCount: chosen))
            let result = output(outer * chosen * inner) {
                ComputedGatherKernel.run(shape, input: input, indices: indices.map { Float($0) }, output: $0)
            }
            let expected = (0..<outer * chosen * inner).map { place in
                let index = indices[place / inner % chosen]
                return input[
                    (place / (chosen * inner) * count + (index < 0 ? index + count : index)) * inner + place % inner]
            }
            #expect(result == expected)
        }
        let places = ComputedPlaces(starts: [0, 6], extents: [2, 3], strides: [3, 1], block: 1)
        let data = (0..<12).map { Float($0) }
        #expect(
            output(2) { ComputedPlacesKernel.gather(places, input: data, indices: [1, -1, 0, 9], output: $0) } == [
                5, 8,
            ])
        for (reduction, expected) in [
            (.none, [0, 100]), (.add, [5, 108]), (.mul, [0, 800]), (.max, [5, 100]), (.min, [0, 8]),
        ] as [(ScatterReduction, [Float])] {
            let result = output(12) {
                ComputedPlacesKernel.scatter(
                    places, reduction, count: 12, data: data, indices: [1, -1, 0, 2], updates: [0, 100], output: $0)
            }
            #expect([result[5], result[8]] == expected)
        }
    }
}
