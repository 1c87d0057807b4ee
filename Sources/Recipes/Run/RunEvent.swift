// SPDX-License-Identifier: Apache-2.0

import Training

/// What a run tells of itself on the way.
public enum RunEvent: Sendable {
    /// So many of the images are decoded and prepared.
    case preparing(done: Int, total: Int)
    /// Something that a person should know, as a sentence.
    case remark(String)
    /// A stage begins or goes on: its name, its number from 1, and how many there are.
    case stage(name: String, number: Int, count: Int)
    case step(TrainingProgress)
    case epoch(TrainingHistory.Epoch)
    /// A part of cross-validation begins or goes on.
    case fold(number: Int, count: Int)
}
