// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Decoding
import Imaging
import LikenessInterface
import Logging
import Recognition

/// What one thread does with images: has them decoded, prepares and embeds them. It has sessions and a decoder of its own,
/// so that the threads share nothing but the weights.
struct ProbeWorker {
    private let sessions: [Modality: any EmbedderSession]
    private let limits: DecodingLimits
    /// Nil where pictures are decoded in this process.
    private let decoder: DecoderProcess?

    /// - Throws: ``ServiceStartError/model(name:reason:)`` or ``ServiceStartError/decoder(reason:)``.
    init(
        embedders: [any Embedder], limits: DecodingLimits, decoder program: DecoderProgram?, logger: Logger?
    ) throws(ServiceStartError) {
        var sessions: [Modality: any EmbedderSession] = [:]
        for embedder in embedders {
            do {
                sessions[embedder.model.modality] = try embedder.makeSession()
            } catch {
                throw .model(name: embedder.model.name, reason: error.description)
            }
        }
        self.sessions = sessions
        self.limits = limits
        decoder = program.map { program in
            DecoderProcess(program, limits: limits) { reason in
                logger?.error("A decoder ended over a picture, \(reason); another takes its place")
            }
        }
        do {
            try decoder?.start()
        } catch {
            throw .decoder(reason: error.description)
        }
    }

    /// Answers every job. A job that fails takes no other with it, and one that nobody waits for is ended.
    ///
    /// - Parameter step: called before each image is prepared and before they are embedded, with the jobs that are
    ///   begun; the worker goes on if it says so.
    func work(on jobs: [WorkQueue.Job], step: (_ begun: [WorkQueue.Job]) -> Bool) {
        var ready: [(job: WorkQueue.Job, prepared: Prepared)] = []
        for job in jobs {
            guard step([job]) else { return }
            do throws(ServiceFailure) {
                if let prepared = try prepare(job) { ready.append((job, prepared)) } else { job.answer(nil) }
            } catch {
                job.answer(.failure(error))
            }
        }
        ready.removeAll { job, _ in
            let isAbandoned = job.life.isAbandoned
            if isAbandoned { job.answer(nil) }
            return isAbandoned
        }
        guard let modality = ready.first?.job.request.modality, let session = sessions[modality], step(ready.map(\.job))
        else { return }
        if let embeddings = try? session.embed(ready.map(\.prepared.sample)), embeddings.count == ready.count {
            for ((job, prepared), embedding) in zip(ready, embeddings) {
                job.answer(.success(prepared.probe(embedding)))
            }
        } else {
            for (job, prepared) in ready {
                job.answer(
                    Result { () throws(ServiceFailure) in prepared.probe(try Self.embed(prepared.sample, with: session))
                    })
            }
        }
    }

    private struct Prepared {
        let sample: PreparedSample
        let stored: Probe.StoredForm?

        func probe(_ embedding: Embedding?) -> Probe {
            Probe(embedding: embedding, measurements: sample.measurements, stored: stored)
        }
    }

    /// - Returns: nil when nobody waits for the job any more.
    private func prepare(_ job: WorkQueue.Job) throws(ServiceFailure) -> Prepared? {
        let request = job.request
        guard let session = sessions[request.modality] else { throw .noModel(for: request.modality) }
        let file = try Base64Image.decode(request.image, limits: limits)
        do {
            let picture = try open(file) { job.life.isAbandoned }
            guard !job.life.isAbandoned else { return nil }
            let sample =
                request.purpose == .importing
                ? try session.prepare(kept: picture) : try session.prepare(picture, largest: request.takesLargestFace)
            switch request.purpose {
            case .comparison, .importing:
                return Prepared(sample: sample, stored: nil)
            case .enrollment:
                guard sample.isAcceptable else {
                    throw ServiceFailure.lowQuality(unacceptable: sample.unacceptable.map(WireMeasurement.init))
                }
                let source = try sample.source(in: picture)
                return Prepared(
                    sample: sample,
                    stored: Probe.StoredForm(
                        image: try source.fileBytes(), width: source.width, height: source.height,
                        original: Array(SHA256.hash(data: file))))
            }
        } catch ImagingError.stopped, RecognitionError.imageRejected(.stopped) {
            return nil
        } catch let error as ImagingError {
            throw ServiceFailure(error)
        } catch let error as RecognitionError {
            throw ServiceFailure(error)
        } catch let error as ServiceFailure {
            throw error
        } catch {
            throw .internal(message: "\(error)")
        }
    }

    private func open(_ file: [UInt8], shouldStop: @escaping () -> Bool) throws(ImagingError) -> PictureFile {
        guard let decoder else { return try PictureFile(file, limits: limits, shouldStop: shouldStop) }
        return try decoder.open(file, shouldStop: shouldStop)
    }

    /// - Returns: nil where the sample is not acceptable and has no embedding: no decision rests on it anyway.
    private static func embed(
        _ sample: PreparedSample, with session: any EmbedderSession
    ) throws(ServiceFailure) -> Embedding? {
        let embeddings: [Embedding]
        do {
            embeddings = try session.embed([sample])
        } catch .embeddingUnusable where !sample.isAcceptable {
            return nil
        } catch {
            throw ServiceFailure(error)
        }
        guard embeddings.count == 1 else {
            throw .internal(message: "the model made \(embeddings.count) embeddings of one sample")
        }
        return embeddings[0]
    }
}
