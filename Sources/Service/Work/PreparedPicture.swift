// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import Recognition

/// A picture on its way through a worker: what of it is ready for the network, and what is told of it.
struct PreparedPicture {
    private let width: Int
    private let height: Int
    private let faces: PreparedFaces
    private let stored: Probe.StoredForm?
    private let model: ModelDigest

    /// - Parameter stored: what a gallery keeps of the one that there is.
    init(_ picture: any PictureSource, _ faces: PreparedFaces, stored: Probe.StoredForm?, model: ModelDigest) {
        width = picture.width
        height = picture.height
        self.faces = faces
        self.stored = stored
        self.model = model
    }

    /// What the network takes.
    var samples: [PreparedSample] { faces.faces.compactMap { try? $0.sample.get() } }

    /// - Parameter embeddings: of each of ``samples``.
    func probed(_ embeddings: [Embedding?]) -> ProbedPicture {
        var remaining = embeddings[...]
        let probes = faces.faces.map { face in
            switch face.sample {
            case .success(let sample):
                Probe(
                    embedding: remaining.popFirst() ?? nil, face: sample.face, problem: nil,
                    measurements: sample.measurements, stored: stored)
            case .failure(let problem):
                Probe(embedding: nil, face: face.face, problem: problem, measurements: [], stored: nil)
            }
        }
        return ProbedPicture(
            width: width, height: height, found: faces.found, refusal: faces.refusal, probes: probes, model: model)
    }
}
