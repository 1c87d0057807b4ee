// SPDX-License-Identifier: Apache-2.0

/// The `[references]` table of a manifest: how distances to several samples count.
struct ReferencesSection {
    let spread: ReferenceSpread?
    let countScale: SampleCountScale?

    init(spread: ReferenceSpread?, countScale: SampleCountScale?) {
        self.spread = spread
        self.countScale = countScale
    }

    init(_ table: ManifestTable) throws(ModelPackageError) {
        try table.requireKeys(["usual_spread", "count_scale"])
        spread =
            table.has("usual_spread")
            ? ReferenceSpread(usual: try table.number("usual_spread", in: ReferenceSpread.range)) : nil
        countScale =
            table.has("count_scale")
            ? SampleCountScale(gain: try table.number("count_scale", in: SampleCountScale.range)) : nil
    }

    /// Nil where there is nothing to state.
    var section: ManifestSection? {
        guard spread != nil || countScale != nil else { return nil }
        return ManifestSection(
            "references",
            [
                "usual_spread": spread.map { .number($0.usual) },
                "count_scale": countScale.map { .number($0.gain) },
            ])
    }
}
