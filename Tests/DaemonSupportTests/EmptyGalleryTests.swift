// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct EmptyGalleryTests {
    @Test func `a daemon does not begin a gallery where an empty file lies, and says what to do`() async throws {
        let program = try DaemonProgram()
        let path = program.home.appending("data/likeness/gallery.sqlite")
        try Data().write(to: URL(fileURLWithPath: path))
        try program.start()
        #expect(try await program.status() == 65)
        #expect(
            program.log.contains("it is empty") && program.log.contains("remove it") && program.log.contains("backup"),
            "\(program.log)")
        #expect(FileManager.default.contents(atPath: path) == Data())
    }
}
