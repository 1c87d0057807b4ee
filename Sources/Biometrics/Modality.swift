// SPDX-License-Identifier: Apache-2.0

/// What an image shows, and with it which preparation and which kind of network apply.
public enum Modality: String, Sendable, Hashable, Codable, CaseIterable {
    /// A photograph of a person's face.
    case face
    /// A scanned or photographed handwritten signature.
    case signature
    /// A plain glyph (Omniglot, or any image that needs no preparation beyond resizing).
    case glyph
}
