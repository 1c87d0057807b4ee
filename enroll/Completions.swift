// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EnrollSupport
import Imaging
import LikenessInterface

extension CompletionKind {
    /// A file that could be an image.
    static let image = CompletionKind.file(
        extensions: ImageFormat.readExtensions.sorted().flatMap { [$0, $0.uppercased()] })

    /// The names that the daemon knows, those that a shell takes as they stand; none where no daemon answers soon.
    static let identity = CompletionKind.custom { (arguments: [String], _: Int, prefix: String) async -> [String] in
        let seconds =
            value(of: "--timeout", in: arguments).flatMap { Int($0) }.flatMap {
                DaemonOptions.timeouts.contains($0) ? $0 : nil
            } ?? 2
        let socket = try? DaemonOptions.socket(
            option: value(of: "--socket", in: arguments), daemonUser: value(of: "--daemon-user", in: arguments))
        let client = socket.map { DaemonClient(socket: $0, timeout: .seconds(seconds)) }
        let replies = try? await client?.collect(List())
        return CompletionCandidates.safe((replies ?? []).flatMap(\.identities).map(\.name), prefix: prefix)
    }

    /// What follows an option in a command line that is not complete yet.
    private static func value(of option: String, in arguments: [String]) -> String? {
        arguments.drop { $0 != option }.dropFirst().first
    }
}
