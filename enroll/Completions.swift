import ArgumentParser
import EnrollSupport
import LikenessInterface

extension CompletionKind {
    /// A file that could be a photograph.
    static let photograph = CompletionKind.file(extensions: ["png", "PNG", "jpg", "JPG", "jpeg", "JPEG"])

    /// The names that the daemon knows; none where no daemon answers at once.
    static let identity = CompletionKind.custom { (arguments: [String], _: Int, prefix: String) async -> [String] in
        let option: String? = arguments.drop { $0 != "--socket" }.dropFirst().first
        let client = DaemonClient(socket: DaemonOptions.socket(option: option), timeout: .seconds(2))
        let replies = try? await client.collect(ListMethod.name, ListMethod.Parameters(), returning: ListMethod.Reply.self)
        return (replies ?? []).flatMap(\.identities).map(\.name)
            .filter { $0.hasPrefix(prefix) && $0 == PrintableText.of($0) }
    }
}
