// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Pooling and resizing")
struct PoolingTests {
    @Test("Maximum and mean pooling are the definition, margins counted and not, rounded up and down")
    func pools() throws {
        var random = SeededGenerator(seed: 9)
        for trial in 0..<80 {
            let height = random.int(7...14), width = random.int(7...14), planes = random.int(1...3)
            let kernelHeight = random.int(1...4), kernelWidth = random.int(1...4)
            let w = SlidingWindow(
                kernelHeight: kernelHeight, kernelWidth: kernelWidth,
                strideHeight: random.int(1...3), strideWidth: random.int(1...3),
                dilationHeight: trial % 3 == 0 ? 2 : 1, dilationWidth: trial % 5 == 0 ? 2 : 1,
                padTop: random.int(0...kernelHeight - 1), padLeft: random.int(0...kernelWidth - 1),
                padBottom: random.int(0...kernelHeight - 1), padRight: random.int(0...kernelWidth - 1))
            guard
                let shape = PoolShape(
                    planes: planes, inputHeight: height, inputWidth: width, window: w, ceilMode: trial % 2 == 0)
            else { continue }
            let input = random.values(planes * height * width)
            var maxima: [Double] = [], means: [Double] = [], meansWithMargin: [Double] = []
            for plane in 0..<planes {
                for row in 0..<shape.outputHeight {
                    for column in 0..<shape.outputWidth {
                        var inside: [Double] = [], margin = 0
                        for kr in 0..<kernelHeight {
                            for kc in 0..<kernelWidth {
                                let y = row * w.strideHeight + kr * w.dilationHeight - w.padTop
                                let x = column * w.strideWidth + kc * w.dilationWidth - w.padLeft
                                if y >= 0, x >= 0, y < height, x < width {
                                    inside.append(Double(input[(plane * height + y) * width + x]))
                                } else if y < height + w.padBottom, x < width + w.padRight {
                                    margin += 1
                                }
                            }
                        }
                        maxima.append(inside.max() ?? -.infinity)
                        means.append(inside.isEmpty ? 0 : inside.reduce(0, +) / Double(inside.count))
                        meansWithMargin.append(
                            inside.isEmpty && margin == 0 ? 0 : inside.reduce(0, +) / Double(inside.count + margin))
                    }
                }
            }
            let count = maxima.count
            #expect(
                greatestDifference(output(count) { MaxPoolKernel.run(shape, input: input, output: $0) }, maxima) < 1e-6)
            #expect(
                greatestDifference(
                    output(count) { AveragePoolKernel.run(shape, countIncludePad: false, input: input, output: $0) },
                    means) < 1e-5)
            #expect(
                greatestDifference(
                    output(count) { AveragePoolKernel.run(shape, countIncludePad: true, input: input, output: $0) },
                    meansWithMargin) < 1e-5)
        }
    }

    @Test("Global pooling takes each plane as a whole")
    func global() {
        var random = SeededGenerator(seed: 10)
        for area in [1, 7, 8, 49] {
            let input = random.values(3 * area)
            let planes = (0..<3).map { plane in input[plane * area..<(plane + 1) * area].map(Double.init) }
            let means = output(3) { GlobalPoolKernel.average(planes: 3, area: area, input: input, output: $0) }
            #expect(greatestDifference(means, planes.map { $0.reduce(0, +) / Double(area) }) < 1e-6)
            let maxima = output(3) { GlobalPoolKernel.max(planes: 3, area: area, input: input, output: $0) }
            #expect(greatestDifference(maxima, planes.map { $0.max() ?? 0 }) == 0)
        }
    }

    @Test("Margins for SAME keep one place a stride")
    func samePadding() {
        for extent in 1...12 {
            for kernel in 1...5 {
                for stride in 1...4 {
                    let upper = SlidingWindow.samePadding(
                        extent: extent, kernel: kernel, stride: stride, dilation: 1, extraAtEnd: true)
                    let lower = SlidingWindow.samePadding(
                        extent: extent, kernel: kernel, stride: stride, dilation: 1, extraAtEnd: false)
                    #expect((upper.begin, upper.end) == (lower.end, lower.begin))
                    #expect(0...1 ~= upper.end - upper.begin)
                    let window = SlidingWindow(
                        kernelHeight: kernel, kernelWidth: 1, strideHeight: stride, padTop: upper.begin,
                        padBottom: upper.end)
                    #expect(window.outputSize(height: extent, width: 1)?.height == (extent + stride - 1) / stride)
                }
            }
        }
    }

    @Test("Nearest by the floor and linear by half pixels, worked by hand")
    func resize() throws {
        let double = try #require(
            ResizeShape(
                planes: 1, inputHeight: 2, inputWidth: 2, outputHeight: 4, outputWidth: 4,
                mode: .nearest(.floor), coordinates: .asymmetric))
        let nearest = output(16) { ResizeKernel.run(double, input: [1, 2, 3, 4], output: $0) }
        #expect(nearest == [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
        let wider = try #require(
            ResizeShape(
                planes: 1, inputHeight: 1, inputWidth: 2, outputHeight: 1, outputWidth: 4, mode: .linear,
                coordinates: .halfPixel))
        #expect(output(4) { ResizeKernel.run(wider, input: [0, 4], output: $0) } == [0, 1, 3, 4])
        let corners = try #require(
            ResizeShape(
                planes: 1, inputHeight: 1, inputWidth: 2, outputHeight: 1, outputWidth: 5, mode: .linear,
                coordinates: .alignCorners))
        #expect(output(5) { ResizeKernel.run(corners, input: [0, 4], output: $0) } == [0, 1, 2, 3, 4])
    }
}
