// SPDX-License-Identifier: Apache-2.0

import COpenBLAS
import Foundation

/// A softmax over identities with an additive angular margin (Deng et al., *ArcFace: Additive Angular Margin Loss for
/// Deep Face Recognition*, 2019): the loss learns a centre for each class, and wants the angle θ between an embedding
/// and its own centre smaller by the margin *m* than what the softmax would be content with.
///
/// Embeddings and centres are normalised inside. The logits are *s*·cos θⱼ, and for the own class *s*·cos(θ + *m*)
/// while θ + *m* ≤ π; beyond, where the cosine would rise again, *s*·(cos θ − *m*·sin *m*), which goes on falling. With
/// the margin 0 this is the normalised softmax. The loss is the mean cross-entropy over the genuine rows, with the
/// target (1 − ε) at the own class and ε spread over all where ``labelSmoothing`` ε is not 0.
///
/// Labels are the classes, 0..<``classCount``. Forgeries belong to no class and are left out: their gradient is zero. A
/// batch without genuine rows has the loss 0. A vector of zeros has the cosine 0 to everything, and its gradient is
/// zero.
public final class ArcFaceLoss: EmbeddingLoss {
    public let classCount: Int
    public let dimension: Int
    public let scale: Float
    /// In radians.
    public let margin: Float
    public let labelSmoothing: Float
    /// The centres, classes × dimension, of any length; drawn from the standard normal distribution.
    public let weight: Parameter

    public var parameters: [Parameter] { [weight] }

    /// The smallest sine that the derivative of cos(θ + m) is taken at: it grows beyond bounds towards θ = 0, where
    /// there is nothing left to gain.
    private static let smallestSine = 1e-3

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when a number makes no sense.
    public init(
        classCount: Int, dimension: Int, scale: Float = 30, margin: Float = 0.5, labelSmoothing: Float = 0,
        random: inout RandomSource
    ) throws(TrainingError) {
        guard (1...1 << 20).contains(classCount), (1...65536).contains(dimension), classCount * dimension <= 1 << 28
        else {
            throw .invalidInput(
                reason:
                    "the angular margin loss has \(classCount) classes of \(dimension) values, which is too few or too many"
            )
        }
        guard scale > 0, scale.isFinite else {
            throw .invalidInput(reason: "the scale of the angular margin loss is \(scale), and has to be above 0")
        }
        guard (0...1.5).contains(margin) else {
            throw .invalidInput(reason: "the angular margin is \(margin), and can be 0 up to 1.5 radians")
        }
        guard (0..<1).contains(labelSmoothing) else {
            throw .invalidInput(
                reason: "the label smoothing is \(labelSmoothing), and has to be at least 0 and less than 1")
        }
        self.classCount = classCount
        self.dimension = dimension
        self.scale = scale
        self.margin = margin
        self.labelSmoothing = labelSmoothing
        // Only directions matter to the loss, but an optimiser like Adam turns a long vector slowly: about the length
        // 1.
        let deviation = 1 / Float(dimension).squareRoot()
        weight = Parameter(
            name: "arcface.weight", shape: [classCount, dimension],
            values: (0..<classCount * dimension).map { _ in deviation * random.normal() }, decays: true)
    }

    public func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue {
        guard batch.dimension == dimension else {
            throw .invalidInput(
                reason: "the embeddings have \(batch.dimension) values, and the angular margin loss takes \(dimension)")
        }
        guard batch.values.allSatisfy(\.isFinite) else {
            throw .diverged(reason: "an embedding holds what is no finite number")
        }
        let rows = (0..<batch.count).filter { !batch.isForgery[$0] }
        if let row = rows.first(where: { !(0..<classCount).contains(batch.labels[$0]) }) {
            throw .invalidInput(reason: "the label \(batch.labels[row]) is none of the classes 0 to \(classCount - 1)")
        }
        guard !rows.isEmpty else { return .nothing(batch) }
        let chosen =
            rows.count == batch.count
            ? batch.values : rows.flatMap { batch.values[$0 * dimension..<($0 + 1) * dimension] }
        let embeddings = Directions(chosen, dimension: dimension),
            centers = Directions(weight.values, dimension: dimension)

        // Cosines, rows × classes; the softmax turns them into the derivative with respect to themselves.
        var slopes = Array(repeating: Float(0), count: rows.count * classCount)
        Self.multiply(
            embeddings.values, centers.values, into: &slopes, rows.count, classCount, dimension, transposeB: true)
        var loss = 0.0
        for (index, row) in rows.enumerated() {
            slopes.withUnsafeMutableBufferPointer {
                loss += softmax(
                    UnsafeMutableBufferPointer(rebasing: $0[index * classCount..<(index + 1) * classCount]),
                    own: batch.labels[row], share: 1 / Double(rows.count))
            }
        }

        var embeddingSlopes = Array(repeating: Float(0), count: chosen.count)
        Self.multiply(slopes, centers.values, into: &embeddingSlopes, rows.count, dimension, classCount)
        var centerSlopes = Array(repeating: Float(0), count: weight.values.count)
        Self.multiply(
            slopes, embeddings.values, into: &centerSlopes, classCount, dimension, rows.count, transposeA: true)
        embeddings.pullBack(&embeddingSlopes)
        centers.pullBack(&centerSlopes)
        guard Float(loss).isFinite, embeddingSlopes.allSatisfy(\.isFinite), centerSlopes.allSatisfy(\.isFinite) else {
            throw .diverged(reason: "the loss is \(loss), or its gradient is no finite number")
        }
        for position in centerSlopes.indices { weight.gradient[position] += centerSlopes[position] }
        if rows.count == batch.count { return LossValue(loss: Float(loss), gradient: embeddingSlopes) }
        var gradient = Array(repeating: Float(0), count: batch.values.count)
        for (index, row) in rows.enumerated() {
            for position in 0..<dimension {
                gradient[row * dimension + position] = embeddingSlopes[index * dimension + position]
            }
        }
        return LossValue(loss: Float(loss), gradient: gradient)
    }

    /// The loss of a row of cosines, times its share; the row becomes the derivative with respect to them.
    private func softmax(_ row: UnsafeMutableBufferPointer<Float>, own: Int, share: Double) -> Double {
        let (target, targetSlope) = penalised(min(max(Double(row[own]), -1), 1))
        row[own] = Float(target)
        var largest = -Float.infinity, cosines = 0.0
        for cosine in row {
            largest = max(largest, cosine)
            cosines += Double(cosine)
        }
        var sum = 0.0
        for position in row.indices {
            let power = exp(scale * (row[position] - largest))
            row[position] = power
            sum += Double(power)
        }
        let scale = Double(scale), smoothing = Double(labelSmoothing), everywhere = smoothing / Double(classCount)
        let logSum = log(sum) + scale * Double(largest)
        let factor = Float(share * scale / sum), shift = Float(share * scale * everywhere)
        let ownProbability = Double(row[own]) / sum
        for position in row.indices { row[position] = row[position] * factor - shift }
        row[own] = Float(share * scale * (ownProbability - everywhere - (1 - smoothing)) * targetSlope)
        return share * (logSum - (1 - smoothing) * scale * target - everywhere * scale * cosines)
    }

    /// What the margin makes of the cosine to the own centre, and the derivative.
    private func penalised(_ cosine: Double) -> (value: Double, slope: Double) {
        let margin = Double(margin)
        if margin == 0 { return (cosine, 1) }
        guard cosine > cos(Double.pi - margin) else { return (cosine - margin * sin(margin), 1) }
        let sine = (1 - cosine * cosine).squareRoot()
        return (
            cosine * cos(margin) - sine * sin(margin),
            cos(margin) + sin(margin) * cosine / max(sine, Self.smallestSine)
        )
    }

    /// A product [rows, inner] × [inner, columns]; a transposed operand is stored the other way round.
    private static func multiply(
        _ a: [Float], _ b: [Float], into output: inout [Float], _ rows: Int, _ columns: Int, _ inner: Int,
        transposeA: Bool = false, transposeB: Bool = false
    ) {
        cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            blasint(rows), blasint(columns), blasint(inner), 1, a, blasint(transposeA ? rows : inner),
            b, blasint(transposeB ? inner : columns), 0, &output, blasint(columns))
    }
}
