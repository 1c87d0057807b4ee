// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Imaging
import ProgramHarness

/// What reading a picture costs at most.
struct DecodingBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decoding",
        abstract:
            "Processor time that reading a picture takes: costly files of 50 megapixels and small files that go on for long."
    )

    @Argument(help: "Files to read besides.")
    var files: [String] = []

    /// 49.97 megapixels.
    private static let width = 8192, height = 6100

    func run() throws {
        print("seconds\tMiB\tMP\twhat")
        for (name, make) in Self.cases { measure(name, make()) }
        for path in files { measure(path, [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))) }
    }

    private func measure(_ name: String, _ file: [UInt8]) {
        let start = Self.processorTime()
        let outcome: String
        do {
            let image = try RGBImage(decoding: file)
            outcome = String(format: "%.1f", Double(image.width * image.height) / 1e6)
        } catch {
            outcome = error.cause
        }
        print(
            String(format: "%.3f\t%.1f\t", Self.processorTime() - start, Double(file.count) / 1_048_576)
                + "\(outcome)\t\(name)")
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static let cases: [(name: String, make: @Sendable () -> [UInt8])] = [
        ("JPEG, 24 empty scans", { ScanBomb.file(width: width, height: height, scans: 24) }),
        ("JPEG, 883 empty scans", { ScanBomb.file(width: width, height: height, scans: ScanBomb.mostScans) }),
        ("JPEG, 883 scans of one block", { ScanBomb.file(width: 8, height: 8, scans: ScanBomb.mostScans) }),
        ("JPEG, noise, quality 75, full chroma", { (try? noise().jpegBytes(quality: 75)) ?? [] }),
        ("PNG, RGB, zeros", { zeros(color: 2, depth: 8, bytesPerPixel: 3) }),
        ("PNG, RGB and opacity, zeros", { zeros(color: 6, depth: 8, bytesPerPixel: 4) }),
        ("PNG, RGB and opacity, 16 bits, zeros", { zeros(color: 6, depth: 16, bytesPerPixel: 8) }),
        ("PNG, 64 × 64 pixels and 10 GB of zeros behind them", deflateBomb),
        ("PNG, one pixel and five million empty chunks", emptyChunks),
    ]

    private static func noise() -> RGBImage {
        var generator = SeededGenerator(seed: 1)
        return RGBImage(
            width: width, height: height,
            pixels: (0..<width * height).map { _ in
                let bits = UInt32.random(in: 0...UInt32.max, using: &generator)
                return RGB(
                    red: UInt8(truncatingIfNeeded: bits), green: UInt8(truncatingIfNeeded: bits >> 8),
                    blue: UInt8(truncatingIfNeeded: bits >> 16))
            })
    }

    /// A picture of nothing but zeros; zero is the filter that leaves a row as it is, too.
    private static func zeros(color: UInt8, depth: UInt8, bytesPerPixel: Int) -> [UInt8] {
        let bytes = (width * bytesPerPixel + 1) * height
        let unit = PNGFile.zeros(matches: 65_024)
        var file = PNGFile(width: width, height: height, depth: depth, color: color)
        file.appendImageData([0x78, 0x01] + (0...bytes >> 24).flatMap { _ in unit })
        return file.bytes + PNGFile.chunk("IEND", [])
    }

    private static func deflateBomb() -> [UInt8] {
        var file = PNGFile(width: 64, height: 64)
        file.appendImageData([0x78, 0x01])
        let chunk = PNGFile.chunk("IDAT", PNGFile.zeros(matches: 65_024))
        return file.bytes + (0..<(62 << 20) / chunk.count).flatMap { _ in chunk } + PNGFile.chunk("IEND", [])
    }

    private static func emptyChunks() -> [UInt8] {
        var image = PNGFile()
        image.appendStored([0, 1, 2, 3])
        let chunk = PNGFile.chunk("tEXt", [])
        return PNGFile(width: 1, height: 1).bytes + (0..<5_000_000).flatMap { _ in chunk }
            + image.bytes.dropFirst(PNGFile.signature.count)
    }
}
