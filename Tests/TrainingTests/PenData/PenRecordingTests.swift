// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import Testing
import Training

@Suite struct PenRecordingTests {
    /// Two strokes: a long one to the right, whose pressure falls, and a short one upwards; the pen is lifted between
    /// them.
    private let text = """
        8
        0 0 0 1 0 0 800
        200 0 10 1 0 0 800
        400 0 20 1 0 0 400
        600 0 30 3 0 0 200
        700 300 40 2 0 0 0
        800 0 50 1 0 0 800
        800 0 60 1 0 0 800
        800 150 70 1 0 0 800

        """

    @Test func aRecordingIsTheStrokesBetweenTheLiftsInMillimetres() throws {
        let trajectory = try PenRecording(parsing: Array(text.utf8)).trajectory
        #expect(trajectory.components.count == 2)
        let first = try #require(trajectory.components.first), second = try #require(trajectory.components.last)
        #expect(first.first?.position == SIMD2(0, 0) && first.last?.position == SIMD2(6, 0))
        #expect(second.first?.position == SIMD2(8, 0) && second.last?.position == SIMD2(8, 1.5))
        // A straight line stays one, and is walked at 2 mm in a hundredth of a second.
        #expect(first.allSatisfy { abs($0.position.y) < 1e-9 })
        #expect(first.dropFirst().dropLast().allSatisfy { abs($0.speed - 200) < 60 })
        #expect(first.first?.pressure == 1 && first.last?.pressure == 0.25)
        #expect(first.count == 13)
    }

    @Test func carriageReturnsAreTaken() throws {
        let other = text.replacingOccurrences(of: "\n", with: "\r\n")
        #expect(try PenRecording(parsing: Array(other.utf8)) == PenRecording(parsing: Array(text.utf8)))
    }

    @Test(arguments: [
        ("", "count"), ("x\n1 2 3 1 0 0 5\n", "count"), ("0\n", "count"), ("3\n1 2 3 1 0 0 5\n", "3 points"),
        ("1\n1 2 3 1 0 0\n", "line 2"), ("1\n1 2 3 1 0 0 five\n", "line 2"), ("1\n1 2 3 256 0 0 5\n", "line 2"),
        ("1\n1 2 3 -1 0 0 5\n", "line 2"),
        ("1\n99999999 2 3 1 0 0 5\n", "line 2"), ("1\n9223372036854775808 2 3 1 0 0 5\n", "line 2"),
        ("2\n1 2 3 1 0 0 5\n1 2 3 1 0 0 5\n", "writes nothing"),
        ("2\n1 2 3 0 0 0 5\n9 2 3 0 0 0 5\n", "writes nothing"),
    ])
    func whatIsNoRecordingIsRefusedWithThePlace(_ text: String, _ words: String) {
        #expect(performing: { try PenRecording(parsing: Array(text.utf8)) }, throws: { "\($0)".contains(words) })
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: PenRecording.Defect.self) { try PenRecording(parsing: [0x31, 0x0A, 0xFF, 0xFE]) }
    }

    @Test func eachDrawingIsAnotherAndTheSameSeedDrawsTheSame() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pens-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "a/genuine"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            at: folder.appending(path: "a/forgery"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["a/genuine/1.TXT", "a/genuine/2.txt", "a/forgery/1.TXT"] {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        try Data("no recording".utf8).write(to: folder.appending(path: "a/genuine/readme.md"))
        let (recordings, report) = try IdentityFolder.read(
            folder.path, options: IdentityFolder.Options(content: .penRecordings))
        #expect(report.bad == 0)
        let images = PenDrawings.images(of: recordings, drawings: 2, seed: 4)
        #expect(
            images.count == 6 && images.count { $0.kind == .forgery } == 2 && Set(images.map(\.source.name)).count == 6)
        func pixels(_ image: LabeledImage) throws -> RGBImage {
            guard case .generated(_, _, let render) = image.source else { throw CancellationError() }
            return try render()
        }
        let again = PenDrawings.images(of: recordings, drawings: 2, seed: 4),
            other = PenDrawings.images(of: recordings, drawings: 2, seed: 5)
        for (index, image) in images.enumerated() { #expect(try pixels(image) == pixels(again[index])) }
        #expect(try pixels(images[0]) != pixels(images[1]))
        #expect(try pixels(images[0]) != pixels(other[0]))
        // Dark ink on light paper.
        let gray = try pixels(images[0]).grayscale()
        #expect((gray.pixels.min() ?? 255) < 150 && (gray.pixels.max() ?? 0) > 200)
    }
}
