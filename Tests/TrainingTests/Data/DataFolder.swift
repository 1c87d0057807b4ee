// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness

/// A temporary folder that tests fill with data sets.
struct DataFolder {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    var path: String { folder.path }

    func path(_ name: String) -> String { folder.appending(name) }

    @discardableResult func write(_ bytes: [UInt8], to name: String) throws -> String {
        let path = path(name)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    @discardableResult func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    /// A PNG of one grey level.
    @discardableResult func image(_ name: String, level: UInt8 = 0, width: Int = 4, height: Int = 3) throws -> String {
        try write(GrayImage(width: width, height: height, repeating: level).pngBytes(), to: name)
    }
}
