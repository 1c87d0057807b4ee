// SPDX-License-Identifier: Apache-2.0

import EnrollSupport
import FuzzSupport

/// The archive of a gallery, as `enroll gallery import` reads it. No daemon is there to take what it holds, which comes
/// after all of it was read.
@main enum ArchiveFuzz: FuzzTarget {
    private static let place = InputPlace("gallery.tar")

    static func read(_ input: [UInt8]) throws {
        try place.write(Checksums.corrected(tar: input))
        let nobody = SocketChoice(
            option: place.folder + "/none", environment: [:], usersOwn: [], system: "",
            trusted: try TrustedUsers.ofProcess(named: nil), isTheirs: { _ in false })
        let client = DaemonClient(socket: nobody, timeout: .seconds(1))
        let path = place.path
        try AsyncWork.wait {
            _ = try await GalleryImport(client: client, existing: .isRefused).run(path)
        }
    }
}
