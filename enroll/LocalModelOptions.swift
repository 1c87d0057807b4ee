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
        let name = try faceCover.map { try PlainPath.of($0) }
        return try options.lookingUp { try FaceCoverLocation.load(name, for: model, store: $0) }
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
        if let model {
            let name = try PlainPath.of(model)
            return try options.lookingUp { try ModelLocation.load(name, store: $0) }
        }
        let installation = try options.installation()
        return try options.requiredFolder().telling { try installation.activePackage(of: modality) }
    }
}
