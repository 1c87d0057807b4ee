// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface

extension EnrolledGallery {
    /// What is enrolled under a name; nil where nobody is.
    func details(of name: IdentityName) async throws(ServiceFailure) -> IdentityDetails? {
        do throws(GalleryError) {
            return try await store.details(of: name)
        } catch {
            throw ServiceFailure(error)
        }
    }
}

extension IdentityName {
    /// The name that a caller has sent.
    init(sent text: String) throws(ServiceFailure) {
        do {
            self = try IdentityName(text)
        } catch {
            throw ServiceFailure(error)
        }
    }
}
