// SPDX-License-Identifier: Apache-2.0

import Wording

/// The names of a command's subcommands, and what the command line says of them before it is parsed.
public struct CommandTree: Sendable {
    public let name: String
    public let children: [CommandTree]
    /// Whether it does something without a subcommand.
    public let hasDefault: Bool
    /// Whether exit status 0 of it is an answer, and nothing else may end with it.
    public let answersByExitStatus: Bool

    public init(name: String, children: [CommandTree] = [], hasDefault: Bool = false, answersByExitStatus: Bool = false)
    {
        self.name = name
        self.children = children
        self.hasDefault = hasDefault
        self.answersByExitStatus = answersByExitStatus
    }

    /// Options that may stand before the subcommand too.
    public struct CommonOptions: Sendable {
        let flags: Set<String>
        /// Those that take a value.
        let valued: Set<String>

        public init(flags: Set<String>, valued: Set<String>) {
            self.flags = flags
            self.valued = valued
        }

        /// How many of these arguments are one such option; nil where another thing stands first.
        fileprivate func length(_ arguments: ArraySlice<String>) -> Int? {
            guard let first = arguments.first else { return nil }
            if flags.contains(first) { return 1 }
            if valued.contains(first) { return min(2, arguments.count) }
            guard let equals = first.firstIndex(of: "=") else { return nil }
            return valued.contains(String(first[..<equals])) ? 1 : nil
        }
    }

    /// The same command line with the common options that stand before a subcommand behind it, where the parser takes
    /// them.
    public func ordered(_ arguments: [String], _ options: CommonOptions) -> [String] {
        var node = self, path: [String] = [], moved: [String] = [], rest = arguments[...]
        while let first = rest.first {
            if let length = options.length(rest) {
                moved += rest.prefix(length)
                rest = rest.dropFirst(length)
            } else if let child = node.child(first) {
                path.append(first)
                node = child
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        return path + moved + rest
    }

    /// Whether the author of this command line may take exit status 0 for an answer.
    ///
    /// - Parameter arguments: as ``ordered(_:_:)`` returns them.
    public func asksForAnswer(_ arguments: [String], helpCommand: String = "help") -> Bool {
        if let first = arguments.first, first == helpCommand || child(first).map({ !$0.isAnswering }) ?? false {
            return false
        }
        // Also where something stands before the subcommand that the parser makes nothing of.
        let names = answeringNames
        return arguments.contains { names.contains($0) }
    }

    /// What is wrong with the subcommand of a command line that the parser refused; nil where nothing is.
    ///
    /// - Parameter arguments: as ``ordered(_:_:)`` returns them.
    public func misspelling(in arguments: [String], _ options: CommonOptions) -> String? {
        // Behind it names of commands alone mean something.
        let isHelp = arguments.first == "help"
        var node = self, path = [name], rest = isHelp ? arguments.dropFirst() : arguments[...]
        while let word = rest.first {
            if let length = options.length(rest) {
                rest = rest.dropFirst(length)
                continue
            }
            if let child = node.child(word) {
                node = child
                path.append(word)
                rest = rest.dropFirst()
                continue
            }
            guard !word.hasPrefix("-"), isHelp || !node.children.isEmpty else { return nil }
            let command = path.joined(separator: " ")
            let nearest = NearestName.of(word, among: node.children.map(\.name) + (node.name == name ? ["help"] : []))
            if let nearest { return "there is no command “\(command) \(word)”; did you mean “\(command) \(nearest)”?" }
            if node.children.isEmpty {
                return
                    "there is no command “\(command) \(word)”; enroll help \(path.dropFirst().joined(separator: " ")) shows the help of “\(command)”"
            }
            return node.hasDefault && !isHelp
                ? nil : "there is no command “\(command) \(word)”; \(command) --help lists those that there are"
        }
        return nil
    }

    private func child(_ name: String) -> CommandTree? { children.first { $0.name == name } }

    private var isAnswering: Bool { answersByExitStatus || children.contains(where: \.isAnswering) }

    /// The names of the commands, at any depth, whose exit status is an answer.
    public var answeringNames: Set<String> {
        children.reduce(into: answersByExitStatus ? [name] : []) { $0.formUnion($1.answeringNames) }
    }
}
