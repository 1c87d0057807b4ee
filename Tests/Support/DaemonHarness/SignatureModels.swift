// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness

/// The signature model of this repository, in a folder of models.
public enum SignatureModels {
    public static func importShipped(into folder: String) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "models/signature").path
        let result = try Command.run(
            try Products.program("enroll"), ["model", "import", "package", package, "--models", folder])
        guard result.status == 0 else {
            throw HarnessError("enroll model import package ended with status \(result.status): \(result.errors)")
        }
    }
}
