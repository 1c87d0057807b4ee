// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Recognition

/// Which signature model is measured, and on what.
struct SignatureModelOptions: ParsableArguments {
    @Option(help: "The model package; default: models/signature.")
    var model: String?

    @Argument(help: "Folders with a folder for each writer, with genuine and, for forgeries, forgery in it.")
    var sets: [String]

    func package() throws -> ModelPackage {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try ModelPackage.load(from: model ?? checkout.appending(path: "models/signature").path)
    }
}
