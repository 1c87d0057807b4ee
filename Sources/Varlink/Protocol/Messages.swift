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

struct ReplyHeader: Decodable, Sendable {
    let continues: Bool?
    let error: String?
}

/// The one field of a message that its reader has a type for.
struct ParametersOnly<Parameters: Decodable>: Decodable {
    let parameters: Parameters
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

    static func decode<Value: Decodable>(_ type: Value.Type, from message: ByteBuffer) throws -> Value {
        try JSONDecoder().decode(type, from: Data(buffer: message))
    }

    /// Absent parameters are an empty object.
    static func parameters<Value: Decodable>(_ type: Value.Type, from message: ByteBuffer) throws -> Value {
        do {
            return try decode(ParametersOnly<Value>.self, from: message).parameters
        } catch DecodingError.keyNotFound(let key, let context)
            where key.stringValue == "parameters" && context.codingPath.isEmpty
        {
            return try JSONDecoder().decode(type, from: Data("{}".utf8))
        }
    }
}
