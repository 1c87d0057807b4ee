// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Imaging
import NeuralNet
import ProgramHarness
import Recognition

extension FormsTrial {
    /// All signatures on one draw of every form, embedded.
    struct Drawing {
        /// What came of one form.
        struct Embedded: Sendable {
            /// By writer; nil where the picture was refused.
            var samples: [[Embedding?]] = []
            var probes: [[Embedding?]] = []
            var refused = 0
            /// How many pictures of the form without a signature were taken for one.
            var emptyAccepted = 0
        }

        let kinds: [Embedded]

        init(_ pictures: [[PrintedForm.Signature]], draw: Int, trial: FormsTrial, _ recognizer: Recognizer) throws {
            // One piece of work for each form and writer.
            let count = FormsTrial.kinds.count * pictures.count
            let results = Results(count: count)
            BLAS.useSingleThread()
            DispatchQueue.concurrentPerform(iterations: count) { index in
                let (kind, writer) = index.quotientAndRemainder(dividingBy: pictures.count)
                results.store(
                    Result {
                        try Self.embedded(
                            pictures[writer], kind: kind, writer: writer, draw: draw, seed: trial.seed, recognizer)
                    }, at: index)
            }
            let all = try results.values.map { try $0.get() }
            kinds = FormsTrial.kinds.indices.map { kind in
                var form = Embedded()
                for writer in pictures.indices {
                    let own = all[kind * pictures.count + writer]
                    form.samples.append(Array(own.embeddings.prefix(trial.samples)))
                    form.probes.append(Array(own.embeddings.dropFirst(trial.samples)))
                    form.refused += own.embeddings.count { $0 == nil }
                    form.emptyAccepted += own.isEmptyAccepted ? 1 : 0
                }
                return form
            }
        }

        /// Compares each writer's probes on one form with everybody enrolled on another. Who cannot be enrolled, and a
        /// probe that is refused, matches nobody.
        func compare(
            _ enrolled: Int, _ probed: Int, rule: IdentityReference.Rule, threshold: Double
        ) throws -> FormsTrial.Cell {
            var cell = FormsTrial.Cell()
            let references = try kinds[enrolled].samples.map {
                try IdentityReference(samples: $0.compactMap { $0 }, rule: rule)
            }
            for (owner, reference) in references.enumerated() {
                for (writer, probes) in kinds[probed].probes.enumerated() {
                    for probe in probes {
                        let isMatch = try probe.map { try reference.distance(to: $0) <= threshold } ?? false
                        let count = FormsTrial.Count(events: isMatch ? 1 : 0, trials: 1)
                        if owner == writer { cell.genuine += count } else { cell.impostor += count }
                    }
                }
            }
            return cell
        }

        private static func embedded(
            _ pictures: [PrintedForm.Signature], kind: Int, writer: Int, draw: Int, seed: UInt64,
            _ recognizer: Recognizer
        ) throws -> Writer {
            let session: RecognizerSession = try recognizer.makeSession()
            // The form is the same for every writer, the places on it are not.
            var shape = SeededGenerator(seed: seed &+ UInt64(1000 * draw + kind) &* 7919)
            let form = PrintedForm(FormsTrial.kinds[kind], using: &shape)
            var positions = SeededGenerator(seed: seed &+ UInt64((1000 * draw + kind) * 1000 + writer) &* 104_729)
            let embeddings = try pictures.map { picture in
                let sample = try session.prepare(form.drawn(on: picture, using: &positions))
                return sample.isAcceptable ? try session.embed(sample) : nil
            }
            var isEmptyAccepted = false
            if let picture = pictures.first, ![.plain, .stamp].contains(form.kind) {
                isEmptyAccepted = try session.prepare(form.empty(like: picture, using: &positions)).isAcceptable
            }
            return Writer(embeddings: embeddings, isEmptyAccepted: isEmptyAccepted)
        }
    }

    /// What came of one writer on one form.
    struct Writer: Sendable {
        let embeddings: [Embedding?]
        let isEmptyAccepted: Bool
    }

    /// Filled by several threads.
    private final class Results: @unchecked Sendable {
        private let lock = NSLock()
        private var stored: [Int: Result<Writer, any Error>] = [:]
        private let count: Int

        init(count: Int) { self.count = count }

        func store(_ result: Result<Writer, any Error>, at index: Int) { lock.withLock { stored[index] = result } }

        var values: [Result<Writer, any Error>] { lock.withLock { (0..<count).compactMap { stored[$0] } } }
    }
}
