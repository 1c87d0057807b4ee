// SPDX-License-Identifier: Apache-2.0

import LikenessInterface

/// What is damaged in a gallery, in words.
enum DamageText {
    static func table(_ damage: [WireDamage], count: Int) -> String {
        TextTable(
            columns: [.init("DAMAGED"), .init("IDENTITY"), .init("SAMPLE", .right), .init("WHAT")],
            rows: damage.map { [$0.kind.rawValue, $0.identity ?? "", $0.sample.map { "\($0)" } ?? "", $0.what] }
        ).text
            + (count > damage.count ? "and \(count - damage.count) more\n" : "")
    }

    /// Warnings for standard error.
    static func lines(_ damage: [WireDamage], count: Int) -> String {
        damage.map { "enroll: warning: \(PrintableText.of(words($0)))\n" }.joined()
            + (count > damage.count ? "enroll: warning: and \(count - damage.count) more\n" : "")
    }

    private static func words(_ damage: WireDamage) -> String {
        let place =
            switch (damage.identity, damage.sample) {
            case (let identity?, let sample?): "“\(identity)”, sample \(sample): "
            case (let identity?, nil): "“\(identity)”: "
            default: ""
            }
        return "\(place)\(damage.what)"
    }
}
