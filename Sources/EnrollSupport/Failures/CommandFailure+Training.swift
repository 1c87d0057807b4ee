// SPDX-License-Identifier: Apache-2.0

import Recipes
import Training

extension CommandFailure {
    public init(_ error: RecipeError) {
        switch error {
        case .unreadable: self.init(.noInput, name: "NoInputFile", message: error.description)
        case .tooLarge, .syntax, .unknownKey, .missingKey, .wrongValue, .contradiction:
            self.init(.badData, name: "RecipeRefused", message: error.description)
        }
    }

    public init(_ error: RunError) {
        let (status, name): (CommandStatus, String) =
            switch error {
            case .folderExists, .folderInUse, .unwritable: (.cannotCreate, "CannotCreate")
            case .noRun, .unfinished, .unreadable: (.noInput, "NoInputFile")
            case .inUse: (.tryAgain, "RunInUse")
            case .otherRecipe: (.badData, "OtherRecipe")
            case .unsuitable: (.badData, "DataUnsuitable")
            case .diverged: (.badData, "TrainingDiverged")
            case .packageDiffers: (.internalError, "Internal")
            }
        self.init(status, name: name, message: error.description)
    }

    public init(_ error: CheckpointError) {
        let (status, name): (CommandStatus, String) =
            switch error {
            case .unreadable, .none: (.noInput, "NoInputFile")
            case .foreign, .otherVersion, .damaged, .otherRun: (.badData, "CheckpointRefused")
            }
        self.init(status, name: name, message: error.description)
    }

    public init(_ error: DataSetError) {
        let (status, name): (CommandStatus, String) =
            switch error {
            case .unreadable: (.noInput, "NoInputFile")
            case .noDecoder: (.configuration, PictureDecoders.noDecoderName)
            default: (.badData, "DataUnsuitable")
            }
        self.init(status, name: name, message: error.description)
    }

    public init(_ error: TrainingError) {
        self.init(.badData, name: "TrainingRefused", message: error.description)
    }
}
