// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import ProgramHarness
import Testing

/// Kills a process that enrols without end, and looks at what is left.
@Suite(
    .serialized, .enabled(if: Products.contains(CrashWriter.name), "gallery-crash-writer is not built beside the tests")
)
struct CrashTests {
    @Test(arguments: GalleryKind.available) func `a kill loses no acknowledged enrolment and leaves no half one`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        var acknowledged: Set<String> = []
        for round in 0..<8 {
            acknowledged.formUnion(
                try await OwnThread.run { try CrashWriter.killed(gallery: fixture.path, afterLines: 3 + round * 5) })

            try fixture.settle()
            let gallery = try await fixture.open()
            var stored: Set<String> = []
            for identity in try await gallery.identities() {
                let samples = try #require(try await gallery.details(of: identity.name)).samples
                #expect(samples.map(\.number) == Array(1...samples.count), "\(identity.name)")
                for sample in samples {
                    stored.insert("\(identity.name)\t\(sample.number)")
                    let reference = SampleReference(identity: identity.name, number: sample.number)
                    #expect(try await gallery.image(of: reference)?.count == 20_000)
                }
            }
            let embedded = try #require(try await gallery.embeddings(of: .face)).embeddings.map {
                "\($0.sample.identity)\t\($0.sample.number)"
            }
            #expect(acknowledged.isSubset(of: stored))
            #expect(Set(embedded) == stored)
            let enrollments = try await gallery.auditTrail(AuditQuery(limit: 100_000)).filter { $0.action == .enroll }
            #expect(enrollments.count == stored.count)
            #expect(try await gallery.check { _, _ in }.damage.isEmpty)
            try await gallery.close()
        }
        #expect(acknowledged.count >= 8 * 3)
    }
}

/// The program `gallery-crash-writer`, which is built beside the tests.
enum CrashWriter {
    static let name = "gallery-crash-writer"

    /// Runs the program until it has acknowledged so many enrolments, kills it with SIGKILL, and returns
    /// every line it printed whole.
    static func killed(gallery: String, afterLines lines: Int) throws -> Set<String> {
        Set(try killed([gallery], afterLines: lines))
    }

    /// The lines in their order.
    ///
    /// - Parameter pause: microseconds between the last of the lines and the kill.
    static func killed(_ arguments: [String], afterLines lines: Int, pause: UInt32 = 0) throws -> [String] {
        let writer = try RunningProgram(Products.program(name), arguments, output: .pipe, limit: .seconds(120))
        guard let pipe = writer.output else { throw HarnessError("\(name) has no pipe") }
        var output = Data()
        while output.count(where: { $0 == UInt8(ascii: "\n") }) < lines {
            let chunk = pipe.availableData
            guard !chunk.isEmpty else { break }
            output.append(chunk)
        }
        usleep(pause)
        try writer.kill()
        output.append(pipe.readDataToEndOfFile())
        let text = String(decoding: output, as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
