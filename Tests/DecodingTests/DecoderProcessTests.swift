// SPDX-License-Identifier: Apache-2.0

import Decoding
import Foundation
import Imaging
import ProgramHarness
import Synchronization
import Testing

@Suite("A decoder apart reads what is read here, and nothing that it does reaches its caller")
struct DecoderProcessTests {
    static let picture: RGBImage = {
        var image = RGBImage(width: 2600, height: 1900, repeating: RGB(red: 0, green: 0, blue: 0))
        for y in 0..<image.height {
            for x in 0..<image.width {
                image[x, y] = RGB(red: UInt8(y % 256), green: UInt8(x / 11), blue: UInt8(x % 97))
            }
        }
        return image
    }()

    private func program() throws -> DecoderProgram { DecoderProgram(path: try Products.program("likeness-decode")) }

    @Test("Parts, reduced pictures and grey levels are those of this process, of every format at hand")
    func samePixels() throws {
        let decoder = DecoderProcess(try program(), limits: .default)
        for file in [try Self.picture.jpegBytes(quality: 85), try Self.picture.pngBytes()] {
            let here = try PictureFile(file), there = try decoder.open(file)
            #expect(there.width == 2600 && there.height == 1900)
            let part = PixelRegion(left: 1001, top: 703, width: 333, height: 222)
            #expect(try there.pixels(width: 320, height: 234) == here.pixels(width: 320, height: 234))
            #expect(try there.pixels(of: part) == here.pixels(of: part))
            #expect(try there.pixels(of: part, width: 100, height: 70) == here.pixels(of: part, width: 100, height: 70))
            #expect(try there.grayscale() == here.grayscale())
            #expect(try there.pixels() == here.pixels())
        }
    }

    @Test("What is wrong with a file is told as it is told here")
    func sameErrors() throws {
        let limits = DecodingLimits(maximumFileBytes: 1 << 22, maximumPixels: 6_000_000)
        let decoder = DecoderProcess(try program(), limits: limits)
        let jpeg = try Self.picture.jpegBytes(quality: 85)
        var tooMany = jpeg
        let frame = try #require(tooMany.indices.first { tooMany[$0...].starts(with: [0xFF, 0xC0]) })
        tooMany[frame + 5] = 0x40
        let files: [[UInt8]] = [
            [], Array("hello".utf8), Array("%PDF-1.4".utf8), Array(jpeg.prefix(jpeg.count / 2)), tooMany,
            ScanBomb.file(width: 64, height: 64, scans: 500), Array(repeating: 0xFF, count: (1 << 22) + 1),
            Array(try Self.picture.pngBytes().prefix(3000)),
        ]
        for file in files {
            func outcome(_ open: () throws(ImagingError) -> PictureFile) -> ImagingError? {
                do throws(ImagingError) {
                    _ = try open().pixels()
                    return nil
                } catch {
                    return error
                }
            }
            let here = outcome { () throws(ImagingError) in try PictureFile(file, limits: limits) }
            #expect(here != nil)
            #expect(outcome { () throws(ImagingError) in try decoder.open(file) } == here)
        }
    }

    @Test("A decoder that is killed costs the picture that it was at, is counted and told of, and the next is read")
    func killed() throws {
        let program = try program()
        let reports = Reports()
        let decoder = DecoderProcess(program, limits: .default) { reports.add($0.reason) }
        let file = try Self.picture.jpegBytes(quality: 85)
        let first = try decoder.open(file)
        _ = try first.pixels(width: 100, height: 73)
        try kill(childrenOf: getpid(), named: "likeness-decode", by: SIGSEGV)
        let error = #expect(throws: ImagingError.self) {
            try first.pixels(of: PixelRegion(left: 5, top: 5, width: 9, height: 9))
        }
        #expect(error?.cause == "decoder_ended")
        #expect(error?.description.contains("signal 11") == true, "\(error?.description ?? "")")
        #expect(program.counters.started == 1 && program.counters.ended == 1 && program.counters.killed == 0)
        #expect(reports.count == 1)
        #expect(try decoder.open(file).pixels(width: 100, height: 73).width == 100)
        #expect(program.counters.started == 2)
        // The picture of the decoder before is not there any more.
        #expect(throws: ImagingError.self) { try first.pixels(of: PixelRegion(left: 5, top: 5, width: 9, height: 9)) }
    }

    @Test("A decoder that does not come back is ended and replaced")
    func overstaying() throws {
        let program = try program()
        let limits = DecodingLimits(maximumTime: .milliseconds(200))
        let decoder = DecoderProcess(program, limits: limits)
        let file = try Self.picture.jpegBytes(quality: 85)
        let picture = try decoder.open(file)
        try kill(childrenOf: getpid(), named: "likeness-decode", by: SIGSTOP)
        #expect(throws: ImagingError.tookTooLong(limit: limits.maximumTime)) {
            try picture.pixels(width: 100, height: 73)
        }
        #expect(program.counters.killed == 1)
        #expect(try decoder.open(HostileFile.small).width == 16)
    }

    @Test("A caller that does not wait any more stops the decoder, which goes on to the next picture")
    func stopping() throws {
        let program = try program()
        let decoder = DecoderProcess(program, limits: .default)
        var stops = false
        let picture = try decoder.open(ScanBomb.file(width: 6000, height: 6000, scans: 24)) { stops }
        stops = true
        #expect(throws: ImagingError.stopped) { try picture.pixels() }
        #expect(try decoder.open(HostileFile.small).width == 16)
        #expect(program.counters.started == 1)
    }

    @Test("A decoder ends with its caller's interest, and leaves no process behind")
    func ending() throws {
        let before = try children(of: getpid(), named: "likeness-decode").count
        do {
            let decoder = DecoderProcess(try program(), limits: .default)
            try decoder.start()
            #expect(try children(of: getpid(), named: "likeness-decode").count == before + 1)
            withExtendedLifetime(decoder) {}
        }
        #expect(try children(of: getpid(), named: "likeness-decode").count == before)
    }

    @Test(
        "A decoder in which a library keeps memory of damaged pictures is replaced before it has none left",
        .enabled(if: ImageFormat.read.contains(.avif)))
    func keptMemory() throws {
        let program = try program()
        let limits = DecodingLimits(maximumPixels: 1_000_000)
        let decoder = DecoderProcess(program, limits: limits)
        // 1000×1000 pixels whose transfer characteristics are none: libheif refuses them, and does not free the frame.
        let damaged = try Self.seed("avif-unknown-transfer"), sound = try Self.seed("avif-large")
        // More than twice what the decoder may take, if each keeps its 1.6 MB.
        for _ in 0..<400 {
            let picture = try decoder.open(damaged)
            let error = #expect(throws: ImagingError.self) { try picture.pixels() }
            #expect(error?.cause == "corrupt", "\(error?.description ?? "")")
        }
        #expect(try decoder.open(sound).pixels().width == 1000)
        #expect(program.counters.lost == 0)
        #expect(program.counters.started > 1)
    }

    /// One of the pictures that fuzzing begins with.
    private static func seed(_ name: String) throws -> [UInt8] {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return Array(try Data(contentsOf: checkout.appending(path: "Fuzz/corpus/heif/\(name)")))
    }

    @Test("A program that is no decoder is an error that says so")
    func noDecoder() {
        for (path, words) in [("/nonexistent", "No such file"), ("/bin/false", "exit status 1")] {
            let decoder = DecoderProcess(DecoderProgram(path: path), limits: .default)
            let error = #expect(throws: ImagingError.self) { try decoder.open(HostileFile.small) }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
    }
}

enum HostileFile {
    static let small: [UInt8] =
        (try? RGBImage(width: 16, height: 9, repeating: RGB(red: 1, green: 2, blue: 3)).pngBytes()) ?? []
}

/// What was reported, from whatever thread.
final class Reports: Sendable {
    private let lines = Mutex<[String]>([])

    var count: Int { lines.withLock { $0.count } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
}

/// The processes of a name that a process has started.
func children(of parent: pid_t, named name: String) throws -> [pid_t] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter { process in
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return false }
        let fields = text[text.index(end, offsetBy: 2)...].split(separator: " ")
        return text.contains("(\(name.prefix(15)))") && fields.count > 1 && fields[1] == "\(parent)" && fields[0] != "Z"
    }
}

func kill(childrenOf parent: pid_t, named name: String, by signal: Int32) throws {
    for process in try children(of: parent, named: name) { Foundation.kill(process, signal) }
    usleep(20_000)
}
