// SPDX-License-Identifier: Apache-2.0

import CPostgreSQL
import Foundation

/// How a database is reached, as libpq takes it: a URI (`postgresql://…`) or `keyword=value` pairs. What is not given
/// comes from libpq's environment variables, service file and password file.
struct PostgreSQLParameters: Sendable {
    /// In seconds, for each host, of name, port and password together.
    static let connectTimeout = 10
    /// What is told of a connection. A password is never among it.
    private static let told = ["service", "host", "hostaddr", "port", "dbname", "user"]

    let values: [String: String]
    /// The connection without its password.
    let description: String

    /// - Throws: ``GalleryError/connectionMalformed``. libpq's own words are not repeated: they quote what they could
    ///   not read, which may be a password.
    init(_ connection: String, password: String? = nil) throws(GalleryError) {
        guard !connection.utf8.contains(0), let options = PQconninfoParse(connection, nil) else {
            throw .connectionMalformed
        }
        defer { PQconninfoFree(options) }
        var given: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        // One that is a connection of its own, which libpq would take apart, may hold a password that is not seen here.
        if let name = given["dbname"], name.contains("=") || name.contains("://") { throw .connectionMalformed }
        let known = Self.told.compactMap { keyword in given[keyword].map { "\(keyword)=\($0)" } }
        description = known.isEmpty ? "PostgreSQL" : known.joined(separator: " ")
        // A server that is gone is noticed within a minute, also in the middle of a statement.
        let usual = [
            "keepalives": "1", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3",
            "tcp_user_timeout": "60000",
            "fallback_application_name": "likenessd",
            // Among several hosts the one that takes changes: a standby may be behind what was acknowledged.
            "target_session_attrs": "read-write",
        ]
        var values = usual.merging(given) { $1 }
        // Who takes the server's place gets every name and picture that is enrolled without a key. On a Unix socket
        // libpq passes it over.
        if values["sslmode"] == nil, !Self.mayComeFromElsewhere("PGSSLMODE", in: given) {
            values["sslmode"] = "verify-full"
        }
        if values["connect_timeout"].flatMap(Int.init).map({ $0 <= 0 }) ?? true {
            values["connect_timeout"] = "\(Self.connectTimeout)"
        }
        values["client_encoding"] = "UTF8"
        if let password { values["password"] = password }
        self.values = values
    }

    /// Whether libpq would find a parameter where it looks for what is not given.
    private static func mayComeFromElsewhere(_ variable: String, in given: [String: String]) -> Bool {
        given["service"] != nil || getenv("PGSERVICE") != nil || getenv(variable) != nil
    }
}
