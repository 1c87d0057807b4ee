import Biometrics

/// Samples without those that are the same as one before.
enum DistinctSamples {
    private struct Key: Hashable {
        let identity: Int
        let isForgery: Bool
        let values: ArraySlice<Float>
    }

    /// The rows in their order, but for those that repeat one of the same identity and kind.
    static func rows(of samples: LabelledEmbeddings) -> [Int] {
        var seen: Set<Key> = []
        return (0..<samples.count).filter {
            seen.insert(Key(identity: samples.identities[$0], isForgery: samples.isForgery[$0], values: samples.row($0))).inserted
        }
    }

    /// One identity's embeddings, each once.
    static func embeddings(_ embeddings: [Embedding]) -> [Embedding] {
        var seen: Set<[Float]> = []
        return embeddings.filter { seen.insert($0.values).inserted }
    }
}
