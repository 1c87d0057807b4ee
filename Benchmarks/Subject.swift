// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DaemonHarness
import Foundation
import ProgramHarness

/// The daemon and the images that a benchmark runs on.
struct Subject: ParsableArguments {
    @Option(
        help:
            "A folder of model packages (made with enroll model import); default: dlib's networks, imported for this run."
    )
    var models: String?

    @Option(help: "dlib's three network files; default: LIKENESS_DLIB_MODELS.")
    var networks: String?

    @Option(help: "A folder per person with photographs; default: the ORL faces in LIKENESS_SHARED.")
    var faces: String?

    /// A daemon, started, with the models in place.
    func startedDaemon(configuration: String? = nil, withSignatures: Bool = false) async throws -> Daemon {
        let daemon = try Daemon(models: nil, configuration: configuration)
        let folder = modelFolder(of: daemon)
        if let models {
            // A copy, since a trial may put another model beside them.
            try FileManager.default.copyItem(atPath: models, toPath: folder)
        } else {
            guard let networks = networks ?? TestEnvironment.dlibModels else {
                throw ValidationError("name the networks with --models or --networks, or set LIKENESS_DLIB_MODELS")
            }
            try FaceModels.importDlib(from: networks, into: folder)
        }
        if withSignatures { try SignatureModels.importShipped(into: folder) }
        try await daemon.start()
        return daemon
    }

    /// Where the daemon's model packages lie.
    func modelFolder(of daemon: Daemon) -> String { daemon.home.appending("data/likeness/models") }

    /// The people with their photographs, in order of name.
    func people() throws -> [Person] {
        guard let folder = faces ?? TestEnvironment.shared.map({ $0 + "/data/orl-faces" }) else {
            throw ValidationError("name a folder with --faces, or set LIKENESS_SHARED")
        }
        let people = try Person.all(in: folder)
        guard people.count >= 2 else {
            throw ValidationError("\(folder) does not hold a folder of photographs for each of two people or more")
        }
        return people
    }
}

/// A folder of photographs of one person.
struct Person: Sendable {
    let name: String
    /// Paths, in order of name.
    let photographs: [String]

    /// - Parameter subfolder: of each person's folder, where the images are.
    static func all(in folder: String, below subfolder: String? = nil) throws -> [Person] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().compactMap { name in
            let path = folder + "/" + name + (subfolder.map { "/" + $0 } ?? "")
            let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            let images = files.filter { ["png", "jpg", "jpeg"].contains(($0 as NSString).pathExtension.lowercased()) }
            return images.isEmpty ? nil : Person(name: name, photographs: images.sorted().map { path + "/" + $0 })
        }
    }
}

/// An image file as it travels.
func base64(ofFile path: String) throws -> String {
    try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString()
}
