// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where a PostgreSQL server is, of all that `gallery.database` may say: no name of a user, and no password.
package enum DatabaseAddress: Sendable, Hashable {
    case socket(path: String)
    case network(host: String, port: Int)

    static let usualPort = 5432
    static let usualFolder = "/run/postgresql"

    /// - Parameter connection: a URI, or libpq's words `host=… port=…`.
    /// - Returns: nil for an empty text, which stands for a file.
    package init?(of connection: String) {
        guard !connection.isEmpty else { return nil }
        let (host, port) =
            connection.hasPrefix("postgresql://") || connection.hasPrefix("postgres://")
            ? Self.ofURI(connection) : Self.ofWords(connection)
        // Of several the first.
        let first = host.split(separator: ",", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        let number = port.split(separator: ",").first.flatMap { Int($0) }.flatMap {
            (1...65_535).contains($0) ? $0 : nil
        }
        if first.isEmpty || first.hasPrefix("/") || first.hasPrefix("@") {
            let folder = first.isEmpty ? Self.usualFolder : first
            self = .socket(path: "\(folder)/.s.PGSQL.\(number ?? Self.usualPort)")
        } else {
            self = .network(host: first, port: number ?? Self.usualPort)
        }
    }

    /// `postgresql://user:password@host:port/name?host=…&port=…`
    private static func ofURI(_ text: String) -> (host: String, port: String) {
        let rest = text.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let place = authority.firstIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        var host: Substring, port: Substring = ""
        if place.hasPrefix("[") {
            host = place.dropFirst().prefix { $0 != "]" }
            let end = place.drop { $0 != "]" }.dropFirst()
            if end.hasPrefix(":") { port = end.dropFirst() }
        } else {
            let first = place.prefix { $0 != "," }
            host = first.prefix { $0 != ":" }
            port = first.drop { $0 != ":" }.dropFirst()
        }
        for parameter in rest.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            if parts[0] == "host" || parts[0] == "hostaddr" { host = parts[1] }
            if parts[0] == "port" { port = parts[1] }
        }
        return (String(host).removingPercentEncoding ?? "", String(port))
    }

    /// `host=… port=…`, with values in apostrophes where they hold blanks.
    private static func ofWords(_ text: String) -> (host: String, port: String) {
        var values: [String: String] = [:], rest = text[...]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            let key = rest.prefix { $0 != "=" && !$0.isWhitespace }
            rest = rest.dropFirst(key.count).drop(while: \.isWhitespace)
            guard !key.isEmpty, rest.first == "=" else { break }
            rest = rest.dropFirst().drop(while: \.isWhitespace)
            let isQuoted = rest.first == "'"
            if isQuoted { rest = rest.dropFirst() }
            var value = ""
            while let character = rest.first, isQuoted ? character != "'" : !character.isWhitespace {
                rest = rest.dropFirst()
                if character == "\\", let escaped = rest.first {
                    value.append(escaped)
                    rest = rest.dropFirst()
                } else {
                    value.append(character)
                }
            }
            if isQuoted { rest = rest.dropFirst() }
            values[String(key)] = value
        }
        return (values["hostaddr"] ?? values["host"] ?? "", values["port"] ?? "")
    }
}
