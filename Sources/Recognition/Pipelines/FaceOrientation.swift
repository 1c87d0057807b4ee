// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Tells whether a face was found the right way round.
///
/// Detectors answer to faces that lie on their side or stand on their head too, with landmarks of an upright face, and
/// some are no less sure of them. An upright face is nearly the same in a mirror, and a face network is trained to say
/// so; its answers to the chip of a face that lies on its side and to that chip's mirror image are far apart. Of the
/// quarter and eighth turns of a face that one is taken where the distance of both answers is smallest for the detector's
/// confidence.
struct FaceOrientation {
    let search: FaceSearch
    let aligner: any FaceAligner
    /// The model's embedding network; nil goes by the detector's confidence alone.
    let embedder: NetworkEmbedder?
    /// Whether the model brings its embeddings to length 1.
    let normalizes: Bool
    /// Whether the distance to the mirror image is measured of every face: where it has a limit, or costs nothing
    /// because the embedding is made of both.
    let measuresMirrorDistance: Bool

    /// Up to this distance of a chip to its mirror image, as a share of the embeddings' length, no other orientation is
    /// tried. It is 0.22 for dlib's network: of 165 upright faces 146 have less, and of 197 that are turned none has.
    private static let sureShare = 0.155

    /// A face as it may be turned.
    private struct Candidate {
        let face: DetectedFace
        let chip: RGBImage
        let mirror: MirrorDistance

        /// Smaller is likelier to be upright.
        var doubt: Double { mirror.distance / max(face.confidence, 1e-6) }
    }

    /// The Euclidean distance of a chip's embedding to that of its mirror image.
    private struct MirrorDistance {
        let distance: Double
        /// The mean length of both.
        let length: Double
    }

    /// One of the faces that were found, looked at again where that is needed and the right way round, with its chip.
    ///
    /// - Throws: what the aligner or the network threw.
    func upright(
        _ face: DetectedFace, of found: FaceSearch.Found, in picture: any PictureSource
    ) throws -> (face: DetectedFace, chip: RGBImage) {
        let face = try search.lookedAtAgain(face, isCoarse: found.isCoarse, in: picture)
        let chip = try aligner.chip(of: face, in: picture)
        // Where confidence tells, the network need not be asked.
        if let sure = search.sureConfidence, face.confidence >= sure { return (face, chip) }
        var best = Candidate(face: face, chip: chip, mirror: try mirror(chip))
        if isSure(best) { return (face, chip) }
        for turns in [[90.0, 180, 270], [45, -45]] {
            guard let roll = best.face.geometry?.roll else { break }
            for turn in turns {
                guard let candidate = try candidate(face, roll: roll + turn, in: picture) else { continue }
                if candidate.doubt < best.doubt { best = candidate }
            }
            if isSure(best) { break }
        }
        return (best.face, best.chip)
    }

    private func isSure(_ candidate: Candidate) -> Bool {
        if let sure = search.sureConfidence { return candidate.face.confidence >= sure }
        return embedder != nil && candidate.mirror.distance <= Self.sureShare * candidate.mirror.length
    }

    /// The face as it is found in the picture turned by an angle; nil when it is not.
    private func candidate(_ face: DetectedFace, roll: Double, in picture: any PictureSource) throws -> Candidate? {
        guard let turned = try search.seenUpright(face, roll: roll, in: picture),
            let chip = try? aligner.chip(of: turned, in: picture)
        else { return nil }
        return Candidate(face: turned, chip: chip, mirror: try mirror(chip))
    }

    /// How far the embedding of a chip is from that of its mirror image; nil where that is not measured.
    func mirrorDistance(of chip: RGBImage) throws -> Double? {
        measuresMirrorDistance && embedder != nil ? try mirror(chip).distance : nil
    }

    /// What the network says of a chip and its mirror image; a distance of 1 without a network, and an infinite one where
    /// it answers with what is no number.
    private func mirror(_ chip: RGBImage) throws -> MirrorDistance {
        guard let embedder else { return MirrorDistance(distance: 1, length: 1) }
        let answers = try embedder.outputs(of: [chip, chip.mirrored()])
        let lengths = answers.map { $0.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
        let scale = normalizes ? lengths.map { 1 / $0 } : [1, 1]
        let square = zip(answers[0], answers[1]).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) * scale[0] - Double(pair.1) * scale[1]
            return sum + difference * difference
        }
        return MirrorDistance(
            distance: square.isFinite ? square.squareRoot() : .infinity,
            length: normalizes ? 1 : (lengths[0] + lengths[1]) / 2)
    }
}
