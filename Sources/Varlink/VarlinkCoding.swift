import Foundation

/// How messages look on the wire: one JSON object each, without the terminating NUL, which JSON text
/// cannot contain.
enum VarlinkCoding {
    struct CallHeader: Decodable {
        let method: String
        let more: Bool?
        let oneway: Bool?
        let upgrade: Bool?
    }

    struct ReplyHeader: Decodable {
        let error: String?
        let continues: Bool?
    }

    struct Call<Parameters: Encodable>: Encodable {
        let method: String
        let parameters: Parameters
        var more: Bool?
        var oneway: Bool?
    }

    struct Reply<Parameters: Encodable>: Encodable {
        let parameters: Parameters
        var continues: Bool?
        var error: String?
    }

    /// The `parameters` member alone, read straight into its type: no tree of a large image's message is built.
    private struct Parameters<Value: Decodable>: Decodable {
        let value: Value

        private enum CodingKeys: String, CodingKey {
            case parameters
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            if let present = try container.decodeIfPresent(Value.self, forKey: .parameters) {
                value = present
            } else {
                // A message without parameters means an empty object.
                value = try JSONDecoder().decode(Value.self, from: Data("{}".utf8))
            }
        }
    }

    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        // Base64 is full of slashes, and JSON needs no escape for them.
        encoder.outputFormatting = .withoutEscapingSlashes
        return try encoder.encode(value)
    }

    static func parameters<T: Decodable>(_ type: T.Type, of message: Data) throws -> T {
        try JSONDecoder().decode(Parameters<T>.self, from: message).value
    }
}
