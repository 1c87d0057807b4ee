// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import Imaging
import ProgramHarness

/// What the end-to-end tests run on: real faces and real networks.
enum Material {
    static let isPresent = TestEnvironment.shared != nil && TestEnvironment.dlibModels != nil
    static let absence: String = "needs LIKENESS_SHARED (data sets) and LIKENESS_DLIB_MODELS; scripts/test sets both"

    /// Model packages, imported once for all tests of this process.
    private static let importedModels: Result<TemporaryFolder, any Error> = Result {
        let folder = try TemporaryFolder()
        try FaceModels.importDlib(from: TestEnvironment.dlibModels ?? "", into: folder.path)
        return folder
    }

    /// The folder of the packages.
    static func models() throws -> TemporaryFolder { try importedModels.get() }

    static func startedDaemon(configuration: String? = nil) async throws -> Daemon {
        let daemon = try Daemon(models: importedModels.get().path, configuration: configuration)
        try await daemon.start()
        return daemon
    }

    /// Photographs beside one another, as of a group: of each the person and the number.
    static func row(_ photographs: [(Int, Int)]) throws -> RGBImage {
        let images = try photographs.map {
            try RGBImage(decoding: Array(Data(contentsOf: URL(fileURLWithPath: face($0.0, $0.1)))))
        }
        var row = RGBImage(
            width: images.reduce(0) { $0 + $1.width }, height: images.map(\.height).max() ?? 1,
            repeating: RGB(red: 128, green: 128, blue: 128))
        var left = 0
        for image in images {
            for y in 0..<image.height { for x in 0..<image.width { row[left + x, y] = image[x, y] } }
            left += image.width
        }
        return row
    }

    /// The path of one of the ten photographs of one of the forty people.
    static func face(_ person: Int, _ number: Int) -> String {
        let folder = (TestEnvironment.shared ?? "") + "/data/orl-faces/"
        for form in ["s%02d/%02d.png", "s%d/%d.png", "s%02d/%d.png", "s%d/%02d.png"] {
            let path = folder + String(format: form, person, number)
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        return folder + "missing"
    }
}
