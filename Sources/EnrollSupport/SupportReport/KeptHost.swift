// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import VectorMath

/// Versions of what the daemon runs on: no name of the host.
struct KeptHost: Encodable {
    let command: String
    let daemon: String?
    let kernel: String
    let architecture: String
    let system: String
    let systemVersion: String
    let systemd: String?
    let isContainer: Bool
    let processors: Int
    let instructionSet: String
    let memoryBytes: UInt64
    let isRoot: Bool

    private enum CodingKeys: String, CodingKey {
        case command, daemon, kernel, architecture, system, systemVersion = "system_version", systemd
        case isContainer = "is_container", processors, instructionSet = "instruction_set"
        case memoryBytes = "memory_bytes", isRoot = "is_root"
    }

    init(_ facts: DoctorFacts) {
        command = LikenessVersion.current
        daemon = (try? facts.answers.identity.get()).map { KeptStatus.Model.plain($0.version) }
        var names = utsname()
        uname(&names)
        kernel = KeptStatus.Model.plain(Self.text(names.release))
        architecture = KeptStatus.Model.plain(Self.text(names.machine))
        let release = facts.host.text("/etc/os-release").map { DoctorHost.fields($0, separator: "=") } ?? [:]
        func word(_ key: String) -> String {
            KeptStatus.Model.plain((release[key] ?? "").trimmingCharacters(in: CharacterSet(charactersIn: "\"'")))
        }
        system = word("ID")
        systemVersion = word("VERSION_ID")
        let version = facts.host.programs.run("systemctl", ["--version"], within: facts.host.limit).text
        systemd = version?.split(separator: " ").dropFirst().first.map { KeptStatus.Model.plain(String($0)) }
        isContainer = facts.host.isContainer
        processors = ProcessInfo.processInfo.activeProcessorCount
        instructionSet = InstructionSet.ofProcessor.rawValue
        memoryBytes = ProcessInfo.processInfo.physicalMemory
        isRoot = facts.host.isRoot
    }

    /// A field of `utsname`, which Swift knows as a tuple.
    private static func text<Field>(_ field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
