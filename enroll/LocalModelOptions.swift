// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Biometrics
import EnrollSupport
import Recognition

/// What covered faces are measured by.
struct FaceCoverOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What covered faces are measured by: a package's folder or tar file, a name in the folder of models, or “none”; default: the one in that folder.",
            valueName: "model"),
        completion: .directory)
    var faceCover: String?

    func package(for model: ModelPackage, _ options: ModelOptions) throws -> FaceCoverPackage? {
        try FaceCoverLocation.load(faceCover.map { try PlainPath.of($0) }, for: model, store: options.store())
    }
}

/// Which model looks at a picture without a daemon.
struct LocalModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The model: a package's folder or tar file, or a name in the folder of models; default: the active one.",
            valueName: "model"),
        completion: .directory)
    var model: String?

    @OptionGroup var cover: FaceCoverOptions
    @OptionGroup var options: ModelOptions

    func package(_ modality: Modality) throws -> ModelPackage {
        if let model { return try ModelLocation.load(PlainPath.of(model), store: options.store()) }
        let installation = try options.installation()
        do throws(ModelPackageError) {
            return try ModelPackage.load(from: installation.store.activeEntry(of: modality).path)
        } catch {
            throw CommandFailure(error)
        }
    }
}
