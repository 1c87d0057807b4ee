// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import ProgramHarness
import Recognition
import Testing

/// What is said of the folder of models where what was asked for is not in it.
@Suite struct ModelFolderTests {
    private func message(_ folder: ModelFolder, _ body: (ModelInstallation) throws -> Any) -> String? {
        do {
            _ = try folder.telling { try body(ModelInstallation(store: folder.store)) }
            return nil
        } catch {
            return CommandFailure(error).message
        }
    }

    @Test func `a folder that nobody named is told, with whose it is and how to name another`() throws {
        let folder = try TemporaryFolder()
        let system = ModelFolder(of: .system, folder: folder.path, other: "/home/a/models")
        #expect(
            message(system) { try $0.activePackage(of: .face) }
                == "no face model is active: the folder “\(folder.path)” holds no model of the modality “face”; make one with “enroll model import”; that folder is the system's, which root's commands take; --models FOLDER names another, such as that of a daemon of your own, “/home/a/models”"
        )
        let own = ModelFolder(of: .caller, folder: folder.path, other: "/var/lib/likeness/models")
        #expect(
            message(own) { try $0.entry(named: "x") }
                == "there is no model “x”: the folder “\(folder.path)” holds none; that folder is your own, for a daemon of yours; --models FOLDER names another, such as the system's, “/var/lib/likeness/models”"
        )
        #expect(
            message(ModelFolder(of: .system, folder: "/a", other: nil)) { _ in
                throw CommandFailure(ModelPackageError.noSuchModel(name: "x", reason: "there are “y”"))
            }
                == "there is no model “x”: there are “y”; “/a”, where it was looked for, is the system's, which root's commands take; --models FOLDER names another"
        )
    }

    @Test func `a folder that was named is not explained, nor is another failure`() throws {
        let folder = try TemporaryFolder(), named = ModelFolder(named: folder.path)
        #expect(named.hint == nil)
        #expect(
            message(named) { try $0.entry(named: "x") }
                == "there is no model “x”: the folder “\(folder.path)” holds none")
        let own = ModelFolder(of: .caller, folder: folder.path, other: nil)
        #expect(message(own) { _ in throw CommandFailure(.badData, name: "N", message: "why") } == "why")
    }
}
