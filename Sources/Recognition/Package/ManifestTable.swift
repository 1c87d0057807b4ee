// SPDX-License-Identifier: Apache-2.0

import StrictTOML

/// One table of a manifest.
typealias ManifestTable = StrictTable<ModelPackageError>

extension ModelPackageError: TOMLFailure {
    package static func toml(_ problem: TOMLProblem) -> ModelPackageError {
        switch problem {
        case .syntax(let line, let reason): .invalidSyntax(line: line, reason: reason)
        case .unknownKey(let key, let line, let nearest): .unknownKey(key: key, line: line, nearest: nearest)
        case .missingKey(let key, let line, let expected): .missingKey(key: key, line: line, expected: expected)
        case .wrongValue(let key, let line, let found, let expected):
            .invalidValue(key: key, line: line, found: found, expected: expected)
        }
    }
}
