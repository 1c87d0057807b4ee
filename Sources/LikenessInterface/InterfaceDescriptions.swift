// SPDX-License-Identifier: Apache-2.0

/// The interface descriptions, as they stand in the tree.
public enum InterfaceDescriptions {
    /// `io.likeness.Verification`.
    public static let verification = String(decoding: PackageResources.io_likeness_Verification_varlink, as: UTF8.self)
    /// `io.likeness.Admin`.
    public static let admin = String(decoding: PackageResources.io_likeness_Admin_varlink, as: UTF8.self)
}

/// The fully qualified names of the interfaces.
public enum InterfaceNames {
    public static let verification = "io.likeness.Verification"
    public static let admin = "io.likeness.Admin"
}
