// SPDX-License-Identifier: Apache-2.0

import Recognition
import StrictTOML

/// What the model package says of itself.
public struct PackageRecipe: Sendable, Hashable {
    /// 1–64 characters of a–z, A–Z, 0–9, `.`, `_` and `-`, the first a letter or digit; so is the version.
    public var name: String
    public var version: String
    /// The terms of use, an SPDX expression where there is one.
    public var license: String
    public var source: String
    public var calibration: Calibrating
    /// The shrinkage with which the network's embeddings are whitened when it is trained, above 0 and at most 1; nil
    /// leaves them as they are. See `WithinIdentityWhitening`.
    public var whitening: Double?
    /// How far one's own samples usually are from their mean, from 0.001 to 1: distances to references of several
    /// samples count by the samples' own spread then. Nil leaves them as they are. See `ReferenceSpread`.
    public var usualSpread: Double?

    /// Which identities the calibration is measured on.
    public enum Calibrating: String, Sendable, Hashable, CaseIterable {
        /// Those that no step saw.
        case heldOut = "held-out"
        /// Each by the model of the fold that did not see it. The network that is packaged is trained on all.
        case crossValidation = "cross-validation"
        /// None: `enroll model calibrate` makes up for it.
        case none
    }

    public init(
        name: String, version: String = "1", license: String = "NOASSERTION", source: String = "enroll train",
        calibration: Calibrating = .heldOut, whitening: Double? = nil, usualSpread: Double? = nil
    ) {
        self.name = name
        self.version = version
        self.license = license
        self.source = source
        self.calibration = calibration
        self.whitening = whitening
        self.usualSpread = usualSpread
    }

    init(_ table: RecipeTable) throws(RecipeError) {
        try table.requireKeys(["name", "version", "licence", "source", "calibration", "whitening", "usual_spread"])
        name = try table.string("name", expected: "the model's name")
        version = try table.string("version", default: "1")
        for (key, text) in [("name", name), ("version", version)] where !PackageFileName.isPlain(text, atMost: 64) {
            throw table.wrong(
                key, found: "the text “\(text.prefix(80))”",
                expected: "1 to 64 characters of a–z, A–Z, 0–9, “.”, “_” and “-”, the first a letter or digit")
        }
        license = try table.string("licence", default: "NOASSERTION")
        source = try table.string("source", default: "enroll train")
        calibration = try table.choice("calibration", of: Calibrating.self, default: .heldOut)
        whitening = try table.optionalNumber("whitening", in: 1e-6...1)
        usualSpread = try table.optionalNumber("usual_spread", in: ReferenceSpread.range)
    }

    var entries: [RecipeText.Entry] {
        [
            ("name", .string(name)), ("version", .string(version)), ("licence", .string(license)),
            ("source", .string(source)),
            ("calibration", .string(calibration.rawValue)), ("whitening", whitening.map(TOMLItem.number)),
            ("usual_spread", usualSpread.map(TOMLItem.number)),
        ]
    }
}

extension PackageRecipe {
    var spread: ReferenceSpread? { usualSpread.flatMap(ReferenceSpread.init) }
}
