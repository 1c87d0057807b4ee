// SPDX-License-Identifier: Apache-2.0

import Gallery
import Recognition

extension Recognizer: Embedder {
    public var model: ModelDescription {
        ModelDescription(
            digest: digest, modality: modality, name: manifest.name, version: manifest.version,
            embeddingSize: manifest.network.embeddingSize)
    }

    public var meanRule: IdentityReference.Rule { manifest.defaultReferenceRule }

    public var faceCoverName: String? { faceCover.map { "\($0.name) \($0.version)" } }

    public func makeSession() throws(RecognitionError) -> any EmbedderSession {
        let session: RecognizerSession = try makeSession()
        return session
    }
}

extension RecognizerSession: EmbedderSession {}
