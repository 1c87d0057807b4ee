// SPDX-License-Identifier: Apache-2.0

/// The images of each identity: what samplers draw from, and what is split.
public struct IdentityTable: Sendable, Hashable {
    /// An identity's images, by their indices in the ``ImageCache``.
    public struct Identity: Sendable, Hashable {
        public let name: String
        /// What the identity belongs to, such as an alphabet; nil where there are no groups.
        public let group: String?
        /// The identity that this one is a view of; its own name where it is none.
        public let original: String
        public let genuine: [Int]
        public let forgeries: [Int]

        public init(name: String, group: String? = nil, original: String? = nil, genuine: [Int], forgeries: [Int] = [])
        {
            self.name = name
            self.group = group
            self.original = original ?? name
            self.genuine = genuine
            self.forgeries = forgeries
        }
    }

    /// In the order of their names; the number of an identity is the label of its samples.
    public let identities: [Identity]

    public init(_ identities: [Identity]) {
        self.identities = identities.sorted { $0.name < $1.name }
    }

    /// The identities of these images.
    ///
    /// - Parameter indices: The images to use; all when nil.
    public init(_ images: [LabeledImage], indices: [Int]? = nil) {
        var members: [String: (first: LabeledImage, genuine: [Int], forgeries: [Int])] = [:]
        for index in indices ?? Array(images.indices) {
            let image = images[index]
            var member = members[image.identity] ?? (image, [], [])
            switch image.kind {
            case .genuine: member.genuine.append(index)
            case .forgery: member.forgeries.append(index)
            }
            members[image.identity] = member
        }
        self.init(
            members.map { name, member in
                Identity(
                    name: name, group: member.first.group, original: member.first.original, genuine: member.genuine,
                    forgeries: member.forgeries)
            })
    }

    public var count: Int { identities.count }

    /// All images, in ascending order.
    public var images: [Int] { identities.flatMap { $0.genuine + $0.forgeries }.sorted() }

    /// The same identities in other groups.
    ///
    /// - Parameter group: what an identity belongs to, by its name.
    public func grouped(by group: (String) -> String?) -> IdentityTable {
        IdentityTable(
            identities.map {
                Identity(
                    name: $0.name, group: group($0.name), original: $0.original, genuine: $0.genuine,
                    forgeries: $0.forgeries)
            })
    }

    /// The identities that have at least so many genuine samples; the names of the others.
    public func keeping(minimumGenuine: Int) -> (kept: IdentityTable, leftOut: [String]) {
        (
            IdentityTable(identities.filter { $0.genuine.count >= minimumGenuine }),
            identities.filter { $0.genuine.count < minimumGenuine }.map(\.name)
        )
    }
}
