// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
import ProgramHarness
import Recognition
import Testing

/// The preparation on scanned signatures, and on those that failed on printed forms.
@Suite(.enabled(if: SharedSignatures.cases != nil, "LIKENESS_SHARED names no signatures"))
struct SharedSignatureTests {
    private static let preparation = SignaturePreparation(width: 160, height: 64)

    @Test(arguments: ["empty_box", "empty_thinbox", "empty_bigbox", "empty_line"])
    func `an empty form is no signature`(name: String) throws {
        let (canvas, measurements) = try Self.preparation.prepare(SharedSignatures.readCase(name))
        #expect(canvas.pixels.allSatisfy { $0 == 0 })
        #expect(measurements.contains { !$0.isAcceptable })
    }

    @Test(arguments: [
        "box", "box_001_0", "box_001_1", "box_001_2", "bigbox_001_0", "bigbox_001_1", "bigbox_001_2", "bigbox_002_0",
        "bigbox_002_1",
        "bigbox_002_2", "bigbox_009_3", "sign_line",
    ])
    func `a signature on a form is found and the form is not on its canvas`(name: String) throws {
        let (canvas, measurements) = try Self.preparation.prepare(SharedSignatures.readCase(name))
        #expect(measurements.allSatisfy { $0.isAcceptable }, "\(measurements)")
        let form = try #require(measurements.first { $0.quantity == .formLines })
        #expect(form.value > 0.02)
        // A line of the form would fill a row or a column from end to end of the ink.
        for y in 0..<canvas.height {
            #expect((0..<canvas.width).count { canvas[$0, y] > 100 } < 110)
        }
    }

    @Test func `a page of a signature is the signature`() throws {
        let (canvas, measurements) = try Self.preparation.prepare(SharedSignatures.readCase("on_a4_600dpi"))
        #expect(measurements.allSatisfy { $0.isAcceptable }, "\(measurements)")
        #expect(canvas.pixels.contains { $0 == 255 })
    }

    @Test(arguments: ["sigcomp2009", "cedar", "bhsig260-hindi"])
    func `signatures without a form are acceptable and lose nothing`(set: String) throws {
        let files = try SharedSignatures.genuine(set)
        let chosen = stride(from: 0, to: files.count, by: max(1, files.count / 100)).map { files[$0] }
        var refused: [String] = [], changed: [String] = []
        for file in chosen {
            let picture = try RGBImage(decoding: [UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
            let measurements = try Self.preparation.prepare(picture).measurements
            if !measurements.allSatisfy(\.isAcceptable) { refused.append(file) }
            if measurements.contains(where: { $0.quantity == .formLines && $0.value > 0 }) { changed.append(file) }
        }
        #expect(refused.isEmpty, "\(refused)")
        #expect(changed.count * 50 <= chosen.count, "\(changed)")
    }
}

enum SharedSignatures {
    static let cases = TestEnvironment.shared.flatMap { shared in
        FileManager.default.fileExists(atPath: "\(shared)/cases/signatures")
            && FileManager.default.fileExists(atPath: "\(shared)/data/cedar")
            ? "\(shared)/cases/signatures" : nil
    }

    static func readCase(_ name: String) throws -> RGBImage {
        try RGBImage(decoding: [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(cases ?? "")/\(name).png"))))
    }

    /// The genuine signatures of a set, in order of name.
    static func genuine(_ set: String) throws -> [String] {
        let folder = "\(TestEnvironment.shared ?? "")/data/\(set)"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().flatMap { writer in
            let genuine = "\(folder)/\(writer)/genuine"
            return try FileManager.default.contentsOfDirectory(atPath: genuine).sorted().map { "\(genuine)/\($0)" }
        }
    }
}
