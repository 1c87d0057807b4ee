// SPDX-License-Identifier: Apache-2.0

import Files
import StrictTOML
import Wording

/// Reads a configuration file, and reports all that is wrong with it at once.
public enum ConfigurationFile {
    /// A configuration is text that a person wrote; a larger file is not one.
    static let largest = 1 << 20

    /// - Parameter paths: who may be able to write to the file; nobody else.
    /// - Throws: ``ConfigurationProblems``.
    public static func read(
        _ path: String, defaults: DaemonConfiguration, paths: TrustedPaths = TrustedPaths()
    ) throws(ConfigurationProblems) -> DaemonConfiguration {
        func refused(_ problem: ConfigurationProblem) -> ConfigurationProblems {
            ConfigurationProblems(path: path, problems: [problem])
        }
        let bytes: [UInt8]
        do {
            bytes = try paths.read(path, atMost: largest)
        } catch {
            throw refused(error.isDistrust ? .notTrusted(error) : .unreadable(path: path, reason: Self.reason(error)))
        }
        guard bytes.count <= largest else { throw refused(.tooLarge(path: path, limit: largest)) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refused(.unreadable(path: path, reason: "it is not UTF-8 text"))
        }
        let result = parse(text, defaults: defaults)
        guard result.problems.isEmpty else { throw ConfigurationProblems(path: path, problems: result.problems) }
        return result.configuration
    }

    /// The configuration that the text states over the defaults, and what is wrong with it.
    public static func parse(
        _ text: String, defaults: DaemonConfiguration
    ) -> (configuration: DaemonConfiguration, problems: [ConfigurationProblem]) {
        let document: TOMLDocument
        do {
            document = try TOMLDocument(parsing: text, atMost: largest)
        } catch {
            guard case .syntax(let line, let reason) = error else {
                return (defaults, [.syntax(line: 1, reason: "\(error)")])
            }
            return (defaults, [.syntax(line: line, reason: reason)])
        }
        let top = document.values
        var configuration = defaults
        var problems: [ConfigurationProblem] = []
        let lines = document.lines
        let sections = DaemonConfiguration.settings.reduce(into: [String: [ConfigurationSetting]]()) {
            $0[$1.section, default: []].append($1)
        }
        for (section, value) in top.sorted(by: { $0.key < $1.key }) {
            guard let settings = sections[section] else {
                problems.append(unknown(section, value, sections: sections, lines: lines))
                continue
            }
            guard case .table(let values) = value else {
                problems.append(
                    .wrongValue(
                        name: section, line: lines.line(of: section), found: value.summary,
                        expected: "a section: [\(section)]"))
                continue
            }
            for (key, value) in values.sorted(by: { $0.key < $1.key }) {
                let line = lines.line(of: key, in: section)
                guard let setting = settings.first(where: { $0.key == key }) else {
                    problems.append(
                        .unknownKey(
                            name: "\(section).\(key)", line: line,
                            nearest: nearest(key, in: section, sections: sections)))
                    continue
                }
                if !setting.store(value, &configuration) {
                    problems.append(
                        .wrongValue(
                            name: setting.name, line: line, found: value.summary, expected: setting.expected))
                }
            }
        }
        if problems.isEmpty { problems = configuration.contradictions }
        if case .table(let gallery)? = top["gallery"], gallery["path"] != nil, !configuration.gallery.database.isEmpty {
            problems.append(
                .contradiction("gallery.path and gallery.database both say where the gallery is; remove one of them"))
        }
        let (statesRate, statesSkilledRate) =
            if case .table(let verification)? = top["verification"] {
                (verification["signature_operating_point"] != nil, verification["signature_skilled_rate"] != nil)
            } else {
                (false, false)
            }
        if statesRate, !statesSkilledRate { configuration.verification.signatureSkilledRate = 0 }
        let chosen = configuration.verification, usual = DaemonConfiguration.Verification()
        let isUsualRate = chosen.signatureOperatingPoint == usual.signatureOperatingPoint
        if statesRate, chosen.signatureSkilledRate > 0, !(isUsualRate && chosen.holdsToUsualSkilledRate) {
            problems.append(
                .contradiction(
                    "verification.signature_operating_point and verification.signature_skilled_rate both choose the threshold of signatures; remove one of them"
                ))
        }
        return (configuration, problems)
    }

    private static func reason(_ problem: TrustProblem) -> String {
        switch problem {
        case .unreachable(let failure): failure.reason
        case .notAFile: "it is no regular file"
        default: "\(problem)"
        }
    }

    /// The nearest setting of the same section, else one of the same key in another section.
    private static func nearest(
        _ key: String, in section: String, sections: [String: [ConfigurationSetting]]
    ) -> String? {
        if let name = NearestName.of(key, among: sections[section]?.map(\.key) ?? []) { return "\(section).\(name)" }
        return DaemonConfiguration.settings.first { $0.key == key }?.name
    }

    private static func unknown(
        _ name: String, _ value: ConfigurationValue, sections: [String: [ConfigurationSetting]], lines: TOMLLines
    ) -> ConfigurationProblem {
        if case .table = value {
            return .unknownSection(
                name: name, line: lines.line(of: name), nearest: NearestName.of(name, among: Array(sections.keys)))
        }
        let settings = DaemonConfiguration.settings
        let meant = NearestName.of(name, among: settings.map(\.key))
        return .unknownKey(
            name: name, line: lines.line(of: name),
            nearest: settings.first { $0.key == meant }.map { "\($0.key) in section [\($0.section)]" })
    }
}

extension DaemonConfiguration {
    private static func isSamePath(_ one: String, _ other: String) -> Bool {
        func parts(_ path: String) -> [Substring] { path.split(separator: "/").filter { $0 != "." } }
        return parts(one) == parts(other)
    }

    /// Settings that cannot work together.
    var contradictions: [ConfigurationProblem] {
        var found: [ConfigurationProblem] = []
        // Base64 writes 3 bytes as 4; the rest of a call is small.
        let encodedImage = images.maximumFileBytes / 3 * 4 + 4096
        if encodedImage > socket.maximumMessageBytes {
            found.append(
                .contradiction(
                    "an image of images.maximum_file_bytes (\(images.maximumFileBytes)) takes \(encodedImage) bytes in base64, "
                        + "more than socket.maximum_message_bytes (\(socket.maximumMessageBytes)); raise that or lower the first"
                ))
        }
        if socket.maximumMessageBytes > socket.maximumBufferedBytes {
            found.append(
                .contradiction(
                    "socket.maximum_message_bytes (\(socket.maximumMessageBytes)) is more than "
                        + "socket.maximum_buffered_bytes (\(socket.maximumBufferedBytes)), so that such a message never arrives"
                ))
        }
        if socket.maximumBufferedBytesPerUser > 0, socket.maximumMessageBytes > socket.maximumBufferedBytesPerUser {
            found.append(
                .contradiction(
                    "socket.maximum_message_bytes (\(socket.maximumMessageBytes)) is more than "
                        + "socket.maximum_buffered_bytes_per_user (\(socket.maximumBufferedBytesPerUser)), so that such a message never arrives"
                ))
        }
        if !metrics.socket.isEmpty, Self.isSamePath(metrics.socket, socket.path) {
            found.append(.contradiction("metrics.socket and socket.path are the same; each needs a path of its own"))
        }
        if !gallery.keyFile.isEmpty, gallery.keyFile == gallery.previousKeyFile {
            found.append(
                .contradiction(
                    "gallery.key_file and gallery.previous_key_file name the same file (\(gallery.keyFile)); the key that is to be replaced "
                        + "has to be kept in a file of its own until enroll gallery rekey is done"))
        }
        return found
    }
}
