// SPDX-License-Identifier: Apache-2.0

/// Why polkit did not let a user change what is enrolled of himself, in one word for programs.
public enum AuthorizationRefusal: String, Sendable, Hashable, CaseIterable {
    /// The policy forbids it, or the password was wrong.
    case refused
    /// The question for the password was closed.
    case dismissed
    /// A password would do, and no agent is there that could ask for it.
    case nobodyToAsk = "nobody_to_ask"
    /// There is no polkit that knows of the action.
    case noAuthority = "no_authority"
    case noAnswer = "no_answer"

    /// The action that polkit is asked about.
    public static let action = "io.likeness.enrol-self"

    var explanation: String {
        switch self {
        case .refused:
            "polkit does not allow it; the password was wrong, or its policy for \(Self.action) forbids it, as it does by default to whoever is not sitting at the machine"
        case .dismissed: "the question for the password was closed"
        case .nobodyToAsk:
            "polkit wants a password, and nothing is there that could ask for it; a desktop brings such an agent, and in a terminal there is pkttyagent"
        case .noAuthority:
            "there is no polkit here that knows of \(Self.action), without which nobody may enrol himself; have an administrator do it, or install polkitd and the policy"
        case .noAnswer: "polkit gave no answer in time; try again"
        }
    }
}
