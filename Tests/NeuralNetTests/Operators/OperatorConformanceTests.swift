// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Agreement with ONNX Runtime", .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
struct OperatorConformanceTests {
    let reference: OperatorCases

    init() throws { reference = try OperatorCases.shared.get() }

    @Test("Every operator gives what ONNX Runtime gives, over opsets, attributes and shapes")
    func operators() throws {
        let cases = reference.cases.filter { !$0.isNetwork }
        #expect(cases.count > 500)
        for each in cases {
            do {
                let differences = try reference.differences(each, atMost: 1e-4, relative: true)
                #expect(differences.isEmpty, "\(each.name): \(each.description)")
            } catch {
                Issue.record("\(each.name): \(error) \(each.description)")
            }
        }
    }

    @Test(
        "Published face networks give what ONNX Runtime gives, within 1e-4",
        .enabled(if: SharedNetworks.isPresent, SharedNetworks.missing))
    func networks() throws {
        let cases = reference.cases.filter { $0.name.hasPrefix("published-") }
        #expect(cases.count == 4)
        for each in cases {
            let differences = try reference.differences(each, atMost: 1e-4, relative: false)
            #expect(differences.isEmpty, "\(each.name)")
        }
    }

    @Test(
        "Networks exported by PyTorch give what ONNX Runtime gives, within 1e-4",
        .enabled(if: !ExportedNetworks.files.isEmpty, ExportedNetworks.missing))
    func exportedNetworks() throws {
        let cases = reference.cases.filter { $0.name.hasPrefix("exported-") }
        #expect(cases.count == ExportedNetworks.files.count)
        for each in cases {
            do {
                let differences = try reference.differences(each, atMost: 1e-4, relative: false)
                #expect(differences.isEmpty, "\(each.name)")
            } catch {
                Issue.record("\(each.name): \(error)")
            }
        }
    }
}
