// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOFoundationCompat

/// The fields of a call, without its parameters.
struct CallHeader: Decodable, Sendable {
    let method: String
    let more: Bool?
    let oneway: Bool?
    let upgrade: Bool?

    init(method: String) {
        self.method = method
        more = nil
        oneway = nil
        upgrade = nil
    }

    var isOneway: Bool { oneway ?? false }
    var wantsUpgrade: Bool { upgrade ?? false }
}

package struct CallMessage<Parameters: Encodable>: Encodable {
    package let method: String
    package let parameters: Parameters
    package var more: Bool?
    package var oneway: Bool?

    package init(method: String, parameters: Parameters, more: Bool? = nil, oneway: Bool? = nil) {
        self.method = method
        self.parameters = parameters
        self.more = more
        self.oneway = oneway
    }
}

struct ReplyMessage<Parameters: Encodable>: Encodable {
    var parameters: Parameters
    var continues: Bool?
    var error: String?
}

/// A reply as it comes, read in one pass: an error has other parameters than the method's answer.
struct IncomingReply<Parameters: Decodable>: Decodable {
    enum Content {
        case parameters(Parameters)
        case error(VarlinkError)
    }

    let content: Content
    let continues: Bool

    private enum Key: String, CodingKey {
        case continues, error
    }

    init(from decoder: any Decoder) throws {
        let header = try decoder.container(keyedBy: Key.self), body = try decoder.container(keyedBy: ParametersKey.self)
        continues = try header.decodeIfPresent(Bool.self, forKey: .continues) ?? false
        if let name = try header.decodeIfPresent(String.self, forKey: .error) {
            let fields = try? body.parameters(as: [String: JSONValue].self)
            content = .error(VarlinkError(name: name, parameters: fields ?? [:]))
        } else {
            content = .parameters(try body.parameters(as: Parameters.self))
        }
    }
}

/// JSON texts ended by NUL.
package enum MessageCoding {
    package static func bytes(_ message: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let text = try encoder.encode(message)
        var buffer = ByteBufferAllocator().buffer(capacity: text.count + 1)
        buffer.writeBytes(text)
        buffer.writeInteger(UInt8(0))
        return buffer
    }

    /// - Parameter userInfo: what the type needs to know to read the message.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from message: ByteBuffer, userInfo: [CodingUserInfoKey: any Sendable] = [:]
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.userInfo = userInfo
        return try decoder.decode(type, from: Data(buffer: message))
    }
}

/// The field of a message that holds what the method takes or answers.
enum ParametersKey: String, CodingKey {
    case parameters
}

extension KeyedDecodingContainer<ParametersKey> {
    /// Absent parameters are an empty object.
    func parameters<Value: Decodable>(as type: Value.Type) throws -> Value {
        guard contains(.parameters) else { return try JSONDecoder().decode(type, from: Data("{}".utf8)) }
        return try decode(type, forKey: .parameters)
    }
}
