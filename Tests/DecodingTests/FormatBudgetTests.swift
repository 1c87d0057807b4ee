// SPDX-License-Identifier: Apache-2.0

import Decoding
import Foundation
import Imaging
import ProgramHarness
import Testing

@Suite("Each format has a budget of memory and of the processor's time, and the decoder is held to it")
struct FormatBudgetTests {
    /// The costliest pictures of each format, of the most pixels that are taken here.
    private static let pixels = 1_920_000

    private static let pictures = Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "budgets-\(UUID().uuidString)")
        try PythonReference.run("budget_pictures.py", [folder.path, "1600x1200"])
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }.map { (name: $0.lastPathComponent, file: Array(try Data(contentsOf: $0))) }
    }

    private func program() throws -> DecoderProgram { DecoderProgram(path: try Products.program("likeness-decode")) }

    /// The soft limit of a process by its name in `/proc/…/limits`.
    private func limit(_ name: String, of decoder: DecoderProcess) throws -> Int? {
        let process = try #require(decoder.processID)
        let text = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name) })
        return line.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) }
    }

    @Test(
        "The costliest pictures of each format are read within its budget, and with less memory the picture is refused alone",
        .enabled(if: PythonReference.isPresent, Comment(rawValue: PythonReference.missing)))
    func edges() throws {
        let pictures = try Self.pictures.get()
        #expect(
            Set(pictures.map { String($0.name.prefix { $0 != "-" }) }).isSuperset(of: ["png", "jpeg", "webp", "tiff"]))
        let limits = DecodingLimits(maximumPixels: Self.pixels)
        let decoder = DecoderProcess(try program(), limits: limits)
        let narrow = DecoderProcess(
            try program(), limits: limits,
            budget: { _ in DecodingBudget(bytesPerPixel: 0, workingBytes: 3 << 20, millisecondsPerMegapixel: 1000) })
        for (name, file) in pictures {
            let picture = try decoder.open(file).pixels()
            #expect(picture.width == 1600, "\(name)")
            let error = #expect(throws: ImagingError.self, "\(name)") { try narrow.open(file).pixels() }
            #expect(["too_much_work", "corrupt", "decoder_ended"].contains(error?.cause), "\(name): \(error as Any)")
            #expect(try narrow.open(HostileFile.small).width == 16, "\(name)")
        }
    }

    @Test("What a decoder may take changes with the format of the file")
    func enforced() throws {
        let limits = DecodingLimits(maximumPixels: 10_000_000), program = try program()
        let decoder = DecoderProcess(program, limits: limits)
        let png = HostileFile.small, jpeg = try DecoderProcessTests.picture.jpegBytes(quality: 80)
        func taken(_ file: [UInt8]) throws -> (memory: Int, seconds: Int) {
            _ = try? decoder.open(file).pixels(width: 2, height: 2)
            return (
                try #require(try limit("Max address space", of: decoder)),
                try #require(try limit("Max cpu time", of: decoder))
            )
        }
        // Files of which the beginning alone says what they are: a decoder refuses them, and goes on.
        let files: [(ImageFormat, [UInt8])] = [
            (.png, png), (.jpeg, jpeg), (.webp, Array("RIFF....WEBPVP8 ".utf8)), (.tiff, Array("II*\0....".utf8)),
            (.heic, Array("\0\0\0\u{14}ftypheic\0\0\0\0mif1".utf8)),
        ].filter { ImageFormat.read.contains($0.0) }
        let own = try taken(png).memory - DecodingBudget.of(.png).memory(maximumPixels: 10_000_000)
        #expect((1 << 20..<1 << 30).contains(own))
        for (format, file) in files + files.reversed() {
            let budget = DecodingBudget.of(format), (memory, seconds) = try taken(file)
            #expect(memory - own == budget.memory(maximumPixels: 10_000_000), "\(format)")
            // Whole seconds, from those that were used before.
            let allowed = budget.processorSeconds(maximumPixels: 10_000_000)
            #expect((allowed...allowed + 3).contains(seconds), "\(format): \(seconds)")
        }
        #expect(program.counters.started == 1)
    }

    @Test(
        "A decoder that has used up the processor's time of a picture is gone, and the caller hears what was too much")
    func processor() throws {
        let decoder = DecoderProcess(try program(), limits: .default)
        let picture = try decoder.open(DecoderProcessTests.picture.jpegBytes(quality: 80))
        kill(try #require(decoder.processID), SIGXCPU)
        let error = #expect(throws: ImagingError.self) { try picture.pixels() }
        let seconds = DecodingBudget.of(.jpeg).processorSeconds(maximumPixels: 50_000_000)
        #expect(
            error == .tooMuchWork(format: .jpeg, detail: "it takes more than \(seconds) seconds of the processor"))
        #expect(try decoder.open(HostileFile.small).width == 16)
    }
}
