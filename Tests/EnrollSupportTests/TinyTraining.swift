// SPDX-License-Identifier: Apache-2.0

/// A network that is trained in a second, for tests of what is done with the runs of one.
enum TinyTraining {
    /// The sections of a recipe from the network on.
    static let recipe = """
        [network]
        architecture = "conv4"
        widths = [4]
        embedding = 4
        [loss]
        kind = "triplet"
        [optimiser]
        kind = "sgd"
        [schedule]
        learning_rate = 0.01
        [batch]
        kind = "episodes"
        identities = 4
        samples = 2
        forgeries = 1
        [training]
        epochs = 1
        steps_per_epoch = 3
        metric = "loss"
        """
}
