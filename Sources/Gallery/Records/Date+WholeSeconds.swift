import Foundation

extension Date {
    /// The times that a record or an archive can carry, in seconds since 1970: to the end of the year 9999.
    package static let storableSeconds: ClosedRange<Int64> = 0...253_402_300_799

    /// Whole seconds since 1970; for a time further off than an integer can tell, one as far as it can nearly tell.
    package var wholeSeconds: Int64 {
        Int64(min(max(timeIntervalSince1970, -9e18), 9e18))
    }
}
