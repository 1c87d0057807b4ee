// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Decoding
import Imaging
import LikenessInterface
import Logging
import Monitoring
import Recognition

/// What one thread does with images: has them decoded, prepares and embeds them. It has sessions and a decoder of its own,
/// so that the threads share nothing but the weights.
struct ProbeWorker {
    private let sessions: [Modality: any EmbedderSession]
    private let models: [Modality: ModelDigest]
    private let limits: DecodingLimits
    /// Nil where pictures are decoded in this process.
    private let decoder: DecoderProcess?
    private let metrics: ServiceMetrics

    /// - Throws: ``ServiceStartError/model(name:reason:)`` or ``ServiceStartError/decoder(reason:)``.
    init(
        embedders: [any Embedder], limits: DecodingLimits, decoder program: DecoderProgram?, logger: Logger?,
        metrics: ServiceMetrics
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
        models = Dictionary(
            embedders.map { ($0.model.modality, $0.model.digest) }, uniquingKeysWith: { $1 })
        self.limits = limits
        self.metrics = metrics
        decoder = program.map { program in
            DecoderProcess(program, limits: limits) { loss in
                if let logger { loss.tell(logger) }
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
        var ready: [(job: WorkQueue.Job, prepared: PreparedPicture)] = []
        for job in jobs {
            guard step([job]) else { return }
            do throws(ServiceFailure) {
                guard let prepared = try prepare(job, step: step) else {
                    job.answer(nil)
                    continue
                }
                if job.request.purpose.isOfEveryFace {
                    guard try answer(job, prepared, step: step) else { return }
                } else {
                    ready.append((job, prepared))
                }
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
        let samples = ready.flatMap(\.prepared.samples)
        let begun = ContinuousClock.now
        if let embeddings = try? session.embed(samples), embeddings.count == ready.count {
            let share = begun.duration(to: .now) / ready.count
            for _ in ready { metrics.record(share, of: .embed) }
            for ((job, prepared), embedding) in zip(ready, embeddings) {
                job.answer(.success(prepared.probed([embedding])))
            }
        } else {
            for (job, prepared) in ready {
                job.answer(
                    Result { () throws(ServiceFailure) in
                        prepared.probed(
                            try prepared.samples.map { sample throws(ServiceFailure) in
                                try Self.embed(sample, with: session)
                            })
                    })
            }
        }
    }

    /// Answers a job that asks for every face of its picture, of which only a few are embedded at once.
    ///
    /// - Returns: whether the worker goes on.
    private func answer(
        _ job: WorkQueue.Job, _ prepared: PreparedPicture, step: (_ begun: [WorkQueue.Job]) -> Bool
    ) throws(ServiceFailure) -> Bool {
        guard job.request.purpose == .groupComparison, let session = sessions[job.request.modality] else {
            job.answer(.success(prepared.probed(prepared.samples.map { _ in nil })))
            return true
        }
        let samples = prepared.samples, begun = ContinuousClock.now
        defer { metrics.record(begun.duration(to: .now), of: .embed) }
        var embeddings: [Embedding?] = []
        while embeddings.count < samples.count {
            guard step([job]) else { return false }
            guard !job.life.isAbandoned else {
                job.answer(nil)
                return true
            }
            let batch = Array(samples[embeddings.count...].prefix(WorkerPool.batch))
            if let made = try? session.embed(batch), made.count == batch.count {
                embeddings += made
            } else {
                for sample in batch { embeddings.append(try Self.embed(sample, with: session)) }
            }
        }
        job.answer(.success(prepared.probed(embeddings)))
        return true
    }

    /// - Returns: nil when nobody waits for the job any more.
    private func prepare(
        _ job: WorkQueue.Job, step: (_ begun: [WorkQueue.Job]) -> Bool
    ) throws(ServiceFailure) -> PreparedPicture? {
        let request = job.request
        guard let session = sessions[request.modality], let model = models[request.modality] else {
            throw .noModel(for: request.modality)
        }
        let begun = ContinuousClock.now
        metrics.record(job.arrived.duration(to: begun), of: .wait)
        let file = try Base64Image.decode(request.image, limits: limits)
        do {
            let picture = TimedPicture(try open(file) { job.life.isAbandoned }), opened = ContinuousClock.now
            let before = session.detectionTime
            defer {
                let reading = picture.readingTime, detection = session.detectionTime - before
                metrics.record(begun.duration(to: opened) + reading, of: .decode)
                if detection > .zero { metrics.record(detection, of: .detect) }
                metrics.record(opened.duration(to: .now) - reading - detection, of: .align)
            }
            guard !job.life.isAbandoned else { return nil }
            func one(_ sample: PreparedSample, _ stored: Probe.StoredForm? = nil) -> PreparedPicture {
                PreparedPicture(
                    picture, PreparedFaces(faces: [PreparedFaces.Face(sample)], found: sample.facesFound, counted: 1),
                    stored: stored, model: model)
            }
            switch request.purpose {
            case .detection, .groupComparison:
                let faces = try session.prepareAll(picture) {
                    request.faces?.increment()
                    return !step([job]) || job.life.isAbandoned
                }
                return PreparedPicture(picture, faces, stored: nil, model: model)
            case .comparison:
                return one(try session.prepare(picture, largest: request.takesLargestFace))
            case .importing:
                return one(try session.prepare(kept: picture))
            case .enrollment:
                let sample = try session.prepare(picture, largest: request.takesLargestFace)
                guard sample.isAcceptable else {
                    throw ServiceFailure.lowQuality(unacceptable: sample.unacceptable.map(WireMeasurement.init))
                }
                let source = try sample.source(in: picture)
                return one(
                    sample,
                    Probe.StoredForm(
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
