// SPDX-License-Identifier: Apache-2.0

extension ElementType {
    /// The bytes that ONNX takes for a value.
    var size: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .float, .int32, .uint32: 4
        case .double, .int64, .uint64: 8
        }
    }

    /// ONNX's name of the `TensorProto.DataType` of this number, for errors.
    static func name(ofONNX number: Int) -> String {
        (1...names.count).contains(number) ? names[number - 1] : "number \(number)"
    }

    /// From `FLOAT = 1` on; the later ones are not in the schema here, and are refused by name all the same.
    private static let names = [
        "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE", "UINT32",
        "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2",
        "FLOAT8E5M2FNUZ", "UINT4", "INT4", "FLOAT4E2M1", "FLOAT8E8M0", "UINT2", "INT2",
    ]
}
