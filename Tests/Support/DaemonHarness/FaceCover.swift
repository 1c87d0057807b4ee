// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness

extension FaceModels {
    /// The face-cover network of this repository, in a folder of models.
    public static func importShippedCover(into folder: String) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "models/face-cover").path
        let result = try Command.run(
            try Products.program("enroll"), ["model", "import", "package", package, "--models", folder])
        guard result.status == 0 else {
            throw HarnessError("enroll model import package ended with status \(result.status): \(result.errors)")
        }
    }
}
