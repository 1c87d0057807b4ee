// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Admin.Metrics`: what the daemon has counted since its start, and how it is.
public struct Metrics: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.admin
    package static let method = "Metrics"
    package static let rules = MethodRules(role: .monitor, isLogged: false)

    public init() {}

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        /// In Prometheus' text format, version 0.0.4.
        public let text: String

        public init(text: String) {
            self.text = text
        }
    }
}
