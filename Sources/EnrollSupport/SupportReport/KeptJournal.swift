// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Varlink

/// What of the journal's entries may leave the host. Of the words of an entry only a beginning that this program knows is
/// kept; where the entry was written in the source says the rest to whoever has that.
package enum KeptJournal {
    package struct Entry: Encodable, Hashable {
        package var time: String?
        package var priority: Int?
        /// `Service/CallRecord.swift:118`
        package var code: String?
        package var messageID: String?
        package var method: String?
        package var result: String?
        package var milliseconds: Int?
        package var exitStatus: String?
        package var message: String

        private enum CodingKeys: String, CodingKey {
            case time, priority, code, messageID = "message_id", method, result, milliseconds
            case exitStatus = "exit_status", message
        }
    }

    /// How many entries a report holds.
    static let most = 300

    /// - Parameter text: what `journalctl --output=json` prints: an object a line. Others are passed over.
    package static func entries(_ text: String) -> [Entry] {
        text.split(separator: "\n").suffix(most).compactMap { line in
            guard let fields = try? JSONDecoder().decode([String: JSONValue].self, from: Data(line.utf8)) else {
                return nil
            }
            // A field that an entry has several times is an array.
            let texts = fields.compactMapValues { value -> [String]? in
                guard case .array(let values) = value else { return value.stringValue.map { [$0] } }
                return values.map { $0.stringValue ?? "" }
            }
            let place = code(texts["CODE_FILE"] ?? [], texts["CODE_LINE"] ?? [])
            return entry(texts.compactMapValues(\.first), code: place)
        }
    }

    private static func entry(_ fields: [String: String], code: String?) -> Entry {
        Entry(
            time: fields["__REALTIME_TIMESTAMP"].flatMap(UInt64.init).map {
                Date(timeIntervalSince1970: Double($0 / 1_000_000)).formatted(.iso8601)
            },
            priority: fields["PRIORITY"].flatMap { Int($0) }.flatMap { (0...7).contains($0) ? $0 : nil },
            code: code,
            messageID: fields["MESSAGE_ID"].flatMap { id in
                id.utf8.count == 32 && id.utf8.allSatisfy("0123456789abcdef".utf8.contains) ? id : nil
            },
            method: fields["LIKENESS_METHOD"].flatMap { methods.contains($0) ? $0 : nil },
            result: fields["LIKENESS_RESULT"].flatMap { results.contains($0) ? $0 : nil },
            milliseconds: fields["LIKENESS_DURATION_MS"].flatMap { Int($0) },
            exitStatus: fields["EXIT_STATUS"].flatMap { Int($0) }.map { "\($0)" },
            message: message(fields["MESSAGE"] ?? ""))
    }

    private static func code(_ files: [String], _ lines: [String]) -> String? {
        zip(files, lines).lazy.compactMap { code($0, $1) }.first
    }

    private static func code(_ file: String, _ line: String) -> String? {
        guard let line = Int(line) else { return nil }
        let parts = file.split(separator: "/", omittingEmptySubsequences: false)
        // Of this project, a module and a file: what else is compiled elsewhere holds paths of that place.
        guard parts.count == 2, modules.contains(String(parts[0])), parts[1].hasSuffix(".swift"),
            PlainWord.isOne(String(parts[1].replacing("+", with: ".")))
        else { return nil }
        return "\(file):\(line)"
    }

    private static let modules: Set = [
        "Service", "likenessd", "Gallery", "Varlink", "Monitoring", "DaemonSupport", "Recognition", "Decoding",
        "LikenessInterface", "ServiceLifecycle",
    ]

    private static let methods: Set<String> = Set(LikenessMethods.all.map { "\($0.interface).\($0.method)" })
        .union(LikenessMethods.all.map { $0.method })

    /// As metrics have them, and the short names of errors.
    private static let results: Set<String> = {
        let errors = [InterfaceDescriptions.verification, InterfaceDescriptions.admin].flatMap { text in
            (try? InterfaceDescription(parsing: text))?.errors ?? []
        }
        return Set(errors).union([
            "ok", "match", "no_match", "inconclusive", "abandoned", "undelivered", "intact", "broken", "imported",
            "replaced", "skipped", "PermissionDenied", "InvalidParameter", "MethodNotFound", "InterfaceNotFound",
            "MethodNotImplemented", "ExpectedMore",
        ])
    }()

    /// The beginning of a message that names nobody, then `…` for the rest; `…` alone for what is not known.
    static func message(_ text: String) -> String {
        // Of a method's own lines the method comes first.
        let head = text.prefix { $0 != " " }
        let subject = methods.contains(String(head)) ? String(head) : ""
        let rest = text.dropFirst(subject.count)
        guard let known = (beginnings + systemdBeginnings).first(where: { rest.hasPrefix($0) }) else { return "…" }
        return subject + known + (rest.count > known.count ? "…" : "")
    }

    private static let systemdBeginnings = [
        "Starting likenessd.service", "Started likenessd.service", "Stopping likenessd.service",
        "Stopped likenessd.service", "Reloading likenessd.service", "Reloaded likenessd.service",
        "Failed to start likenessd.service", "likenessd.service: Main process exited, code=",
        "likenessd.service: Failed with result ", "likenessd.service: Scheduled restart job",
        "likenessd.service: Deactivated successfully", "likenessd.service: Watchdog timeout",
        "likenessd.service: Start request repeated too quickly", "likenessd.service: Consumed ",
        "likenessd.service: A process of this unit has been killed by the OOM killer",
    ]

    /// What the daemon says before anything that is put in. A test holds them to the sources.
    package static let beginnings = [
        " is answered", " is refused: ", " is denied: the user has not the role ", " is abandoned: the caller has gone",
        " is done, but the caller has gone before the reply", " has no reply that could be delivered: ", " failed: ",
        "The rotation to ", "A rotation that was under way cannot be gone on with: ",
        "The gallery's generations cannot be read: ", "Rolled back to the model ",
        "A worker has been busy with one image for ", "The gallery does not answer",
        "A failed comparison cannot be kept: ", "How a comparison ended cannot be kept: ",
        "The audit log is not told of ", "Old records of failed comparisons cannot be removed: ",
        "The gallery is damaged, and this is left out: ", "The gallery is damaged: ", "Removed from the gallery: ",
        "The gallery is sealed anew", "The audit log is broken: ", "Old entries of the audit log cannot be removed: ",
        "The gallery's files are in their place again, and changes are possible", "Metrics are read at ", "Stopped",
        "The model package ", "Covered faces are not measured: no face-cover network is used", "Only ",
        "The gallery is not under the configured key yet; `enroll gallery rekey` brings it there",
        "gallery.accept_unencrypted is set and not needed any more", "The gallery is not encrypted: ",
        "Stopping: what was accepted is finished first",
        "Some of what was accepted has not ended in time and is given up",
        "What was given up cannot be stopped; ending without it", "The service manager cannot be told: ",
        "The self-check failed; the watchdog is not told", "A connection is closed: ",
        "A connection is closed unanswered: there are too many", "Accepting failed: ", "A connection ended: ",
        "What another daemon changed cannot be read, which is tried until it can: ",
        "The configuration was reloaded", "The configuration was not reloaded, and what held before holds: ",
        "the models are as they were until another reload, ",
        "The terminal was closed", "A decoder ended over a picture, ",
        "A worker was at one image for more than ",
        "polkit is not there: ", "polkit cannot be asked: ",
        "Another daemon has activated the model ", "Ready: ", "Not all of it works: ", "What was embedded by ",
    ]
}
