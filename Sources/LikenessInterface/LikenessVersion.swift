// SPDX-License-Identifier: Apache-2.0

/// The version of this package: what the daemon states in `Status` and both programs print.
public enum LikenessVersion {
    public static let current = "0.1.0"
}
